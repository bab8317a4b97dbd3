import * as tf from '@tensorflow/tfjs-core';
import {realVector} from '../../src/constraints/vectors.js';
import {Distribution, type OptionalMethod} from '../../src/distributions/distribution.js';
import {normalNoise} from '../../src/random/noise.js';
import * as random from '../../src/random/index.js';
import type {Key} from '../../src/keys/key.js';
import {describeBackends} from '../helpers/backends.js';
import {expectNear, read, withoutLeak} from '../helpers/near.js';
import {ksPValue} from '../helpers/statistics.js';
import {Rayleigh} from './rayleigh.js';

/** Standard normal vectors of n elements: one axis of events. */
class Vectors extends Distribution {
  constructor(
    readonly n: number,
    loc: number[][],
  ) {
    super('Vectors', {loc} as object, {loc: realVector});
  }

  get support() {
    return realVector;
  }

  get isDiscrete() {
    return false;
  }

  get isReparameterized(): boolean {
    return false;
  }

  protected override eventShapeOf() {
    return [2];
  }

  protected _sample(shape: number[], key: Key) {
    return tf.add(this.param('loc'), normalNoise(shape, key));
  }

  protected _logProb(x: tf.Tensor) {
    return tf.mul(tf.sum(tf.square(tf.sub(x, this.param('loc'))), -1), -0.5);
  }

  protected override _mean() {
    return this.param('loc');
  }

  protected override _covariance() {
    return tf.eye(2);
  }
}

