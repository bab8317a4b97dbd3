/**
 * A linear variational autoencoder with layers of 200 Bernoulli latents: 784 pixels, 200 bits, 200 bits, …, and back.
 */
import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {bernoulliLogProb, signs} from '../frame/bits.js';

export const latents = 200;

/**
 * One minibatch, pixels 0 or 1: as it is, and with the mean image taken off, which is what networks see. Both `[batch,
 * 784]`.
 */
export interface Minibatch {
  readonly x: tf.Tensor2D;
  readonly centred: tf.Tensor2D;
  /** The layers of latents that were drawn so far, the one nearest to the pixels first. */
  readonly drawn: tf.Tensor[];
}

/**
 * b₁ ~ q(b₁|x), b₂ ~ q(b₂|b₁), … with logits that are linear in the layer before; p(b_L) with learnt logits, …,
 * p(b₁|b₂), x ~ p(x|b₁) the same way back. Each layer of latents is one random node.
 */
export class Vae {
  readonly encoderVariables: readonly tf.Variable[];
  readonly variables: readonly tf.Variable[];
  readonly layers: number;
  private readonly mean: tf.Tensor1D;
  private readonly encoders: readonly Linear[];
  private readonly decoders: readonly Linear[];
  private readonly priorLogits: tf.Variable;
  private minibatch: Minibatch | null = null;

  /**
   * @param mean of the training images: it centres the encoder's input and sets the decoder's bias, logit(clip(mean,
   * .001, .999))
   */
  constructor(mean: Float32Array, key: st.random.Key, layers = 1) {
    const keys = st.random.split(key, 2 * layers);
    this.layers = layers;
    this.mean = tf.tensor1d(mean);
    const sizes = [mean.length, ...new Array<number>(layers).fill(latents)];
    this.encoders = keys.slice(0, layers).map((k, i) => linear(sizes[i]!, sizes[i + 1]!, k));
    this.decoders = keys
      .slice(layers)
      .map((k, i) => linear(sizes[i + 1]!, sizes[i]!, k, i === 0 ? mean.map(logit) : undefined));
    this.priorLogits = tf.tidy(() => tf.variable(tf.zeros([latents])));
    this.encoderVariables = this.encoders.flatMap(l => [l.weights, l.bias]);
    this.variables = [...this.encoderVariables, ...this.decoders.flatMap(l => [l.weights, l.bias]), this.priorLogits];
  }

  /**
   * −ELBO of each image through one draw of the latents, `[sample…, batch]`; to be called inside a gradient scope.
   * @param estimators one for each layer, or one for all
   */
  cost(x: tf.Tensor2D, estimators: st.Estimator | readonly st.Estimator[], key: st.random.Key): tf.Tensor {
    const drawn: tf.Tensor[] = [];
    this.minibatch = {x, centred: tf.sub(x, this.mean), drawn};
    const keys = st.random.split(key, this.layers);
    const logProbs = keys.map((k, i) => {
      const q = st.independent(new st.Bernoulli({logits: this.encode(i, drawn[i - 1])}), 1);
      const estimator = Array.isArray(estimators) ? (estimators as st.Estimator[])[i]! : (estimators as st.Estimator);
      const node = new st.DistributionTensor(q, {estimator, key: k, name: `latents${i + 1}`});
      drawn.push(node.value);
      return node.logProb();
    });
    return tf.sub(
      logProbs.reduce((a, b) => tf.add(a, b)),
      this.logJoint(drawn, x),
    );
  }

  /** The minibatch of the cost that is being differentiated, for networks that an estimator trains. */
  get current(): Minibatch {
    if (this.minibatch === null) throw new Error('Vae.current: there must have been a call of cost');
    return this.minibatch;
  }

  /**
   * The cost with `soft` latents between 0 and 1 in layer `i`, whose logits are `logits`, and with means in the layers
   * behind it; the layers before it are what was drawn. For control variates.
   */
  relaxedCost(i: number, soft: tf.Tensor, logits: tf.Tensor): tf.Tensor {
    const {x, drawn} = this.current;
    const bits = [...drawn.slice(0, i), soft];
    let logProb = bernoulliLogProb(logits, soft);
    while (bits.length < this.layers) {
      const next = this.encode(bits.length, bits.at(-1));
      bits.push(tf.sigmoid(next));
      logProb = tf.add(logProb, bernoulliLogProb(next, bits.at(-1)!));
    }
    return tf.sub(logProb, this.logJoint(bits, x));
  }

  /** ln p(x|b₁) + ln p(b₁|b₂) + … + ln p(b_L), also for bits between 0 and 1. */
  private logJoint(bits: readonly tf.Tensor[], x: tf.Tensor): tf.Tensor {
    const layers = bits.map((b, i) => bernoulliLogProb(this.decode(i, b), bits[i - 1] ?? x));
    return tf.add(
      layers.reduce((a, b) => tf.add(a, b)),
      bernoulliLogProb(this.priorLogits, bits.at(-1)!),
    );
  }

  /** Logits of layer `i` of the latents, given the layer before it; that of the first is the image. */
  private encode(i: number, before?: tf.Tensor): tf.Tensor {
    return apply(this.encoders[i]!, before === undefined ? this.current.centred : signs(before));
  }

  /** Logits of what layer `i` of the latents gives rise to: the layer before it, or the pixels. */
  private decode(i: number, b: tf.Tensor): tf.Tensor {
    return apply(this.decoders[i]!, signs(b));
  }

  /** Probabilities of the pixels of x, seen through one draw of its latents. */
  reconstruct(x: tf.Tensor2D, key: st.random.Key): tf.Tensor {
    return tf.tidy(() => {
      const logits = apply(this.encoders[0]!, tf.sub(x, this.mean));
      return tf.sigmoid(this.decode(0, new st.Bernoulli({logits}).sample([], {key})));
    });
  }

  /** Probabilities of the pixels of n images, from latents drawn from the prior. */
  generate(n: number, key: st.random.Key): tf.Tensor {
    return tf.tidy(() => {
      let logits: tf.Tensor = tf.broadcastTo(this.priorLogits, [n, latents]);
      for (let i = this.layers - 1; i >= 0; i--)
        logits = this.decode(i, new st.Bernoulli({logits}).sample([], {key: st.random.foldIn(key, i)}));
      return tf.sigmoid(logits);
    });
  }

  dispose(): void {
    tf.dispose([this.mean, ...this.variables]);
  }
}

interface Linear {
  readonly weights: tf.Variable;
  readonly bias: tf.Variable;
}

/** Weights from a normal distribution of variance 2 / (inputs + outputs); bias 0 unless given. */
function linear(inputs: number, outputs: number, key: st.random.Key, bias = new Float32Array(outputs)): Linear {
  return tf.tidy(() => ({
    weights: tf.variable(tf.mul(st.random.normal([inputs, outputs], {key}), Math.sqrt(2 / (inputs + outputs)))),
    bias: tf.variable(tf.tensor1d(bias)),
  }));
}

/** x W + bias for x of any rank. */
function apply({weights, bias}: Linear, x: tf.Tensor): tf.Tensor {
  const [inputs, outputs] = weights.shape as [number, number]; // made with rank 2
  const rows = tf.reshape(x, [-1, inputs]);
  const out = tf.add(tf.matMul(rows, weights as tf.Tensor as tf.Tensor2D), bias);
  return x.rank === 2 ? out : tf.reshape(out, [...x.shape.slice(0, -1), outputs]);
}

function logit(mean: number): number {
  const p = Math.min(0.999, Math.max(0.001, mean));
  return Math.log(p / (1 - p));
}
