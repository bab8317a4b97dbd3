/** A tfjs layer inside the configuration of another. */
import * as tf from '@tensorflow/tfjs-core';
import {layers, type LayerVariable} from '@tensorflow/tfjs-layers';
import * as st from 'tfjs-stochastic';
import {mendMethod} from '../mendMethod.js';
import {messageOf} from './inOurWords.js';

/** As tfjs writes wrapped layers. */
export function layerToJson(layer: layers.Layer): tf.serialization.ConfigDict {
  return {className: layer.getClassName(), config: layer.getConfig()};
}

/** As tfjs registers its classes, whose type leaves out what models take. */
type FromJson = (
  cls: unknown,
  config: tf.serialization.ConfigDict,
  customObjects: object,
  startsAtZero: boolean,
) => unknown;

/**
 * Makes the layer that was written; throws in the name of `who`.
 * @param startsAtZero whether the weights of a model are 0, as those that are loaded later may be: initializers of a file
 *   may be such that they never end
 */
export function layerFromJson(who: string, written: unknown, startsAtZero = false): layers.Layer {
  st.extension.checkObject(who, 'the saved layer', written);
  const {className, config} = written as {className?: unknown; config?: unknown};
  const classes = tf.serialization.SerializationMap.getMap().classNameMap;
  st.extension.check(
    typeof className === 'string' && Object.hasOwn(classes, className),
    who,
    'the saved layer must have the className of a registered class',
    className,
  );
  st.extension.checkObject(who, "the saved layer's config", config);
  checkExtent(who, config);
  const [cls, fromConfig] = classes[className]!;
  let made: unknown;
  const before = left;
  left = MOST_NUMBERS;
  try {
    countWeights();
    // it was read from JSON, so it holds nothing else
    made = (fromConfig as FromJson)(cls, config as tf.serialization.ConfigDict, {}, startsAtZero); // by that type
  } catch (error) {
    st.extension.fail(who, `the saved layer ${className} cannot be made: ${messageOf(error)}`);
  } finally {
    left = before;
  }
  st.extension.check(made instanceof layers.Layer, who, 'the saved layer must be a layer', className);
  return made; // as checked
}

/** More numbers than the weights of a model inside a layer have: tfjs would fill them one by one, before any is loaded. */
const MOST_NUMBERS = 2 ** 25;

/** How many more of them may be made; null where no layer is being made of JSON. */
let left: number | null = null;

type MakeWeight = (this: layers.Layer, name: string, shape: readonly number[], ...rest: unknown[]) => LayerVariable;

/** From now on layers that are made of JSON make no more weights than that. */
function countWeights(): void {
  mendMethod<MakeWeight>(
    layers.Layer,
    'addWeight',
    addWeight =>
      function (name, shape, ...rest) {
        if (left !== null) {
          left -= shape.reduce((n, d) => n * d, 1);
          st.extension.check(left >= 0, `layer ${JSON.stringify(this.name)}`, `${name} is too large`, shape);
        }
        return addWeight.call(this, name, shape, ...rest);
      },
  );
}

/** Entries of a configuration, and levels of it: more than a large model inside a layer has. */
const [MOST_ENTRIES, DEEPEST] = [1e6, 256];

/** Throws in the name of `who` for JSON on which tfjs would work for minutes, or until its stack is full. */
function checkExtent(who: string, config: object): void {
  let entries = 0;
  const visit = (x: unknown, depth: number): void => {
    if (typeof x !== 'object' || x === null) return;
    entries += Array.isArray(x) ? x.length : Object.keys(x).length;
    const fits = entries <= MOST_ENTRIES && depth <= DEEPEST;
    st.extension.check(fits, who, `the saved layer must have at most ${MOST_ENTRIES} entries, ${DEEPEST} deep`);
    for (const entry of Object.values(x)) visit(entry, depth + 1);
  };
  visit(config, 0);
}
