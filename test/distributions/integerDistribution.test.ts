import * as tf from '@tensorflow/tfjs-core';
import {openUnitInterval, positive} from '../../src/constraints/numberSets.js';
import {checkSameCount, IntegerDistribution, type IntegerConfig} from '../../src/distributions/integerDistribution.js';
import {Binomial} from '../../src/distributions/index.js';
import {describeBackends} from '../helpers/backends.js';
import {expectNear, read, withoutLeak} from '../helpers/near.js';

/** P(X > k) = rest^(k+1), given by rest or by its logarithm with the other sign. */
class Counts extends IntegerDistribution {
  readonly asked: number[][] = [];

  constructor(config: IntegerConfig & {rest?: number | number[]; rate?: number}) {
    super('Counts', config, {rest: openUnitInterval, rate: positive}, [['rest', 'rate']]);
  }

  private log(): tf.Tensor {
    return this.given('rest') ? tf.log(this.param('rest')) : tf.neg(this.param('rate'));
  }

  protected _sample(shape: number[]) {
    return this.typed(tf.fill(shape, 3));
  }

  protected _logProb(x: tf.Tensor) {
    return tf.add(tf.mul(x, this.log()), tf.log1p(tf.neg(tf.exp(this.log()))));
  }

  protected cdfAt(k: tf.Tensor) {
    this.asked.push(Array.from(k.dataSync()));
    return tf.neg(tf.expm1(tf.mul(tf.add(k, 1), this.log())));
  }

  protected logCdfAt(k: tf.Tensor) {
    return tf.log(this.cdfAt(k));
  }

  protected survivalAt(k: tf.Tensor) {
    return tf.exp(tf.mul(tf.add(k, 1), this.log()));
  }

  protected override _mode() {
    return this.typed(tf.scalar(0));
  }
}

describeBackends(
  'a distribution of whole numbers from 0 on',
  () => {
    it('asks its rules for whole finite numbers only, and knows the rest', async () => {
      const d = new Counts({rest: 0.5});
      const x = [-Infinity, -1, -0.5, 0, 0.7, 1, 2.999, 3, 1e30, Infinity, NaN];
      const floor = [NaN, NaN, NaN, 0, 0, 1, 2, 3, 1e30, Infinity, NaN];
      const wanted = (f: (k: number) => number, below: number): number[] =>
        x.map((v, i) => (v < 0 ? below : f(floor[i]!)));
      const cdf = (k: number): number => 1 - 0.5 ** (k + 1);
      expectNear(await read(withoutLeak('cdf', () => d.cdf(x))), wanted(cdf, 0), 'cdf');
      const asked = d.asked.flat().filter(k => !Number.isNaN(k));
      expect(asked.every(k => Number.isInteger(k) && k >= 0)).toBeTrue();
      expect(asked.length).toBe(10);
      expectNear(
        await read(withoutLeak('logCdf', () => d.logCdf(x))),
        wanted(k => Math.log(cdf(k)), -Infinity),
        'logCdf',
      );
      expectNear(
        await read(withoutLeak('survival', () => d.survival(x))),
        wanted(k => 0.5 ** (k + 1), 1),
        'survival',
      );
    });

    it('has masses on whole numbers only', async () => {
      const d = new Counts({rate: Math.LN2});
      expectNear(
        await read(d.logProb([-1, 0, 0.5, 3, Infinity, NaN])),
        [-Infinity, Math.log(0.5), -Infinity, Math.log(0.5 ** 4), -Infinity, NaN],
        'logProb',
      );
      expect([d.isDiscrete, d.isReparameterized, d.support.name]).toEqual([true, false, 'nonNegativeInteger']);
    });

    it('has values of its dtype, which is one of two', () => {
      const [float, int] = [new Counts({rest: 0.5}), new Counts({rest: 0.5, dtype: 'int32'})];
      expect([float.dtype, int.dtype]).toEqual(['float32', 'int32']);
      const made = [float.sample(2), int.sample(2), float.mode(), int.mode()];
      expect(made.map(t => t.dtype)).toEqual(['float32', 'int32', 'float32', 'int32']);
      tf.dispose(made);
      expect(() => new Counts({rest: 0.5, dtype: 'bool' as 'int32'})).toThrowError(
        'Counts: dtype must be "float32" or "int32", got "bool"',
      );
      expect(() => new Counts({rest: 0.5, rate: 1})).toThrowError(/^Counts: give exactly one of rest and rate/);
      expect(() => new Counts(undefined as never)).toThrowError('Counts: the config must be an object, got undefined');
    });

    it('has a divergence from another of as many trials only, as far as that is known without reading', () => {
      const n = tf.scalar(3);
      const of = (totalCount: number | number[] | number[][] | tf.Tensor): Binomial =>
        new Binomial({totalCount, probs: 0.5});
      const pairs: Array<[Binomial, Binomial]> = [
        [of(3), of(3)],
        [of([3, 4]), of([3, 4])],
        [of([3, 3]), of(3)],
        [of(3), of(n)],
        [of(n), of(4)],
      ];
      for (const [q, p] of pairs) expect(() => checkSameCount('Binomial', q, p)).not.toThrow();
      expect(() => checkSameCount('Binomial', of(3), of(4))).toThrowError(
        'klDivergence: two Binomial distributions must have the same totalCount, got [3, 4]',
      );
      expect(() => checkSameCount('Binomial', of([[3], [4]]), of([3, 3]))).toThrowError(
        /^klDivergence: two Binomial distributions must have the same totalCount, got \[4, 3\]/,
      );
      n.dispose();
    });
  },
  {only: ['cpu'], inBrief: []},
);
