/**
 * Networks that estimators own or are given: the library's own small perceptron, and users' functions, objects and
 * Keras-style models.
 */
import * as tf from '@tensorflow/tfjs-core';
import {check, fail} from '../util/errors.js';
import {checkCount, checkKeys, checkOneOf, checkSizes} from '../util/options.js';
import {checkSize, sizeOf} from '../util/shapes.js';
import {checkTensor} from '../util/numbers.js';
import {isListOf, isTensor, isVariable} from '../util/tensors.js';
import {split, type Key} from '../keys/key.js';
import {keyOrNext} from '../random/drawOptions.js';
import {normal} from '../random/samplers.js';

/** A function of tensors with variables of its own. Extra arguments depend on where it is used. */
export interface Network<Args extends unknown[] = []> {
  /** From `[…, features]` to `[…, outputs]`; differentiable in the variables. */
  call(x: tf.Tensor, ...args: Args): tf.Tensor;
  /** What is trained. */
  readonly variables: readonly tf.Variable[];
}

/** A tfjs-layers model, as far as this library needs one. */
export interface ModelLike {
  /** What the model gives for x, a tensor. */
  apply(x: tf.Tensor): unknown;
  /** The weights that are trained; `read()` gives the variable of each. */
  readonly trainableWeights: ReadonlyArray<{read(): unknown}>;
}

/**
 * What users may give: a function (nothing of it is trained), an object with `call` and `variables`, or a tfjs-layers
 * model.
 */
export type NetworkLike<Args extends unknown[] = []> =
  ((x: tf.Tensor, ...args: Args) => tf.Tensor) | Network<Args> | ModelLike;

/** Reads a user's network, the option `option` of `who`; throws for anything else. */
export function readNetwork<Args extends unknown[] = []>(
  who: string,
  option: string,
  network: NetworkLike<Args>,
): Network<Args> {
  if (typeof network === 'function') return {call: network, variables: []};
  if (isModel(network)) return fromModel<Args>(network);
  if (typeof network === 'object' && network !== null) {
    if ('call' in network && typeof network.call === 'function') {
      const {variables} = network;
      check(isListOf(variables, isVariable), who, `${option} variables must be a list of variables`, variables);
      return network;
    }
  }
  return fail(
    who,
    `${option} must be a function of a tensor, an object {call, variables} or a tfjs-layers model`,
    network,
  );
}

/** Whether a network is a tfjs-layers model. */
export function isModel(network: unknown): network is ModelLike {
  return (
    typeof network === 'object' &&
    network !== null &&
    'trainableWeights' in network &&
    'apply' in network &&
    typeof network.apply === 'function'
  );
}

function fromModel<Args extends unknown[]>(model: ModelLike): Network<Args> {
  return {
    call: (x: tf.Tensor, ..._: Args) => model.apply(x) as tf.Tensor, // a model applied to a tensor returns a tensor
    get variables() {
      return model.trainableWeights.map(w => w.read() as tf.Variable); // tfjs-layers keeps its weights in variables
    },
  };
}

const activations = {tanh: tf.tanh, relu: tf.relu, sigmoid: tf.sigmoid, linear: (x: tf.Tensor) => x};

/** The shape of a perceptron, and where its weights start. */
export interface DenseNetworkConfig {
  /** Size of the last axis of the input. */
  inputSize: number;
  /** Widths of the hidden layers. */
  units: readonly number[];
  /** Default 1. */
  outputSize?: number;
  /** Of the hidden layers; default tanh. */
  activation?: 'tanh' | 'relu' | 'sigmoid' | 'linear';
  /** Of the initial weights; default the next key of the default stream. */
  key?: Key;
}

/** A network that can be disposed of. */
export interface DenseNetwork extends Network {
  /** Disposes the variables; no call works after that. */
  dispose(): void;
}

/**
 * A multi-layer perceptron from `[…, inputSize]` to `[…, outputSize]` with a linear last layer. Weights start at normal
 * values of variance 2 / (fan in + fan out) (Glorot and Bengio 2010, eq. 12), those of the last layer and all biases at
 * 0, so that its output starts at 0.
 */
export function denseNetwork(config: DenseNetworkConfig): DenseNetwork {
  const who = 'denseNetwork';
  checkKeys(who, config, ['inputSize', 'units', 'outputSize', 'activation', 'key']);
  const {inputSize, units, outputSize = 1, activation = 'tanh'} = config;
  checkCount(who, 'inputSize', inputSize, 1);
  checkSizes(who, 'units', units);
  checkCount(who, 'outputSize', outputSize, 1);
  checkOneOf(who, 'activation', activation, Object.keys(activations));
  const key = keyOrNext(who, config.key);
  const sizes = [inputSize, ...units, outputSize];
  for (let i = 1; i < sizes.length; i++) checkSize(who, [sizes[i - 1]!, sizes[i]!]);
  const keys = split(key, sizes.length - 1);
  const layers = tf.tidy(() =>
    keys.map((k, i) => {
      const [fanIn, fanOut] = [sizes[i]!, sizes[i + 1]!];
      const last = i === keys.length - 1;
      const kernel = last
        ? tf.zeros([fanIn, fanOut])
        : tf.mul(normal([fanIn, fanOut], {key: k}), Math.sqrt(2 / (fanIn + fanOut)));
      return {kernel: tf.variable(kernel), bias: tf.variable(tf.zeros([fanOut]))};
    }),
  );
  const variables = layers.flatMap(l => [l.kernel, l.bias]);
  const act = activations[activation];
  return {
    variables,
    call(x) {
      check(isTensor(x), who, 'the input must be a tensor', x);
      check(x.shape[x.rank - 1] === inputSize, who, `the input's last axis must be ${inputSize}`, x);
      checkTensor(who, 'the input', x);
      const head = x.shape.slice(0, -1);
      return tf.tidy(() => {
        let h: tf.Tensor = tf.reshape(tf.cast(x, 'float32'), [sizeOf(head), inputSize]);
        layers.forEach(({kernel, bias}, i) => {
          // the kernel was made with rank 2
          h = tf.add(tf.matMul(h as tf.Tensor2D, kernel as tf.Tensor as tf.Tensor2D), bias);
          if (i < layers.length - 1) h = act(h);
        });
        return tf.reshape(h, [...head, outputSize]);
      });
    },
    dispose: () => variables.forEach(v => v.dispose()),
  };
}
