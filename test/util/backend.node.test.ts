import {spawnSync} from 'node:child_process';
import {join} from 'node:path';

/** What a program that has tfjs-core alone says of what it tries, before and after a backend is loaded. */
const program = `
  import * as tf from '@tensorflow/tfjs-core';
  import * as st from './src/index.ts';
  import {examples} from './scripts/distributions/examples.ts';
  const outcome = f => {
    try {
      f();
      return 'done';
    } catch (error) {
      return error.name + ': ' + error.message;
    }
  };
  const plain = ['sample', 'sampleAndLogProb', 'mean', 'variance', 'stddev', 'mode', 'entropy', 'covariance',
    'enumerateSupport', 'supportSize'];
  const ofNumbers = ['logProb', 'prob', 'cdf', 'logCdf', 'survival', 'quantile'];
  const families = Object.entries(examples).flatMap(([name, {curves}]) => {
    const q = Object.values(curves)[0];
    return [...plain.map(m => [m, () => q[m]()]), ...ofNumbers.map(m => [m, () => q[m](0.5)])]
      .map(([m, f]) => [name + '.' + m, outcome(f)]);
  });
  const q = new st.Normal({loc: 0, scale: 1});
  const others = [
    () => st.random.normal([2]),
    () => st.random.bits(2),
    () => st.math.lgamma(2),
    () => st.klDivergence(q, q),
    () => new st.DistributionTensor(q),
    () => new st.ObservedStochasticTensor(q, 1),
    () => st.expectation(x => x, q),
    () => st.variableGrads(() => q.sample()),
    () => st.denseNetwork({inputSize: 1, units: []}),
    () => new st.bijectors.Exp().forward(1),
    () => st.constraints.positive.contains(1),
  ].map(f => [String(f), outcome(f)]);
  await import('@tensorflow/tfjs-backend-cpu');
  console.log(JSON.stringify({families, others, later: outcome(() => st.random.normal([2]))}));
`;

describe('without a backend of tfjs', () => {
  const sentence =
    'StochasticError: tfjs-stochastic: no backend of TensorFlow.js is loaded: ' +
    "import '@tensorflow/tfjs-backend-cpu' (or -wasm, -webgl, -webgpu)";
  let said: {families: Array<[string, string]>; others: Array<[string, string]>; later: string};

  beforeAll(() => {
    const {stdout, stderr} = spawnSync(
      process.execPath,
      ['--import', 'tsx', '--input-type=module', '--eval', program],
      {cwd: join(import.meta.dirname, '..', '..'), encoding: 'utf8'},
    );
    if (stdout === '') throw new Error(stderr);
    said = JSON.parse(stdout) as typeof said; // as the program writes it
  }, 60_000);

  it('families can be made, and whatever is asked first of one names what to import', () => {
    const refused = said.families.filter(([, text]) => !/ does not exist|must end in the event/.test(text));
    expect(refused.length).toBeGreaterThan(300);
    expect(refused.filter(([, text]) => text !== sentence)).toEqual([]);
  });

  it('so does whatever else makes the first tensor', () => {
    expect(said.others.filter(([, text]) => text !== sentence)).toEqual([]);
  });

  it('is forgotten once there is one', () => {
    expect(said.later).toBe('done');
  });
});
