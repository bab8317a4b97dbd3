/** Small stochastic programs with exactly known expectations, on which estimators are judged. */
import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {exactGradient, gradientMoments, sigmoid, worstZ} from '../helpers/estimates.js';

export type Values = Record<string, number[]>;
/** Makes a node and gives its value. */
export type Draw = (q: st.Distribution) => tf.Tensor;
export type AnyEstimator = st.Estimator | st.LossFunction | string;

export interface Problem {
  readonly title: string;
  readonly parameters: Values;
  /** The costs, from parameters of shape [n, size]. Leading sample axes may appear in what `draw` gives. */
  readonly costs: (p: Record<string, tf.Tensor>, draw: Draw) => tf.Tensor | tf.Tensor[];
  /** The mean over batch axes of the expected sum of costs. */
  readonly expectation: (p: Values) => number;
}

/** Column i of a [n, size] tensor: [n]. */
export const column = (t: tf.Tensor, i = 0): tf.Tensor => tf.squeeze(tf.slice(t, [0, i], [-1, 1]), [1]);
export const bernoulli = (logits: tf.Tensor): st.Distribution => new st.Bernoulli({logits});
/** (x − target)². */
export const square = (x: tf.Tensor, target: number): tf.Tensor => tf.square(tf.sub(x, target));
/** E over b ~ Bernoulli(p) of f(b). */
const over = (p: number, f: (b: number) => number): number => p * f(1) + (1 - p) * f(0);
const softmax = (logits: number[]): number[] => {
  const e = logits.map(Math.exp);
  const total = e.reduce((a, b) => a + b, 0);
  return e.map(x => x / total);
};
/** E over k ~ Categorical(softmax(logits)) of f(k). */
const overClass = (logits: number[], f: (k: number) => number): number =>
  softmax(logits).reduce((sum, p, k) => sum + p * f(k), 0);

export const oneBernoulli: Problem = {
  title: 'one node',
  parameters: {theta: [0.4]},
  costs: ({theta}, draw) => tf.add(tf.mul(square(draw(bernoulli(column(theta!))), 0.3), 3), 1),
  expectation: ({theta}) => over(sigmoid(theta![0]!), b => 3 * (b - 0.3) ** 2 + 1),
};

const image = [1, 0, 1];
const [pixels, bits] = [image.length, 2];

