/**
 * The steps of bench/step.ts by hand, in tfjs alone: surrogates as one writes them from the papers. They run beside the
 * library with its kernels in force (`byHand`), and in a process without it (`plain`).
 */
import * as tf from '@tensorflow/tfjs-core';

/** Where random numbers come from. */
export interface Draws {
  uniform(shape: number[]): tf.Tensor;
  normal(shape: number[]): tf.Tensor;
}

export const [pixels, hidden] = [784, 200];

export const stepNames = ['scoreFunction', 'nvil', 'leaveOneOut', 'disarm', 'relax', 'pathwise'] as const;
export type StepName = (typeof stepNames)[number];

/** How many samples leave-one-out takes. */
export const SAMPLES = 4;

const stop = (x: tf.Tensor): tf.Tensor => tf.customGrad(() => ({value: tf.clone(x), gradFunc: () => []}))();

/** ln p(b | logits), summed over the last axis. */
function logBernoulli(b: tf.Tensor, logits: tf.Tensor): tf.Tensor {
  return tf.sum(tf.sub(tf.mul(b, logits), tf.softplus(logits)), -1);
}

/** The linear autoencoder 784-200-784 of binary pixels, with binary latents, and with normal ones. */
export function makeModel(batch: number, draws: Draws) {
  const weights = (shape: [number, number]): tf.Variable<tf.Rank.R2> =>
    tf.tidy(() => tf.variable(tf.mul<tf.Tensor2D>(draws.normal(shape), 0.05)));
  const bias = (size: number): tf.Variable => tf.tidy(() => tf.variable<tf.Rank>(tf.zeros([size])));
  const [w1, b1, w2, b2, prior] = [
    weights([pixels, hidden]),
    bias(hidden),
    weights([hidden, pixels]),
    bias(pixels),
    bias(hidden),
  ];
  const [ws, bs] = [weights([pixels, hidden]), bias(hidden)];
  const x = tf.tidy(() => tf.cast(tf.less(draws.uniform([batch, pixels]), 0.13), 'float32'));
  const centred = tf.tidy(() => tf.sub<tf.Tensor2D>(x, 0.13));
  const decode = (h: tf.Tensor): tf.Tensor => {
    const flat = tf.reshape<tf.Rank.R2>(h, [-1, hidden]);
    return tf.reshape(tf.add(tf.matMul(flat, w2), b2), [...h.shape.slice(0, -1), pixels]);
  };
  return {
    batch,
    centred,
    /** Logits of the latents. */
    encode: (): tf.Tensor => tf.add(tf.matMul(centred, w1), b1),
    /** −ELBO of each example, at binary latents b or at relaxed ones. */
    cost: (b: tf.Tensor, logits: tf.Tensor): tf.Tensor =>
      tf.sub(logBernoulli(b, logits), tf.add(logBernoulli(x, decode(tf.sub(tf.mul(b, 2), 1))), logBernoulli(b, prior))),
    variables: [w1, b1, w2, b2, prior],
    normal: {
      encode: () => ({
        loc: tf.add(tf.matMul(centred, w1), b1),
        scale: tf.softplus(tf.add(tf.matMul(centred, ws), bs)),
      }),
      /** −ELBO of each example with the divergence from N(0, 1) in closed form. */
      cost(z: tf.Tensor, loc: tf.Tensor, scale: tf.Tensor): tf.Tensor {
        const squares = tf.sub(tf.add(tf.square(loc), tf.square(scale)), 1);
        const kl = tf.sum(tf.sub(tf.mul(squares, 0.5), tf.log(scale)), -1);
        return tf.sub(kl, logBernoulli(x, decode(z)));
      },
      variables: [w1, b1, ws, bs, w2, b2],
    },
  };
}

export type VaeModel = ReturnType<typeof makeModel>;

/** One hidden layer of 100 with tanh, and one output that starts at 0. */
function perceptron(inputs: number, draws: Draws) {
  const w = tf.tidy(() => tf.variable(tf.mul<tf.Tensor2D>(draws.normal([inputs, 100]), Math.sqrt(2 / (inputs + 100)))));
  const [c, v, d] = [
    tf.variable(tf.zeros([100])),
    tf.variable(tf.zeros<tf.Rank.R2>([100, 1])),
    tf.variable(tf.zeros([1])),
  ];
  return {
    variables: [w, c, v, d] as tf.Variable[],
    call: (h: tf.Tensor): tf.Tensor =>
      tf.reshape(tf.add(tf.matMul(tf.tanh(tf.add<tf.Tensor2D>(tf.matMul(h as tf.Tensor2D, w), c)), v), d), [-1]), // h is a batch of vectors
  };
}

