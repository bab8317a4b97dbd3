/** What the functions on images have in common: sides, and which axes of an image are its own. */
import type * as tf from '@tensorflow/tfjs-core';
import {check, fail} from '../util/errors.js';
import {checkBoolean, checkKeys} from '../util/options.js';
import {checkSize, tryBroadcast, type Shape} from '../util/shapes.js';
import {isIntegerList} from '../util/tensors.js';

/** Rows and columns; a number for as many of both. */
export type Sides = number | readonly [rows: number, columns: number];

/** What comes out of a read, a write or a crop. */
export interface WindowOptions {
  /** Rows and columns of what comes out; a number for as many of both. */
  size: Sides;
  /** Whether images have a last axis of channels. Default false: `[batch…, rows, columns]`. */
  channels?: boolean;
}

/** The options with their defaults; throws in the name of `who` unless they are what they say. */
export function readWindowOptions(who: string, options: WindowOptions): {size: [number, number]; channels: boolean} {
  check(options !== undefined, who, 'needs the size of what comes out: {size: [rows, columns]}');
  checkKeys(who, options, ['size', 'channels']);
  const {channels = false} = options;
  checkBoolean(who, 'channels', channels);
  return {size: readSides(who, 'size', options.size), channels};
}

/** No image has more rows or columns. */
const LONGEST_SIDE = 2 ** 24;

/** `[rows, columns]`, both at least 1. */
export function readSides(who: string, name: string, value: unknown): [number, number] {
  const list: unknown = typeof value === 'number' ? [value, value] : value;
  if (!isIntegerList(list, 1) || list.length !== 2 || Math.max(...list) > LONGEST_SIDE)
    fail(who, `${name} must be an integer from 1 to ${LONGEST_SIDE}, or a list of two, [rows, columns]`, value);
  const [rows, columns] = checkSize(who, list);
  return [rows!, columns!];
}

/** The batch of images, apart from the axes that are an image's own. */
export function batchOfImages(who: string, name: string, images: tf.Tensor, channels: boolean): Shape {
  const own = channels ? 3 : 2;
  const [axes, advice] = channels
    ? ['rows, columns, channels', '']
    : ['rows, columns', '; those of several channels need `channels: true`'];
  check(
    images.rank >= own && images.shape.slice(images.rank - own).every(d => d > 0),
    who,
    `${name} must have the shape [batch…, ${axes}], none of the last ${own} empty${advice}`,
    images,
  );
  return images.shape.slice(0, images.rank - own);
}

/** The batch of both, which broadcast. */
export function batchOfBoth(who: string, images: readonly number[], places: readonly number[]): Shape {
  const batch = tryBroadcast([images, places]);
  if (batch === null) {
    fail(
      who,
      `the batches of the images and of the places must broadcast, got [${images.join(',')}] and [${places.join(',')}]`,
    );
  }
  check(!batch.includes(0), who, `the batch must not be empty, got [${batch.join(',')}]`);
  return batch;
}
