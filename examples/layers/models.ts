/** Autoencoders of images of 28 × 28 pixels of 0 and 1, from layers. */
import {layers, sequential, type Sequential} from '@tensorflow/tfjs-layers';
import * as stl from 'tfjs-stochastic/layers';
import {imageSize} from '../data/dataset.js';
import {imageSide} from '../data/idx.js';

/** What a model is made of. */
export interface ModelOptions {
  /** Of the hidden layers. */
  readonly units: number;
  /** Of the discrete latents. */
  readonly estimator: string;
}

const hidden = (units: number): layers.Layer =>
  layers.dense({units, activation: 'relu', kernelInitializer: 'heNormal'});
/** The pixels, as the distribution that the loss asks for ln p. */
const pixels = (): layers.Layer[] => [
  layers.dense({units: imageSize}),
  stl.bernoulli({output: 'distribution', name: 'pixels'}),
];
/** Their mean would be a grey image: `evaluate` takes a sample of what `fit` minimises. */
const inference = 'sample';

/** The models by name, from images `[batch, 784]` to their distribution. */
export const models: Readonly<Record<string, (options: ModelOptions) => Sequential>> = {
  /** 20 Normal latents between two hidden layers on either side (Kingma and Welling 2014). */
  vae: ({units}) =>
    sequential({
      layers: [
        layers.inputLayer({inputShape: [imageSize]}),
        ...[hidden(units), hidden(units), layers.dense({units: 40})],
        stl.normal({prior: {name: 'Normal', config: {loc: 0, scale: 1}}, inference, name: 'z'}),
        ...[hidden(units), hidden(units), ...pixels()],
      ],
    }),

  /** 32 Bernoulli latents between convolutions and their transposes. */
  conv: ({units, estimator}) => {
    const image = {kernelSize: 3, strides: 2, padding: 'same', activation: 'relu'} as const;
    const side = imageSide / 4;
    return sequential({
      layers: [
        layers.reshape({targetShape: [imageSide, imageSide, 1], inputShape: [imageSize]}),
        layers.conv2d({filters: units / 4, ...image}),
        layers.conv2d({filters: units / 2, ...image}),
        ...[layers.flatten(), layers.dense({units: 32})],
        stl.bernoulli({estimator, prior: {name: 'Bernoulli', config: {probs: 0.5}}, inference, name: 'z'}),
        layers.dense({units: (side * side * units) / 2, activation: 'relu'}),
        layers.reshape({targetShape: [side, side, units / 2]}),
        layers.conv2dTranspose({filters: units / 4, ...image}),
        layers.conv2dTranspose({filters: 1, ...image, activation: 'linear'}),
        ...[layers.flatten(), stl.bernoulli({output: 'distribution', name: 'pixels'})],
      ],
    });
  },

  /** 20 categorical latents of 10 classes. */
  categorical: ({units, estimator}) =>
    sequential({
      layers: [
        layers.inputLayer({inputShape: [imageSize]}),
        ...[hidden(units), layers.dense({units: 200}), layers.reshape({targetShape: [20, 10]})],
        stl.oneHotCategorical({
          ...{estimator, inference, name: 'z'},
          prior: {name: 'OneHotCategorical', config: {probs: new Array<number>(10).fill(0.1)}},
        }),
        ...[layers.flatten(), hidden(units), ...pixels()],
      ],
    }),
};
