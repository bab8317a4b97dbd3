/** A small model of layers and its data, with or without a random layer in the middle. */
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';

/** How many examples an epoch has. */
export const examplesOf = (quick: boolean): number => (quick ? 20 : 2000);

/** `fit` for one epoch of batches of 100, again at each call. */
export function fitting(
  examples: number,
  optimizer: tf.Optimizer,
  middle: readonly tfl.layers.Layer[],
): () => Promise<unknown> {
  const model = tfl.sequential({
    layers: [
      tfl.layers.dense({units: 100, inputShape: [196]}),
      ...(middle.length > 0 ? middle : [tfl.layers.activation({activation: 'sigmoid'})]),
      tfl.layers.dense({units: 196, activation: 'sigmoid'}),
    ],
  });
  model.compile({optimizer, loss: 'binaryCrossentropy'});
  const x = tf.tidy(() => tf.cast(tf.less(tf.randomUniform([examples, 196]), 0.2), 'float32'));
  return () => model.fit(x, x, {epochs: 1, batchSize: 100, verbose: 0, shuffle: false});
}
