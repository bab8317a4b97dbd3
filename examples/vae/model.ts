/** A linear variational autoencoder with one layer of Bernoulli latents: 784 pixels, 200 bits, 784 pixels. */
import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';

export const latents = 200;

/** One minibatch, pixels 0 or 1: as it is, and with the mean image taken off, which is what networks see. Both `[batch, 784]`. */
export interface Minibatch {
  readonly x: tf.Tensor2D;
  readonly centred: tf.Tensor2D;
}

/** b ~ q(b|x) = Bernoulli(encode(x)), x ~ p(x|b) = Bernoulli(decode(b)), with a learnt prior p(b). */
export class Vae {
  readonly encoderVariables: readonly tf.Variable[];
  readonly variables: readonly tf.Variable[];
  private readonly mean: tf.Tensor1D;
  private readonly encoder: Linear;
  private readonly decoder: Linear;
  private readonly priorLogits: tf.Variable;
  private minibatch: Minibatch | null = null;

  /** @param mean of the training images: it centres the encoder's input and sets the decoder's bias, logit(clip(mean, .001, .999)) */
  constructor(mean: Float32Array, key: st.random.Key) {
    const [forEncoder, forDecoder] = st.random.split(key, 2);
    this.mean = tf.tensor1d(mean);
    this.encoder = linear(mean.length, latents, forEncoder!);
    this.decoder = linear(latents, mean.length, forDecoder!, mean.map(logit));
    this.priorLogits = tf.tidy(() => tf.variable(tf.zeros([latents])));
    this.encoderVariables = [this.encoder.weights, this.encoder.bias];
    this.variables = [...this.encoderVariables, this.decoder.weights, this.decoder.bias, this.priorLogits];
  }

  /** −ELBO of each image through one draw of the latents, `[sample…, batch]`; to be called inside a gradient scope. */
  cost(x: tf.Tensor2D, estimator: st.Estimator, key: st.random.Key): tf.Tensor {
    this.minibatch = {x, centred: tf.sub(x, this.mean)};
    const q = st.independent(new st.Bernoulli({logits: this.encode(x)}), 1);
    const node = new st.DistributionTensor(q, {estimator, key, name: 'latents'});
    return tf.sub(node.logProb(), this.logJoint(node.value, x));
  }

  /** The minibatch of the cost that is being differentiated, for networks that an estimator trains. */
  get current(): Minibatch {
    if (this.minibatch === null) throw new Error('Vae.current: there must have been a call of cost');
    return this.minibatch;
  }

  /** ln p(x|b) + ln p(b), also for b between 0 and 1. */
  logJoint(b: tf.Tensor, x: tf.Tensor): tf.Tensor {
    return tf.add(bernoulliLogProb(this.decode(b), x), bernoulliLogProb(this.priorLogits, b));
  }

  /** Logits of the latents. */
  encode(x: tf.Tensor2D): tf.Tensor {
    return apply(this.encoder, tf.sub(x, this.mean));
  }

  /** Logits of the pixels. */
  decode(b: tf.Tensor): tf.Tensor {
    return apply(this.decoder, tf.sub(tf.mul(b, 2), 1));
  }

  /** Probabilities of the pixels of x, seen through one draw of its latents. */
  reconstruct(x: tf.Tensor2D, key: st.random.Key): tf.Tensor {
    return tf.tidy(() => tf.sigmoid(this.decode(new st.Bernoulli({logits: this.encode(x)}).sample([], {key}))));
  }

  /** Probabilities of the pixels of n images, from latents drawn from the prior. */
  generate(n: number, key: st.random.Key): tf.Tensor {
    return tf.tidy(() => tf.sigmoid(this.decode(new st.Bernoulli({logits: this.priorLogits}).sample([n], {key}))));
  }

  dispose(): void {
    tf.dispose([this.mean, ...this.variables]);
  }
}

/** Σ over the last axis of ln Bernoulli(x | logits); x may lie between 0 and 1. */
export function bernoulliLogProb(logits: tf.Tensor, x: tf.Tensor): tf.Tensor {
  return tf.sum(tf.sub(tf.mul(x, logits), tf.softplus(logits)), -1);
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
  const p = Math.min(.999, Math.max(.001, mean));
  return Math.log(p / (1 - p));
}
