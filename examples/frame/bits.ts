/** Layers of bits, 0 or 1. */
import * as tf from '@tensorflow/tfjs-core';
import {layers} from '@tensorflow/tfjs-layers';

/** Σ over the last axis of ln Bernoulli(x | logits); for control variates x may lie between 0 and 1. */
export function bernoulliLogProb(logits: tf.Tensor, x: tf.Tensor): tf.Tensor {
  return tf.sum(tf.sub(tf.mul(x, logits), tf.softplus(logits)), -1);
}

/** 0 and 1 as −1 and 1, which is what networks see. */
export function signs(bits: tf.Tensor): tf.Tensor {
  return tf.sub(tf.mul(bits, 2), 1);
}

/** The logits of means, between .001 and .999: where the bias of pixels starts. */
export function logitsOf(means: tf.Tensor): tf.Tensor {
  const p = tf.clipByValue(means, 0.001, 0.999);
  return tf.log(tf.div(p, tf.sub(1, p)));
}

/** x W + b for x of any rank; the bias starts at 0 unless given. */
export function linear(inputs: number, outputs: number, bias?: tf.Tensor): (x: tf.Tensor) => tf.Tensor {
  const layer = layers.dense({units: outputs, kernelInitializer: 'glorotNormal'});
  layer.build([null, inputs]);
  if (bias !== undefined) layer.setWeights([layer.getWeights()[0]!, bias]);
  return x => layer.apply(x) as tf.Tensor; // of one tensor it makes one
}
