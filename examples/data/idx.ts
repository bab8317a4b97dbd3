/** Reads the idx format of MNIST: a magic number, big-endian sizes, one byte a pixel or label. */
import {closeSync, constants, existsSync, fstatSync, openSync, readSync, statSync} from 'node:fs';
import path from 'node:path';
import {gunzipSync, constants as zlib, type ZlibOptions} from 'node:zlib';
import {check, fail} from '../../src/util/errors.js';
import {codeOf} from '../job/files.js';

export const imageSide = 28;

/** The file names that are looked for, in this order. */
const fileNames = (starts: readonly string[], kind: string): string[] =>
  ['-', '.'].flatMap(sign => starts.map(start => `${start}${sign}${kind}`)).flatMap(name => [name, `${name}.gz`]);

export const imageFileNames: readonly string[] = fileNames(['train-images'], 'idx3-ubyte');
export const testImageFileNames: readonly string[] = fileNames(['test-images', 't10k-images'], 'idx3-ubyte');
export const labelFileNames: readonly string[] = fileNames(['train-labels'], 'idx1-ubyte');
export const testLabelFileNames: readonly string[] = fileNames(['test-labels', 't10k-labels'], 'idx1-ubyte');

/** Images one after another, `pixels[i * 784 + row * 28 + column]`, as the file holds them. */
export interface IdxImages {
  readonly count: number;
  readonly pixels: Uint8Array;
}

/** What a file holds: one magic number, one size for each axis, and so many bytes for each item. */
interface Layout {
  readonly items: string;
  readonly magic: number;
  readonly headerBytes: number;
  readonly itemBytes: number;
}

const images: Layout = {items: 'images', magic: 0x00000803, headerBytes: 16, itemBytes: imageSide * imageSide};
const labels: Layout = {items: 'labels', magic: 0x00000801, headerBytes: 8, itemBytes: 1};
/** More than any set of such images that is in use, and less than what fills a memory. */
const maxItems = 1_000_000;
/** Bytes of a gzip file in which the idx header is looked for. */
const headOfGzip = 1 << 14;

/** Reads the training images of a folder; every error names `who`, the rule and what was found. */
export function readImageFolder(who: string, folder: string): IdxImages {
  check(existsSync(folder), who, 'the folder must exist', folder);
  check(statSync(folder).isDirectory(), who, 'must be a folder, not a file', folder);
  return readImageFile(who, findFile(who, folder, imageFileNames));
}

/** The first of those files that the folder holds. */
export function findFile(who: string, folder: string, names: readonly string[]): string {
  const name = names.find(n => existsSync(path.join(folder, n)));
  if (name === undefined) fail(who, `the folder must hold one of ${names.join(', ')}`, folder);
  return path.join(folder, name);
}

/** Reads one idx file of 28 × 28 images, gzipped or not. */
export function readImageFile(who: string, file: string): IdxImages {
  const {count, content} = readIdxFile(who, file, images);
  return {count, pixels: content};
}

/** Reads one idx file of labels 0 to 9 for so many images, gzipped or not. */
export function readLabelFile(who: string, file: string, imageCount: number): Uint8Array {
  const {count, content} = readIdxFile(who, file, labels);
  check(count === imageCount, who, `${file} must hold a label for each of the ${imageCount} images`, count);
  const wrong = content.find(label => label > 9);
  check(wrong === undefined, who, `${file} must hold labels from 0 to 9`, wrong);
  return content;
}

/** What the header says is checked before the rest is read. */
function readIdxFile(who: string, file: string, layout: Layout): {count: number; content: Uint8Array} {
  const {items, headerBytes} = layout;
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
    const start = isZipped ? beginOf(who, file, head, headerBytes) : head;
    const {count, bytes} = readHeader(who, file, start.subarray(0, headerBytes), layout);
    const end = `${file} must end after its ${count} ${items}, ${bytes} bytes after the header`;
    const needs = `${count} ${items} need ${bytes} bytes after the header`;
    if (isZipped) {
      check(
        info.size <= 1.25 * bytes + 2 * headOfGzip,
        who,
        `${file} must hold no more than ${count} ${items}, as its header says`,
        `${info.size} bytes, compressed`,
      );
    } else {
      check(info.size >= headerBytes + bytes, who, `${file} is truncated: ${needs}`, info.size - headerBytes);
      check(info.size === headerBytes + bytes, who, end, info.size - headerBytes);
    }
    const all = read(fd, info.size);
    const content = isZipped ? unzip(who, file, all, {maxOutputLength: headerBytes + bytes}, end) : all;
    check(content.length === headerBytes + bytes, who, `${file} is truncated: ${needs}`, content.length - headerBytes);
    return {count, content: new Uint8Array(content.subarray(headerBytes))};
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

/** The number of items, and the bytes that they take. */
function readHeader(
  who: string,
  file: string,
  header: Buffer,
  {items, magic, headerBytes, itemBytes}: Layout,
): {count: number; bytes: number} {
  check(
    header.length >= headerBytes,
    who,
    `${file} must start with an idx header of ${headerBytes} bytes`,
    `${header.length} bytes`,
  );
  const found = header.readUInt32BE(0);
  check(found >>> 16 === 0, who, `${file} must be an idx file, whose first two bytes are 0`, hex(found));
  check(found === magic, who, `${file} must have the idx magic number of ${items}, ${hex(magic)}`, hex(found));
  const count = header.readUInt32BE(4);
  if (itemBytes > 1) {
    const [rows, columns] = [header.readUInt32BE(8), header.readUInt32BE(12)];
    check(
      rows === imageSide && columns === imageSide,
      who,
      `${file} must hold images of ${imageSide} × ${imageSide} pixels`,
      `${rows} × ${columns}`,
    );
  }
  check(count > 0, who, `${file} must hold at least one ${items.slice(0, -1)}`, count);
  check(count <= maxItems, who, `${file} must hold at most ${maxItems} ${items}`, count);
  return {count, bytes: count * itemBytes};
}

/** What the first bytes of a gzip file hold. */
function beginOf(who: string, file: string, zipped: Buffer, headerBytes: number): Buffer {
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
