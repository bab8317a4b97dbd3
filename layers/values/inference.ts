/** What a random layer gives out when the model is not being trained. */
import * as tf from '@tensorflow/tfjs-core';
import type {layers} from '@tensorflow/tfjs-layers';
import {extension, type Distribution} from 'tfjs-stochastic';
import {foldIn, type Key} from 'tfjs-stochastic/random';

/**
 * What stands for a distribution that nothing is drawn from for the sake of a gradient; a number is the mean over so
 * many draws.
 */
export type Inference = 'mean' | 'mode' | 'sample' | 'stddev' | number;

/** More draws than anybody waits for. */
const MOST_DRAWS = 1e6;

/** So many elements are drawn at once. */
const AT_ONCE = 2 ** 20;

/** Throws in the name of `who` unless `given` is one of the names, or a number of draws. */
export function checkInference(who: string, given: unknown, names: readonly string[]): void {
  const isNumber = typeof given === 'number' && Number.isInteger(given) && given >= 1 && given <= MOST_DRAWS;
  extension.check(
    isNumber || (typeof given === 'string' && names.includes(given)),
    who,
    `inference must be ${names.map(name => JSON.stringify(name)).join(', ')} or a number of draws from 1 to ${MOST_DRAWS}`,
    given,
  );
}

/** (1/n) Σ xᵢ over n draws, element by element, of shape `[batch…, event…]`. */
export function meanOfDraws(q: Distribution, n: number, key: Key | undefined): tf.Tensor {
  const size = [...q.batchShape, ...q.eventShape].reduce((product, d) => product * d, 1);
  const many = Math.max(1, Math.floor(AT_ONCE / Math.max(1, size)));
  return tf.tidy(() => {
    let total: tf.Tensor | null = null;
    for (let done = 0; done < n; done += many) {
      const before: tf.Tensor | null = total;
      total = tf.tidy((): tf.Tensor => {
        const options = key === undefined ? {} : {key: foldIn(key, done)};
        const sum = tf.sum(q.sample([Math.min(many, n - done)], options), 0);
        return before === null ? sum : tf.add(before, sum);
      });
      before?.dispose();
    }
    return tf.div(total!, n); // n >= 1
  });
}

/** What a layer with random output or weights lets others do. */
export interface Drawing {
  /** What is random in it while the model is trained: nothing, in a layer that stands for a distribution. */
  readonly inTraining: 'output' | 'weights' | 'nothing';
  /** The name of the family of its outputs, if it has one. */
  readonly family?: string | undefined;
  /**
   * From now on inference draws, whatever the layer's option says. What is drawn once for all examples, such as
   * weights, stays the same until `begin` is called again, in all batches. Layers of one seed and different places draw
   * different outputs.
   */
  begin(place: number): void;
  /** Back to what the option says. */
  end(): void;
}

const drawings = new WeakMap<layers.Layer, Drawing>();

/** Lets others have the layer draw. */
export function letDraw(layer: layers.Layer, drawing: Drawing): void {
  drawings.set(layer, drawing);
}

/** How to have a layer draw; undefined of one that cannot. */
export function drawingOf(layer: layers.Layer): Drawing | undefined {
  return drawings.get(layer);
}
