import * as tf from '@tensorflow/tfjs-core';
import {implicitStudentT} from '../../../src/functions/implicit/index.js';
import * as student from '../../../src/functions/studentT/index.js';
import {describeBackends} from '../../helpers/backends.js';
import {expectClose, expectFunction} from '../functionSuite.js';
import {studentCases as cases} from '../reference/beta.js';

describeBackends('studentT', backend => {
  const host = ['cpu', 'wasm'].includes(backend);
  const inputs = {z: cases.z, df: cases.df};
  const density = cases.logDensity.map(Math.exp);

  it('the density and its derivatives match exact values', async () => {
    await expectFunction(
      'studentTLogDensity',
      student.studentTLogDensity,
      {
        inputs,
        value: cases.logDensity,
        first: {z: cases.slope, df: cases.score},
        second: {'z,z': cases.slopeZ, 'z,df': cases.slopeDf, 'df,df': cases.scoreDf},
      },
      {relative: 5e-6, absolute: 1e-20},
    );
  });

  it('the cdf and its derivatives match exact values', async () => {
    await expectFunction(
      'studentTCdf',
      student.studentTCdf,
      {
        inputs,
        value: cases.cdf,
        first: {z: density, df: cases.cdfDf},
        second: {'df,df': cases.cdfDfDf},
      },
      {relative: 1e-5, absolute: 0},
    );
  });

  it("its logarithm and that one's derivatives match exact values", async () => {
    await expectFunction(
      'studentTLogCdf',
      student.studentTLogCdf,
      {
        inputs,
        value: cases.logCdf,
        first: host ? {z: cases.logCdfZ, df: cases.logCdfDf} : {df: cases.logCdfDf},
      },
      {relative: 1e-5, absolute: 0},
    );
  });

  it('derivatives of draws match exact values, and are differentiable', async () => {
    await expectFunction(
      'studentTSampleDerivative',
      student.studentTSampleDerivative,
      {
        inputs: {df: cases.df, z: cases.z},
        value: cases.sample,
        first: host ? {z: cases.sampleZ} : {},
      },
      {relative: 2e-5, absolute: 0},
    );
    if (!host) return;
    const bend = cases.sampleDf.map((v, i) => v + cases.sampleZ[i]! * cases.sample[i]!);
    await expectFunction(
      'implicitStudentT',
      df => implicitStudentT(df, tf.tensor1d(cases.z)),
      {
        inputs: {df: cases.df},
        value: cases.z,
        first: {df: cases.sample},
        second: {'df,df': bend},
      },
      {relative: 2e-5, absolute: 0},
    );
  });

  it('the quantile is the inverse of the cdf', async () => {
    const inside = cases.cdf.map((p, i) => (p > 1e-30 && p < 0.99 ? i : -1)).filter(i => i >= 0);
    const [p, df] = [tf.tensor1d(inside.map(i => cases.cdf[i]!)), tf.tensor1d(inside.map(i => cases.df[i]!))];
    const z = student.studentTQuantile(p, df);
    const steps = (await z.data()).map((got, j) => {
      const i = inside[j]!;
      // the second part: p was rounded
      const slack = Math.abs(cases.z[i]!) * 4e-6 + (1.2e-7 * cases.cdf[i]!) / density[i]!;
      return Math.abs(got - cases.z[i]!) / slack;
    });
    steps.forEach((step, j) => {
      if (!(step <= (host ? 1 : 10)))
        fail(`studentTQuantile(${cases.cdf[inside[j]!]}, ${cases.df[inside[j]!]}) is not ${cases.z[inside[j]!]}`);
    });
    tf.dispose([p, df, z]);
  });

  it('goes over to the normal distribution, has the right ends, and leaves one tensor', async () => {
    const before = tf.memory().numTensors;
    const cdf = student.studentTCdf([-3, 0, 1.5, -Infinity, Infinity, NaN, 1], [1e12, 1e12, 1e20, 3, 3, 3, -1]);
    const expected = [0.0013498980316300933, 0.5, 0.9331927987311419, 0, 1, NaN, NaN];
    expectClose(await cdf.data(), expected, i => `studentTCdf [${i}]`, {relative: 5e-6, absolute: 0});
    const z = student.studentTQuantile([0, 0.5, 1, 2], 3);
    expectClose(await z.data(), [-Infinity, 0, Infinity, NaN], i => `studentTQuantile [${i}]`, {absolute: 0});
    tf.dispose([cdf, z]);
    expect(tf.memory().numTensors).toBe(before);
  });
});