/** A linear autoencoder with two layers of two Bernoulli bits each on one image of three pixels: its −ELBO. */
const twoLayers: Problem = {
  title: 'two layers of bits in an autoencoder',
  parameters: {
    first: [0.4, -0.7, 0.2, 0.9, -0.3, 0.5],
    second: [0.8, -0.5, 0.3, 0.6],
    toFirst: [-0.4, 0.7, 1.1, 0.2],
    toImage: [0.9, -0.6, 0.4, 0.3, -0.8, 0.5],
    prior: [0.2, -0.3],
  },
  costs({first, second, toFirst, toImage, prior}, draw) {
    const matrix = (t: tf.Tensor, columns: number): tf.Tensor => tf.reshape(t, [t.shape[0], -1, columns]);
    const times = (m: tf.Tensor, v: tf.Tensor): tf.Tensor => tf.sum(tf.mul(m, tf.expandDims(v, -2)), -1);
    const logProb = (logits: tf.Tensor, x: tf.Tensor): tf.Tensor =>
      tf.sum(tf.sub(tf.mul(x, logits), tf.softplus(logits)), -1);
    const layer = (logits: tf.Tensor): [tf.Tensor, tf.Tensor] => {
      const b = draw(st.independent(bernoulli(logits)));
      return [b, logProb(logits, b)];
    };
    const x = tf.tensor1d(image);
    const [b1, q1] = layer(times(matrix(first!, pixels), x));
    const [b2, q2] = layer(times(matrix(second!, bits), b1));
    const reconstruction = logProb(times(matrix(toImage!, bits), b1), x);
    const joint = tf.add(reconstruction, tf.add(logProb(times(matrix(toFirst!, bits), b2), b1), logProb(prior!, b2)));
    return tf.sub(tf.add(q1, q2), joint);
  },
  expectation(p) {
    const times = (m: number[], v: number[]): number[] =>
      Array.from({length: m.length / v.length}, (_, i) => v.reduce((sum, x, j) => sum + m[i * v.length + j]! * x, 0));
    const logProb = (logits: number[], x: number[]): number =>
      logits.reduce((sum, l, i) => sum + x[i]! * l - Math.log1p(Math.exp(l)), 0);
    const all = [
      [0, 0],
      [0, 1],
      [1, 0],
      [1, 1],
    ];
    let total = 0;
    for (const b1 of all) {
      for (const b2 of all) {
        const q = logProb(times(p['first']!, image), b1) + logProb(times(p['second']!, b1), b2);
        const joint =
          logProb(times(p['toImage']!, b1), image) + logProb(times(p['toFirst']!, b2), b1) + logProb(p['prior']!, b2);
        total += Math.exp(q) * (q - joint);
      }
    }
    return total;
  },
};
export const binary: Problem[] = [
  oneBernoulli,
  {
    title: 'one node with probs',
    parameters: {theta: [0.35]},
    costs: ({theta}, draw) => square(draw(new st.Bernoulli({probs: column(theta!)})), -0.6),
    expectation: ({theta}) => over(theta![0]!, b => (b + 0.6) ** 2),
  },
  {
    title: 'a chain of two with a cost at each',
    parameters: {theta: [0.5, -0.3]},
    costs({theta}, draw) {
      const a = draw(bernoulli(column(theta!)));
      const b = draw(bernoulli(tf.add(column(theta!, 1), tf.sub(tf.mul(a, 1.5), 0.5))));
      return [square(a, 0.2), tf.mul(square(b, -0.4), 2)];
    },
    expectation: ({theta}) =>
      over(
        sigmoid(theta![0]!),
        a => (a - 0.2) ** 2 + over(sigmoid(theta![1]! + 1.5 * a - 0.5), b => 2 * (b + 0.4) ** 2),
      ),
  },
  {
    title: 'a fork: costs of which one is not downstream',
    parameters: {theta: [0.6, -0.7]},
    costs({theta}, draw) {
      const a = draw(bernoulli(column(theta!)));
      const b = draw(bernoulli(column(theta!, 1)));
      return [square(a, 0.3), tf.mul(a, 1.5), tf.mul(square(b, 0.8), 4), tf.square(column(theta!, 1))];
    },
    expectation: ({theta}) =>
      over(sigmoid(theta![0]!), a => (a - 0.3) ** 2 + 1.5 * a) +
      over(sigmoid(theta![1]!), b => 4 * (b - 0.8) ** 2) +
      theta![1]! ** 2,
  },
  {
    title: 'two nodes in parallel with a joint cost',
    parameters: {theta: [0.3, -0.5]},
    costs({theta}, draw) {
      // The second node is independent of the first: the cost aligns their sample axes by broadcasting.
      const a = draw(bernoulli(column(theta!)));
      const b = draw(bernoulli(column(theta!, 1)));
      return square(tf.add(a, tf.mul(b, 2)), 0.7);
    },
    expectation: ({theta}) => over(sigmoid(theta![0]!), a => over(sigmoid(theta![1]!), b => (a + 2 * b - 0.7) ** 2)),
  },
  {
    title: 'a batch of different elements',
    parameters: {theta: [0.3, -0.5, 1.2]},
    costs: ({theta}, draw) => tf.square(tf.sub(draw(bernoulli(theta!)), [0.3, 0.9, -0.4])),
    expectation: ({theta}) =>
      [0.3, 0.9, -0.4].reduce((sum, t, i) => sum + over(sigmoid(theta![i]!), b => (b - t) ** 2) / 3, 0),
  },
  {
    title: 'an event of three',
    parameters: {theta: [0.3, -0.5, 1.2]},
    costs: ({theta}, draw) => square(tf.sum(tf.mul(draw(st.independent(bernoulli(theta!))), [1, -2, 0.5]), -1), 0.3),
    expectation: ({theta}) =>
      over(sigmoid(theta![0]!), a =>
        over(sigmoid(theta![1]!), b => over(sigmoid(theta![2]!), c => (a - 2 * b + 0.5 * c - 0.3) ** 2)),
      ),
  },
  twoLayers,
];

const prices = [1.3, -0.4, 2.1, 0.2];

