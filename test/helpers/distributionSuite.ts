/** The suite that every family passes; a family's own test file is mostly data for it. */
import * as tf from '@tensorflow/tfjs-core';
import {Distribution, type OptionalMethod, type Param} from '../../src/distributions/index.js';
import * as random from '../../src/random/index.js';
import {describeBackends, gpuOf, inBrief} from './backends.js';
import {describeLogProb} from './logProbSuite.js';
import {columns, expectNear, read, slack, withoutLeak} from './near.js';
import {describeSamples} from './sampleSuite.js';

export {expectDerivative} from './derivatives.js';
export {expectNear, withoutLeak} from './near.js';

type Config = Record<string, Param | undefined>;
export type Value = number | number[];

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
  /** The family of p, if it is another. */
  to?: string;
  q: Config;
  p: Config;
  kl: number;
}

export interface DistributionSpec {
  create: (config: Config & {validateArgs?: boolean}) => Distribution;
  reference: ReferenceCase[];
  /**
   * Parameters as columns: entry i of each is one setting. With the values at which to differentiate, one a setting.
   */
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
  /** Parameters that are not differentiated by, such as a count. */
  constants?: string[];
  /**
   * Expectations whose derivatives samples must give, where mean and variance do not exist: f and E f(x) as a function
   * of the parameters.
   */
  expectations?: Array<{
    config: Config;
    f: (x: tf.Tensor) => tf.Tensor;
    exact: (parameters: Record<string, tf.Tensor>) => tf.Tensor;
  }>;
  /** logProb as a user would write it, with −∞ outside the support; ours may take 1.3 times its kernels. */
  handwritten?: {config: Config; logProb: (x: tf.Tensor, parameters: Record<string, tf.Tensor>) => tf.Tensor};
}

const AT_VALUES = ['logProb', 'cdf', 'logCdf', 'survival'] as const;
const OF_BATCH = ['mean', 'variance', 'stddev', 'mode', 'entropy'] as const;
const OPTIONAL: OptionalMethod[] = [
  'cdf',
  'logCdf',
  'survival',
  'quantile',
  'mean',
  'variance',
  'stddev',
  'mode',
  'entropy',
  'enumerateSupport',
];