/** Each step, as a function that makes it ready. */
export const byHand: Readonly<Record<StepName, (model: VaeModel, draws: Draws) => () => void>> = {
  scoreFunction(model, draws) {
    return minimized(model, () => {
      const logits = model.encode();
      const b = drawn(logits, logits.shape, draws);
      const cost = model.cost(b, logits);
      return tf.mean(tf.add(cost, tf.mul(logBernoulli(b, logits), stop(cost))));
    });
  },

  /** A learned baseline that sees the input, trained by an optimizer of its own. */
  nvil(model, draws) {
    const optimizer: tf.Optimizer = tf.train.adam(1e-3);
    const own: tf.Optimizer = tf.train.adam(1e-3);
    const network = perceptron(pixels, draws);
    return () =>
      tf.tidy(() => {
        const {grads} = tf.variableGrads(() => {
          const logits = model.encode();
          const b = drawn(logits, logits.shape, draws);
          const cost = model.cost(b, logits);
          const residual = tf.sub(stop(cost), network.call(model.centred));
          return tf.mean(tf.addN([cost, tf.mul(logBernoulli(b, logits), stop(residual)), tf.square(residual)]));
        }, [...model.variables, ...network.variables]);
        const pick = (variables: readonly tf.Variable[]): tf.NamedTensorMap =>
          Object.fromEntries(variables.map(v => [v.name, grads[v.name]!]));
        optimizer.applyGradients(pick(model.variables));
        own.applyGradients(pick(network.variables));
      });
  },

  leaveOneOut(model, draws) {
    return minimized(model, () => {
      const logits = model.encode();
      const b = drawn(logits, [SAMPLES, ...logits.shape], draws);
      const cost = model.cost(b, logits);
      const held = stop(cost);
      const advantage = tf.mul(tf.sub(held, tf.mean(held, 0)), SAMPLES / (SAMPLES - 1));
      return tf.mean(tf.add(cost, tf.mul(logBernoulli(b, logits), advantage)));
    });
  },

  /** Dong, Mnih, Tucker 2020, eq. 3, for each unit of the latents. */
  disarm(model, draws) {
    return minimized(model, () => {
      const logits = model.encode();
      const u = draws.uniform(logits.shape);
      const probs = stop(tf.sigmoid(logits));
      const b = tf.cast(tf.less(u, probs), 'float32');
      const other = tf.cast(tf.less(tf.sub(1, u), probs), 'float32');
      const [first, second] = [model.cost(b, logits), model.cost(other, logits)];
      const half = tf.reshape(tf.mul(tf.sub(first, second), 0.5), [model.batch, 1]);
      // (−1)^b̃ where the pair differs is b − b̃
      const estimate = tf.mul(tf.mul(half, tf.sub(b, other)), tf.sigmoid(tf.abs(logits)));
      const costs = tf.mul(tf.add(first, second), 0.5);
      return tf.add(tf.mean(costs), tf.div(tf.sum(tf.mul(logits, stop(estimate))), model.batch));
    });
  },

  /** The paper's control variate c(z) = η f(σ_λ(z)) + r(z), in the usual two passes. */
  relax(model, draws) {
    const optimizer: tf.Optimizer = tf.train.adam(1e-3);
    const own: tf.Optimizer = tf.train.adam(1e-3);
    const network = perceptron(2 * hidden, draws);
    const logTemperature = tf.variable(tf.scalar(Math.log(0.5)));
    const eta = tf.variable(tf.scalar(1));
    const phi = [...network.variables, logTemperature, eta];
    const logit = (p: tf.Tensor): tf.Tensor => tf.sub(tf.log(p), tf.log1p(tf.neg(p)));
    const inside = (p: tf.Tensor): tf.Tensor => tf.clipByValue(p, 1e-6, 1 - 1e-6);
    return () =>
      tf.tidy(() => {
        const logits = model.encode();
        const [u, v] = [inside(draws.uniform(logits.shape)), inside(draws.uniform(logits.shape))];
        const toZ = (a: tf.Tensor): tf.Tensor => tf.add(a, logit(u));
        const b = tf.cast(tf.greater(toZ(logits), 0), 'float32');
        const held = model.cost(b, logits);
        const toTilde = (a: tf.Tensor): tf.Tensor => {
          const q = tf.sigmoid(a);
          const one = tf.add(tf.sub(1, q), tf.mul(v, q));
          const zero = tf.mul(v, tf.sub(1, q));
          return tf.add(a, logit(inside(tf.add(tf.mul(b, one), tf.mul(tf.sub(1, b), zero)))));
        };
        const c = (z: tf.Tensor, a: tf.Tensor): tf.Tensor => {
          const soft = tf.sigmoid(tf.div(z, tf.exp(logTemperature)));
          const r = network.call(tf.concat([tf.sub(tf.mul(soft, 2), 1), logits], 1));
          return tf.add(tf.mul(eta, model.cost(soft, a)), r);
        };
        let estimate: tf.Tensor | undefined;
        const {grads} = tf.variableGrads(() => {
          const slope = (f: (a: tf.Tensor) => tf.Tensor): tf.Tensor => tf.grad(a => tf.sum(c(f(a), logits)))(logits);
          const residual = tf.reshape(tf.sub(held, c(toTilde(logits), logits)), [model.batch, 1]);
          const score = tf.sub(b, tf.sigmoid(logits));
          estimate = tf.keep(tf.add(tf.mul(residual, score), tf.sub(slope(toZ), slope(toTilde))));
          return tf.mean(tf.sum(tf.square(estimate), -1));
        }, phi);
        own.applyGradients(grads);
        optimizer.minimize(
          () => {
            const again = model.encode();
            return tf.add(tf.mean(model.cost(b, again)), tf.div(tf.sum(tf.mul(again, estimate!)), model.batch));
          },
          false,
          model.variables,
        );
        estimate!.dispose();
      });
  },

  /** Normal latents, reparameterised. */
  pathwise({normal}, draws) {
    return minimized(normal, () => {
      const {loc, scale} = normal.encode();
      return tf.mean(normal.cost(tf.add(loc, tf.mul(scale, draws.normal(loc.shape))), loc, scale));
    });
  },
};

function drawn(logits: tf.Tensor, shape: number[], draws: Draws): tf.Tensor {
  return stop(tf.cast(tf.less(draws.uniform(shape), tf.sigmoid(logits)), 'float32'));
}

function minimized({variables}: {variables: tf.Variable[]}, loss: () => tf.Tensor): () => void {
  const optimizer: tf.Optimizer = tf.train.adam(1e-3);
  // every loss above is a mean, a scalar
  return () => void optimizer.minimize(loss as () => tf.Scalar, false, variables);
}
