/** The divergence of a layer's distribution from its prior. */
import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import type {Key} from 'tfjs-stochastic/random';

/** How a divergence is counted. */
export interface KlOptions {
  /** Draws of the estimate where the pair of families has no closed form. */
  readonly samples: number;
  /** Of those draws. */
  readonly key: Key | undefined;
}

/** q with as many axes in its event as the prior has, where those behind its batch suffice. */
export function joinedWith(q: st.Distribution, prior: st.Distribution): st.Distribution {
  const depth = prior.eventShape.length - q.eventShape.length;
  return depth > 0 && depth < q.batchShape.length ? st.independent(q, depth) : q;
}

/** Throws in the name of `who` unless the prior has as many axes as q, or less, and of q's sizes. */
export function checkBatchOf(who: string, joined: st.Distribution, prior: st.Distribution): void {
  const batch = prior.batchShape;
  const offset = joined.batchShape.length - batch.length;
  st.extension.check(
    offset >= 0 && batch.every((d, i) => d === 1 || d === joined.batchShape[i + offset]),
    who,
    `prior must broadcast to the batch shape [${joined.batchShape.join(',')}] of the layer's distribution`,
    batch,
  );
}

/** KL(q ‖ prior) for each element of q, of q's batch shape, or less where the prior's event takes several elements. */
export function elementwiseKl(who: string, q: st.Distribution, prior: st.Distribution, options: KlOptions): tf.Tensor {
  const {samples, key} = options;
  const joined = joinedWith(q, prior);
  checkBatchOf(who, joined, prior);
  // values of one kind have no finite density of the other, whatever samples say
  const estimate = q.isDiscrete === prior.isDiscrete ? {samples, ...(key === undefined ? {} : {key})} : {};
  try {
    return st.klDivergence(joined, prior, estimate);
  } catch (error) {
    if (!(error instanceof st.errors.StochasticError)) throw error;
    return st.extension.fail(`${who}: prior`, error.message);
  }
}

/** The sum over everything behind the batch: of shape `[sample…, batch]`. */
export function klOverEvent(kl: tf.Tensor, batchRank: number): tf.Tensor {
  const axes = Array.from({length: Math.max(0, kl.rank - batchRank)}, (_, i) => batchRank + i);
  return axes.length === 0 ? kl : tf.sum(kl, axes);
}

/**
 * Σⱼ max(λ, mean over the batch of KLⱼ), a scalar: elements j whose divergence is below λ nats are not pressed
 * further (Kingma et al. 2016, "Improving Variational Inference with Inverse Autoregressive Flow", section C.8).
 */
export function freeBitsKl(kl: tf.Tensor, batchRank: number, lambda: number): tf.Scalar {
  const axes = Array.from({length: Math.min(batchRank, kl.rank)}, (_, i) => i);
  return tf.sum(tf.maximum(tf.mean(kl, axes), lambda));
}
