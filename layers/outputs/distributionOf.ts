/** The distribution that a model predicts. */
import * as tf from '@tensorflow/tfjs-core';
import type {LayersModel} from '@tensorflow/tfjs-layers';
import {extension, type Distribution} from 'tfjs-stochastic';
import {distributionBehind, tagOf} from './tags.js';

/** Which output of a model. */
export interface DistributionOfOptions {
  /** Its name or place; needed where more outputs than one are distributions. */
  output?: string | number;
}

/**
 * The distribution that a model whose output layer has `output: 'distribution'` predicts for `x`, all of it at once and
 * as in inference (dropout off). Batch shape `[batch]`; its events are the targets of one example. In a gradient scope
 * it is differentiable in the model's weights.
 *
 * Its tensors are the caller's: `tf.dispose(d.tensors())`, or a `tf.tidy` around the call, frees them.
 *
 * @param x the input, or a list of inputs, as `model.predict` takes them
 * @throws if no output, or more outputs than one, are distributions, or the input is not of the model's shape
 * @example
 * ```ts
 * const model = tf.sequential({
 *   layers: [tf.layers.dense({units: 2, inputShape: [3]}), stl.normal({output: 'distribution'})],
 * });
 * const d = stl.distributionOf(model, tf.zeros([4, 3]));
 * d.batchShape; // [4]
 * d.eventShape; // [1]
 * tf.dispose(d.tensors());
 * ```
 */
export function distributionOf(
  model: LayersModel,
  x: tf.Tensor | tf.Tensor[],
  options: DistributionOfOptions = {},
): Distribution {
  const who = 'stl.distributionOf';
  extension.check(typeof model?.apply === 'function' && Array.isArray(model.outputs), who, 'needs a model', model);
  extension.checkKeys(who, options, ['output']);
  checkInputs(who, model, Array.isArray(x) ? x : [x]);
  const found: Distribution[] = [];
  const tensors = tf.tidy(() => {
    const given = model.apply(x, {training: false}) as tf.Tensor | tf.Tensor[]; // tensors in, tensors out
    const outputs = Array.isArray(given) ? given : [given];
    const {distribution} = distributionBehind(who, outputs[chosen(who, model, outputs, options.output)]!);
    found.push(distribution);
    return Object.fromEntries(Object.entries(distribution.tensors()).map(([name, t]) => [name, tf.clone(t)]));
  });
  return found[0]!.withTensors(tensors);
}

/** Throws in the name of `who` unless there are as many inputs as the model has, of their shapes. */
export function checkInputs(who: string, model: LayersModel, inputs: readonly unknown[]): void {
  extension.check(
    inputs.length === model.inputs.length,
    who,
    `the model needs ${model.inputs.length} ${model.inputs.length === 1 ? 'input' : 'inputs'}, got ${inputs.length}`,
  );
  model.inputs.forEach(({shape, name}, i) => {
    const t = inputs[i];
    const own = t instanceof tf.Tensor ? (t as tf.Tensor).shape : []; // instanceof of a tensor knows no rank
    const fits =
      t instanceof tf.Tensor &&
      !t.isDisposed &&
      own.length === shape.length &&
      shape.every((d, axis) => d === null || d === own[axis]);
    extension.check(
      fits,
      who,
      `input "${name}" must be a tensor of shape [${shape.map(d => d ?? 'any').join(',')}]`,
      t,
    );
  });
}

/** The place of the output that was asked for, or of the only one that stands for a distribution. */
function chosen(who: string, model: LayersModel, outputs: readonly tf.Tensor[], output?: string | number): number {
  const names = model.outputs.map(({sourceLayer}) => sourceLayer.name); // sequential models have no outputNames
  if (output === undefined) {
    const places = outputs.flatMap((t, i) => (tagOf(t) === null ? [] : [i]));
    extension.check(
      places.length < 2,
      who,
      `more outputs than one are distributions: give {output}, one of ${places.map(i => names[i]).join(', ')}`,
    );
    return places[0] ?? 0;
  }
  const place = typeof output === 'string' ? names.indexOf(output) : output;
  extension.check(
    Number.isInteger(place) && place >= 0 && place < outputs.length,
    who,
    `output must be one of ${names.join(', ')}, or a place from 0 to ${outputs.length - 1}`,
    output,
  );
  return place;
}
