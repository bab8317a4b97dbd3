/**
 * Hard attention, two versions of Schulman et al. 2015 (section 4, after Mnih et al. 2014): a digit lies somewhere on a
 * large canvas, of which a coarse overview is seen; one window of it is looked at, at a place that is drawn. Either the
 * label is drawn as well and costs 1 where it is wrong, or the cost is minus the log-probability of the right one. A
 * drawn label tells of one digit only. Without a reward for entropy (Williams and Peng 1991) a few digits are soon all
 * that is guessed, and then little more is learnt.
 */
import * as tf from '@tensorflow/tfjs-core';
import {layers, sequential, type Sequential} from '@tensorflow/tfjs-layers';
import * as st from 'tfjs-stochastic';
import {example} from './frame/example.js';
import {choice, choices, integer, positive} from './frame/kinds.js';

const [SIDE, WINDOW] = [56, 28];

/** Digits `[n, 784]` at places of their own on dark canvases, `[n, 56, 56]`. */
export function scatter(digits: tf.Tensor2D, key: st.random.Key): tf.Tensor {
  const centres = tf.floor(st.random.uniform([digits.shape[0], 2], {high: SIDE - WINDOW + 1, key}));
  return st.crop(tf.reshape(digits, [-1, 28, 28]), centres, {size: SIDE});
}

/** Means over squares of 8 × 8: what is seen of the whole. */
function overview(canvas: tf.Tensor): tf.Tensor {
  return tf.reshape(tf.avgPool(tf.expandDims<tf.Tensor4D>(canvas, -1), 8, 8, 'valid'), [canvas.shape[0], 49]);
}

const network = (inputs: number, units: number, outputs: number): Sequential =>
  sequential({
    layers: [
      layers.dense({units, activation: 'relu', inputShape: [inputs]}),
      layers.dense({units: outputs, kernelInitializer: 'zeros'}),
    ],
  });

/** Where to look: a distribution by what the overview says, its most probable place, and pixels of a draw. */
interface Policy {
  readonly outputs: number;
  readonly q: (outputs: tf.Tensor) => st.Distribution;
  readonly place: (draw: tf.Tensor) => tf.Tensor;
}

/** 8 × 8 windows, 4 pixels apart. */
const grid: Policy = {
  outputs: 64,
  q: logits => new st.Categorical({logits}),
  place: index => tf.add(tf.mul(tf.stack([tf.floor(tf.div(index, 8)), tf.mod(index, 8)], -1), 4), 14),
};

/** Anywhere, from a Normal with a deviation of 3 pixels around what is chosen. */
const normal: Policy = {
  outputs: 2,
  q: outputs => st.independent(new st.Normal({loc: tf.mul(tf.tanh(outputs), 2), scale: 0.4})),
  place: draw => tf.add(tf.mul(draw, 7.5), SIDE / 2 - 0.5),
};

export const policies = {grid, normal} as const;

/** The two networks, and what one look makes of canvases. */
export function watcher(policy: Policy, units: number, estimator: string, entropy: number) {
  const [look, read] = [network(49, units, policy.outputs), network(WINDOW * WINDOW, units, 10)];
  /** Logits of the ten digits at a window around `place`. */
  const seen = (canvas: tf.Tensor, place: tf.Tensor): tf.Tensor => {
    const glimpse = st.crop(canvas, place, {size: WINDOW});
    return read.apply(tf.reshape(glimpse, [canvas.shape[0], -1])) as tf.Tensor; // of one tensor it makes one
  };
  const where = (canvas: tf.Tensor): st.Distribution => policy.q(look.apply(overview(canvas)) as tf.Tensor); // as above
  const [places, guesses] = [st.estimators.get(estimator), st.estimators.get(estimator)];
  /** `[batch]`, of one draw each; a guess is paid for the entropies of both draws too. */
  const cost = (canvas: tf.Tensor, labels: tf.Tensor, isGuessed: boolean): tf.Tensor => {
    const p = where(canvas);
    const place = new st.DistributionTensor(p, {estimator: places, name: 'where'});
    const q = new st.Categorical({logits: seen(canvas, policy.place(place.value))});
    if (!isGuessed) return tf.neg(q.logProb(labels));
    const guess = new st.DistributionTensor(q, {estimator: guesses, name: 'what'});
    const open = tf.mul(tf.add(p.entropy(), q.entropy()), entropy);
    return tf.sub(tf.cast(tf.notEqual(guess.value, labels), 'float32'), open);
  };
  const best = (canvas: tf.Tensor): tf.Tensor => policy.place(where(canvas).mode());
  const classify = (canvas: tf.Tensor): tf.Tensor => tf.argMax(seen(canvas, best(canvas)), -1);
  return {cost, classify, glimpse: (canvas: tf.Tensor) => st.crop(canvas, best(canvas), {size: WINDOW})};
}

const versions = ['likelihood', 'guess'] as const;

export default example({
  title: 'Hard attention',
  paper:
    'Schulman et al. 2015, Gradient estimation using stochastic computation graphs, arXiv:1506.05254; Mnih et al. 2014, arXiv:1406.6247',
  about:
    'Digits somewhere on a canvas of 56 × 56, seen as means over 8 × 8 pixels and through one window of 28 × 28. Paid by the log-probability of the label, or (--versions guess) for a drawn label that is right.',
  steps: {default: 1500, smoke: 2},
  images: {batch: 100, train: 10_000, test: 1000, labels: true},
  options: {
    versions: choices(versions, {
      default: ['likelihood'],
      smoke: versions,
      about: `which of ${versions.join(',')}`,
    }),
    policy: choice<keyof typeof policies>(['grid', 'normal'], {
      default: 'grid',
      about: 'places on a grid, or a Normal',
    }),
    baseline: choice(['nvil', 'movingAverage', 'scoreFunction'], {default: 'nvil', about: 'the estimator'}),
    units: integer({default: 100, smoke: 4, about: 'of the hidden layers'}),
    entropy: positive({default: 0.05, about: 'what a nat of entropy is worth, where labels are drawn'}),
  },
  async run(job) {
    const {versions: asked, policy, baseline, units, entropy, smoke, steps} = job.options;
    const {train, test} = job.images;
    const accuracies: Record<string, number> = {};
    await job.each(asked, async version => {
      const {cost, classify, glimpse} = watcher(policies[policy], units, baseline, entropy);
      const optimizer = st.stochasticOptimizer(tf.train.adam(5e-3));
      await job.train(version, step => {
        const canvas = scatter(train.batch(step), st.random.foldIn(job.key, step));
        const labels = train.batchLabels(step);
        const mean = optimizer.minimize(() => cost(canvas, labels, version === 'guess'), true)!;
        return {[version === 'guess' ? 'wrong guesses − entropies’ worth' : '−ln p(label)']: mean};
      });
      const held = scatter(test.slice(0, smoke ? 20 : 1000), st.random.foldIn(job.key, steps));
      const right = tf.equal(classify(held), test.labels(0, held.shape[0]));
      accuracies[version] = 100 * tf.mean(tf.cast(right, 'float32')).dataSync()[0]!;
      // The report
      const few = tf.slice(held, 0, 12);
      job.show(`Canvases, ${version}`, () => ({canvas: few}));
      job.show(`Windows chosen, ${version}`, () => ({window: glimpse(few)}));
    });
    return asked.map(version => ({
      what: `accuracy on canvases held out (%), ${version}`,
      paper: version === 'guess' ? 'none; 60 is the goal here' : 'none; 90 is the goal here',
      here: accuracies[version] ?? NaN,
    }));
  },
});
