/**
 * A generative adversarial network as actor and critic (Pfau and Vinyals 2016): the generator is a policy whose state is
 * noise and whose action is an image; the critic says how likely an image is to be real, whatever the state. What the
 * action costs is −ln D(image), and the policy descends its stochastic value gradient, SVG(0).
 */
import * as Plot from '@observablehq/plot';
import * as tf from '@tensorflow/tfjs-core';
import {layers, sequential, type Sequential} from '@tensorflow/tfjs-layers';
import * as st from 'tfjs-stochastic';
import {example} from './frame/example.js';
import {choices, integer, positive} from './frame/kinds.js';
import {parzen} from './gan/parzen.js';

/** The middles of eight Normals, `[8, 2]`. */
const corners = Array.from({length: 8}, (_, i) => [2 * Math.cos((i * Math.PI) / 4), 2 * Math.sin((i * Math.PI) / 4)]);

const ring = (deviation: number): st.Distribution =>
  new st.MixtureSameFamily({
    mixtureDistribution: new st.Categorical({logits: tf.zeros([8])}),
    componentsDistribution: st.independent(new st.Normal({loc: corners, scale: deviation})),
  });

/** How many of the eight have at least a hundredth of the points within 3 deviations, and which share of all have one. */
export function coverage(points: tf.Tensor, deviation: number): {modes: number; share: number} {
  const apart = tf.norm(tf.sub(tf.expandDims(points, 1), tf.tensor2d(corners)), 2, -1);
  const near = tf.cast(tf.lessEqual(apart, 3 * deviation), 'float32');
  const shares = tf.mean(near, 0).arraySync() as number[]; // of rank 1
  const [share] = tf.mean(tf.max(near, 1)).dataSync(); // a point may be near two
  return {modes: shares.filter(of => of >= 0.01).length, share: 100 * share!};
}

/** Of the critic's slope at real points. */
const PENALTY = 0.05;

const dense = (units: number, more = {}): layers.Layer =>
  layers.dense({units, activation: 'relu', kernelInitializer: 'heNormal', ...more});

const network = (inputs: number, units: number, output: layers.Layer): Sequential =>
  sequential({layers: [dense(units, {inputShape: [inputs]}), dense(units), output]});

/** Actor and critic of points `[…, size]`, and a step of both. */
export function adversaries(latents: number, units: number, size: number, squash: 'linear' | 'sigmoid') {
  const generator = network(latents, units, layers.dense({units: size, activation: squash}));
  const critic = network(size, units, layers.dense({units: 1}));
  const logOdds = (x: tf.Tensor): tf.Tensor => tf.squeeze(critic.apply(x) as tf.Tensor, [-1]);
  const slow = st.targetNetwork(generator, {decay: 0.99});
  const [actor, judge] = [0, 1].map(() => st.stochasticOptimizer(tf.train.adam(4e-3, 0.5, 0.99)));
  /** On real points, with noise on all that the critic sees; `rate` is a factor of the learning rate. */
  const step = (real: tf.Tensor, noise: number, rate: number) => {
    [actor!, judge!].forEach(optimizer => (optimizer.learningRate = 4e-3 * rate));
    const policy = (z: tf.Tensor) =>
      st.independent(new st.Normal({loc: generator.apply(z) as tf.Tensor, scale: noise}));
    const states = st.random.normal([real.shape[0], latents]);
    const actions = policy(states).sample();
    const seen = tf.add(real, tf.mul(st.random.normal(real.shape), noise));
    const loss = judge!.minimize(() => {
      const slope = tf.grad(x => tf.sum(logOdds(x)))(seen);
      const error = tf.add(tf.softplus(tf.neg(logOdds(seen))), tf.softplus(logOdds(actions)));
      return tf.add(error, tf.mul(tf.sum(tf.square(slope), -1), PENALTY / 2)); // R1 of Mescheder et al. 2018
    }, true)!;
    const q = (_: tf.Tensor, image: tf.Tensor): tf.Tensor => tf.softplus(tf.neg(logOdds(image)));
    const cost = actor!.minimize(() => st.svg0({policy, q, transitions: {states, actions}}), true)!;
    slow.update();
    return {'critic: its loss': loss, 'actor: −ln D(image)': cost};
  };
  return {step, imagine: (z: tf.Tensor) => slow.call(z)};
}

const problems = ['ring', 'digits'] as const;

