/**
 * Operations that tfjs differentiates by a custom gradient of their own, which saves an output and so loses its path to
 * the input.
 *
 * The engine records such an operation under the operation's name, and looks for a registered gradient under that name
 * before it takes the custom one, so a gradient registered under the operation's name is used instead.
 */
import * as tf from '@tensorflow/tfjs-core';
import {fail} from '../../util/errors.js';
import {one, relink} from './relink.js';

/** Rows of log-probabilities, with a path to the logits: dx = dy − e^y·Σ dy. */
function linkedLogSoftmax(logits: tf.Tensor, y: tf.Tensor): tf.Tensor {
  return relink([logits], y, d => [tf.sub(d, tf.mul(tf.sum(d, -1, true), tf.exp(linkedLogSoftmax(logits, y))))]);
}

/**
 * What the operation was applied to, found by the list of tensors that it saved. The inputs may be disposed already:
 * only their place on the tape is used.
 */
function inputsOf(name: string, saved: tf.Tensor[]): tf.NamedTensorMap {
  // The custom gradients save no input, and a registered gradient is given nothing else, so the record itself must be found.
  // eslint-disable-next-line no-restricted-syntax -- the only way to the input of an operation that does not save it
  const tape = tf.engine().state.activeTape;
  const record = tape?.find(node => node.saved === saved);
  if (record === undefined)
    fail('tfjs-stochastic', `the tape must hold ${name}; this tfjs is not the version that was tested`);
  return record.inputs;
}

const logSoftmax: tf.GradConfig = {
  kernelName: `logSoftmax${tf.OP_SCOPE_SUFFIX}`,
  gradFunc: (dy, saved) => {
    const d = one(dy);
    const logits = inputsOf('logSoftmax', saved)['0']!;
    return {0: () => tf.sub(d, tf.mul(tf.sum(d, -1, true), tf.exp(linkedLogSoftmax(logits, saved[0]!))))};
  },
};

/** y = −Σ labels·log softmax(logits) over the last axis. */
const softmaxCrossEntropy: tf.GradConfig = {
  kernelName: `softmaxCrossEntropy${tf.OP_SCOPE_SUFFIX}`,
  gradFunc: (dy, saved) => {
    const d = tf.expandDims(one(dy), -1);
    const labels = tf.cast(saved[0]!, 'float32');
    const log = linkedLogSoftmax(inputsOf('softmaxCrossEntropy', saved)['1']!, saved[1]!);
    return {
      0: () => tf.mul(d, tf.neg(log)),
      1: () => tf.mul(d, tf.sub(tf.mul(tf.sum(labels, -1, true), tf.exp(log)), labels)),
    };
  },
};

export const compositeGradients: tf.GradConfig[] = [logSoftmax, softmaxCrossEntropy];
