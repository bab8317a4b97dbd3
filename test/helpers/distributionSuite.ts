/** The suite that every family passes; a family's own test file is mostly data for it. */
import * as tf from '@tensorflow/tfjs-core';
import {Distribution, type OptionalMethod, type Param} from '../../src/distributions/index.js';
import * as random from '../../src/random/index.js';
import {describeBackends, sizeFor} from './backends.js';
import {chiSquarePValue, ksPValue} from './statistics.js';

type Config = Record<string, Param | undefined>;
type Value = number | number[];

/** One setting of the parameters, with exact values; made by the scripts of scripts/reference. */
export interface ReferenceCase {
  config: Config;
  x: Value[];
  logProb: number[];
  cdf?: number[];
  logCdf?: number[];
  survival?: number[];
  p?: number[];
  quantile?: number[];
  mean?: Value;
  variance?: Value;
  stddev?: Value;
  mode?: Value;
  entropy?: number;
}

export interface Divergence {
  family: string;
  q: Config;
  p: Config;
  kl: number;
}

export interface DistributionSpec {
  create: (config: Config & {validateArgs?: boolean}) => Distribution;
  reference: ReferenceCase[];
  /** Parameters as columns: entry i of each is one setting. With the values at which to differentiate, one a setting. */
  gradients: {parameters: Record<string, Value[]>; x: Value[]};
  /** Samples against the cdf (continuous), or against the probabilities of the values that `enumerateSupport` lists. */
  samples: Array<{config: Config; cdf?: (x: number) => number; probs?: number[]}>;
  /** Configs that throw, with the message. */
  bad: Array<[config: unknown, message: string]>;
  /** Values outside the support. */
  outside: Value[];
  /** Methods that do not exist. */
  missing: OptionalMethod[];
  isDiscrete: boolean;
  isReparameterized: boolean;
}

const AT_VALUES = ['logProb', 'cdf', 'logCdf', 'survival'] as const;
const OF_BATCH = ['mean', 'variance', 'stddev', 'mode', 'entropy'] as const;
const OPTIONAL: OptionalMethod[] =
  ['cdf', 'logCdf', 'survival', 'quantile', 'mean', 'variance', 'stddev', 'mode', 'entropy', 'enumerateSupport'];

/** Errors of the GPU backends' elementary functions are some roundings larger. */
const slack = () => (['cpu', 'wasm'].includes(tf.getBackend()) ? 1 : 10);

/** Compares to float32 accuracy; `inTail` for probabilities, whose relative error grows with the size of their logarithm. */
export function expectNear(actual: ArrayLike<number>, expected: ArrayLike<number>, what: string, inTail = false, absolute = 2e-6): void {
  expect(actual.length).withContext(what).toBe(expected.length);
  for (let i = 0; i < expected.length; i++) {
    const exact = Math.fround(expected[i]!);
    if (!Number.isFinite(exact)) {
      expect(actual[i]).withContext(`${what} [${i}]`).toBe(exact);
      continue;
    }
    const size = Math.abs(exact);
    const allowed = inTail ? 2e-6 * (1 + Math.abs(Math.log(Math.max(size, 1e-38)))) * size + 2e-38 : 3e-6 * size + absolute;
    if (!(Math.abs(actual[i]! - exact) <= allowed * slack())) fail(`${what} [${i}]: ${actual[i]} is not near ${exact}`);
  }
}

/** Runs f, returns what it returns, and expects that it left no other tensor behind. */
export function withoutLeak<T>(what: string, f: () => T): T {
  const before = tf.memory().numTensors;
  const result = f();
  const returned = result instanceof tf.Tensor ? 1 : 0;
  expect(tf.memory().numTensors - before).withContext(`tensors left by ${what}`).toBe(returned);
  return result;
}

async function read(t: tf.Tensor): Promise<number[]> {
  const data = Array.from(await t.data());
  t.dispose();
  return data;
}

/** Columns of values as float32 tensors. */
const columns = (parameters: Record<string, Value[]>): Record<string, tf.Tensor> =>
  Object.fromEntries(Object.entries(parameters).map(([name, values]) => [name, tf.tensor(values as number[], undefined, 'float32')]));

