import * as tf from '@tensorflow/tfjs-core';
import {positive, real} from '../../src/constraints/numberSets.js';
import type {Declaration} from '../../src/distributions/declaration.js';
import {Standardised} from '../../src/distributions/standardised.js';
import type {Key} from '../../src/keys/key.js';
import * as random from '../../src/random/index.js';
import {uniformNoise} from '../../src/random/noise.js';
import {describeBackends} from '../helpers/backends.js';
import {expectNear, read, withoutLeak} from '../helpers/near.js';
import {ksPValue} from '../helpers/statistics.js';

/** z on (0, 1) with the density 2z. */
class Ramp extends Standardised {
  constructor(config: object, declared?: Declaration) {
    super('Ramp', config, declared);
  }

  get support() {
    return real; // of which only a part has a density, and that part is asked for here
  }

  protected noise(shape: number[], key: Key) {
    return tf.sqrt(uniformNoise(shape, key));
  }

  protected logDensityOf(z: tf.Tensor) {
    return tf.log(tf.mul(z, 2));
  }

  protected cdfOf(z: tf.Tensor) {
    return tf.square(z);
  }

  protected logCdfOf(z: tf.Tensor) {
    return tf.mul(tf.log(z), 2);
  }

  protected survivalOf(z: tf.Tensor) {
    return tf.mul(tf.sub(1, z), tf.add(1, z));
  }

  protected quantileOf(p: tf.Tensor) {
    return tf.sqrt(p);
  }

  protected get standard() {
    return {mode: 1, entropy: 0.5 - Math.LN2};
  }
}

/** The mode of the standard member is 0. */
class Centred extends Ramp {
  protected override get standard() {
    return {mode: 0, entropy: 0};
  }
}

describeBackends(
  'a family that is its standard member, moved and scaled',
  () => {
    const key = random.key(2);
    const [loc, scale] = [
      [-1, 3],
      [0.5, 4],
    ];
    const z = [0.1, 0.8];

    for (const [name, q, at] of [
      ['loc and scale', new Ramp({loc, scale}), loc],
      ['scale alone', new Ramp({scale}, {scale: positive}), [0, 0]],
    ] as const) {
      const x = z.map((v, i) => at[i]! + scale[i]! * v);
      const near = async (t: tf.Tensor, of: (i: number) => number, what: string): Promise<void> => {
        expect(t.shape).withContext(what).toEqual([2]);
        expectNear(await read(t), [of(0), of(1)], what);
      };

      it(`follows from it: ${name}`, async () => {
        await near(
          withoutLeak('logProb', () => q.logProb(x)),
          i => Math.log((2 * z[i]!) / scale[i]!),
          'logProb',
        );
        await near(
          withoutLeak('cdf', () => q.cdf(x)),
          i => z[i]! ** 2,
          'cdf',
        );
        await near(
          withoutLeak('logCdf', () => q.logCdf(x)),
          i => 2 * Math.log(z[i]!),
          'logCdf',
        );
        await near(
          withoutLeak('survival', () => q.survival(x)),
          i => 1 - z[i]! ** 2,
          'survival',
        );
        await near(
          tf.tidy(() => q.logSurvivalOfNumber(tf.tensor1d(x))),
          i => Math.log(1 - z[i]! ** 2),
          'ln of the survival',
        );
        await near(
          withoutLeak('quantile', () => q.quantile(0.36)),
          i => at[i]! + 0.6 * scale[i]!,
          'quantile',
        );
        await near(
          withoutLeak('mode', () => q.mode()),
          i => at[i]! + scale[i]!,
          'mode',
        );
        await near(
          withoutLeak('entropy', () => q.entropy()),
          i => 0.5 - Math.log(2 / scale[i]!),
          'entropy',
        );
        expect([q.isDiscrete, q.isReparameterized]).toEqual([false, true]);
      });

      it(`draws loc + scale·z, as a function of the two: ${name}`, async () => {
        const draws = await read(withoutLeak('sample', () => q.sample(10_000, {key})));
        for (const i of [0, 1]) {
          const own = draws.filter((_, k) => k % 2 === i);
          expect(ksPValue(own, v => ((v - at[i]!) / scale[i]!) ** 2)).toBeGreaterThan(0.001);
        }
        // at the same place of the noise, whether it was drawn or is inferred from the value
        const made = (...ts: tf.Tensor[]): Ramp =>
          ts.length === 1 ? new Ramp({scale: ts[0]}, {scale: positive}) : new Ramp({loc: ts[0], scale: ts[1]});
        const slopes = (of: (d: Ramp) => tf.Tensor): tf.Tensor[] =>
          tf.tidy(() =>
            tf.grads((...ts: tf.Tensor[]) => tf.sum(of(made(...ts))))(
              name === 'scale alone' ? [tf.tensor1d(scale)] : [tf.tensor1d(loc), tf.tensor1d(scale)],
            ),
          );
        const drawn = await read(q.sample([], {key}));
        const noise = drawn.map((v, i) => (v - at[i]!) / scale[i]!);
        const along = slopes(d => d.sample([], {key}));
        expectNear(await read(along[along.length - 1]!), noise, 'by scale');
        if (along.length > 1) expect(await read(along[0]!)).toEqual([1, 1]);
        const inferred = slopes(d => d.inferredDraw(tf.tensor1d(x)));
        expectNear(await read(inferred[inferred.length - 1]!), z, 'inferred, by scale');
        expectNear(await read(tf.tidy(() => q.inferredDraw(tf.tensor1d(x)))), x, 'inferred');
      });
    }

    it('has loc itself where the standard mode is 0, and computes nothing for it', async () => {
      const d = new Centred({loc: [1, 2], scale: [3, 4]});
      expect(await read(withoutLeak('mode', () => d.mode()))).toEqual([1, 2]);
      const {kernelNames} = await tf.profile(() => d.mode());
      expect(kernelNames).not.toContain('Multiply');
    });

    it('declares any finite loc and a positive scale unless it says otherwise', () => {
      expect(() => new Ramp({loc: 0, scale: 0})).toThrowError('Ramp: scale must be > 0, got 0');
      expect(() => new Ramp({loc: Infinity, scale: 1})).toThrowError('Ramp: loc must be finite, got Infinity');
      expect(() => new Ramp({scale: 1})).toThrowError('Ramp: loc must be given');
    });
  },
  {only: ['cpu'], inBrief: []},
);
