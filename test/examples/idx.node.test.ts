import {spawnSync} from 'node:child_process';
import {mkdirSync, symlinkSync, truncateSync} from 'node:fs';
import path from 'node:path';
import {gzipSync} from 'node:zlib';
import {readImageFile, readImageFolder, readLabelFile} from '../../examples/data/idx.js';
import {errorOf, freshFolders, idxBytes, temporaryFolder, writeFile} from './helpers.js';

describe('idx files', () => {
  const root = temporaryFolder();
  const pixels = Uint8Array.from({length: 3 * 784}, (_, i) => i % 251);
  const fresh = freshFolders(root);
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
    expect(errorOf(() => readImageFolder('--data', missing))).toBe(
      `--data: the folder must exist, got ${JSON.stringify(missing)}`,
    );
    const file = writeFile(fresh(), 'file', new Uint8Array(1));
    expect(errorOf(() => readImageFolder('--data', file))).toContain('--data: must be a folder, not a file, got');
  });

  it('are missing from a folder with other files: the error lists the names', () => {
    const folder = fresh();
    mkdirSync(path.join(folder, 'sub'));
    expect(errorOf(() => readImageFolder('--data', folder))).toContain(
      'the folder must hold one of train-images-idx3-ubyte, train-images-idx3-ubyte.gz, ',
    );
  });

  it('must not be truncated', () => {
    expect(errorOfFile(idxBytes(pixels).subarray(0, -1))).toBe(
      '--data: train-images-idx3-ubyte is truncated: 3 images need 2352 bytes after the header, got 2351',
    );
    expect(errorOfFile(idxBytes(pixels).subarray(0, 7))).toBe(
      '--data: train-images-idx3-ubyte must start with an idx header of 16 bytes, got "7 bytes"',
    );
    expect(errorOfFile(gzipSync(idxBytes(pixels)).subarray(0, 100), 'train-images-idx3-ubyte.gz')).toMatch(
      /^--data: train-images-idx3-ubyte\.gz must be a complete gzip file, got ".*"$/,
    );
  });

  it('must not go on after the images', () => {
    expect(errorOfFile(idxBytes(pixels, {count: 2}))).toContain(
      'must end after its 2 images, 1568 bytes after the header, got 2352',
    );
  });

  it('must be idx files of images', () => {
    expect(errorOfFile(Buffer.from('hello, I am a text file'))).toContain(
      'must be an idx file, whose first two bytes are 0, got "0x68656c6c"',
    );
    expect(errorOfFile(idxBytes(pixels, {magic: 0x801}))).toContain(
      'must have the idx magic number of images, 0x00000803, got "0x00000801"',
    );
    expect(errorOfFile(idxBytes(pixels, {rows: 32, columns: 32}))).toContain(
      'must hold images of 28 × 28 pixels, got "32 × 32"',
    );
    expect(errorOfFile(idxBytes(new Uint8Array(0)))).toContain('must hold at least one image, got 0');
  });

  it('named .gz must be gzipped', () => {
    expect(errorOfFile(idxBytes(pixels), 'train-images-idx3-ubyte.gz')).toContain(
      'must be a gzip file, which starts with the bytes 1f 8b, got "0000"',
    );
    expect(errorOfFile(new Uint8Array(0), 'train-images-idx3-ubyte.gz')).toContain('got "an empty file"');
  });

  it('must be files: pipes, folders and devices are refused at once', () => {
    const name = 'train-images-idx3-ubyte';
    const [pipe, sub, device] = [fresh(), fresh(), fresh()];
    mkdirSync(path.join(sub, name));
    expect(errorOf(() => readImageFolder('--data', sub))).toMatch(/^--data: .* must be a file, got "a folder"$/);
    if (process.platform === 'win32') return;
    spawnSync('mkfifo', [path.join(pipe, name)]);
    symlinkSync('/dev/zero', path.join(device, name));
    expect(errorOf(() => readImageFolder('--data', pipe))).toMatch(/^--data: .* must be a file, got "a pipe"$/);
    expect(errorOf(() => readImageFolder('--data', path.join(pipe, name)))).toMatch(
      /^--data: must be a folder, not a file, got/,
    );
    expect(errorOf(() => readImageFolder('--data', device))).toMatch(
      /^--data: .* must be a file, got "a device or a socket"$/,
    );
  });

  it('are not read further than their header says, nor further than memory allows', () => {
    const bomb = gzipSync(Buffer.concat([idxBytes(pixels), Buffer.alloc(1 << 26)])); // 64 MiB in 64 KiB
    expect(errorOfFile(bomb, 'train-images-idx3-ubyte.gz')).toMatch(
      /must hold no more than 3 images, as its header says, got "\d+ bytes, compressed"$/,
    );
    const smaller = gzipSync(Buffer.concat([idxBytes(pixels), Buffer.alloc(1 << 23)]));
    expect(errorOfFile(smaller, 'train-images-idx3-ubyte.gz')).toContain(
      'must end after its 3 images, 2352 bytes after the header, got "more"',
    );
    expect(errorOfFile(gzipSync(Buffer.alloc(1 << 26)), 'train-images-idx3-ubyte.gz')).toContain(
      'must have the idx magic number of images',
    );
    expect(errorOfFile(gzipSync(idxBytes(pixels, {count: 4})), 'train-images-idx3-ubyte.gz')).toBe(
      '--data: train-images-idx3-ubyte.gz is truncated: 4 images need 3136 bytes after the header, got 2352',
    );
    expect(errorOfFile(idxBytes(pixels, {count: 0xffffffff}))).toBe(
      '--data: train-images-idx3-ubyte must hold at most 1000000 images, got 4294967295',
    );
    expect(errorOfFile(idxBytes(pixels, {count: 1_000_000}))).toContain(
      'is truncated: 1000000 images need 784000000 bytes after the header, got 2352',
    );
    const folder = fresh();
    truncateSync(writeFile(folder, 'train-images-idx3-ubyte', idxBytes(pixels)), 2 ** 40); // a hole of 1 TiB
    expect(errorOf(() => readImageFolder('--data', folder))).toContain(
      'must end after its 3 images, 2352 bytes after the header, got 1099511627760',
    );
  });
});

describe('labels in idx files', () => {
  const folder = temporaryFolder();
  const labels = (magic: number, count: number, digits: readonly number[]): string => {
    const bytes = Buffer.alloc(8 + digits.length);
    bytes.writeUInt32BE(magic, 0);
    bytes.writeUInt32BE(count, 4);
    bytes.set(digits, 8);
    return writeFile(folder(), 'labels', bytes);
  };

  it('are read, one for each image', () => {
    expect(Array.from(readLabelFile('--data', labels(0x801, 3, [7, 0, 9]), 3))).toEqual([7, 0, 9]);
  });

  it('are refused where they are something else', () => {
    for (const [file, message] of [
      [() => labels(0x803, 3, [7, 0, 9]), /must have the idx magic number of labels, 0x00000801, got "0x00000803"$/],
      [() => labels(0x801, 4, [7, 0, 9]), /is truncated: 4 labels need 4 bytes after the header, got 3$/],
      [() => labels(0x801, 2, [7, 0, 9]), /must end after its 2 labels, 2 bytes after the header, got 3$/],
      [() => labels(0x801, 2, [7, 0]), /must hold a label for each of the 3 images, got 2$/],
      [() => labels(0x801, 3, [7, 10, 9]), /must hold labels from 0 to 9, got 10$/],
      [() => labels(0x801, 0, []), /must hold at least one label, got 0$/],
    ] as const)
      expect(errorOf(() => readLabelFile('--data', file(), 3))).toMatch(message);
  });
});
