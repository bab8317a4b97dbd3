/** Estimates of recorded programs have the exact gradient as their mean; one whose key stands still has not. */
import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {describeBackends, sizeFor} from '../../helpers/backends.js';
import {exactGradient, momentsOf, worstZ} from '../../helpers/estimates.js';
import {read} from '../../helpers/near.js';
import {binary, drawWith, real, type Problem} from '../../estimators/problems.js';

const problem = (title: string): Problem => [...binary, ...real].find(p => p.title === title)!;

/** The z-score of `calls` calls of a recorded program with `n` copies of the parameters. */
async function zOfRecorded(
  {parameters, costs, expectation}: Problem,
  estimator: string,
  options: st.DistributionTensorOptions = {},
): Promise<number> {
  st.random.setSeed(31);
  const n = 50;
  const calls = sizeFor({cpu: 40, wasm: 120, webgl: 10, webgpu: 10});
  const names = Object.keys(parameters);
  const variables = Object.fromEntries(
    names.map(name => [name, tf.tidy(() => tf.variable(tf.tile(tf.tensor2d([parameters[name]!]), [n, 1])))]),
  );
  const compiled = st.compile(() => {
    const {grads} = st.variableGrads(() => costs(variables, drawWith(estimator, options)), Object.values(variables));
    return names.map(name => tf.mul(grads[variables[name]!.name]!, n));
  });
  const rows = names.map((): number[] => []);
  for (let call = 0; call < calls; call++)
    for (const [i, gradient] of compiled().entries()) rows[i]!.push(...(await read(gradient)));
  expect(compiled.describe().map(({state, why}) => why ?? state)).toEqual(['recorded']);
  compiled.dispose();
  tf.dispose(variables);
  st.disposeSharedEstimators();
  const moments = Object.fromEntries(names.map((name, i) => [name, momentsOf(rows[i]!, n * calls)]));
  return worstZ(moments, exactGradient(parameters, expectation));
}

describeBackends('recorded programs have no bias', backend => {
  const good: Array<[estimator: string, title: string]> = [
    ['scoreFunction', 'a chain of two with a cost at each'],
    ['relax', 'an event of three'],
    ['disarm', 'two nodes in parallel with a joint cost'],
    ['pathwise', 'a chain of two Normals with a cost at each'],
  ];
  for (const [estimator, title] of good)
    it(`${estimator}, ${title}`, async () => expect(await zOfRecorded(problem(title), estimator)).toBeLessThan(4.5));

  it('a key that stands still is caught', async () => {
    if (backend !== 'wasm') return; // elsewhere there are too few calls
    spyOn(console, 'warn'); // which says so
    const still = {key: st.random.key(5)};
    expect(await zOfRecorded(problem('an event of three'), 'scoreFunction', still)).toBeGreaterThan(4.5);
  });
});
