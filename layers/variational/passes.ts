/** How a layer's output is computed with random weights. */
import * as tf from '@tensorflow/tfjs-core';
import type {layers} from '@tensorflow/tfjs-layers';
import * as st from 'tfjs-stochastic';
import type {WeightMethod} from './args.js';
import {callWith} from './initialStates.js';
import type {RandomWeight} from './posterior.js';
import {withoutBias, withWeights} from './withWeights.js';

/** A draw whose first axes are the batch's and all others one event. */
export type WeightDraw = (distribution: st.Distribution, batchRank: number) => tf.Tensor;

/** What a pass is given. */
export interface Pass {
  readonly layer: layers.Layer;
  readonly inputs: tf.Tensor | tf.Tensor[];
  readonly kwargs: object;
  /** The random weights, as they are now. */
  readonly weights: ReadonlyArray<{weight: RandomWeight; loc: tf.Tensor; scale: tf.Tensor}>;
  readonly draw: WeightDraw;
  /** Of the input that the layer was built for. */
  readonly inputRank: number;
}

/** The layer's output, and the weights that were drawn for it, where weights were. */
interface Passed {
  readonly output: tf.Tensor | tf.Tensor[];
  readonly drawn: ReadonlyMap<RandomWeight, tf.Tensor>;
}

/** Added to variances, whose root has no derivative at 0. */
const TINY = 1e-20;

export const passThrough: Record<WeightMethod, (pass: Pass) => Passed> = {
  /** One draw of all weights for the whole batch (Blundell et al. 2015, section 3.2). */
  reparameterization({layer, inputs, kwargs, weights, draw}) {
    const drawn = new Map(weights.map(({weight, loc, scale}) => [weight, draw(weight.distribution(loc, scale), 0)]));
    const values = new Map([...drawn].map(([weight, w]) => [weight.variable, w]));
    return {output: withWeights(values, () => callWith(layer, inputs, kwargs)), drawn};
  },

  /**
   * The output itself, Normal with mean x·M + b and variance x²·S² for each example (Kingma et al. 2015, eq. 6); the
   * variance of a random bias is added.
   */
  localReparameterization({layer, inputs, kwargs, weights, draw}) {
    const x = single(inputs);
    const loc = layer.call(x, kwargs) as tf.Tensor; // of a dense layer
    const squares = new Map(weights.map(({weight, scale}) => [weight.variable, tf.square(scale)]));
    const squared = (): tf.Tensor => withWeights(squares, () => layer.call(tf.square(x), kwargs) as tf.Tensor);
    const variance = weights.length > 1 ? squared() : withoutBias(layer, squared);
    const q = new st.Normal({loc, scale: tf.sqrt(tf.add(variance, TINY))});
    return {output: draw(q, x.rank - 1), drawn: new Map()};
  },

  /**
   * x·M + ((x∘s)·ΔW)∘r with one draw ΔW for the batch, and signs s and r of the input's and output's channels for each
   * example (Wen et al. 2018, eq. 4). A random bias is drawn once.
   */
  flipout({layer, inputs, kwargs, weights, draw, inputRank}) {
    const x = single(inputs);
    const [kernel, bias] = weights; // as the layer made them
    const shift = draw(kernel!.weight.distribution(0, kernel!.scale), 0);
    const drawn = new Map<RandomWeight, tf.Tensor>([[kernel!.weight, tf.add(kernel!.loc, shift)]]);
    if (bias !== undefined) drawn.set(bias.weight, draw(bias.weight.distribution(bias.loc, bias.scale), 0));
    const biases = new Map(bias === undefined ? [] : [[bias.weight.variable, drawn.get(bias.weight)!]]);
    const plain = withWeights(biases, () => layer.call(x, kwargs) as tf.Tensor); // of a dense or convolutional layer
    const into = tf.mul(x, signs(x, layer, inputRank, draw));
    const shifts = new Map([[kernel!.weight.variable, shift]]);
    const turned = withoutBias(layer, () => withWeights(shifts, () => layer.call(into, kwargs) as tf.Tensor));
    return {output: tf.add(plain, tf.mul(turned, signs(plain, layer, inputRank, draw))), drawn};
  },
};

function single(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
  return Array.isArray(inputs) ? inputs[0]! : inputs; // these layers take one, as tfjs has checked
}

/** −1 or 1 for each example and channel, the same along all other axes, where the weights are shared. */
function signs(x: tf.Tensor, layer: layers.Layer, inputRank: number, draw: WeightDraw): tf.Tensor {
  const batchRank = 1 + Math.max(0, x.rank - inputRank);
  const isFirst = layer.getConfig()['dataFormat'] === 'channelsFirst';
  const channel = isFirst ? batchRank : x.rank - 1;
  const shape = x.shape.map((d, i) => (i < batchRank || i === channel ? d : 1));
  // of a continuous draw, which is no node that needs an estimator
  const u = draw(new st.Uniform({low: tf.fill(shape, -1), high: 1}), batchRank);
  return tf.sub(tf.mul(tf.cast(tf.greaterEqual(u, 0), 'float32'), 2), 1);
}
