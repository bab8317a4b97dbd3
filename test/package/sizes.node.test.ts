/** What small programs pay for what they import: minified and gzipped, with this library less without it, in bytes. */
import {readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {gzipSync} from 'node:zlib';
import {build as buildByEsbuild} from 'esbuild';
import {build as buildByVite} from 'vite';
import {installed, root} from './installed.js';

const minutes = 60_000;

/** A program with tfjs alone, on the cpu backend. */
const plain = `
  import * as tf from '@tensorflow/tfjs-core';
  import '@tensorflow/tfjs-backend-cpu';
  const w = tf.variable(tf.zeros([3]));
  const adam = tf.train.adam(0.1);
  adam.minimize(() => tf.sum(tf.square(tf.sub(w, 1))));
  w.print();`;
const withLayers = `
  import * as tfl from '@tensorflow/tfjs-layers';
  const model = tfl.sequential({layers: [tfl.layers.dense({units: 4, inputShape: [4]})]});
  model.compile({optimizer: 'adam', loss: 'meanSquaredError'});`;

const normal = (entry: string) => `
  import {Normal} from '${entry}';
  new Normal({loc: w, scale: 1}).sample(2).print();`;
const bernoulli = (entry: string, estimator: string) => `
  import {Bernoulli, DistributionTensor, ${estimator}, stochasticOptimizer} from '${entry}';
  const z = () => new DistributionTensor(new Bernoulli({logits: w}), {estimator: ${estimator}()});
  stochasticOptimizer(adam).minimize(() => tf.square(tf.sub(z().value, 0.4)));`;
const layer = `
  import * as stl from 'tfjs-stochastic/layers';
  import {stochasticOptimizer} from 'tfjs-stochastic';
  model.add(stl.bernoulli({estimator: 'relax'}));
  model.compile({optimizer: stochasticOptimizer(adam), loss: 'meanSquaredError'});`;

const [core, main] = ['tfjs-stochastic/core', 'tfjs-stochastic'];
const kB = 1000;

/** Each program with the most that it may add, and what it should, where that is less. */
const programs: Array<[title: string, before: string, program: string, most: number, goal?: number]> = [
  ['one Normal, sampled, from the core', plain, normal(core), 25 * kB],
  ['a Bernoulli with the score function, from the core', plain, bernoulli(core, 'scoreFunction'), 57 * kB, 38 * kB],
  ['a Bernoulli with RELAX, from the core', plain, bernoulli(core, 'relax'), 59 * kB, 45 * kB],
  ['one Normal, sampled', plain, normal(main), 75 * kB],
  ['a Bernoulli with the score function', plain, bernoulli(main, 'scoreFunction'), 82.5 * kB, 75 * kB],
  ['a Bernoulli with RELAX', plain, bernoulli(main, 'relax'), 82.5 * kB, 75 * kB],
  ['a layer with its estimator by name', plain + withLayers, layer, 108 * kB, 75 * kB],
];

describe('what a program pays for', () => {
  let folder: string;

  beforeAll(async () => {
    ({folder} = await installed());
  }, 5 * minutes);

  const bundlers: Record<string, (file: string) => Promise<string>> = {
    async esbuild(file) {
      const {outputFiles} = await buildByEsbuild({
        entryPoints: [file],
        bundle: true,
        minify: true,
        write: false,
        format: 'esm',
        platform: 'browser',
        logLevel: 'error',
      });
      return outputFiles[0]!.text;
    },
    async vite(file) {
      const built = await buildByVite({
        root: folder,
        logLevel: 'error',
        configFile: false,
        build: {write: false, minify: true, target: 'es2022', rollupOptions: {input: file}},
      });
      const [first] = [built].flat();
      if (first === undefined || !('output' in first)) throw new Error('vite: no output');
      return first.output.map(chunk => ('code' in chunk ? chunk.code : '')).join('');
    },
  };

  for (const [bundler, bundle] of Object.entries(bundlers)) {
    const sizes = new Map<string, Promise<number>>();
    const sizeOf = (program: string): Promise<number> => {
      const known = sizes.get(program);
      if (known !== undefined) return known;
      const size = (async () => {
        const file = join(folder, `${bundler}${sizes.size}.js`);
        await writeFile(file, program);
        return gzipSync(await bundle(file), {level: 9}).length;
      })();
      sizes.set(program, size);
      return size;
    };

    for (const [title, before, program, most, goal = most] of programs) {
      it(
        `of ${title}: at most ${most / kB} kB${goal < most ? ` (goal ${goal / kB})` : ''}, by ${bundler}`,
        async () => {
          const added = (await sizeOf(before + program)) - (await sizeOf(before));
          if (process.env.SIZES) console.log(`${bundler}: ${title}: ${added}`);
          expect(added).toBeLessThan(most);
          expect(added).toBeGreaterThan(15 * kB); // or it was not there
        },
        2 * minutes,
      );
    }
  }

  it('of everything, as a script for pages: at most 186 kB (goal 125)', async () => {
    const script = gzipSync(await readFile(join(root, 'dist/stochastic.umd.min.js')), {level: 9}).length;
    if (process.env.SIZES) console.log(`UMD: ${script}`);
    expect(script).toBeLessThan(186 * kB);
  });
});
