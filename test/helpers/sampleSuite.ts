/**
 * What every family's samples must hold: their distribution, their moments, and the derivatives that pass through them.
 */
import * as tf from '@tensorflow/tfjs-core';
import * as random from '../../src/random/index.js';
import {sizeFor} from './backends.js';
import type {DistributionSpec} from './distributionSuite.js';
import {linked} from './derivatives.js';
import {read, withoutLeak} from './near.js';
import {chiSquarePValue, ksPValue} from './statistics.js';

const DRAWS = 100_000;
/**
 * Draws of one pass that gives as many estimates of a gradient; the other backends test the same code again, and are
 * slower.
 */
const SIZES = {cpu: 10_000, wasm: process.env.FULL === '1' ? 50_000 : 15_000, webgl: 10_000, webgpu: 10_000};
const LARGEST_Z = 4.5;

/** With `isBrief`, only the first setting, and no expectations. */
export function describeSamples(name: string, spec: DistributionSpec, isBrief: boolean): void {
  const samples = isBrief ? spec.samples.slice(0, 1) : spec.samples;
  const key = random.key(2026);
  const estimateCount = sizeFor(SIZES);

  it('draws samples of its own distribution, with its mean and variance', async () => {
    for (const {config, cdf, probs} of samples) {
      const d = spec.create(config);
      const values = withoutLeak('sample', () => d.sample(DRAWS, {key}));
      const what = JSON.stringify(config);
      if (cdf !== undefined) {
        const numbers = Array.from(await values.data());
        expect(ksPValue(numbers, cdf)).withContext(what).toBeGreaterThan(0.001);
        if (d.has('mean') && d.has('variance'))
          expectMoments(numbers, (await read(d.mean()))[0]!, (await read(d.variance()))[0]!, what);
      } else if (d.has('enumerateSupport')) {
        const counts = countValues(await values.data(), await read(d.enumerateSupport()), d.eventShape);
        expect(counts.reduce((a, b) => a + b)).toBe(DRAWS);
        expect(chiSquarePValue(counts, probs!)).withContext(what).toBeGreaterThan(0.001);
      } else {
        // the last of the probabilities is that of all values from there on
        const counts = probs!.map(() => 0);
        for (const v of await values.data()) counts[Math.min(v, counts.length - 1)]!++;
        expect(chiSquarePValue(counts, probs!)).withContext(what).toBeGreaterThan(0.001);
      }
      values.dispose();
    }
  });

  if (!spec.isReparameterized || name === 'Deterministic') return;

  it('has the implicit derivatives of its samples, −(∂F/∂θ) / p', async () => {
    const n = 64;
    for (const {config} of samples) {
      const names = Object.keys(config);
      if (!spec.create(config).has('cdf')) continue;
      const values = names.map(k => tf.fill([n], config[k] as number));
      const build = (ts: tf.Tensor[]) => spec.create(Object.fromEntries(names.map((k, i) => [k, ts[i]!])));
      const x = build(values).sample([], {key});
      const pathwise = tf.grads((...ts: tf.Tensor[]) => build(ts).sample([], {key}))(values);
      const slope = tf.grads((...ts: tf.Tensor[]) => build(ts).cdf(x))(values);
      const density = build(values).prob(x);
      for (let i = 0; i < names.length; i++) {
        const exact = await read(tf.neg(tf.div(slope[i]!, density)));
        const actual = await read(pathwise[i]!);
        for (let j = 0; j < n; j++) {
          const error = Math.abs(actual[j]! - exact[j]!) / (1e-3 + Math.abs(exact[j]!));
          if (!(error < 1e-3)) fail(`sample by ${names[i]}: ${actual[j]} is not near ${exact[j]}`);
        }
      }
      tf.dispose([...values, x, density]);
    }
  });

  // where there is a cdf, each derivative of a draw has just been judged: their statistics wasm takes for all
  const isOnWasm = sizeFor({cpu: false, wasm: true, webgl: false, webgpu: false});
  const isFull = process.env.FULL === '1';
  if (isBrief || (!isFull && !isOnWasm && spec.reference[0]!.cdf !== undefined)) return;
  it('has samples whose derivatives are those of expectations', async () => {
    const own = spec.samples.flatMap(({config}) => {
      const d = spec.create(config);
      if (!d.has('mean') || !d.has('variance') || d.eventShape.length > 0) return [];
      const build = (p: Record<string, tf.Tensor>) => spec.create(p);
      return [
        {config, f: (x: tf.Tensor) => x, exact: (p: Record<string, tf.Tensor>) => build(p).mean()},
        {
          config,
          f: (x: tf.Tensor) => tf.square(x),
          exact: (p: Record<string, tf.Tensor>) => tf.add(build(p).variance(), tf.square(build(p).mean())),
        },
      ];
    });
    const cases = spec.expectations ?? own;
    expect(cases.length).toBeGreaterThanOrEqual(2);
    for (const {config, f, exact} of cases) {
      const names = Object.keys(config);
      const build = (ts: tf.Tensor[]) => Object.fromEntries(names.map((k, i) => [k, ts[i]!]));
      const single = names.map(k => tf.tensor(config[k] as tf.TensorLike, undefined, 'float32'));
      // parameters of their own for each draw, so that one pass gives as many estimates
      const tiled = single.map(t =>
        tf.tidy(() => tf.tile(tf.expandDims(t, 0), [estimateCount, ...t.shape.map(() => 1)])),
      );
      const truth = tf.grads((...ts: tf.Tensor[]) => linked(exact(build(ts)), ...ts))(single);
      const estimates = tf.grads((...ts: tf.Tensor[]) => linked(f(spec.create(build(ts)).sample([], {key})), ...ts))(
        tiled,
      );
      for (const [i, k] of names.entries()) {
        const numbers = await estimates[i]!.data();
        for (const [j, value] of (await truth[i]!.data()).entries()) {
          const width = numbers.length / estimateCount;
          const column = Float64Array.from({length: estimateCount}, (_, row) => numbers[row * width + j]!);
          const {mean, error} = meanOf(column);
          const rounding = 2e-5 * Math.max(Math.abs(value), meanOf(column.map(Math.abs)).mean) + 1e-30;
          const z = Math.abs(mean - value) / Math.max(error, rounding);
          if (!(z <= LARGEST_Z))
            fail(
              `${JSON.stringify(config)}, derivative ${j} of E[${String(f)}] by ${k}: ${mean} against ${value}, z = ${z}`,
            );
        }
      }
      tf.dispose([...single, ...tiled, ...truth, ...estimates]);
    }
  });
}