/** Defines the suite of one family. */
export function describeDistribution(name: string, spec: DistributionSpec): void {
  const first = spec.reference[0]!;
  describeBackends(name, backend => {
    const key = random.key(2026);
    // in brief, one GPU tests the first settings in every respect, the other the values and samples of the very first
    const isBrief = inBrief && backend !== gpuOf(name);
    const settings = inBrief ? (isBrief ? 1 : 2) : Infinity;
    describeSamples(name, spec, isBrief);
    if (!isBrief) describeLogProb(name, spec, settings);

    for (const {config, ...exact} of spec.reference.slice(0, settings)) {
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
          expectNear(
            await read(withoutLeak('quantile', () => d.quantile(exact.p!))),
            exact.quantile!,
            'quantile',
            false,
            2e-6 * spread,
          );
          if (!spec.isDiscrete) await expectRoundTrip(d, exact.quantile!);
        }
        if (spec.isDiscrete) await expectDiscrete(d, exact);
        for (const method of OF_BATCH) {
          const expected = exact[method];
          if (expected === undefined) continue;
          const actual = withoutLeak(method, () => d[method]());
          expect(actual.shape)
            .withContext(method)
            .toEqual(method === 'entropy' ? [] : d.eventShape);
          // a location is exact to its scale, a spread and an entropy in themselves
          const scale = ['mean', 'mode'].includes(method) && typeof exact.stddev === 'number' ? exact.stddev : 1;
          expectNear(
            await read(actual),
            [expected].flat(),
            method,
            false,
            ['variance', 'stddev'].includes(method) ? 0 : 2e-6 * Math.min(1, scale),
          );
        }
      });
    }

    if (isBrief) return;

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
      for (const value of spec.outside)
        expect(() => strict.logProb(value)).toThrowError(new RegExp(`^${name}.logProb: value must be`));
    });

    if (inBrief) return; // the rest is the same on every backend

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
        expect(withoutLeak('enumerateSupport', () => d.enumerateSupport()).shape.slice(1)).toEqual([
          ...batch,
          ...event,
        ]);
      }
      expect(d.sample(0, {key}).shape).toEqual([0, ...batch, ...event]);
    });

    it("leaves the caller's tensors alone and takes others in their place", async () => {
      const tensors = columns(spec.gradients.parameters);
      const d = spec.create(tensors);
      expect(Object.keys(d.tensors())).toEqual(Object.keys(tensors));
      expect(Object.keys(spec.create(first.config).tensors())).toEqual([]);
      for (const method of OF_BATCH) if (d.has(method)) d[method]().dispose();
      d.sample(2, {key}).dispose();
      expect(Object.values(tensors).every(t => !t.isDisposed)).toBe(true);
      const grown = tf.tidy(() =>
        Object.fromEntries(
          Object.entries(tensors).map(([k, t]) => [k, tf.tile(tf.expandDims(t, 0), [2, ...t.shape.map(() => 1)])]),
        ),
      );
      const e = withoutLeak('withTensors', () => d.withTensors(grown));
      expect(e).toBeInstanceOf(d.constructor);
      expect(e.batchShape).toEqual([2, ...d.batchShape]);
      expect(e.eventShape).toEqual(d.eventShape);
      expect(Object.values(e.tensors())).toEqual(Object.values(grown));
      const [a, b] = [await read(d.logProb(spec.gradients.x)), await read(e.logProb(spec.gradients.x))];
      expectNear(b, [...a, ...a], 'logProb');
      expect(() => d.withTensors({nonsense: Object.values(grown)[0]!})).toThrowError(/unknown parameter "nonsense"/);
      // a tidy that returns the distribution keeps its tensors
      // tidy walks any object
      const make = () => spec.create(columns(spec.gradients.parameters)) as unknown as tf.TensorContainerObject;
      const kept = tf.tidy(make) as unknown as Distribution;
      expect(Object.values(kept.tensors()).some(t => t.isDisposed)).toBe(false);
    });

    it('takes int32 values, typed arrays and nested arrays', async () => {
      const d = spec.create(first.config);
      const value = first.x[0]!;
      const expected = first.logProb[0]!;
      if ([value].flat().every(Number.isInteger)) {
        expectNear(await read(d.logProb(tf.tensor(value, undefined, 'int32'))), [expected], 'int32');
        expectNear(
          await read(d.logProb(typeof value === 'number' ? new Int32Array([value]) : new Int32Array(value))),
          [expected],
          'Int32Array',
        );
      }
      const nested = d.logProb([[value, value]] as tf.TensorLike);
      expect(nested.shape).toEqual([1, 2]);
      expectNear(await read(nested), [expected, expected], 'nested');
    });

    it('says what is wrong', () => {
      for (const [config, message] of spec.bad) {
        expect(() => spec.create(config as Config))
          .withContext(JSON.stringify(config))
          .toThrowError(message);
      }
      const d = spec.create(first.config);
      expect(OPTIONAL.filter(m => !d.has(m))).toEqual(spec.missing);
      for (const method of spec.missing) {
        expect(() => d[method](0.5)).toThrowError(new RegExp(`^${name}: ${method} does not exist, it has logProb`));
      }
      // misuse
      const loose = d as unknown as {sample(shape: unknown, options?: unknown): unknown; logProb(x: unknown): unknown};
      expect(() => loose.sample(-1)).toThrowError(`${name}.sample: a shape must be a list of integers >= 0, got -1`);
      expect(() => loose.sample([1.5])).toThrowError(/a shape must be a list of integers >= 0/);
      expect(() => loose.sample([], {key: 3})).toThrowError(`${name}.sample: key must come from random.key, got 3`);
      expect(() => loose.sample([], {kye: key})).toThrowError(/unknown option "kye"; did you mean "key"\?/);
      expect(() => loose.logProb('x')).toThrowError(
        `${name}.logProb: value must be a number, an array or a tensor, got "x"`,
      );
      expect(() => loose.logProb(undefined)).toThrowError(
        /value must be a number, an array or a tensor, got undefined/,
      );
    });
  });
}

/** quantile(cdf(x)) is x, where the cdf is flat enough neither there nor near 1 in float32. */
async function expectRoundTrip(d: Distribution, x: number[]): Promise<void> {
  const cdf = await read(d.cdf(x));
  const back = await read(tf.tidy(() => d.quantile(d.cdf(x))));
  const slope = await read(d.prob(x));
  for (let i = 0; i < x.length; i++) {
    if (!(cdf[i]! > 1e-30 && cdf[i]! < 0.999) || slope[i] === 0) continue;
    const allowed = 1e-5 * Math.abs(x[i]!) + (2e-6 * cdf[i]!) / slope[i]!;
    const within = Math.abs(back[i]! - Math.fround(x[i]!)) <= allowed * slack();
    if (!within) fail(`quantile(cdf(${x[i]})): got ${back[i]}`);
  }
}

/** The masses of all values sum to 1, and quantile(cdf(k)) is k wherever float32 can tell F(k) from its neighbours. */
async function expectDiscrete(d: Distribution, {x, logProb, cdf}: Omit<ReferenceCase, 'config'>): Promise<void> {
  const tooMany = d.eventShape.length > 0 && Number(d.parameters['totalCount'] ?? 0) > 1000; // vectors of large counts
  if (d.has('enumerateSupport') && !tooMany) {
    const sum = await read(tf.tidy(() => tf.sum(d.prob(d.enumerateSupport()))));
    if (!(Math.abs(sum[0]! - 1) <= 1e-5 * slack())) fail(`the masses sum to ${sum[0]}`);
  }
  if (cdf === undefined || !d.has('quantile')) return;
  // only numbers have a cdf
  const sure = x.filter((_, i) => cdf[i]! < 0.999 && Math.exp(logProb[i]!) > 1e-5) as number[];
  if (sure.length === 0) return;
  const back = await read(tf.tidy(() => d.quantile(d.cdf(sure))));
  expect(back).withContext('quantile(cdf(k))').toEqual(sure);
}
