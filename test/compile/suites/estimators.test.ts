/** Every registered estimator, recorded: the numbers of the step as it is written, step after step. */
import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {describeBackends, gpuOf, inBrowser, sizeFor} from '../../helpers/backends.js';
import {read} from '../../helpers/near.js';
import {binary, classes, counts, drawWith, positive, real, type Problem} from '../../estimators/problems.js';

const full = process.env.FULL === '1';
const problems: Problem[] = [...binary, ...classes, ...real, ...counts, ...positive];
/** What `npm test` takes of them: an estimator is judged on the first that it serves, and on chains. */
const few = [
  'two layers of bits in an autoencoder',
  'a chain of two with a cost at each',
  'a Bernoulli given a Categorical',
  'one OneHotCategorical',
  'a chain of two Normals with a cost at each',
  'an event of two Normals',
  'one Poisson',
  'a Normal given an Exponential',
];
const onPages = ['scoreFunction', 'relax', 'pathwise', 'measureValued'];
const STEPS = full ? 20 : 8;

/** Costs and variables of some steps of training. */
async function numbersOf(
  problem: Problem,
  name: string,
  isCompiled: boolean,
): Promise<{numbers: number[][]; states: string[]}> {
  st.random.setSeed(23);
  const variables = Object.fromEntries(
    Object.entries(problem.parameters).map(([key, list]) => [
      key,
      tf.tidy(() => tf.variable(tf.tile(tf.tensor2d([list]), [3, 1]))),
    ]),
  );
  const estimator = st.estimators.get(name);
  const optimizer = st.stochasticOptimizer(tf.train.adam(0.01), {
    controlVariateOptimizer: tf.train.momentum(0.02, 0.9),
  });
  const asWritten = (): tf.Tensor =>
    optimizer.minimize(() => problem.costs(variables, drawWith(estimator)), true, Object.values(variables))!;
  const compiled = st.compile(asWritten);
  const numbers: number[][] = [];
  let tensors = 0;
  try {
    for (let i = 0; i < STEPS; i++) {
      const cost = (isCompiled ? compiled : asWritten)();
      numbers.push(await read(cost));
      cost.dispose();
      if (!isCompiled) continue;
      const isRecorded = compiled.describe()[0]?.state === 'recorded';
      if (isRecorded && tensors > 0)
        expect(tf.memory().numTensors).withContext(`${name}, ${problem.title}`).toBe(tensors);
      if (isRecorded) tensors = tf.memory().numTensors;
    }
    for (const v of Object.values(variables)) numbers.push(await read(v));
    return {numbers, states: compiled.describe().map(({state, why}) => why ?? state)};
  } finally {
    compiled.dispose();
    optimizer.dispose();
    estimator.dispose?.();
    tf.dispose(variables);
  }
}

/** Whether the estimator serves the problem as it is written. */
async function serves(problem: Problem, name: string): Promise<boolean> {
  try {
    await numbersOf(problem, name, false);
    return true;
  } catch {
    return false;
  }
}

describeBackends('every estimator, recorded', backend => {
  for (const name of st.estimators.names()) {
    if (inBrowser && !full && (gpuOf(name) !== backend || !onPages.includes(name))) continue;
    it(
      `${name} gives the numbers of the step as it is written`,
      async () => {
        const chosen = full ? problems : problems.filter(({title}) => few.includes(title));
        let served = 0;
        for (const problem of chosen) {
          if (!(await serves(problem, name))) continue;
          const plain = await numbersOf(problem, name, false);
          const recorded = await numbersOf(problem, name, true);
          expect(recorded.states).withContext(problem.title).toEqual(['recorded']);
          const isExact = backend === 'wasm' || backend === 'cpu';
          plain.numbers.forEach((list, i) =>
            list.forEach((x, j) => {
              const y = recorded.numbers[i]![j]!;
              const isSame = isExact ? Object.is(x, y) : Math.abs(x - y) <= 1e-4 * (1 + Math.abs(x));
              if (!isSame) fail(`${problem.title}, step ${i}: ${x} as written, ${y} recorded`);
            }),
          );
          served++;
          if (inBrowser && !full) break;
        }
        expect(served).toBeGreaterThan(0);
      },
      sizeFor({cpu: 60_000, wasm: 60_000, webgl: 120_000, webgpu: 120_000}),
    );
  }
});