describeBackends(
  'what the base class makes of a family’s rules',
  () => {
    const key = random.key(6);
    const scales = [0.5, 2];
    const q = new Rayleigh({scale: scales});
    const x = [0.3, 1.7];
    const survival = (v: number, s: number): number => Math.exp((-0.5 * v * v) / (s * s));

    it('has a density on the support, −∞ and 0 elsewhere, NaN at NaN', async () => {
      const logs = x.map((v, i) => Math.log(v / scales[i]! ** 2) - 0.5 * (v / scales[i]!) ** 2);
      expectNear(await read(withoutLeak('logProb', () => q.logProb(x))), logs, 'logProb');
      expectNear(await read(withoutLeak('prob', () => q.prob(x))), logs.map(Math.exp), 'prob');
      expect(await read(q.logProb([[-1], [0], [Infinity], [NaN]]))).toEqual(
        [-Infinity, -Infinity, -Infinity, NaN].flatMap(v => [v, v]),
      );
      expect(await read(q.prob([[-1], [NaN]]))).toEqual([0, 0, NaN, NaN]);
      const outside = tf.tensor1d([0, -1]);
      const slope = await read(tf.tidy(() => tf.grad(t => tf.sum(tf.maximum(q.logProb(t), -50)))(outside)));
      expect(slope).toEqual([0, 0]); // of what is thrown away no derivative is infinite, or it would be NaN here
      outside.dispose();
    });

    it('has what follows from a cdf: its logarithm, the survival, and constants beyond the ends', async () => {
      expectNear(
        await read(withoutLeak('cdf', () => q.cdf(x))),
        x.map((v, i) => 1 - survival(v, scales[i]!)),
        'cdf',
      );
      expectNear(
        await read(withoutLeak('logCdf', () => q.logCdf(x))),
        x.map((v, i) => Math.log1p(-survival(v, scales[i]!))),
        'logCdf',
      );
      expectNear(
        await read(withoutLeak('survival', () => q.survival(x))),
        x.map((v, i) => survival(v, scales[i]!)),
        'survival',
      );
      expectNear(
        await read(tf.tidy(() => q.logSurvivalOfNumber(tf.tensor1d(x)))),
        x.map((v, i) => -0.5 * (v / scales[i]!) ** 2),
        'ln of the survival',
      );
      const near = [1e-4, 3e-3];
      expectNear(
        await read(tf.tidy(() => q.logSurvivalOfNumber(tf.tensor1d(near)))),
        near.map((v, i) => -0.5 * (v / scales[i]!) ** 2),
        'ln of a survival that rounds to 1',
        true,
      );
      const one = new Rayleigh({scale: 1});
      const ends = [-Infinity, -1, Infinity, NaN];
      expect(await read(one.cdf(ends))).toEqual([0, 0, 1, NaN]);
      expect(await read(one.survival(ends))).toEqual([1, 1, 0, NaN]);
      expect(await read(one.logCdf(ends))).toEqual([-Infinity, -Infinity, 0, NaN]);
      expect(await read(tf.tidy(() => one.logSurvivalOfNumber(tf.tensor1d(ends))))).toEqual([0, 0, -Infinity, NaN]);
    });

    it('has a cdf where there is its logarithm only', async () => {
      const d = new Rayleigh({scale: 1});
      const logCdf = (t: tf.Tensor): tf.Tensor => tf.log1p(tf.neg(tf.exp(tf.mul(tf.square(t), -0.5))));
      Object.assign(d, {_cdf: undefined, _logCdf: logCdf}); // as if the family had the other rule
      expect(['cdf', 'logCdf', 'survival'].every(m => d.has(m as OptionalMethod))).toBeTrue();
      expectNear(
        await read(d.cdf(x)),
        x.map(v => 1 - survival(v, 1)),
        'cdf',
      );
      expectNear(
        await read(d.survival(x)),
        x.map(v => survival(v, 1)),
        'survival',
      );
    });

    it('has quantiles of probabilities, and NaN of other numbers', async () => {
      const wanted = scales.map(s => s * Math.sqrt(-2 * Math.log(0.25)));
      expectNear(await read(withoutLeak('quantile', () => q.quantile(0.75))), wanted, 'quantile');
      expect(q.quantile([[0.1], [0.2], [0.3]]).shape).toEqual([3, 2]);
      expect(await read(q.quantile([[-0.1], [1.1], [NaN]]))).toEqual(new Array(6).fill(NaN));
      expect(() => q.quantile([0.1, 0.2, 0.3])).toThrowError(
        'Rayleigh.quantile: shapes must broadcast, got [3] and [2]',
      );
      class Line extends Rayleigh {
        protected override _quantile(p: tf.Tensor) {
          return p;
        }
      }
      expect(await read(new Line({scale: 1}).quantile([0, 0.5, 1, -0.5, 1.5]))).toEqual([0, 0.5, 1, NaN, NaN]);
      const strict = new Rayleigh({scale: 1, validateArgs: true});
      expect(() => strict.quantile(1.5)).toThrowError('Rayleigh.quantile: p must be in [0, 1], got 1.5');
    });

    it('has the methods that its rules are enough for, and says which where one is missing', async () => {
      const has: OptionalMethod[] = ['cdf', 'logCdf', 'survival', 'quantile', 'variance', 'stddev', 'mode'];
      const lacks: OptionalMethod[] = ['mean', 'entropy', 'covariance', 'enumerateSupport'];
      for (const method of has) expect(q.has(method)).withContext(method).toBeTrue();
      for (const method of lacks) {
        expect(q.has(method)).withContext(method).toBeFalse();
        expect(() => q[method](0)).toThrowError(
          `Rayleigh: ${method} does not exist, it has logProb, prob, ${has.join(', ')}`,
        );
      }
      expect(() => q.supportSize()).toThrowError(/^Rayleigh: enumerateSupport does not exist/);
      expect(() => q.has('quantle' as 'quantile')).toThrowError(
        'Rayleigh.has: unknown method "quantle"; did you mean "quantile"?',
      );
      const variances = scales.map(s => (2 - Math.PI / 2) * s * s);
      expectNear(await read(withoutLeak('variance', () => q.variance())), variances, 'variance');
      expectNear(await read(withoutLeak('stddev', () => q.stddev())), variances.map(Math.sqrt), 'stddev');
    });

    it('never gives out a tensor of the caller’s, whatever a rule returns', () => {
      const scale = tf.tensor1d(scales);
      const mode = withoutLeak('mode', () => new Rayleigh({scale}).mode());
      expect(mode).not.toBe(scale);
      mode.dispose();
      expect(scale.isDisposed).toBeFalse();
      class Plain extends Rayleigh {
        protected override get isTotal() {
          return true;
        }

        protected override _logProb(t: tf.Tensor) {
          return t;
        }
      }
      const value = tf.tensor1d([1, 2]);
      const logProb = withoutLeak('logProb', () => new Plain({scale}).logProb(value));
      expect(logProb).not.toBe(value);
      tf.dispose([logProb, value, scale]);
    });

    it('grows results to the shape of batch, samples and events', async () => {
      const vectors = new Vectors(2, [
        [0, 1],
        [2, 3],
        [4, 5],
      ]);
      expect([vectors.batchShape, vectors.eventShape]).toEqual([[3], [2]]);
      expect(vectors.sample([4], {key}).shape).toEqual([4, 3, 2]);
      expectNear(await read(vectors.logProb([0, 0])), [-0.5, -6.5, -20.5], 'logProb');
      expect(vectors.logProb(tf.zeros([5, 1, 2])).shape).toEqual([5, 3]);
      expect(await read(vectors.mean())).toEqual([0, 1, 2, 3, 4, 5]);
      const covariance = vectors.covariance();
      expect(covariance.shape).toEqual([3, 2, 2]);
      expect(await read(covariance)).toEqual([1, 0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 1]);
      expect(q.mode().shape).toEqual([2]);
      expect(q.logProb(1).shape).toEqual([2]);
      expect(() => vectors.logProb([1, 2, 3])).toThrowError(
        'Vectors.logProb: value must end in the event shape [2], got the shape [3]',
      );
      expect(() => vectors.logProb(1)).toThrowError(/value must end in the event shape \[2\], got the shape \[\]/);
      expect(() => q.logProb([1, 2, 3])).toThrowError('Rayleigh.logProb: shapes must broadcast, got [3] and [2]');
    });

    it('checks values with validateArgs only', () => {
      const strict = new Rayleigh({scale: 1, validateArgs: true});
      expect(() => strict.logProb(-1)).toThrowError('Rayleigh.logProb: value must be > 0, got -1');
      expect(() => strict.cdf([1, 0])).toThrowError('Rayleigh.cdf: value must be > 0, got 0 at [1]');
      expect(() => q.logProb(-1)).not.toThrow();
    });

    it('draws by key or from the default stream, with derivatives where it is reparameterised', async () => {
      const draws = await read(withoutLeak('sample', () => new Rayleigh({scale: 2}).sample(20_000, {key})));
      expect(ksPValue(draws, v => 1 - survival(v, 2))).toBeGreaterThan(0.001);
      expect(await read(q.sample([3], {key}))).toEqual(await read(q.sample(3, {key})));
      random.setSeed(1);
      const [first, second] = [await read(q.sample()), await read(q.sample())];
      expect(first).not.toEqual(second);
      random.setSeed(1);
      expect(await read(q.sample())).toEqual(first);
      const slope = (make: (scale: tf.Tensor) => Distribution): Promise<number[]> =>
        read(
          tf.tidy(() =>
            tf.grad(t => tf.add(tf.sum(make(t).sample([], {key})), tf.mul(0, tf.sum(t))))(tf.tensor1d(scales)),
          ),
        );
      const drawn = await read(q.sample([], {key}));
      expectNear(
        await slope(scale => new Rayleigh({scale})),
        drawn.map((v, i) => v / scales[i]!),
        'pathwise',
      );
      class Constant extends Rayleigh {
        override get isReparameterized() {
          return false;
        }
      }
      expect(await slope(scale => new Constant({scale}))).toEqual([0, 0]);
      for (const [shape, options, message] of [
        [[0.5], {}, /^Rayleigh.sample: a shape must be a list of integers >= 0/],
        [2, {key: 3}, 'Rayleigh.sample: key must come from random.key, got 3'],
        [2, {keys: key}, /^Rayleigh.sample: unknown option "keys"; did you mean "key"/],
      ] as Array<[number, object, string]>)
        expect(() => q.sample(shape, options)).toThrowError(message);
    });

    it('draws with ln p of each, differentiable through the draw where it is reparameterised', async () => {
      const {value, logProb} = tf.tidy(() => q.sampleAndLogProb([3], {key}));
      expect([value.shape, logProb.shape]).toEqual([
        [3, 2],
        [3, 2],
      ]);
      const [drawn, logs] = [await read(value), await read(logProb)];
      expect(drawn).toEqual(await read(q.sample([3], {key})));
      expectNear(logs, await read(tf.tidy(() => q.logProb(tf.tensor2d(drawn, [3, 2])))), 'ln p');
      // ln p of scale·z is −ln scale and what does not depend on it
      const slope = await read(
        tf.tidy(() =>
          tf.grad(t => tf.sum(new Rayleigh({scale: t}).sampleAndLogProb([], {key}).logProb))(tf.tensor1d(scales)),
        ),
      );
      expectNear(
        slope,
        scales.map(s => -1 / s),
        'slope',
      );
    });

    it('takes a value for a draw of its own in logProbOfDraw, where nothing is spent on the support', async () => {
      expectNear(await read(tf.tidy(() => q.logProbOfDraw(tf.tensor1d(x)))), await read(q.logProb(x)), 'of a draw');
      expect(await read(tf.tidy(() => q.logProbOfDraw(tf.tensor1d([-1, 1]))))).not.toContain(-Infinity);
      expect(() => q.logProbOfDraw(tf.zeros([3]))).toThrowError(/^Rayleigh.logProbOfDraw: shapes must broadcast/);
    });

    it('tells a lack of memory with the shape of the result, and leaves other errors alone', () => {
      class Failing extends Rayleigh {
        constructor(private readonly error: Error) {
          super({scale: scales});
        }

        protected override _sample(): never {
          throw this.error;
        }

        protected override _logProb(): never {
          throw this.error;
        }
      }
      const lack = new Failing(new RangeError('Array buffer allocation failed'));
      expect(() => lack.sample(7, {key})).toThrowError(
        /^Rayleigh.sample: ran out of memory .* on the way to a result of shape \[7,2\]/,
      );
      expect(() => lack.logProb(1)).toThrowError(
        /^Rayleigh.logProb: ran out of memory .* on the way to a result of shape \[2\]/,
      );
      const other = new Error('no such thing');
      expect(() => new Failing(other).sample(7, {key})).toThrow(other);
    });

    it('has no relaxation, pre-image, divergences or moving ends unless a family says so', () => {
      expect([q.relaxation, q.inferredDraw, q.preImage('whole'), q.klRules()]).toEqual([null, null, null, []]);
      expect([q.isPeriodic, q.movesSupport, q.familyName, q.name]).toEqual([false, false, 'Rayleigh', 'Rayleigh']);
      expect(q.element).toBe(q);
    });
  },
  {only: ['cpu'], inBrief: []},
);
