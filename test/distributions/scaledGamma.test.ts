import * as tf from '@tensorflow/tfjs-core';
import {positive, real} from '../../src/constraints/numberSets.js';
import {ScaledGamma, type ScaledParameters} from '../../src/distributions/scaledGamma.js';
import type {DistributionConfig} from '../../src/distributions/distribution.js';
import type {GammaScale} from '../../src/functions/scaledGamma/index.js';
import * as random from '../../src/random/index.js';
import {describeBackends} from '../helpers/backends.js';
import {expectNear, read, withoutLeak} from '../helpers/near.js';
import {ksPValue} from '../helpers/statistics.js';

/** A gamma variable of concentration a and the scale parameter b. */
class Scaled extends ScaledGamma {
  constructor(
    readonly by: GammaScale,
    config: {a: number | tf.Tensor; b: number | tf.Tensor} & DistributionConfig,
  ) {
    super('Scaled', config, {a: positive, b: real});
  }

  get support() {
    return positive;
  }

  protected parts(): ScaledParameters {
    return {by: this.by, a: this.param('a'), b: this.param('b')};
  }
}

describeBackends(
  'a family made of a gamma variable',
  () => {
    const key = random.key(4);
    const b = 1.7;
    // Of concentration 2, Q(y) = (1 + y) e^{−y} and the density is y e^{−y}; x is y/rate or scale/y.
    const upper = (y: number): number => (1 + y) * Math.exp(-y);
    const kinds: Record<GammaScale, {b: number; y: (x: number) => number; survival: (x: number) => number}> = {
      Rate: {b, y: x => b * x, survival: x => upper(b * x)},
      LogRate: {b: Math.log(b), y: x => b * x, survival: x => upper(b * x)},
      Scale: {b, y: x => b / x, survival: x => 1 - upper(b / x)},
    };

    for (const [by, kind] of Object.entries(kinds) as Array<[GammaScale, (typeof kinds)[GammaScale]]>) {
      const d = new Scaled(by, {a: 2, b: kind.b});
      const x = [0.2, 0.9, 3];

      it(`has the density, the two tails and the quantile: by ${by}`, async () => {
        const near = async (t: tf.Tensor, f: (v: number) => number, what: string): Promise<void> =>
          expectNear(await read(t), x.map(f), what);
        const slope = by === 'Scale' ? (v: number) => b / (v * v) : () => b; // |dy/dx|
        await near(
          withoutLeak('logProb', () => d.logProb(x)),
          v => Math.log(kind.y(v)) - kind.y(v) + Math.log(slope(v)),
          'logProb',
        );
        await near(
          withoutLeak('cdf', () => d.cdf(x)),
          v => 1 - kind.survival(v),
          'cdf',
        );
        await near(
          withoutLeak('survival', () => d.survival(x)),
          kind.survival,
          'survival',
        );
        await near(
          withoutLeak('logCdf', () => d.logCdf(x)),
          v => Math.log(1 - kind.survival(v)),
          'logCdf',
        );
        await near(
          tf.tidy(() => d.logSurvivalOfNumber(tf.tensor1d(x))),
          v => Math.log(kind.survival(v)),
          'ln of the survival',
        );
        const p = x.map(v => 1 - kind.survival(v));
        expectNear(await read(withoutLeak('quantile', () => d.quantile(p))), x, 'quantile', false, 1e-5);
        expect([d.isDiscrete, d.isReparameterized]).toEqual([false, true]);
      });

      it(`keeps digits in the far tail: by ${by}`, async () => {
        // y = 200: ln Q = ln 201 − 200, beyond what a float32 number can be
        const far = by === 'Scale' ? b / 200 : 200 / b;
        const log = by === 'Scale' ? d.logCdf(far) : tf.tidy(() => d.logSurvivalOfNumber(tf.scalar(far)));
        expectNear(await read(log), [Math.log(201) - 200], 'ln of the tail');
      });

      it(`draws with the derivatives of the implicit formula: by ${by}`, async () => {
        const draws = await read(withoutLeak('sample', () => d.sample(20_000, {key})));
        expect(ksPValue(draws, v => 1 - kind.survival(v))).toBeGreaterThan(0.001);
        const drawn = (await read(d.sample([], {key})))[0]!;
        const [byA, byB] = tf.tidy(() =>
          tf.grads((a, t) => tf.sum(new Scaled(by, {a: a, b: t}).sample([], {key})))([tf.scalar(2), tf.scalar(kind.b)]),
        );
        // x = y/b, y e^{−β}, b/y at the same y
        const wanted = {Rate: -drawn / b, LogRate: -drawn, Scale: drawn / b}[by];
        expectNear(await read(byB!), [wanted], 'by b');
        // dy/da = −(∂P/∂a)/p at a = 2, P by its series, differenced in double precision
        const y = kind.y(drawn);
        const lower = (a: number): number => {
          let [term, sum] = [1 / a, 1 / a];
          for (let n = 1; n < 200; n++) sum += term *= y / (a + n);
          return (sum * y ** a * Math.exp(-y)) / gamma(a);
        };
        const h = 1e-4;
        const dy = -(lower(2 + h) - lower(2 - h)) / (2 * h) / (y * Math.exp(-y));
        expectNear(await read(byA!), [by === 'Scale' ? (-drawn / y) * dy : dy / b], 'by a', false, 2e-5);
      });
    }

    it('divides a small draw by a small rate without losing it', async () => {
      const draws = await read(new Scaled('Rate', {a: 0.01, b: 1e-30}).sample(2000, {key}));
      const least = Math.min(...draws);
      expect(least).toBe(2 ** -126);
      // P(x <= 2^-126) = (2^-126 1e-30)^0.01 / Γ(1.01), where of y alone as many as (2^-126)^0.01 / Γ(1.01) = 0.42 are as small
      const p = 0.21045;
      const share = draws.filter(v => v === least).length / draws.length;
      expect(Math.abs(share - p)).toBeLessThan(4.5 * Math.sqrt((p * (1 - p)) / 2000));
    });
  },
  {only: ['cpu'], inBrief: []},
);

/** Γ near 2, by Stirling's series. */
function gamma(a: number): number {
  let [x, shift] = [a, 1];
  for (; x < 12; x++) shift *= x;
  const log =
    (x - 0.5) * Math.log(x) - x + 0.5 * Math.log(2 * Math.PI) + 1 / (12 * x) - 1 / (360 * x ** 3) + 1 / (1260 * x ** 5);
  return Math.exp(log) / shift;
}
