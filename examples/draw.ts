/**
 * DRAW (Gregor et al. 2015): an image is painted in T steps on a canvas. At each the encoder looks at a window of the
 * image and of what is still wrong, the latent variable says what to do about it, and the decoder writes into a window.
 */
import * as tf from '@tensorflow/tfjs-core';
import {layers} from '@tensorflow/tfjs-layers';
import * as st from 'tfjs-stochastic';
import {codeOf, plainModel, type Sizes, standard} from './draw/plain.js';
import {bernoulliLogProb, linear, logitsOf} from './frame/bits.js';
import {example} from './frame/example.js';
import {choices, integer} from './frame/kinds.js';

/** What a recurrent network gives out, and what it keeps, both `[batch, units]`. */
type Memory = readonly [h: tf.Tensor, c: tf.Tensor];

/** A step of a network with long short-term memory. */
function lstm(inputs: number, units: number): (x: readonly tf.Tensor[], memory: Memory) => Memory {
  const cell = layers.lstmCell({units, recurrentActivation: 'sigmoid', recurrentInitializer: 'glorotNormal'});
  cell.build([null, inputs]);
  return (x, memory) => {
    const [, h, c] = cell.call([tf.concat([...x], -1), ...memory], {}) as [tf.Tensor, tf.Tensor, tf.Tensor]; // h comes twice
    return [h, c];
  };
}

/** Nothing kept. */
const start = (batch: number, units: number): Memory => [tf.zeros([batch, units]), tf.zeros([batch, units])];

/** What is painted, step by step: logits `[batch, 784]` before the first, after it, and so on. */
type Painter = (batch: number, draw: (canvas: tf.Tensor, decoder: tf.Tensor, step: number) => tf.Tensor) => tf.Tensor[];

/**
 * Equations 3 to 8, with windows for reading and writing (section 3.2). They start on the whole image: filters so wide
 * that they meet (ln σ² = 2), and strokes so dark that they show (ln γ = −4), or hardly a pixel would learn.
 */
export function drawModel({glimpses, units, latents, window: size}: Sizes, mean: tf.Tensor) {
  const [reader, toCode] = [linear(units, 5, tf.tensor1d([0, 0, 2, 0, 0])), linear(units, 2 * latents)];
  const [place, patch] = [linear(units, 5, tf.tensor1d([0, 0, 2, 0, -4])), linear(units, size * size)];
  const [encode, decode] = [lstm(2 * size * size + units, units), lstm(latents, units)];
  const background = tf.variable(logitsOf(mean));
  const windowOf = (raw: tf.Tensor) => st.glimpseWindow(raw, {imageSize: 28, glimpseSize: size});

  const paint: Painter = (batch, draw) => {
    let [decoder, canvas] = [start(batch, units), tf.tile(tf.expandDims(background, 0), [batch, 1])];
    const canvases = [canvas];
    for (let t = 0; t < glimpses; t++) {
      decoder = decode([draw(canvas, decoder[0], t)], decoder);
      const written = tf.reshape(patch(decoder[0]), [batch, size, size]);
      const stroke = st.writeGlimpse(written, windowOf(place(decoder[0])), {size: 28});
      canvas = tf.add(canvas, tf.reshape(stroke, [batch, 784]));
      canvases.push(canvas);
    }
    return canvases;
  };

  /** Of each image, `[batch]`: ln p(x | last canvas) − Σ_t KL(q(z_t) ‖ N(0, 1)). */
  const bound = (x: tf.Tensor): tf.Tensor => {
    const batch = x.shape[0];
    let encoder = start(batch, units);
    const divergences: tf.Tensor[] = [];
    const canvases = paint(batch, (canvas, decoder, t) => {
      const both = tf.reshape(tf.stack([x, tf.sub(x, tf.sigmoid(canvas))]), [2, batch, 28, 28]);
      const seen = tf.unstack(
        tf.reshape(st.readGlimpse(both, windowOf(reader(decoder)), {size}), [2, batch, size * size]),
      );
      encoder = encode([...seen, decoder], encoder);
      const q = codeOf(toCode(encoder[0]));
      divergences.push(st.klDivergence(q, standard(latents)));
      return new st.DistributionTensor(q, {estimator: 'pathwise', name: `z ${t}`}).value;
    });
    return tf.sub(bernoulliLogProb(canvases.at(-1)!, x), tf.addN(divergences));
  };
  const imagine = (n: number) => paint(n, () => standard(latents).sample([n]));
  return {bound, imagine};
}

const models = {draw: drawModel, plain: plainModel} as const;

export default example({
  title: 'DRAW',
  paper: 'Gregor et al. 2015, DRAW: a recurrent neural network for image generation, arXiv:1502.04623',
  about:
    'Encoder and decoder with long short-term memory, windows of 5 × 5 for reading and writing; Adam 4e-3, in the second half of the steps falling to 0. Beside it a plain autoencoder with as many parameters, as many steps. ' +
    'Bounds of images held out are those of one draw each.',
  steps: {default: 500, smoke: 2},
  images: {batch: 50, train: 5000, test: 200},
  options: {
    models: choices(Object.keys(models) as Array<keyof typeof models>, {default: ['draw', 'plain'], about: 'which'}), // its keys
    glimpses: integer({default: 5, smoke: 2, about: 'T, steps of painting'}),
    units: integer({default: 100, smoke: 4, about: 'of each memory'}),
    latents: integer({default: 20, smoke: 3, about: 'Normal latents of a step'}),
    window: integer({default: 5, smoke: 2, least: 2, about: 'side of what is read and written at once'}),
  },
  async run(job) {
    const {models: asked, steps, ...sizes} = job.options;
    const {train, test} = job.images;
    const bounds: Record<string, number> = {};
    await job.each(asked, async name => {
      const {bound, imagine} = models[name](sizes, train.mean());
      const optimizer = st.stochasticOptimizer(tf.train.adam(4e-3));
      await job.train(name, step => {
        optimizer.learningRate = 4e-3 * Math.min(1, 2 * (1 - step / steps));
        const x = train.batch(step);
        return {bound: tf.neg(optimizer.minimize(() => tf.neg(bound(x)), true)!)};
      });
      bounds[name] = await job.average(name, test, test.count, bound, 50);
      // The report
      const digits = imagine(12).map(tf.sigmoid);
      job.show(`Digits imagined by ${name}`, () =>
        Object.fromEntries(digits.map((d, t) => [digits.length === 1 ? '' : `canvas ${t}`, d])),
      );
    });
    return asked.map(name => ({
      what: `bound of images held out (nats), ${name}`,
      paper: name === 'draw' ? '−80.97 with T = 64, 256 units, 100 latents on MNIST binarised (their table 2)†' : '',
      here: bounds[name] ?? NaN,
    }));
  },
});
