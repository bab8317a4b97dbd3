import * as tf from '@tensorflow/tfjs-core';
import * as successes from '../../../src/functions/successes/index.js';
import {describeFunctionsOf} from '../familySuite.js';

const {multinomialTermOfProbs, ...others} = successes;

describeFunctionsOf('successes', others, {}, () => {
  it('multinomialTermOfProbs is −k ln p and what does not depend on p', async () => {
    const k = tf.tensor1d([2, 5]);
    const of = (p: number[]) => tf.tidy(() => multinomialTermOfProbs(k, tf.tensor1d([7, 7]), tf.tensor1d(p)));
    const [one, other] = [of([0.25, 0.75]), of([0.5, 0.5])];
    const [a, b] = [await one.data(), await other.data()];
    const difference = b[0]! + b[1]! - a[0]! - a[1]!;
    expect(difference).toBeCloseTo(2 * Math.log(0.5) + 5 * Math.log(1.5), 5);
    tf.dispose([k, one, other]);
  });

  it('has finite one-sided derivatives at p = 0 and 1 where the mass is finite', async () => {
    const p = tf.tensor1d([0, 1]);
    const slope = tf.grad(p => tf.sum(successes.successLogMass([0, 2], [3, 0], p)))(p);
    expect(Array.from(await slope.data())).toEqual([-3, 2]);
    tf.dispose([p, slope]);
  });
});