function meanOf(values: Float64Array): {mean: number; error: number} {
  const mean = values.reduce((s, v) => s + v, 0) / values.length;
  const variance = values.reduce((s, v) => s + (v - mean) ** 2, 0) / values.length;
  return {mean, error: Math.sqrt(variance / values.length)};
}

/**
 * Expects the sample's mean and variance within 4.5 standard errors, those of the variance by the sample's own fourth
 * moment.
 */
function expectMoments(numbers: number[], mean: number, variance: number, what: string): void {
  if (!Number.isFinite(mean) || !Number.isFinite(variance)) return;
  const first = meanOf(Float64Array.from(numbers));
  const second = meanOf(Float64Array.from(numbers, v => (v - mean) ** 2));
  const rounding = 1e-6 * Math.abs(mean) + 1e-30;
  if (!(Math.abs(first.mean - mean) <= LARGEST_Z * first.error + rounding))
    fail(`${what}: mean ${first.mean} against ${mean}`);
  if (!(Math.abs(second.mean - variance) <= LARGEST_Z * second.error + 1e-5 * variance))
    fail(`${what}: variance ${second.mean} against ${variance}`);
}

/**
 * How often each of the values, one after the other, occurs among the samples. (Counted here: a GPU adds up short axes
 * slowly.)
 */
function countValues(samples: ArrayLike<number>, values: ArrayLike<number>, eventShape: readonly number[]): number[] {
  const width = eventShape.reduce((a, b) => a * b, 1);
  const row = (all: ArrayLike<number>, i: number) => Array.from({length: width}, (_, j) => all[i * width + j]).join();
  const place = new Map(Array.from({length: values.length / width}, (_, i) => [row(values, i), i]));
  const counts = new Array<number>(place.size).fill(0);
  for (let i = 0; i < samples.length / width; i++) {
    const at = place.get(row(samples, i));
    if (at !== undefined) counts[at]!++;
  }
  return counts;
}