export const classes: Problem[] = [
  {
    title: 'one Categorical',
    parameters: {theta: [0.3, -0.5, 0.8, 0.1]},
    costs: ({theta}, draw) =>
      tf.gather(tf.tensor1d(prices), tf.cast(draw(new st.Categorical({logits: theta!})), 'int32')),
    expectation: ({theta}) => overClass(theta!, k => prices[k]!),
  },
  {
    title: 'one Categorical with probs',
    parameters: {theta: [0.3, -0.5, 0.8, 0.1]},
    costs: ({theta}, draw) =>
      tf.gather(tf.tensor1d(prices), tf.cast(draw(new st.Categorical({probs: tf.softmax(theta!)})), 'int32')),
    expectation: ({theta}) => overClass(theta!, k => prices[k]!),
  },
  {
    title: 'one OneHotCategorical',
    parameters: {theta: [0.3, -0.5, 0.8, 0.1]},
    costs: ({theta}, draw) => square(tf.sum(tf.mul(draw(new st.OneHotCategorical({logits: theta!})), prices), -1), 0.5),
    expectation: ({theta}) => overClass(theta!, k => (prices[k]! - 0.5) ** 2),
  },
  {
    title: 'a Bernoulli given a Categorical',
    parameters: {theta: [0.3, -0.5, 0.8], eta: [0.4]},
    costs({theta, eta}, draw) {
      const k = tf.cast(draw(new st.Categorical({logits: theta!})), 'float32');
      const b = draw(bernoulli(tf.mul(column(eta!), tf.sub(k, 0.5))));
      return [square(b, -0.3), tf.mul(square(k, 1.4), 0.5)];
    },
    expectation: ({theta, eta}) =>
      overClass(theta!, k => 0.5 * (k - 1.4) ** 2 + over(sigmoid(eta![0]! * (k - 0.5)), b => (b + 0.3) ** 2)),
  },
  {
    title: 'an event of two Categoricals',
    parameters: {theta: [0.3, -0.5, 0.8, 0.1, 0.6, -0.2]},
    costs({theta}, draw) {
      const k = draw(st.independent(new st.Categorical({logits: tf.reshape(theta!, [-1, 2, 3])})));
      return square(tf.sum(tf.mul(tf.cast(k, 'float32'), [1, -1.5]), -1), 0.3);
    },
    expectation: ({theta}) =>
      overClass(theta!.slice(0, 3), a => overClass(theta!.slice(3), b => (a - 1.5 * b - 0.3) ** 2)),
  },
  {
    title: 'an event of two OneHotCategoricals',
    parameters: {theta: [0.3, -0.5, 0.8, 0.1, 0.6, -0.2]},
    costs({theta}, draw) {
      const k = draw(st.independent(new st.OneHotCategorical({logits: tf.reshape(theta!, [-1, 2, 3])})));
      return square(
        tf.sum(
          tf.mul(k, [
            [0, 1, 2],
            [0, -1.5, -3],
          ]),
          [-1, -2],
        ),
        0.3,
      );
    },
    expectation: ({theta}) =>
      overClass(theta!.slice(0, 3), a => overClass(theta!.slice(3), b => (a - 1.5 * b - 0.3) ** 2)),
  },
];

export const real: Problem[] = [
  {
    title: 'one Normal',
    parameters: {theta: [0.6, 0.8]},
    costs: ({theta}, draw) => square(draw(new st.Normal({loc: column(theta!), scale: column(theta!, 1)})), 0.3),
    expectation: ({theta}) => (theta![0]! - 0.3) ** 2 + theta![1]! ** 2,
  },
  {
    title: 'a chain of two Normals with a cost at each',
    parameters: {theta: [0.7, 0.5]},
    costs({theta}, draw) {
      const a = draw(new st.Normal({loc: column(theta!), scale: 0.7}));
      const b = draw(new st.Normal({loc: tf.mul(column(theta!, 1), a), scale: 0.6}));
      return [square(a, 0.3), square(b, -0.2)];
    },
    expectation: ({theta}) =>
      (theta![0]! - 0.3) ** 2 + 0.49 + (theta![1]! * theta![0]! + 0.2) ** 2 + theta![1]! ** 2 * 0.49 + 0.36,
  },
  {
    title: 'an event of two Normals',
    parameters: {theta: [0.7, -0.5]},
    costs: ({theta}, draw) =>
      square(tf.sum(draw(st.independent(new st.Normal({loc: theta!, scale: [0.5, 0.9]}))), -1), 0.4),
    expectation: ({theta}) => (theta![0]! + theta![1]! - 0.4) ** 2 + 0.25 + 0.81,
  },
];

const poisson = (rate: tf.Tensor): st.Distribution => new st.Poisson({rate});

/** E (X − t)² of a variable of this mean and variance. */
const aboutTarget = (mean: number, variance: number, t: number): number => variance + (mean - t) ** 2;

export const counts: Problem[] = [
  {
    title: 'one Poisson',
    parameters: {theta: [1.7]},
    costs: ({theta}, draw) => square(tf.cast(draw(poisson(column(theta!))), 'float32'), 1.3),
    expectation: ({theta}) => aboutTarget(theta![0]!, theta![0]!, 1.3),
  },
  {
    title: 'an event of two Poissons',
    parameters: {theta: [1.7, 0.6]},
    costs: ({theta}, draw) => square(tf.sum(tf.cast(draw(st.independent(poisson(theta!))), 'float32'), -1), 1.3),
    expectation: ({theta}) => aboutTarget(theta![0]! + theta![1]!, theta![0]! + theta![1]!, 1.3),
  },
  {
    title: 'one Binomial',
    parameters: {theta: [0.4]},
    costs: ({theta}, draw) =>
      square(tf.cast(draw(new st.Binomial({totalCount: 3, logits: column(theta!)})), 'float32'), 1.2),
    expectation: ({theta}) =>
      aboutTarget(3 * sigmoid(theta![0]!), 3 * sigmoid(theta![0]!) * (1 - sigmoid(theta![0]!)), 1.2),
  },
];