export default example({
  title: 'Generative adversarial network',
  paper:
    'Pfau and Vinyals 2016, Connecting generative adversarial networks and actor-critic methods, arXiv:1610.01945; Goodfellow et al. 2014, arXiv:1406.2661',
  about:
    'The actor is trained by SVG(0) on its critic, −ln D(image) as Q. Eight Normals on a circle of radius 2 (--deviation), and digits. Noise on all that the critic sees falls in the first half of the steps, ' +
    'learning rates in the second; the critic pays for its slope at real points. What is judged is the generator with averaged weights, without noise.',
  steps: {default: 2000, smoke: 2},
  images: {batch: 64, train: 5000, test: 500},
  options: {
    problems: choices(problems, {default: problems, about: `which of ${problems.join(',')}`}),
    deviation: positive({default: 0.05, about: 'of each Normal of the ring'}),
    units: integer({default: 64, smoke: 4, about: 'of the hidden layers, for digits twice as many'}),
    samples: integer({default: 2000, smoke: 100, about: 'that are judged'}),
  },
  async run(job) {
    const {problems: asked, deviation, units, samples, steps, batch} = job.options;
    const {train, test} = job.images;
    const growing: Record<string, Array<[step: number, images: number[][]]>> = {};
    const judged: Record<string, number> = {};
    await job.each(asked, async problem => {
      const isRing = problem === 'ring';
      const [latents, floor] = isRing ? [4, 0.01] : [32, 0.3];
      const points = ring(deviation);
      const {step, imagine} = isRing
        ? adversaries(latents, units, 2, 'linear')
        : adversaries(latents, 2 * units, 784, 'sigmoid');
      const few = st.random.normal([isRing ? 500 : 16, latents]);
      await job.train(problem, i => {
        const real = isRing ? points.sample([2 * batch]) : train.batch(i);
        const figures = step(real, Math.max(floor, 0.5 - i / steps), Math.min(1, 2 - (2 * i) / steps));
        if ((i + 1) % Math.ceil(steps / 4) === 0 || i + 1 === steps)
          (growing[problem] ??= []).push([i + 1, imagine(few).arraySync() as number[][]]); // of rank 2
        return figures;
      });
      const made = imagine(st.random.normal([samples, latents])) as tf.Tensor2D; // as the networks are
      if (isRing) Object.assign(judged, coverage(made, deviation));
      else {
        // windows around as many of either kind, as wide as suits other images of training
        const half = Math.min(samples, Math.floor(train.count / 2));
        const [known, others, held] = [train.slice(0, half), train.slice(half, half), test.slice()];
        const draws = tf.slice(made, 0, half);
        Object.assign(judged, {drawn: parzen(held, draws, others), known: parzen(held, known, others)});
      }
    });
    // The report
    const at = ([step]: [number, unknown]): string => `step ${step}`;
    const {ring: clouds = [], digits = []} = growing;
    if (clouds.length > 0) {
      const all = clouds.flatMap(cloud => cloud[1].map(([x, y]) => ({step: at(cloud), x, y})));
      job.plot('Points of the generator', {
        height: 190,
        x: {domain: [-3, 3], ticks: 3},
        y: {domain: [-3, 3], ticks: 3},
        fx: {label: null, domain: clouds.map(at)},
        marks: [
          Plot.dot(corners, {x: '0', y: '1', r: 4, stroke: '#d55e00'}),
          Plot.dot(all, {x: 'x', y: 'y', fx: 'step', r: 1, fill: '#0072b2', clip: true}),
        ],
      });
    }
    if (digits.length > 0)
      job.show('Digits of the generator', () => Object.fromEntries(digits.map(row => [at(row), tf.tensor2d(row[1])])));
    const figures = {
      modes: [
        'ring: modes that are met, of 8',
        '1 by GAN, 7.6 by unrolled GAN, 8 by VEEGAN (Srivastava et al. 2017, table 1)†',
      ],
      share: ['ring: points within 3 deviations of one (%)', '99.3, 35.6, 52.9 in that table†'],
      drawn: [
        'digits: ln p of images held out, windows around draws (nats)',
        '225 ± 2 on grey MNIST (Goodfellow et al. 2014, table 1)†',
      ],
      known: ['the same, windows around as many images of training', ''],
    } as const;
    return Object.entries(figures)
      .filter(([name]) => asked.includes(name === 'modes' || name === 'share' ? 'ring' : 'digits'))
      .map(([name, [what, paper]]) => ({what, paper, here: judged[name] ?? NaN, digits: 1}));
  },
});
