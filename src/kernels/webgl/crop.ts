/** CropAndResize: the stock program reads box i from image i, whatever image `boxInd` names. */
import * as tf from '@tensorflow/tfjs-core';
import {compose} from '../compose.js';
import type {Replacement} from '../replacement.js';

export const cropOfNamedImages: Replacement = {
  kernelName: tf.CropAndResize,
  replace: (original, backendName) => args => {
    const {image, boxes, boxInd} = args.inputs as Record<'image' | 'boxes' | 'boxInd', tf.TensorInfo>; // all required
    const count = boxes.shape[0]!;
    if (count === 0) return original(args);
    return compose(backendName, args.backend, ({run, track}) => {
      const images = run(tf.GatherV2, {x: image, indices: boxInd}, {axis: 0, batchDims: 0});
      const inOrder = run(tf.Range, {}, {start: 0, stop: count, step: 1, dtype: 'int32'});
      return track(original({...args, inputs: {image: images, boxes, boxInd: inOrder}}) as tf.TensorInfo); // one output
    });
  },
};
