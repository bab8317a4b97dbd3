import * as tf from '@tensorflow/tfjs-core';
import {check} from '../util/errors.js';
import {isTensor} from '../util/tensors.js';
import {checkFunction} from '../util/options.js';
import {detach} from '../math/stopGradient.js';
import {Distribution} from '../distributions/distribution.js';

/** One latent, or several by name. */
type DreamedLatents = tf.Tensor | Readonly<Record<string, tf.Tensor>>;

/** A joint draw of the generative model: observations, and one latent or several by name. */
export interface Dream<Z extends DreamedLatents = DreamedLatents> {
  /** The observations, `[sample…, batch…, …]`. */
  readonly x: tf.Tensor;
  /** The latent that they came from, or several by name. */
  readonly z: Z;
}

/** q(z|x): a distribution for one latent, a record with the same names for several. */
export type Recognised<Z extends DreamedLatents> = Z extends tf.Tensor
  ? Distribution
  : {readonly [name in keyof Z]: Distribution};

/**
 * The sleep-phase loss −ln q(z|x) at a draw x, z ~ p(x, z), `[sample…, batch…]`: the gradient of its mean with respect
 * to q is that of E_p(x)[KL(p(z|x) ‖ q(z|x))], without bias (Hinton et al. 1995; Bornschein and Bengio 2015, section
 * 2). Minimise it with respect to q; the model is not trained: the dream is held constant.
 * @param dream draws from the model: x and z, in any way
 * @param recognise makes q from the dream, x first. With several latents, q of one may depend on the others' values
 */
export function sleepLoss<Z extends DreamedLatents>(
  dream: () => Dream<Z>,
  recognise: (x: tf.Tensor, z: Z) => Recognised<Z>,
): tf.Tensor {
  const who = 'sleepLoss';
  checkFunction(who, 'the first argument', dream, 'that returns {x, z}');
  checkFunction(who, 'the second argument', recognise, 'from x and z to q');
  return tf.tidy(() => {
    const made = dream() as Partial<Dream> | null | undefined; // checked here
    check(isTensor(made?.x), who, 'the first function must return {x, z} with a tensor x', made);
    const {x, z} = made as Dream;
    const values: Readonly<Record<string, tf.Tensor>> = isTensor(z) ? {z} : z;
    check(
      typeof values === 'object' &&
        values !== null &&
        Object.keys(values).length > 0 &&
        Object.values(values).every(isTensor),
      who,
      'the first function must return {x, z} with z a tensor or a record of tensors',
      z,
    );
    const held = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, detach(value)]));
    const q = recognise(detach(x), (isTensor(z) ? held['z'] : held) as Z); // of the form that `dream` gave
    const named: Readonly<Record<string, unknown>> = isTensor(z) ? {z: q} : (q as Readonly<Record<string, unknown>>);
    return Object.entries(held)
      .map(([name, value]) => {
        const distribution = named?.[name];
        check(
          distribution instanceof Distribution,
          who,
          `the second function must return a distribution for ${JSON.stringify(name)}`,
          distribution,
        );
        return tf.neg(distribution.logProb(value));
      })
      .reduce((a, b) => tf.add(a, b));
  });
}
