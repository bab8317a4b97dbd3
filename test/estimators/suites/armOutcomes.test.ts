/**
 * ARM, DisARM and ARMS on one Bernoulli: the draws have the joint distribution that they should, and over it the mean
 * estimate is the exact gradient.
 */
import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {describeBackends, itInNode, sizeFor} from '../../helpers/backends.js';
import {sigmoid} from '../../helpers/estimates.js';
import {chiSquarePValue} from '../../helpers/statistics.js';

/** What one group of draws may be. */
interface Outcome {
  readonly values: number[];
  readonly probability: number;
}

/** The outcomes of K draws on one Bernoulli of logit φ: the rarer value avoids itself. */
function outcomes(k: number, phi: number): Outcome[] {
  const q = sigmoid(-Math.abs(phi));
  const a = 1 - q ** (1 / (k - 1));
  /** P(all of m given draws are rare) under the Dirichlet copula; for two draws that is the antithetic pair. */
  const allRare = (m: number): number => (m === 0 ? 1 : m === 1 ? q : Math.max(0, 1 - m * a) ** (k - 1));
  const choose = (n: number, m: number): number => (m === 0 ? 1 : (choose(n - 1, m - 1) * n) / m);
  return Array.from({length: 2 ** k}, (_, bits) => {
    const rare = Array.from({length: k}, (_, i) => (bits >> i) & 1);
    const m = rare.reduce((x, y) => x + y, 0);
    let probability = 0; // exactly these m, by inclusion and exclusion
    for (let j = 0; j <= k - m; j++) probability += (-1) ** j * choose(k - m, j) * allRare(m + j);
    return {values: rare.map(r => (phi > 0 ? 1 - r : r)), probability: Math.max(0, probability)};
  });
}

/** The estimates of the derivative with respect to `parameter`, one for each outcome, of the cost 3b² + 1. */
async function estimates(
  estimator: st.Estimator,
  all: readonly Outcome[],
  by: 'logits' | 'probs',
  parameter: number,
): Promise<number[]> {
  const k = all[0]!.values.length;
  const fixed: st.Estimator = {
    ...estimator,
    draw: () => ({
      value: tf.transpose(
        tf.tensor2d(
          all.map(o => o.values),
          [all.length, k],
        ),
      ),
    }),
  };
  const w = tf.tidy(() => tf.variable(tf.fill([all.length], parameter)));
  const {value, grads} = st.variableGrads(() => {
    const b = new st.DistributionTensor(new st.Bernoulli({[by]: w}), {estimator: fixed}).value;
    return tf.add(tf.mul(tf.square(b), 3), 1);
  }, [w]);
  const found = Array.from(await grads[w.name]!.data(), g => g * all.length);
  tf.dispose([value, grads, w]);
  return found;
}

describeBackends(
  'the expectation over all outcomes of one group of draws is the exact gradient',
  () => {
    for (const [name, k] of [
      ['disarm', 2],
      ['arms', 2],
      ['arms', 3],
      ['arms', 4],
      ['arms', 7],
    ] as const) {
      (k === 2 ? it : itInNode)(`${name} with ${k} samples, at logits to ±30 and at any probs`, async () => {
        const estimator = st.estimators.get(name, {samples: k});
        for (const phi of [-30, -12, -5, -1.5, -0.4, 0, 0.4, 1.5, 5, 12, 30]) {
          const all = outcomes(k, phi);
          expect(all.reduce((sum, o) => sum + o.probability, 0)).toBeCloseTo(1, 10);
          const exact = 3 * sigmoid(phi) * sigmoid(-phi);
          const mean = (found: number[]): number => found.reduce((sum, g, i) => sum + g * all[i]!.probability, 0);
          const byLogits = await estimates(estimator, all, 'logits', phi);
          expect(byLogits.every(Number.isFinite)).toBeTrue();
          expect(Math.abs(mean(byLogits) / exact - 1))
            .withContext(`logit ${phi}`)
            .toBeLessThan(1e-4);
          if (phi > 5) continue; // probs near 1 have few digits left
          expect(Math.abs(mean(await estimates(estimator, all, 'probs', sigmoid(phi))) / 3 - 1))
            .withContext(`probs σ(${phi})`)
            .toBeLessThan(1e-4);
        }
      });
    }

    itInNode('and the draws have those outcomes', async () => {
      const n = sizeFor({cpu: 20_000, wasm: 100_000, webgl: 20_000, webgpu: 20_000});
      for (const [i, [name, k]] of (
        [
          ['disarm', 2],
          ['arms', 3],
          ['arms', 4],
        ] as const
      ).entries()) {
        for (const phi of [-2, -0.3, 0.7]) {
          const drawn = tf.tidy(
            () =>
              st.estimators.get(name, {samples: k}).draw!(
                new st.Bernoulli({logits: tf.fill([n], phi)}),
                [k],
                st.random.key(50 + i),
              ).value,
          );
          const values = await drawn.data();
          drawn.dispose();
          const counts = new Array<number>(2 ** k).fill(0);
          for (let j = 0; j < n; j++) {
            const index = Array.from({length: k}, (_, s) => values[s * n + j]!).reduce((x, b, s) => x + b * 2 ** s, 0);
            counts[index]!++;
          }
          const all = outcomes(k, phi);
          const probability = new Array<number>(2 ** k).fill(0);
          for (const o of all) probability[o.values.reduce((x, b, s) => x + b * 2 ** s, 0)] = o.probability;
          const possible = probability.flatMap((p, j) => (p > 1e-12 ? [j] : []));
          expect(counts.reduce((x, c, j) => x + (possible.includes(j) ? 0 : c), 0))
            .withContext('impossible outcomes')
            .toBe(0);
          expect(
            chiSquarePValue(
              possible.map(j => counts[j]!),
              possible.map(j => probability[j]!),
            ),
          )
            .withContext(`${name} ${k} at ${phi}`)
            .toBeGreaterThan(1e-4);
        }
      }
    });

    itInNode('finite where a probability is 0 or 1', async () => {
      for (const name of ['arm', 'disarm', 'arms']) {
        const w = tf.tidy(() => tf.variable(tf.tensor1d([0, 1e-20, 1e-7, 1 - 2 ** -24, 1])));
        const {value, grads} = st.variableGrads(
          () =>
            tf.mul(
              new st.DistributionTensor(new st.Bernoulli({probs: w}), {estimator: name, key: st.random.key(3)}).value,
              2,
            ),
          [w],
        );
        expect(Array.from(await grads[w.name]!.data()).every(Number.isFinite))
          .withContext(name)
          .toBeTrue();
        tf.dispose([value, grads, w]);
      }
      st.disposeSharedEstimators();
    });
  },
  {inBrief: ['webgl'], inNode: ['wasm']},
);
