import {mkdirSync, mkdtempSync} from 'node:fs';
import path from 'node:path';
import {gzipSync} from 'node:zlib';
import {readImageFile, readImageFolder} from '../../examples/data/idx.js';
import {idxBytes, temporaryFolder, writeFile} from './helpers.js';

describe('idx files', () => {
  const root = temporaryFolder();
  const pixels = Uint8Array.from({length: 3 * 784}, (_, i) => i % 251);
  const fresh = (): string => mkdtempSync(path.join(root(), 'case-'));
  const errorOf = (fn: () => unknown): string => {
    try {
      fn();
    } catch (error) {
      return (error as Error).message;
    }
    return 'no error';
  };
  /** The message for a folder that holds one file of these bytes, its path cut off. */
  const errorOfFile = (bytes: Uint8Array, name = 'train-images-idx3-ubyte'): string => {
    const folder = fresh();
    writeFile(folder, name, bytes);
    return errorOf(() => readImageFolder('--data', folder)).replace(folder + path.sep, '');
  };

  for (const name of ['train-images-idx3-ubyte', 'train-images.idx3-ubyte']) {
    it(`are read as ${name}, gzipped or not`, () => {
      const [plain, zipped] = [fresh(), fresh()];
      writeFile(plain, name, idxBytes(pixels));
      writeFile(zipped, `${name}.gz`, gzipSync(idxBytes(pixels)));
      for (const folder of [plain, zipped]) {
        const images = readImageFolder('--data', folder);
        expect(images.count).toBe(3);
        expect(images.pixels).toEqual(pixels);
      }
    });
  }

  it('are read when gzipped under a name without .gz', () => {
    expect(readImageFile('x', writeFile(fresh(), 'images', gzipSync(idxBytes(pixels)))).count).toBe(3);
  });

  it('must lie in a folder that exists', () => {
    const missing = path.join(root(), 'nowhere');
    expect(errorOf(() => readImageFolder('--data', missing))).toBe(`--data: the folder must exist, got ${JSON.stringify(missing)}`);
    const file = writeFile(fresh(), 'file', new Uint8Array(1));
    expect(errorOf(() => readImageFolder('--data', file))).toContain('--data: must be a folder, not a file, got');
  });

  it('are missing from a folder with other files: the error lists the names', () => {
    const folder = fresh();
    mkdirSync(path.join(folder, 'sub'));
    expect(errorOf(() => readImageFolder('--data', folder))).toContain('the folder must hold one of train-images-idx3-ubyte, train-images-idx3-ubyte.gz, ');
  });

  it('must not be truncated', () => {
    expect(errorOfFile(idxBytes(pixels).subarray(0, -1)))
      .toBe('--data: train-images-idx3-ubyte is truncated: 3 images need 2352 bytes after the header, got 2351');
    expect(errorOfFile(idxBytes(pixels).subarray(0, 7)))
      .toBe('--data: train-images-idx3-ubyte must start with an idx header of 16 bytes, got "7 bytes"');
    expect(errorOfFile(gzipSync(idxBytes(pixels)).subarray(0, 100), 'train-images-idx3-ubyte.gz'))
      .toMatch(/^--data: train-images-idx3-ubyte\.gz must be a complete gzip file, got ".*"$/);
  });

  it('must not go on after the images', () => {
    expect(errorOfFile(idxBytes(pixels, {count: 2}))).toContain('must end after its 2 images, 1568 bytes after the header, got 2352');
  });

  it('must be idx files of images', () => {
    expect(errorOfFile(Buffer.from('hello, I am a text file'))).toContain('must be an idx file, whose first two bytes are 0, got "0x68656c6c"');
    expect(errorOfFile(idxBytes(pixels, {magic: 0x801}))).toContain('must have the idx magic number of images, 0x00000803, got "0x00000801"');
    expect(errorOfFile(idxBytes(pixels, {rows: 32, columns: 32}))).toContain('must hold images of 28 × 28 pixels, got "32 × 32"');
    expect(errorOfFile(idxBytes(new Uint8Array(0)))).toContain('must hold at least one image, got 0');
  });

  it('named .gz must be gzipped', () => {
    expect(errorOfFile(idxBytes(pixels), 'train-images-idx3-ubyte.gz')).toContain('must be a gzip file, which starts with the bytes 1f 8b, got "0000"');
    expect(errorOfFile(new Uint8Array(0), 'train-images-idx3-ubyte.gz')).toContain('got "an empty file"');
  });
});