/** Defines the suite of one family. */
export function describeDistribution(name: string, spec: DistributionSpec): void {
  const first = spec.reference[0]!;
  describeBackends(name, () => {
    const key = random.key(2026);

    for (const {config, ...exact} of spec.reference) {
      it(`has the exact values for ${JSON.stringify(config)}`, async () => {
        const d = spec.create(config);
        for (const method of AT_VALUES) {
          const expected = exact[method];
          if (expected === undefined) continue;
          const actual = await read(withoutLeak(method, () => d[method](exact.x)));
          expectNear(actual, expected, method, method === 'cdf' || method === 'survival');
        }
        expectNear(await read(d.prob(exact.x)), exact.logProb.map(Math.exp), 'prob', true);
        if (exact.p !== undefined) {
          const spread = Math.abs(exact.quantile![0]! - exact.quantile![4]!);
          expectNear(await read(withoutLeak('quantile', () => d.quantile(exact.p!))), exact.quantile!, 'quantile', false, 2e-6 * spread);
        }
        for (const method of OF_BATCH) {
          const expected = exact[method];
          if (expected === undefined) continue;
          const actual = withoutLeak(method, () => d[method]());
          expect(actual.shape).withContext(method).toEqual(method === 'entropy' ? [] : d.eventShape);
          expectNear(await read(actual), [expected].flat(), method);
        }
      });
    }

    it('draws samples of its own distribution', async () => {
      const n = sizeFor({cpu: 50_000, wasm: 50_000, webgl: 5_000, webgpu: 5_000});
      for (const {config, cdf, probs} of spec.samples) {
        const d = spec.create(config);
        const values = withoutLeak('sample', () => d.sample(n, {key}));
        if (cdf !== undefined) {
          expect(ksPValue(await read(values), cdf)).withContext(JSON.stringify(config)).toBeGreaterThan(0.001);
        } else {
          const counts = await read(tf.tidy(() => countValues(values, d.enumerateSupport(), d.eventShape.length)));
          values.dispose();
          expect(counts.reduce((a, b) => a + b)).toBe(n);
          expect(chiSquarePValue(counts, probs!)).withContext(JSON.stringify(config)).toBeGreaterThan(0.001);
        }
      }
    });

    it('draws the same with the same key, other values with another, and values of its support', async () => {
      const d = spec.create(first.config);
      const [a, b, c] = [d.sample(50, {key}), d.sample([50], {key}), d.sample(50, {key: random.key(1)})];
      expect(a.dtype).toBe(d.dtype);
      expect(d.sample([], {key}).shape).toEqual(d.eventShape);
      const logProb = await read(d.logProb(c));
      expect(logProb.every(Number.isFinite)).toBe(true);
      const [va, vb, vc] = await Promise.all([read(a), read(b), read(c)]);
      expect(va).toEqual(vb);
      if (name !== 'Deterministic') expect(va).not.toEqual(vc);
      random.setSeed(5);
      const [e, f] = [await read(d.sample(50)), await read(d.sample(50))];
      random.setSeed(5);
      expect(await read(d.sample(50))).toEqual(e);
      if (name !== 'Deterministic') expect(f).not.toEqual(e);
    });

    it('has density 0 outside its support, and throws there with validateArgs', async () => {
      if (spec.outside.length === 0) return;
      const d = spec.create(first.config);
      for (const value of spec.outside) {
        expect(await read(d.logProb(value))).toEqual([-Infinity]);
        expect(await read(d.prob(value))).toEqual([0]);
      }
      if (tf.getBackend() === 'webgpu') return;
      const strict = spec.create({...first.config, validateArgs: true});
      for (const value of spec.outside) expect(() => strict.logProb(value)).toThrowError(new RegExp(`^${name}.logProb: value must be`));
    });

    it('broadcasts tensors to its batch shape and drops event axes', () => {
      const tensors = columns(spec.gradients.parameters);
      const names = Object.keys(tensors);
      // the first parameter along axis 0, the others along axis 1: [n, m] in all, or [n] for a single one
      const n = spec.gradients.x.length;
      const event = spec.create(tensors).eventShape;
      const spread = {...tensors, [names[0]!]: tf.expandDims(tensors[names[0]!]!, 1)};
      const d = spec.create(spread);
      const batch = names.length > 1 ? [n, n] : [n, 1];
      expect(d.batchShape).toEqual(batch);
      expect(d.eventShape).toEqual(event);
      expect(d.isDiscrete).toBe(spec.isDiscrete);
      expect(d.isReparameterized).toBe(spec.isReparameterized);
      const sample = withoutLeak('sample', () => d.sample([2, 3], {key}));
      expect(sample.shape).toEqual([2, 3, ...batch, ...event]);
      expect(withoutLeak('logProb', () => d.logProb(sample)).shape).toEqual([2, 3, ...batch]);
      expect(withoutLeak('prob', () => d.prob(sample)).shape).toEqual([2, 3, ...batch]);
      expect(d.sample(undefined, {key}).shape).toEqual([...batch, ...event]);
      expect(d.logProb(spec.gradients.x[0]!).shape).toEqual(batch);
      for (const method of ['cdf', 'logCdf', 'survival'] as const) {
        if (d.has(method)) expect(withoutLeak(method, () => d[method](sample)).shape).toEqual([2, 3, ...batch]);
      }
      if (d.has('quantile')) expect(withoutLeak('quantile', () => d.quantile(0.5)).shape).toEqual(batch);
      for (const method of ['mean', 'variance', 'stddev', 'mode'] as const) {
        if (d.has(method)) expect(withoutLeak(method, () => d[method]()).shape).toEqual([...batch, ...event]);
      }
      if (d.has('entropy')) expect(withoutLeak('entropy', () => d.entropy()).shape).toEqual(batch);
      if (d.has('enumerateSupport')) {
        expect(withoutLeak('enumerateSupport', () => d.enumerateSupport()).shape.slice(1)).toEqual([...batch, ...event]);
      }
      expect(d.sample(0, {key}).shape).toEqual([0, ...batch, ...event]);
    });

    it('leaves the caller\'s tensors alone and takes others in their place', async () => {
      const tensors = columns(spec.gradients.parameters);
      const d = spec.create(tensors);
      expect(Object.keys(d.tensors())).toEqual(Object.keys(tensors));
      expect(Object.keys(spec.create(first.config).tensors())).toEqual([]);
      for (const method of OF_BATCH) if (d.has(method)) d[method]().dispose();
      d.sample(2, {key}).dispose();
      expect(Object.values(tensors).every(t => !t.isDisposed)).toBe(true);
      const grown = tf.tidy(() => Object.fromEntries(Object.entries(tensors).map(([k, t]) => [k, tf.tile(tf.expandDims(t, 0), [2, ...t.shape.map(() => 1)])])));
      const e = withoutLeak('withTensors', () => d.withTensors(grown));
      expect(e).toBeInstanceOf(d.constructor);
      expect(e.batchShape).toEqual([2, ...d.batchShape]);
      expect(e.eventShape).toEqual(d.eventShape);
      expect(Object.values(e.tensors())).toEqual(Object.values(grown));
      const [a, b] = [await read(d.logProb(spec.gradients.x)), await read(e.logProb(spec.gradients.x))];
      expectNear(b, [...a, ...a], 'logProb');
      expect(() => d.withTensors({nonsense: Object.values(grown)[0]!})).toThrowError(/unknown parameter "nonsense"/);
      // a tidy that returns the distribution keeps its tensors
      const make = () => spec.create(columns(spec.gradients.parameters)) as unknown as tf.TensorContainerObject; // tidy walks any object
      const kept = tf.tidy(make) as unknown as Distribution;
      expect(Object.values(kept.tensors()).some(t => t.isDisposed)).toBe(false);
    });

    it('has the right derivatives of logProb', async () => {
      if (name === 'Deterministic') return; // it jumps
      const {parameters, x} = spec.gradients;
      const of = (p: Record<string, tf.Tensor>, at: tf.Tensor) => spec.create(p).logProb(at);
      const inputs: Record<string, Value[]> = spec.isDiscrete ? {...parameters} : {...parameters, x};
      for (const input of Object.keys(inputs)) {
        const rest = tf.tidy(() => columns({...parameters, x}));
        const {x: at, ...others} = rest as {x: tf.Tensor} & Record<string, tf.Tensor>; // columns keeps the names
        const f = (t: tf.Tensor) => (input === 'x' ? of(others, t) : of({...others, [input]: t}, at));
        await expectDerivative(f, rest[input]!, `logProb by ${input}`);
        tf.dispose(rest);
      }
    });

    if (spec.isReparameterized && name !== 'Deterministic') {
      it('has the implicit derivatives of its samples, −(∂F/∂θ) / p', async () => {
        const n = 64;
        for (const {config} of spec.samples) {
          const names = Object.keys(config);
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
    } else if (!spec.isReparameterized) {
      it('has samples that are constants', async () => {
        const values = Object.values(columns(spec.gradients.parameters));
        const names = Object.keys(spec.gradients.parameters);
        const f = (...ts: tf.Tensor[]) => {
          const d = spec.create(Object.fromEntries(names.map((k, i) => [k, ts[i]!])));
          return tf.add(tf.sum(tf.cast(d.sample([], {key}), 'float32')), tf.sum(tf.square(ts[0]!)));
        };
        const [g] = tf.grads(f)(values);
        expectNear(await read(g!), await read(tf.mul(values[0]!, 2)), 'gradient');
      });
    }

    it('takes int32 values, typed arrays and nested arrays', async () => {
      const d = spec.create(first.config);
      const value = first.x[0]!;
      const expected = first.logProb[0]!;
      if ([value].flat().every(Number.isInteger)) {
        expectNear(await read(d.logProb(tf.tensor(value, undefined, 'int32'))), [expected], 'int32');
        expectNear(await read(d.logProb(typeof value === 'number' ? new Int32Array([value]) : new Int32Array(value))), [expected], 'Int32Array');
      }
      const nested = d.logProb([[value, value]] as tf.TensorLike);
      expect(nested.shape).toEqual([1, 2]);
      expectNear(await read(nested), [expected, expected], 'nested');
    });

    it('says what is wrong', () => {
      for (const [config, message] of spec.bad) {
        expect(() => spec.create(config as Config)).withContext(JSON.stringify(config)).toThrowError(message);
      }
      const d = spec.create(first.config);
      expect(OPTIONAL.filter(m => !d.has(m))).toEqual(spec.missing);
      for (const method of spec.missing) {
        expect(() => d[method](0.5)).toThrowError(new RegExp(`^${name}: ${method} does not exist, it has logProb`));
      }
      const loose = d as unknown as {sample(shape: unknown, options?: unknown): unknown; logProb(x: unknown): unknown}; // misuse
      expect(() => loose.sample(-1)).toThrowError(`${name}.sample: a shape must be a list of integers >= 0, got -1`);
      expect(() => loose.sample([1.5])).toThrowError(/a shape must be a list of integers >= 0/);
      expect(() => loose.sample([], {key: 3})).toThrowError(`${name}.sample: key must come from random.key, got 3`);
      expect(() => loose.sample([], {kye: key})).toThrowError(/unknown option "kye"; did you mean "key"\?/);
      expect(() => loose.logProb('x')).toThrowError(`${name}.logProb: value must be a number, an array or a tensor, got "x"`);
      expect(() => loose.logProb(undefined)).toThrowError(/value must be a number, an array or a tensor, got undefined/);
    });
  });
}

/** How often each of the values (stacked along axis 0) occurs among the samples. */
function countValues(samples: tf.Tensor, values: tf.Tensor, eventRank: number): tf.Tensor {
  const [s, v] = [samples, values].map(t => tf.reshape(tf.cast(t, 'float32'), [t.shape[0], -1])) as [tf.Tensor, tf.Tensor]; // two
  if (eventRank === 0) return tf.sum(tf.cast(tf.equal(s, tf.transpose(v)), 'int32'), 0);
  const same = tf.all(tf.equal(tf.expandDims(s, 1), tf.expandDims(v, 0)), -1);
  return tf.sum(tf.cast(same, 'int32'), 0);
}

/**
 * Expects tf.grad of Σ f(t), where entry i of f depends on row i of t alone, to agree with central differences; steps are taken in the
 * same place of every row at once.
 */
export async function expectDerivative(f: (t: tf.Tensor) => tf.Tensor, t: tf.Tensor, what: string, step = 0.01): Promise<void> {
  const actual = await read(tf.tidy(() => tf.grad(u => tf.sum(f(u)))(t)));
  const rows = t.shape[0];
  const width = t.size / rows;
  for (let j = 0; j < width; j++) {
    const nudge = Float32Array.from({length: t.size}, (_, i) => (i % width === j ? step : 0));
    const slope = await read(tf.tidy(() => {
      const h = tf.tensor(nudge, t.shape);
      return tf.div(tf.sub(f(tf.add(t, h)), f(tf.sub(t, h))), 2 * step);
    }));
    for (let i = 0; i < rows; i++) {
      const [a, b] = [actual[i * width + j]!, slope[i]!];
      if (!(Math.abs(a - b) <= 3e-3 * (1 + Math.abs(b)))) fail(`${what} [${i},${j}]: ${a} is not near the difference quotient ${b}`);
    }
  }
}
