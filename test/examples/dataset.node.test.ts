import * as tf from '@tensorflow/tfjs-core';
import {Batches, loadDataset, pick, toDataset} from '../../examples/data/dataset.js';
import {prng} from '../../examples/data/prng.js';
import {loadImages} from '../../examples/frame/images.js';
import {errorOf, freshFolders, idxBytes, temporaryFolder, writeFile} from './helpers.js';

describe('a data set', () => {
  const root = temporaryFolder();
  const fresh = freshFolders(root);

  it('takes pixels of 0 and 1 as they are', () => {
    const bytes = Uint8Array.from({length: 2 * 784}, (_, i) => (i < 784 && i % 3 === 0 ? 1 : 0));
    const dataset = toDataset('x', bytes);
    expect(dataset.binarised).toBeFalse();
    expect(Array.from(pick(dataset, [0, 1], prng(1)))).toEqual(Array.from(bytes));
    expect(dataset.mean[0]).toBe(0.5);
    expect(dataset.mean[1]).toBe(0);
  });

  it('draws a pixel of intensity p as 1 with probability p', () => {
    const dataset = toDataset('x', new Uint8Array(784).fill(51)); // p = 0.2
    const drawn = pick(dataset, new Array<number>(50).fill(0), prng(1));
    expect(drawn.every(v => v === 0 || v === 1)).toBeTrue();
    const n = drawn.length;
    expect(Math.abs(drawn.reduce((a, b) => a + b) / n - 0.2)).toBeLessThan(4.5 * Math.sqrt(0.16 / n));
  });

  it('gives intensities as they are where an example asks for them', () => {
    const folder = fresh();
    const bytes = Uint8Array.from({length: 6 * 784}, (_, i) => i % 256);
    writeFile(folder, 'train-images-idx3-ubyte', idxBytes(bytes));
    const of = (grey?: boolean) =>
      loadImages({data: folder, batch: 1, seed: 1, train: 5, test: 5, ...(grey === undefined ? {} : {grey})});
    const expected = Array.from(bytes, byte => Math.fround(byte / 255));
    tf.tidy(() => {
      const {train, test} = of(true);
      expect([train, test].flatMap(images => Array.from(images.slice().dataSync()))).toEqual(expected);
      expect(Array.from(new Set(of().train.slice().dataSync())).sort()).toEqual([0, 1]);
    });
  });

  it('of a folder is named after it and counts its images', () => {
    writeFile(root(), 'train-images-idx3-ubyte', idxBytes(new Uint8Array(2 * 784).fill(1)));
    const dataset = loadDataset({data: root(), seed: 1});
    expect(dataset.count).toBe(2);
    expect(dataset.name).toMatch(/^stochastic-examples-.*, 2 images$/);
  });

  it('of a folder without images of a test holds out the last sixth of them', () => {
    const folder = fresh();
    const bytes = new Uint8Array(12 * 784); // image i has its pixel i set
    for (let i = 0; i < 12; i++) bytes[i * 784 + i] = 1;
    writeFile(folder, 'train-images-idx3-ubyte', idxBytes(bytes));
    const labels = Buffer.alloc(8 + 12);
    labels.writeUInt32BE(0x801, 0);
    labels.writeUInt32BE(12, 4);
    for (let i = 0; i < 12; i++) labels[8 + i] = i % 10;
    writeFile(folder, 'train-labels-idx1-ubyte', labels);
    const {train, test} = loadImages({data: folder, batch: 10, seed: 1, train: 5, test: 5, labels: true});
    expect([train.count, test.count]).toEqual([10, 2]);
    expect(train.name).toMatch(/, 12 images, the last 2 held out$/);
    tf.tidy(() => {
      expect(Array.from(tf.argMax(train.batch(0), 1).dataSync()).sort((a, b) => a - b)).toEqual([
        0, 1, 2, 3, 4, 5, 6, 7, 8, 9,
      ]);
      expect(Array.from(tf.argMax(test.slice(), 1).dataSync())).toEqual([10, 11]);
      expect(Array.from(test.labels().dataSync())).toEqual([0, 1]);
      expect(Array.from(train.mean().dataSync().slice(8, 12))).toEqual([1, 1, 0, 0].map(x => Math.fround(x / 10)));
    });
    const one = fresh();
    writeFile(one, 'train-images-idx3-ubyte', idxBytes(bytes.subarray(784)));
    expect(loadImages({data: one, batch: 1, seed: 1, train: 5, test: 5}).test.count).toBe(2);
    writeFile(one, 'train-images-idx3-ubyte', idxBytes(new Uint8Array(784)));
    expect(errorOf(() => loadImages({data: one, batch: 1, seed: 1, train: 5, test: 5}))).toMatch(
      /^--data: must hold images of a test, or two images at least/,
    );
  });

  it('gives minibatches that show each image once an epoch, in an order that depends on the seed', () => {
    const bytes = new Uint8Array(6 * 784); // image i has its pixel i set
    for (let i = 0; i < 6; i++) bytes[i * 784 + i] = 1;
    const shown = (seed: number, epoch: number): number[] => {
      const batches = new Batches(toDataset('x', bytes), 2, seed);
      return [0, 1, 2].flatMap(k => {
        const x = batches.at(3 * epoch + k);
        return [x.indexOf(1), x.indexOf(1, 784) - 784];
      });
    };
    expect(shown(1, 0).sort()).toEqual([0, 1, 2, 3, 4, 5]);
    expect(shown(1, 0)).toEqual(shown(1, 0));
    expect([1, 2, 3].map(s => shown(s, 0).join())).not.toEqual([1, 1, 1].map(s => shown(s, 0).join()));
    expect(shown(1, 1)).not.toEqual(shown(1, 0));
  });

  it('must hold a minibatch', () => {
    expect(() => new Batches(toDataset('x', new Uint8Array(784)), 2, 1)).toThrowError(
      '--batch: must be at most the number of images, 1, got 2',
    );
  });
});
