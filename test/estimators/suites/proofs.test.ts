/**
 * Every registered estimator on every graph that it can serve: one that says unbiased has the exact gradient as its
 * mean, one that says biased is caught. An estimator is judged here from the day that it is registered.
 */
import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {describeBackends, gpuOf, inBrowser, sizeFor} from '../../helpers/backends.js';
import {binary, classes, counts, positive, real, zOf, type Problem} from '../problems.js';

const full = process.env.FULL === '1';
const problems: Problem[] = [...binary, ...classes, ...real, ...counts, ...positive];
/**
 * A page judges these, one of each way to an estimate, since the rest is the same code on kernels that have tests of
 * their own; of the problems it takes the first of those below that an estimator serves.
 */
const estimatorsOnPages = ['scoreFunction', 'pathwise', 'arms', 'enumerate', 'gumbelSoftmax', 'measureValued', 'relax'];
const onPages = ['an event of three', 'one OneHotCategorical', 'one Categorical', 'an event of two Normals'];
/** Estimates in one test; with many samples an estimate fills more memory. */
const size = (): number => (full ? 100_000 : sizeFor({cpu: 0, wasm: 4000, webgl: 1500, webgpu: 1500}));
const steps = (): number => sizeFor({cpu: 0, wasm: 8, webgl: 2, webgpu: 2});

/**
 * Whether the estimator takes every distribution of the problem, as its `requires` says: then it must serve it, or fail
 * here.
 */
function accepts(estimator: st.Estimator, problem: Problem): boolean {
  let all = true;
  tf.tidy(() => {
    const parameters = Object.entries(problem.parameters).map(([name, v]) => [name, tf.tensor2d([v])] as const);
    problem.costs(Object.fromEntries(parameters), q => {
      all &&= estimator.requires.accepts(q);
      return q.sample([], {key: st.random.key(1)});
    });
  });
  return all;
}

/** Where each node is of the estimator itself, its derivatives pass through the node below, which no `requires` can say. */
const refusesChains = (name: string, {title}: Problem): boolean =>
  name === 'dreg' && /a chain of two Normals|a Normal given/.test(title);

/** The worst z-score of a problem, or null where the estimator does not take its distributions. */
async function judge(
  name: string,
  problem: Problem,
  options: st.DistributionTensorOptions = {},
): Promise<number | null> {
  const estimator = st.estimators.get(name);
  const before = tf.memory().numTensors;
  try {
    if (!accepts(estimator, problem)) return null;
    const z = zOf(problem, estimator, {n: size(), warmup: steps(), atOnce: 10_000}, options);
    if (!refusesChains(name, problem)) return await z;
    await expectAsync(z).toBeRejectedWithError(/its derivative cannot pass through the draw of a node below/);
    return null;
  } finally {
    estimator.dispose?.();
    expect(tf.memory().numTensors).withContext(`${name}: tensors left behind`).toBeLessThanOrEqual(before);
  }
}

const isBiased = (name: string): boolean => st.estimators.get(name).bias === 'biased';

describeBackends(
  'every estimator is what it says',
  backend => {
    for (const name of st.estimators.names()) {
      if (inBrowser && !full && (gpuOf(name) !== backend || !estimatorsOnPages.includes(name))) continue;
      it(`${name} on graphs of every shape`, async () => {
        const chosen = inBrowser && !full ? problems.filter(p => onPages.includes(p.title)) : problems;
        const found: Array<[title: string, z: number]> = [];
        for (const problem of chosen) {
          const z = await judge(name, problem);
          if (z !== null) found.push([problem.title, z]);
          if (chosen !== problems && z !== null) break;
        }
        expect(found.length).withContext('problems that it serves').toBeGreaterThan(0);
        if (isBiased(name)) {
          // Some are exact for the squares of the few problems on a page.
          if (chosen === problems) expect(Math.max(...found.map(([, z]) => z))).toBeGreaterThan(4.5);
        } else {
          for (const [title, z] of found) expect(z).withContext(title).toBeLessThan(4.5);
        }
      });

      if (isBiased(name) || (inBrowser && !full)) continue;
      it(`${name} with several samples of the value type, in front and merged into the batch`, async () => {
        const several = [binary[0]!, binary[2]!, classes[2]!, real[0]!, counts[0]!];
        let served = 0;
        for (const problem of several) {
          for (const valueType of [st.sampleValue(2), st.sampleAndReshapeValue(3)]) {
            // Merged samples multiply the batch, so a chain of parameters of the old batch does not fit behind it.
            if (valueType.kind === 'sampleAndReshape' && problem.title.includes('chain')) continue;
            const z = await judge(name, problem, {valueType});
            if (z === null) continue;
            served++;
            expect(z).withContext(`${problem.title}, ${valueType.kind}`).toBeLessThan(4.5);
          }
        }
        expect(served).toBeGreaterThan(0);
      });
    }
  },
  {only: full ? ['cpu', 'wasm', 'webgl', 'webgpu'] : ['wasm', 'webgl', 'webgpu']},
);
