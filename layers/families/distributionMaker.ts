/** From a layer's input to a distribution: what a family of layers is. */
import * as tf from '@tensorflow/tfjs-core';
import {extension, type Distribution} from 'tfjs-stochastic';

/** A shape as tfjs-layers passes it about; null is the batch. */
export type LayerShape = Array<number | null>;

/** Makes a distribution with one draw for each element of the layer's output. */
export interface DistributionMaker {
  /** From the inputs, `[batch, …]` each, to a distribution of batch shape `[batch, …]`. */
  make(inputs: tf.Tensor[]): Distribution;
  /** The shape of the value. */
  outputShape(inputs: LayerShape[]): LayerShape;
  /** The length of the one input's last axis for values whose last axis has `size` elements. */
  paramsSize?(size: number): number;
  /**
   * What was observed, where one of the inputs says so: the layer gives it out in training, and weight · (−ln p) of it
   * is added to the model's loss.
   */
  observed?(inputs: tf.Tensor[]): {value: tf.Tensor; weight: number};
  /** What a layer gives out when the model is not being trained, unless told; default the mean. */
  readonly inference?: 'mean' | 'mode' | 'sample';
}

/** From the options of a family, as a layer is given them or as they were saved, to its maker. */
export interface DistributionFamily {
  /** The names that its options may have. */
  readonly options: readonly string[];
  /**
   * Checks the options, and throws in the name of `who`.
   * @param depth how many families this one is a part of
   */
  maker(who: string, config: Readonly<Record<string, unknown>>, depth: number): DistributionMaker;
}

/** A family of one input, from which `make` reads its parameters element by element, along any axes. */
export function ofOneInput(name: string, make: (input: tf.Tensor) => Distribution): DistributionFamily {
  return {
    options: [],
    maker(who) {
      const outputShape = (inputs: LayerShape[]): LayerShape => oneOf(who, name, inputs);
      return {
        make(inputs) {
          outputShape(inputs.map(x => x.shape));
          return make(inputs[0]!);
        },
        outputShape,
        paramsSize: size => size,
      };
    },
  };
}

/**
 * A family of several parameters for each element of a value: the blocks of one input's last axis, of equal length and
 * in the order of `parts`, or as many inputs of one shape.
 * @param parts what the blocks hold, in words
 */
export function ofBlocks(
  name: string,
  parts: readonly string[],
  make: (blocks: tf.Tensor[]) => Distribution,
): DistributionFamily {
  const n = parts.length;
  return {
    options: [],
    maker(who) {
      const outputShape = (inputs: LayerShape[]): LayerShape => {
        const [shape, ...others] = inputs as [LayerShape, ...LayerShape[]]; // a layer has an input
        const last = shape[shape.length - 1];
        const fits =
          others.length === 0
            ? shape.length > 1 && typeof last === 'number' && last > 0 && last % n === 0
            : inputs.length === n &&
              others.every(other => other.length === shape.length && other.every((d, i) => d === shape[i]));
        extension.check(
          fits,
          who,
          `${name} needs one input whose last axis is a multiple of ${n} (${parts.join(', then ')}), or ${n} inputs ` +
            `of one shape, got ${inputs.length === 1 ? 'one' : inputs.length} of ${allShown(inputs)}`,
        );
        return others.length === 0 ? [...shape.slice(0, -1), (last as number) / n] : shape; // a number, as was checked
      };
      return {
        make(inputs) {
          outputShape(inputs.map(x => x.shape));
          return make(inputs.length === n ? inputs : tf.split(inputs[0]!, n, -1));
        },
        outputShape,
        paramsSize: size => n * size,
      };
    },
  };
}

/** Families of locations and scales; scale = softplus(raw). */
export function ofLocationAndScale(
  name: string,
  family: new (config: {loc: tf.Tensor; scale: tf.Tensor}) => Distribution,
): DistributionFamily {
  return ofBlocks(name, ['locations', 'raw scales'], ([loc, raw]) => new family({loc: loc!, scale: tf.softplus(raw!)}));
}

/** The shape of the one input; throws in the name of `who` if there are more. */
export function oneOf(who: string, name: string, inputs: LayerShape[]): LayerShape {
  extension.check(inputs.length === 1, who, `${name} needs one input, got ${inputs.length} of ${allShown(inputs)}`);
  return inputs[0]!;
}

/** Axes, and shapes, that a message lists. */
const MOST_SHOWN = 8;

const some = <T>(list: readonly T[], show: (x: T) => string, between: string): string =>
  Array.from(list.slice(0, MOST_SHOWN), show).join(between) + (list.length > MOST_SHOWN ? `${between}…` : '');

/** A shape as messages write it. */
export const shown = (shape: LayerShape): string =>
  Array.isArray(shape)
    ? `[${some(shape, d => (typeof d === 'number' ? String(d) : d === null ? 'batch' : '?'), ',')}]`
    : String(shape);

/** Shapes as messages write them. */
export const allShown = (shapes: readonly LayerShape[]): string => some(shapes, shown, ', ');
