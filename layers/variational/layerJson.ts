/** A tfjs layer inside the configuration of another. */
import * as tf from '@tensorflow/tfjs-core';
import {layers} from '@tensorflow/tfjs-layers';
import * as st from 'tfjs-stochastic';

/** As tfjs writes wrapped layers. */
export function layerToJson(layer: layers.Layer): tf.serialization.ConfigDict {
  return {className: layer.getClassName(), config: layer.getConfig()};
}

/** Makes the layer that was written; throws in the name of `who`. */
export function layerFromJson(who: string, written: unknown): layers.Layer {
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
  const [cls, fromConfig] = classes[className]!;
  let made: unknown;
  try {
    // it was read from JSON, so it holds nothing else
    made = fromConfig(cls, config as tf.serialization.ConfigDict);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    st.extension.fail(who, `the saved layer ${className} cannot be made: ${why}`);
  }
  st.extension.check(made instanceof layers.Layer, who, 'the saved layer must be a layer', className);
  return made; // as checked
}
