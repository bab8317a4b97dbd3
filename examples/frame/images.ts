/** Images of an example as tensors. */
import {existsSync} from 'node:fs';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import {check} from '../../src/util/errors.js';
import {Batches, type Dataset, imageSize, loadDataset, partOf, pick, toDataset} from '../data/dataset.js';
import {
  findFile,
  labelFileNames,
  readImageFile,
  readLabelFile,
  testImageFileNames,
  testLabelFileNames,
} from '../data/idx.js';
import {prng} from '../data/prng.js';

export interface ImagesConfig {
  readonly data?: string | undefined;
  readonly batch: number;
  readonly seed: number;
  /** Digits that are drawn where there is no folder. */
  readonly train: number;
  readonly test: number;
  /** Whether their labels are wanted too. */
  readonly labels?: boolean | undefined;
  /** Whether pixels are given as their intensities. */
  readonly grey?: boolean | undefined;
}

/** Images of pixels 0 or 1, those of intensity p being 1 with probability p, anew whenever taken; or their intensities. */
export class Images {
  readonly name: string;
  readonly count: number;
  readonly #batches: Batches;

  constructor(
    readonly dataset: Dataset,
    batch: number,
    private readonly seed: number,
    private readonly digits: Uint8Array | null = null,
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

  /** Which digits a minibatch shows, `[batch]`, of an example that declares labels. */
  batchLabels(step: number): tf.Tensor1D {
    return this.#labelsAt(this.#batches.rows(step));
  }

  /** Those of `slice`, `[count]`. */
  labels(from = 0, count = this.count): tf.Tensor1D {
    return this.#labelsAt(Array.from({length: Math.min(count, this.count - from)}, (_, i) => from + i));
  }

  #labelsAt(rows: ArrayLike<number>): tf.Tensor1D {
    const {digits} = this;
    check(digits !== null, 'images.labels', 'the example must declare labels', undefined);
    return tf.tensor1d(
      Array.from(rows, row => digits[row]!),
      'int32',
    );
  }

  /** The mean intensity of each pixel, `[784]`. */
  mean(): tf.Tensor1D {
    return tf.tensor1d(this.dataset.mean);
  }
}

/** Of a folder without images of a test, the share that is held out, the last of them. */
const heldShare = 1 / 6;

/** Those to train with and those held out. */
export function loadImages({data, batch, seed, train, test, labels, grey = false}: ImagesConfig): {
  train: Images;
  test: Images;
} {
  const digitsOf = (names: readonly string[], {count}: Dataset): Uint8Array | null => {
    if (labels !== true) return null;
    if (data === undefined) return Uint8Array.from({length: count}, (_, i) => i % 10); // as they are drawn
    return readLabelFile('--data', findFile('--data', data, names), count);
  };
  const given = (set: Dataset): Dataset => ({...set, binarised: set.binarised && !grey});
  const made = (training: Dataset, held: Dataset, digits: Uint8Array | null, heldDigits: Uint8Array | null) => ({
    train: new Images(given(training), batch, seed, digits),
    test: new Images(given(held), 1, seed, heldDigits),
  });
  const all = loadDataset({data, seed, count: train});
  const digits = digitsOf(labelFileNames, all);
  const file = data === undefined ? undefined : testImageFileNames.map(n => path.join(data, n)).find(existsSync);
  if (data === undefined || file !== undefined) {
    const held =
      file === undefined
        ? loadDataset({seed: seed + 1, count: test})
        : toDataset(path.basename(file), readImageFile('--data', file).pixels);
    return made(all, held, digits, digitsOf(testLabelFileNames, held));
  }
  const rest = all.count - Math.ceil(all.count * heldShare);
  check(rest > 0, '--data', 'must hold images of a test, or two images at least, of which some are held out', data);
  const name = `${all.name}, the last ${(all.count - rest).toLocaleString('en')} held out`;
  const [first, last] = [partOf(all, name, 0, rest), partOf(all, name, rest, all.count)];
  return made(first, last, digits?.subarray(0, rest) ?? null, digits?.subarray(rest) ?? null);
}
