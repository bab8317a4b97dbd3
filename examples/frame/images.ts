/** Images of an example as tensors. */
import {existsSync} from 'node:fs';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import {Batches, type Dataset, imageSize, loadDataset, pick, toDataset} from '../data/dataset.js';
import {readImageFile} from '../data/idx.js';
import {prng} from '../data/prng.js';

/** The file names of the test images that are looked for, in this order. */
const testNames = ['test-images-idx3-ubyte', 't10k-images-idx3-ubyte', 't10k-images.idx3-ubyte'].flatMap(name => [
  name,
  `${name}.gz`,
]);

export interface ImagesConfig {
  readonly data?: string | undefined;
  readonly batch: number;
  readonly seed: number;
  /** Digits that are drawn where there is no folder. */
  readonly train: number;
  readonly test: number;
}

/** Images of pixels 0 or 1: those of intensity p are 1 with probability p, anew whenever they are taken. */
export class Images {
  readonly name: string;
  readonly count: number;
  readonly #batches: Batches;

  constructor(
    readonly dataset: Dataset,
    batch: number,
    private readonly seed: number,
  ) {
    this.name = dataset.name;
    this.count = dataset.count;
    this.#batches = new Batches(dataset, batch, seed);
  }

  /** The minibatch of a step, `[batch, 784]`; each image once an epoch, in an order that depends on the seed alone. */
  batch(step: number): tf.Tensor2D {
    return tf.tensor2d(this.#batches.at(step), [this.#batches.batch, imageSize]);
  }

  /** Some of them in order, `[count, 784]`; default all. */
  slice(from = 0, count = this.count): tf.Tensor2D {
    const rows = Array.from({length: Math.min(count, this.count - from)}, (_, i) => from + i);
    return tf.tensor2d(pick(this.dataset, rows, prng(this.seed, 4, from)), [rows.length, imageSize]);
  }

  /** The mean intensity of each pixel, `[784]`. */
  mean(): tf.Tensor1D {
    return tf.tensor1d(this.dataset.mean);
  }
}

/** Those to train with and those held out: without a file of them in the folder, the same. */
export function loadImages({data, batch, seed, train, test}: ImagesConfig): {train: Images; test: Images} {
  const training = loadDataset({data, seed, count: train});
  const file = data === undefined ? undefined : testNames.map(n => path.join(data, n)).find(existsSync);
  const held =
    data === undefined
      ? loadDataset({seed: seed + 1, count: test})
      : file === undefined
        ? training
        : toDataset(path.basename(file), readImageFile('--data', file).pixels);
  return {train: new Images(training, batch, seed), test: new Images(held, 1, seed)};
}
