/** Kernels of src/math/studentT.ts. */
import * as tf from '@tensorflow/tfjs-core';
import {apply} from '../../math/apply.js';
import {studentTLogDensity, studentTQuantile, studentTSampleDerivative, studentTScore, studentTSlope} from '../../math/studentT.js';
import * as density from '../../math/scalar/studentDensity.js';
import * as cdf from '../../math/scalar/studentT.js';
import type {FunctionKernel} from '../elementwise/definition.js';
import * as densityShader from '../shaders/studentDensity.js';
import * as cdfShader from '../shaders/studentT.js';

type Binary = (z: tf.Tensor, df: tf.Tensor) => tf.Tensor;

const inputs = ['z', 'df'];
const call = (kernelName: string): Binary => (z, df) => apply(kernelName, kernelName, {z, df});

/** 1/(ν + z²) and z/(ν + z²); z² may overflow. */
function shares(z: tf.Tensor, df: tf.Tensor): [tf.Tensor, tf.Tensor] {
  const u = tf.reciprocal(tf.add(df, tf.square(z)));
  return [u, tf.mul(z, u)];
}

/** z (1 − z²)/(ν + z²)², the derivative of the logarithm of the density by z and ν. */
function mixed(z: tf.Tensor, df: tf.Tensor): tf.Tensor {
  const [u, v] = shares(z, df);
  return tf.mul(v, tf.sub(u, tf.mul(z, v)));
}

const densityKernels: FunctionKernel[] = [
  {
    kernelName: 'StStudentTLogDensity', inputs, scalar: density.studentTLogDensity, shader: densityShader.studentTLogDensityShader,
    partials: {z: studentTSlope, df: studentTScore},
  },
  {
    kernelName: 'StStudentTSlope', inputs, scalar: density.studentTSlope, shader: densityShader.studentTSlopeShader,
    partials: {
      z: (z, df) => {
        const [u, v] = shares(z, df);
        return tf.mul(tf.mul(tf.add(df, 1), u), tf.sub(tf.mul(z, v), tf.mul(df, u)));
      },
      df: mixed,
    },
  },
  {
    kernelName: 'StStudentTScore', inputs, scalar: density.studentTScore, shader: densityShader.studentTScoreShader,
    partials: {
      z: mixed,
      df: call('StStudentTScoreByDf'),
    },
  },
  {kernelName: 'StStudentTScoreByDf', inputs, scalar: density.studentTScoreByDf, shader: cdfShader.studentTScoreByDfShader, partials: {}},
];

const p: Binary = (z, df) => tf.exp(studentTLogDensity(z, df));
const hazard = call('StStudentTHazard');
const logSlope = call('StStudentTLogCdfSlope');

const cdfKernels: FunctionKernel[] = [
  {
    kernelName: 'StStudentTCdf', inputs, scalar: cdf.studentTCdf, shader: cdfShader.studentTCdfShader,
    partials: {z: p, df: call('StStudentTCdfSlope')},
  },
  {
    kernelName: 'StStudentTCdfSlope', inputs, scalar: cdf.studentTCdfSlope, shader: cdfShader.studentTCdfSlopeShader,
    partials: {z: (z, df) => tf.mul(p(z, df), studentTScore(z, df)), df: call('StStudentTCdfBend')},
  },
  {kernelName: 'StStudentTCdfBend', inputs, scalar: cdf.studentTCdfBend, shader: cdfShader.studentTCdfBendShader, partials: {}},
  {
    kernelName: 'StStudentTLogCdf', inputs, scalar: cdf.studentTLogCdf, shader: cdfShader.studentTLogCdfShader,
    partials: {z: hazard, df: logSlope},
  },
  {
    kernelName: 'StStudentTHazard', inputs, scalar: cdf.studentTHazard, shader: cdfShader.studentTHazardShader,
    partials: {
      z: (z, df) => tf.mul(hazard(z, df), tf.sub(studentTSlope(z, df), hazard(z, df))),
      df: (z, df) => tf.mul(hazard(z, df), tf.sub(studentTScore(z, df), logSlope(z, df))),
    },
  },
  {
    kernelName: 'StStudentTLogCdfSlope', inputs, scalar: cdf.studentTLogCdfSlope, shader: cdfShader.studentTLogCdfSlopeShader,
    partials: {
      z: (z, df) => tf.mul(hazard(z, df), tf.sub(studentTScore(z, df), logSlope(z, df))),
      df: call('StStudentTLogCdfBend'),
    },
  },
  {kernelName: 'StStudentTLogCdfBend', inputs, scalar: cdf.studentTLogCdfBend, shader: cdfShader.studentTLogCdfBendShader, partials: {}},
  {
    kernelName: 'StStudentTQuantile', inputs: ['p', 'df'], scalar: cdf.studentTQuantile, shader: cdfShader.studentTQuantileShader,
    partials: {
      p: (q, df) => tf.exp(tf.neg(studentTLogDensity(studentTQuantile(q, df), df))),
      df: (q, df) => studentTSampleDerivative(df, studentTQuantile(q, df)),
    },
  },
  {
    // D = −F_ν/p, so that D_z = −∂ ln p/∂ν − D ∂ ln p/∂z and D_ν = −F_νν/p − D ∂ ln p/∂ν
    kernelName: 'StStudentTSampleDerivative', inputs: ['df', 'z'], scalar: cdf.studentTSampleDerivative,
    shader: cdfShader.studentTSampleDerivativeShader,
    partials: {
      df: (df, z) => tf.neg(tf.add(call('StStudentTRelativeBend')(z, df), tf.mul(studentTSampleDerivative(df, z), studentTScore(z, df)))),
      z: (df, z) => tf.neg(tf.add(studentTScore(z, df), tf.mul(studentTSampleDerivative(df, z), studentTSlope(z, df)))),
    },
  },
  {
    kernelName: 'StStudentTRelativeBend', inputs, scalar: cdf.studentTRelativeBend, shader: cdfShader.studentTRelativeBendShader,
    partials: {},
  },
];

export const studentTKernels: readonly FunctionKernel[] = [...densityKernels, ...cdfKernels];
