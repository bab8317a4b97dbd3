/** Which distribution a tensor stands for. */
import * as tf from '@tensorflow/tfjs-core';
import {extension, type Distribution} from 'tfjs-stochastic';

/** What a layer with `output: 'distribution'` knows of a tensor that it gave out. */
export interface Tag {
  /** As messages name it. */
  readonly layer: string;
  /** Null where its tensors ended with the layer's call, since no tidy was open. */
  readonly distribution: Distribution | null;
}

/** Held by nothing but the tensor. */
const tags = new WeakMap<tf.Tensor, Tag>();

/**
 * Notes that `value` stands for `distribution`, of which a copy is made that lasts: in a gradient scope until it ends,
 * else until the outermost tidy ends. Call it in a tidy.
 * @returns the tensors of the copy
 */
export function tag(value: tf.Tensor, layer: string, distribution: Distribution): tf.Tensor[] {
  const entries = Object.entries(distribution.tensors());
  const lasting = extension.outlive(entries.map(([, t]) => t));
  if (lasting === null) {
    tags.set(value, {layer, distribution: entries.length === 0 ? distribution : null});
    return [];
  }
  const tensors = Object.fromEntries(entries.map(([name], i) => [name, lasting[i]!] as const));
  tags.set(value, {layer, distribution: distribution.withTensors(tensors)});
  return lasting;
}

/** What is noted of a tensor; null where it does not stand for a distribution. */
export function tagOf(value: tf.Tensor): Tag | null {
  return tags.get(value) ?? null;
}

/**
 * The distribution that a tensor stands for; throws in the name of `who` where there is none, or it is gone.
 * @param what what the tensor is to `who`
 */
export function distributionBehind(
  who: string,
  value: tf.Tensor,
  what = 'prediction',
): {layer: string; distribution: Distribution} {
  const found = tagOf(value);
  if (found === null) {
    extension.fail(
      who,
      `the ${what} must be what a layer with output: 'distribution' gave out, with nothing behind that layer and nothing around it ` +
        '(in place of timeDistributed({layer}) take the layer itself, whose input may be [batch, time, …])',
      value,
    );
  }
  const {layer, distribution} = found;
  if (distribution === null || Object.values(distribution.tensors()).some(t => t.isDisposed)) {
    extension.fail(
      who,
      `the distribution of ${layer} ended with the tf.tidy in which the model was applied; take the loss in that tidy, ` +
        'or ask stl.distributionOf(model, x) for it',
    );
  }
  return {layer, distribution};
}