export const positive: Problem[] = [
  {
    title: 'one Gamma',
    parameters: {theta: [2.3, 1.4]},
    costs: ({theta}, draw) => square(draw(new st.Gamma({concentration: column(theta!), rate: column(theta!, 1)})), 1.1),
    expectation: ({theta}) => aboutTarget(theta![0]! / theta![1]!, theta![0]! / theta![1]! ** 2, 1.1),
  },
  {
    title: 'one Gamma, its rate learnt',
    parameters: {theta: [1.4]},
    costs: ({theta}, draw) => square(draw(new st.Gamma({concentration: 2.3, rate: column(theta!)})), 1.1),
    expectation: ({theta}) => aboutTarget(2.3 / theta![0]!, 2.3 / theta![0]! ** 2, 1.1),
  },
  {
    title: 'a Normal given an Exponential',
    parameters: {theta: [1.3, 0.6]},
    costs({theta}, draw) {
      const a = draw(new st.Exponential({rate: column(theta!)}));
      const b = draw(new st.Normal({loc: tf.mul(column(theta!, 1), a), scale: 0.8}));
      return [tf.mul(a, 0.5), square(b, 0.4)];
    },
    expectation({theta}) {
      const [rate, w] = theta as [number, number]; // two parameters
      return 0.5 / rate + 0.64 + aboutTarget(w / rate, (w / rate) ** 2, 0.4);
    },
  },
  {
    title: 'one Weibull, its scale learnt',
    parameters: {theta: [1.2]},
    costs: ({theta}, draw) => square(draw(new st.Weibull({concentration: 2, scale: column(theta!)})), 0.7),
    expectation: ({theta}) => {
      const mean = (theta![0]! * Math.sqrt(Math.PI)) / 2;
      return aboutTarget(mean, theta![0]! ** 2 - mean ** 2, 0.7);
    },
  },
];

export interface Sizes {
  /** Independent estimates. */
  readonly n: number;
  /** Steps of training before, on other draws. */
  readonly warmup?: number;
  /** How many of them one backward pass may hold; default all. */
  readonly atOnce?: number;
}

/**
 * The z-score of an estimator on a problem: the worst component. The estimator's state is that of its training so far.
 */
export async function zOf(
  problem: Problem,
  estimator: AnyEstimator,
  {n, warmup = 0, atOnce = n}: Sizes,
  options: st.DistributionTensorOptions = {},
): Promise<number> {
  st.random.setSeed(17);
  train(problem, estimator, warmup, options);
  const moments = await gradientMoments(
    problem.parameters,
    n,
    p => problem.costs(p, drawWith(estimator, options)),
    atOnce,
  );
  return worstZ(moments, exactGradient(problem.parameters, problem.expectation));
}

/** The largest variance among the components of a single estimate. */
export async function varianceOf(
  problem: Problem,
  estimator: AnyEstimator,
  {n, warmup = 0}: Sizes,
  options: st.DistributionTensorOptions = {},
): Promise<number> {
  st.random.setSeed(18);
  train(problem, estimator, warmup, options);
  const moments = await gradientMoments(problem.parameters, n, p => problem.costs(p, drawWith(estimator, options)));
  return Math.max(...Object.values(moments).flatMap(m => m.variance));
}

/** Trains the state of an estimator with the parameters held fixed. */
export function train(
  problem: Problem,
  estimator: AnyEstimator,
  steps: number,
  options: st.DistributionTensorOptions = {},
  batch = 50,
): void {
  if (steps === 0) return;
  const variables = Object.fromEntries(
    Object.entries(problem.parameters).map(([name, list]) => [
      name,
      tf.tidy(() => tf.variable(tf.tile(tf.tensor2d([list]), [batch, 1]))),
    ]),
  );
  const optimizer = st.stochasticOptimizer(tf.train.sgd(0), {controlVariateOptimizer: tf.train.adam(0.02)});
  try {
    for (let i = 0; i < steps; i++) {
      optimizer.minimize(() => problem.costs(variables, drawWith(estimator, options)), false, Object.values(variables));
    }
  } finally {
    optimizer.dispose();
    tf.dispose(variables);
  }
}

export function drawWith(estimator: AnyEstimator, options: st.DistributionTensorOptions = {}): Draw {
  return q => new st.DistributionTensor(q, {estimator, ...options}).value;
}
