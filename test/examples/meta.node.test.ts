import * as tf from '@tensorflow/tfjs-core';
import {prng} from '../../examples/data/prng.js';
import {scoped, seeded} from '../../examples/frame/scope.js';
import {Learner} from '../../examples/meta.js';
import {exactCosts} from '../../examples/meta/prisoners.js';
import {runHere} from './helpers.js';

const discount = 0.8;
const parts = [2, 1];
const logits = [
  [0.4, -0.6, 0.3, -0.2, 0.5],
  [-0.1, 0.7, -0.5, 0.2, 0.1],
] as const;

type Logits = readonly [readonly number[], readonly number[]];
const chances = (x: readonly number[]): number[] => x.map(z => 1 / (1 + Math.exp(-z)));
const exact = ([a, b]: Logits, player: 0 | 1): number => exactCosts([chances(a), chances(b)], 3, discount)[player];

/** By central differences. */
function gradientOf(f: (x: readonly number[]) => number, x: readonly number[], h = 1e-3): number[] {
  const moved = (i: number, d: number): number => f(x.map((z, j) => (i === j ? z + d : z)));
  return x.map((_, i) => (moved(i, h) - moved(i, -h)) / (2 * h));
}

/** The worst |mean − exact| in standard errors, of repeated estimates. */
function worst(estimates: ReadonlyArray<readonly number[]>, wanted: readonly number[]): number {
  const n = estimates.length;
  return Math.max(
    ...wanted.map((value, i) => {
      const mean = estimates.reduce((sum, e) => sum + e[i]!, 0) / n;
      const variance = estimates.reduce((sum, e) => sum + (e[i]! - mean) ** 2, 0) / (n - 1);
      return Math.abs(mean - value) / Math.sqrt(variance / n);
    }),
  );
}

describe('LOLA by DiCE', () => {
  beforeAll(() => tf.setBackend('wasm'));

  /** Numbers of many estimates by a learner. */
  const estimate = (
    looks: number,
    games: number,
    work: (learner: Learner, pair: [tf.Tensor, tf.Tensor]) => tf.Tensor,
  ): Promise<number[][]> =>
    seeded(1, () =>
      scoped(() => {
        const learner = new Learner(0, looks, {games, parts, discount, inner: 2}, prng(7));
        const pair: [tf.Tensor, tf.Tensor] = [tf.tensor1d([...logits[0]]), tf.tensor1d([...logits[1]])];
        return Array.from({length: 30}, () => tf.tidy(() => Array.from(work(learner, pair).dataSync())));
      }),
    );

  it('has the exact gradient on average without looking ahead', async () => {
    const wanted = gradientOf(a => exact([a, logits[1]], 0), logits[0]);
    const estimates = await estimate(0, 400, (learner, pair) => learner.gradient(pair));
    expect(worst(estimates, wanted)).toBeLessThan(4.5);
  });

  it('has the exact mixed second derivatives on average', async () => {
    const v = [1, -0.5, 0.3, 0.8, -0.2];
    // ∂/∂a of v·∂(cost of the second)/∂b
    const along = (a: readonly number[]): number =>
      gradientOf(b => exact([a, b], 1), logits[1]).reduce((sum, g, i) => sum + g * v[i]!, 0);
    const estimates = await estimate(0, 400, (learner, [a, b]) =>
      tf.grad(x => tf.sum(tf.mul(tf.grad(y => learner.cost([x, y], 1, 0))(b), v)))(a),
    );
    expect(worst(estimates, gradientOf(along, logits[0]))).toBeLessThan(4.5);
  });

  it('follows the exact gradient through a step of the other’s learning', async () => {
    const ahead = (a: readonly number[]): number => {
      const step = gradientOf(b => exact([a, b], 1), logits[1]);
      return exact([a, logits[1].map((z, i) => z - 2 * step[i]!)], 0);
    };
    const wanted = gradientOf(ahead, logits[0]);
    const naive = gradientOf(a => exact([a, logits[1]], 0), logits[0]);
    const estimates = await estimate(1, 4000, (learner, pair) => learner.gradient(pair));
    expect(worst(estimates, wanted)).toBeLessThan(4.5);
    expect(worst(estimates, naive)).withContext('is told from the naive one').toBeGreaterThan(9);
  });

  it('learns to cooperate where naive learners defect', async () => {
    const short = process.env.FULL === '1' ? [] : ['--steps', '30', '--games', '256', '--rounds', '30'];
    const {report} = await runHere('meta', ['--players', 'naive,lola-1', ...short]);
    const [naive, lola] = report!.comparisons.map(({here}) => here);
    expect(naive).toBeLessThan(-1.9);
    expect(lola).toBeGreaterThan(short.length === 0 ? -1.2 : -1.65);
  }, 120_000);
});
