/** Reads images in the idx format of MNIST: a magic number, three big-endian sizes, one byte a pixel. */
import {existsSync, readFileSync, statSync} from 'node:fs';
import path from 'node:path';
import {gunzipSync} from 'node:zlib';
import {check, fail} from '../../src/util/errors.js';

export const imageSide = 28;

/** The file names of the training images that are looked for, in this order. */
export const imageFileNames: readonly string[] = ['train-images-idx3-ubyte', 'train-images.idx3-ubyte'].flatMap(n => [n, `${n}.gz`]);

/** Images one after another, `pixels[i * 784 + row * 28 + column]`, as the file holds them. */
export interface IdxImages {
  readonly count: number;
  readonly pixels: Uint8Array;
}

const magic = 0x00000803;
const headerBytes = 16;

/** Reads the training images of a folder; every error names `who`, the rule and what was found. */
export function readImageFolder(who: string, folder: string): IdxImages {
  check(existsSync(folder), who, 'the folder must exist', folder);
  check(statSync(folder).isDirectory(), who, 'must be a folder, not a file', folder);
  const name = imageFileNames.find(n => existsSync(path.join(folder, n)));
  if (name === undefined) fail(who, `the folder must hold one of ${imageFileNames.join(', ')}`, folder);
  return readImageFile(who, path.join(folder, name));
}

/** Reads one idx file of 28 × 28 images, gzipped or not. */
export function readImageFile(who: string, file: string): IdxImages {
  const bytes = unzip(who, file, readFileSync(file));
  check(bytes.length >= headerBytes, who, `${file} must start with an idx header of ${headerBytes} bytes`, `${bytes.length} bytes`);
  const found = bytes.readUInt32BE(0);
  check(found >>> 16 === 0, who, `${file} must be an idx file, whose first two bytes are 0`, hex(found));
  check(found === magic, who, `${file} must have the idx magic number of images, ${hex(magic)}`, hex(found));
  const [count, rows, columns] = [4, 8, 12].map(at => bytes.readUInt32BE(at)) as [number, number, number];
  check(rows === imageSide && columns === imageSide, who, `${file} must hold images of ${imageSide} × ${imageSide} pixels`,
    `${rows} × ${columns}`);
  check(count > 0, who, `${file} must hold at least one image`, count);
  const pixels = new Uint8Array(bytes.subarray(headerBytes));
  const expected = count * rows * columns;
  check(pixels.length >= expected, who, `${file} is truncated: ${count} images need ${expected} bytes after the header`, pixels.length);
  check(pixels.length === expected, who, `${file} must end after its ${count} images, ${expected} bytes after the header`, pixels.length);
  return {count, pixels};
}

function unzip(who: string, file: string, raw: Buffer): Buffer {
  const zipped = raw.length >= 2 && raw[0] === 0x1f && raw[1] === 0x8b;
  check(zipped || !file.endsWith('.gz'), who, `${file} must be a gzip file, which starts with the bytes 1f 8b`,
    raw.length === 0 ? 'an empty file' : raw.subarray(0, 2).toString('hex'));
  if (!zipped) return raw;
  try {
    return gunzipSync(raw);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return fail(who, `${file} must be a complete gzip file`, reason);
  }
}

function hex(word: number): string {
  return `0x${word.toString(16).padStart(8, '0')}`;
}
