/** `npm run example -- layers`: autoencoders of layers, compiled and fitted, and their bound on images held out. */
import {existsSync} from 'node:fs';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import * as stl from 'tfjs-stochastic/layers';
import {useWasm} from './job/backend.js';
import {readImageFile} from './data/idx.js';
import {imageSize, loadDataset, toDataset, type Dataset} from './data/dataset.js';
import type {Interrupt} from './job/interrupt.js';
import {say} from './job/output.js';
import {models} from './layers/models.js';
import {parseOptions} from './layers/options.js';

const testNames = ['test-images-idx3-ubyte', 't10k-images-idx3-ubyte'].flatMap(name => [name, `${name}.gz`]);

export async function run(args: readonly string[], interrupt: Pick<Interrupt, 'requested'>): Promise<void> {
  const {model: name, data, estimator, units, epochs, seed} = parseOptions(args);
  await useWasm();
  st.random.setSeed(seed);
  const model = models[name]!({units, estimator}); // as the options were checked
  const optimizer = st.stochasticOptimizer(tf.train.adam(RATE, 0.9, 0.999, 1e-7));
  model.compile({optimizer, ...stl.withCosts(stl.negativeLogLikelihood, model)});
  const train = loadDataset({data, seed, count: 1000});
  const [x, held] = [bits(train), bits(testOf(data, seed))];
  say(`${name} on ${train.name}; nats for each image.\n`);
  const start = performance.now();
  await model.fit(x, x, {
    ...{epochs, batchSize: 100, verbose: 0},
    callbacks: {
      // the second half of the epochs anneals it
      onEpochBegin: epoch => {
        optimizer.learningRate = RATE * Math.min(1, 2 * (1 - epoch / epochs));
        return Promise.resolve();
      },
      onEpochEnd: async (epoch, logs) => {
        const values = model.evaluate(held, held, {batchSize: 500}) as tf.Scalar[]; // the loss and two metrics
        const [loss, , kl] = await Promise.all(values.map(async t => (await t.data())[0]!));
        tf.dispose(values);
        const seconds = ((performance.now() - start) / 1000).toFixed(0);
        say(
          `epoch ${epoch + 1}: ELBO ${(-(logs!['loss'] as number)).toFixed(2)}, KL ${(logs!['kl'] as number).toFixed(2)}; ` +
            `test ELBO ${(-loss!).toFixed(2)}, KL ${kl!.toFixed(2)}; ${seconds} s\n`,
        );
        if (interrupt.requested) model.stopTraining = true;
      },
    },
  });
  tf.dispose([x, held]);
  model.dispose();
  optimizer.dispose();
}

/** The learning rate of the first half of the epochs. */
const RATE = 1e-3;

/** Grey pixels above a half are 1. */
const bits = ({count, pixels}: Dataset): tf.Tensor2D =>
  tf.tidy(() => tf.cast(tf.greater(tf.tensor2d(pixels, [count, imageSize]), 0.5), 'float32'));

/** The test images beside the training images; drawn digits where there is no folder, the training images where there are no others. */
function testOf(data: string | undefined, seed: number): Dataset {
  if (data === undefined) return loadDataset({seed: seed + 1, count: 500});
  const file = testNames.map(name => path.join(data, name)).find(existsSync);
  return file === undefined
    ? loadDataset({data, seed})
    : toDataset(path.basename(file), readImageFile('--data', file).pixels);
}
