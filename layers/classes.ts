/** What a saved model says that has a layer of a class which the program does not use. */
import * as tf from '@tensorflow/tfjs-core';
import {layers} from '@tensorflow/tfjs-layers';
import {extension} from 'tfjs-stochastic';

/** Stands for a class of the library until its own module is loaded, which a bundle may lack. */
export function standInFor(className: string, makers: string): void {
  if (Object.hasOwn(tf.serialization.SerializationMap.getMap().classNameMap, className)) return;
  tf.serialization.registerClass(
    class extends layers.Layer {
      static className = className;

      /** @throws always */
      static override fromConfig<T extends tf.serialization.Serializable>(): T {
        return extension.fail(
          'stl',
          `a saved layer is of the class ${className}, which is not in this bundle: import ${makers} from ` +
            'tfjs-stochastic/layers, and use it',
        );
      }
    },
  );
}

standInFor('Variational', 'variational');
standInFor('LearnedGaussianDropout', 'learnedGaussianDropout');
standInFor('MeanValue', 'meanValue');
