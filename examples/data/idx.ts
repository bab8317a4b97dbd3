/** Reads images in the idx format of MNIST: a magic number, three big-endian sizes, one byte a pixel. */
import {closeSync, constants, existsSync, fstatSync, openSync, readSync, statSync} from 'node:fs';
import path from 'node:path';
import {gunzipSync, constants as zlib, type ZlibOptions} from 'node:zlib';
import {check, fail} from '../../src/util/errors.js';
import {codeOf} from '../job/files.js';

export const imageSide = 28;

/** The file names of the training images that are looked for, in this order. */
export const imageFileNames: readonly string[] = ['train-images-idx3-ubyte', 'train-images.idx3-ubyte'].flatMap(n => [
  n,
  `${n}.gz`,
]);

/** Images one after another, `pixels[i * 784 + row * 28 + column]`, as the file holds them. */
export interface IdxImages {
  readonly count: number;
  readonly pixels: Uint8Array;
}

const magic = 0x00000803;
const headerBytes = 16;
const imageBytes = imageSide * imageSide;
/** More than any set of such images that is in use, and less than what fills a memory. */
const maxImages = 1_000_000;
/** Bytes of a gzip file in which the idx header is looked for. */
const headOfGzip = 1 << 14;

/** Reads the training images of a folder; every error names `who`, the rule and what was found. */
export function readImageFolder(who: string, folder: string): IdxImages {
  check(existsSync(folder), who, 'the folder must exist', folder);
  check(statSync(folder).isDirectory(), who, 'must be a folder, not a file', folder);
  const name = imageFileNames.find(n => existsSync(path.join(folder, n)));
  if (name === undefined) fail(who, `the folder must hold one of ${imageFileNames.join(', ')}`, folder);
  return readImageFile(who, path.join(folder, name));
}

/** Reads one idx file of 28 × 28 images, gzipped or not. What its header says is checked before the rest is read. */
export function readImageFile(who: string, file: string): IdxImages {
  const fd = open(who, file);
  try {
    const info = fstatSync(fd);
    const kind = info.isDirectory() ? 'a folder' : info.isFIFO() ? 'a pipe' : 'a device or a socket';
    check(info.isFile(), who, `${file} must be a file`, kind);
    const head = read(fd, Math.min(info.size, headOfGzip));
    const isZipped = head.length >= 2 && head[0] === 0x1f && head[1] === 0x8b;
    check(
      isZipped || !file.endsWith('.gz'),
      who,
      `${file} must be a gzip file, which starts with the bytes 1f 8b`,
      head.length === 0 ? 'an empty file' : head.subarray(0, 2).toString('hex'),
    );
    const start = isZipped ? beginOf(who, file, head) : head;
    const {count, bytes} = readHeader(who, file, start.subarray(0, headerBytes));
    const end = `${file} must end after its ${count} images, ${bytes} bytes after the header`;
    const needs = `${count} images need ${bytes} bytes after the header`;
    if (isZipped) {
      check(
        info.size <= 1.25 * bytes + 2 * headOfGzip,
        who,
        `${file} must hold no more than ${count} images, as its header says`,
        `${info.size} bytes, compressed`,
      );
    } else {
      check(info.size >= headerBytes + bytes, who, `${file} is truncated: ${needs}`, info.size - headerBytes);
      check(info.size === headerBytes + bytes, who, end, info.size - headerBytes);
    }
    const all = read(fd, info.size);
    const content = isZipped ? unzip(who, file, all, {maxOutputLength: headerBytes + bytes}, end) : all;
    check(content.length === headerBytes + bytes, who, `${file} is truncated: ${needs}`, content.length - headerBytes);
    return {count, pixels: new Uint8Array(content.subarray(headerBytes))};
  } catch (error) {
    if (error instanceof Error && 'syscall' in error) fail(who, `${file} must be readable`, codeOf(error));
    throw error;
  } finally {
    closeSync(fd);
  }
}

/** A pipe that nobody writes to would keep a plain `open` waiting. */
function open(who: string, file: string): number {
  try {
    return openSync(file, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    return fail(who, `${file} must be readable`, codeOf(error));
  }
}

/** The first `length` bytes of a file, or as many as there are. */
function read(fd: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  let done = 0;
  for (let got = 1; done < length && got > 0; done += got) got = readSync(fd, bytes, done, length - done, done);
  return bytes.subarray(0, done);
}

/** The number of images, and the bytes that they take. */
function readHeader(who: string, file: string, header: Buffer): {count: number; bytes: number} {
  check(
    header.length >= headerBytes,
    who,
    `${file} must start with an idx header of ${headerBytes} bytes`,
    `${header.length} bytes`,
  );
  const found = header.readUInt32BE(0);
  check(found >>> 16 === 0, who, `${file} must be an idx file, whose first two bytes are 0`, hex(found));
  check(found === magic, who, `${file} must have the idx magic number of images, ${hex(magic)}`, hex(found));
  const [count, rows, columns] = [4, 8, 12].map(at => header.readUInt32BE(at)) as [number, number, number];
  check(
    rows === imageSide && columns === imageSide,
    who,
    `${file} must hold images of ${imageSide} × ${imageSide} pixels`,
    `${rows} × ${columns}`,
  );
  check(count > 0, who, `${file} must hold at least one image`, count);
  check(count <= maxImages, who, `${file} must hold at most ${maxImages} images`, count);
  return {count, bytes: count * imageBytes};
}

/** What the first bytes of a gzip file hold. */
function beginOf(who: string, file: string, zipped: Buffer): Buffer {
  const start = unzip(who, file, zipped, {finishFlush: zlib.Z_SYNC_FLUSH});
  return start.length >= headerBytes ? start : unzip(who, file, zipped); // says what is wrong with it, if anything is
}

/** @param tooLong the rule that is broken by more than `maxOutputLength` bytes */
function unzip(who: string, file: string, zipped: Buffer, options: ZlibOptions = {}, tooLong = ''): Buffer {
  try {
    return gunzipSync(zipped, options);
  } catch (error) {
    if (codeOf(error) === 'ERR_BUFFER_TOO_LARGE') fail(who, tooLong, 'more');
    const reason = error instanceof Error ? error.message : String(error);
    return fail(who, `${file} must be a complete gzip file`, reason);
  }
}

function hex(word: number): string {
  return `0x${word.toString(16).padStart(8, '0')}`;
}
