/** Images for training: their mean, and minibatches in an order that depends on the seed alone. */
import path from 'node:path';
import {check} from '../../src/util/errors.js';
import {drawDigits} from './digits.js';
import {imageSide, readImageFolder} from './idx.js';
import {type Prng, prng, shuffled} from './prng.js';

export const imageSize = imageSide * imageSide;

export interface Dataset {
  readonly name: string;
  readonly count: number;
  /** Pixel intensities in [0, 1], `[count, 784]`. */
  readonly pixels: Float32Array;
  /** Mean intensity of each pixel. */
  readonly mean: Float32Array;
  /** Whether a pixel of intensity p is given out as 1 with probability p, else 0, anew each time; else as it is. */
  readonly binarised: boolean;
}

/** Reads a folder of idx files; without one, draws `count` digits. */
export function loadDataset({
  data,
  seed,
  count = 5000,
}: {
  data?: string | undefined;
  seed: number;
  count?: number;
}): Dataset {
  if (data === undefined) return toDataset(`${count.toLocaleString('en')} drawn digits`, drawDigits(count, seed));
  const {count: read, pixels} = readImageFolder('--data', data);
  return toDataset(`${path.basename(path.resolve(data))}, ${read.toLocaleString('en')} images`, pixels);
}

/** Pixels of 0 and 1 are taken as they are; anything larger means 0 to 255, and is binarised. */
export function toDataset(name: string, bytes: Uint8Array): Dataset {
  const count = bytes.length / imageSize;
  const binary = bytes.every(b => b <= 1);
  const pixels = Float32Array.from(bytes, b => (binary ? b : b / 255));
  return {name, count, pixels, mean: meanOf(pixels), binarised: !binary};
}

/** The images from a place up to another one. */
export function partOf({pixels: all, binarised}: Dataset, name: string, from: number, to: number): Dataset {
  const pixels = all.subarray(from * imageSize, to * imageSize);
  return {name, count: to - from, pixels, mean: meanOf(pixels), binarised};
}

/** Of each pixel. */
function meanOf(pixels: Float32Array): Float32Array {
  const sums = new Float64Array(imageSize);
  for (let i = 0; i < pixels.length; i++) sums[i % imageSize]! += pixels[i]!;
  return Float32Array.from(sums, s => s / (pixels.length / imageSize));
}

/**
 * Minibatches without replacement, reshuffled each epoch: `at(step)` is `[batch, 784]`, the same in every run of one
 * seed.
 */
export class Batches {
  private epoch = -1;
  private order: Uint32Array = new Uint32Array();

  constructor(
    private readonly dataset: Dataset,
    readonly batch: number,
    private readonly seed: number,
  ) {
    check(batch <= dataset.count, '--batch', `must be at most the number of images, ${dataset.count}`, batch);
  }

  at(step: number): Float32Array {
    return pick(this.dataset, this.rows(step), prng(this.seed, 2, step));
  }

  /** The places of the images of a step in the dataset. */
  rows(step: number): Uint32Array {
    const perEpoch = Math.floor(this.dataset.count / this.batch);
    const epoch = Math.floor(step / perEpoch);
    if (epoch !== this.epoch) {
      this.order = shuffled(this.dataset.count, prng(this.seed, 1, epoch));
      this.epoch = epoch;
    }
    const first = (step % perEpoch) * this.batch;
    return this.order.subarray(first, first + this.batch);
  }
}

/** The images at `rows`, one after another. */
export function pick(dataset: Dataset, rows: ArrayLike<number>, random: Prng): Float32Array {
  const out = new Float32Array(rows.length * imageSize);
  for (let r = 0; r < rows.length; r++) {
    const from = rows[r]! * imageSize;
    out.set(dataset.pixels.subarray(from, from + imageSize), r * imageSize);
  }
  return dataset.binarised ? out.map(p => (random.uniform() < p ? 1 : 0)) : out;
}
