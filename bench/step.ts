/**
 * What the machinery costs: a training step through `stochasticOptimizer` beside the same step with the surrogate
 * written by hand.
 */
import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {interleaved, report} from './report.js';

const [pixels, hidden] = [784, 200];
const independent = (logits: tf.Tensor): st.Distribution => st.independent(new st.Bernoulli({logits}), 1);

/** ln p(b | logits), summed over the last axis. */
function logBernoulli(b: tf.Tensor, logits: tf.Tensor): tf.Tensor {
  return tf.sum(tf.sub(tf.mul(b, logits), tf.softplus(logits)), -1);
}

/** The linear Bernoulli autoencoder 784-200-784 and its cost, −ELBO of each example. */
function makeModel(batch: number) {
  st.random.setSeed(1);
  const variable = (shape: number[], sd: number): tf.Variable =>
    tf.tidy(() => tf.variable(tf.mul(st.random.normal(shape), sd)));
  const w1 = variable([pixels, hidden], 0.05) as tf.Variable<tf.Rank.R2>;
  const b1 = variable([hidden], 0);
  const w2 = variable([hidden, pixels], 0.05) as tf.Variable<tf.Rank.R2>;
  const b2 = variable([pixels], 0);
  const prior = variable([hidden], 0);
  const x = st.random.bernoulli([batch, pixels], {probs: 0.13, key: st.random.key(2)});
  const centred = tf.tidy(() => tf.sub<tf.Tensor2D>(x, 0.13));
  const encode = (): tf.Tensor => tf.add(tf.matMul(centred, w1), b1);
  const cost = (b: tf.Tensor, logits: tf.Tensor): tf.Tensor => {
    const flat = tf.reshape<tf.Rank.R2>(tf.sub(tf.mul(b, 2), 1), [-1, hidden]);
    const decoded = tf.reshape(tf.add(tf.matMul(flat, w2), b2), [...b.shape.slice(0, -1), pixels]);
    return tf.sub(logBernoulli(b, logits), tf.add(logBernoulli(x, decoded), logBernoulli(b, prior)));
  };
  return {variables: [w1, b1, w2, b2, prior], encode, cost, centred, batch};
}

type Model = ReturnType<typeof makeModel>;

/** Our step. */
function library(model: Model, estimator: st.Estimator): () => void {
  const optimizer = st.stochasticOptimizer(tf.train.adam(1e-3));
  return () =>
    optimizer.minimize(
      () => {
        const logits = model.encode();
        const z = new st.DistributionTensor(independent(logits), {estimator});
        return model.cost(z.value, logits);
      },
      false,
      model.variables,
    );
}

const draw = (logits: tf.Tensor, shape: number[]): tf.Tensor =>
  st.stopGradient(st.random.bernoulli(shape, {probs: tf.sigmoid(logits)}));

/** The score function with a plain baseline of 0, by hand. */
function scoreFunctionByHand(model: Model): () => void {
  const optimizer: tf.Optimizer = tf.train.adam(1e-3);
  return () =>
    optimizer.minimize(
      () => {
        const logits = model.encode();
        const b = draw(logits, logits.shape);
        const cost = model.cost(b, logits);
        return tf.mean(tf.add(cost, tf.mul(logBernoulli(b, logits), st.stopGradient(cost))));
      },
      false,
      model.variables,
    );
}

/** Leave-one-out with 4 samples, by hand. */
function leaveOneOutByHand(model: Model): () => void {
  const optimizer: tf.Optimizer = tf.train.adam(1e-3);
  return () =>
    optimizer.minimize(
      () => {
        const logits = model.encode();
        const b = draw(logits, [4, ...logits.shape]);
        const cost = model.cost(b, logits);
        const held = st.stopGradient(cost);
        const advantage = tf.mul(tf.sub(held, tf.mean(held, 0)), 4 / 3);
        return tf.mean(tf.add(cost, tf.mul(logBernoulli(b, logits), advantage)));
      },
      false,
      model.variables,
    );
}

/**
 * A learned baseline with one hidden layer of 100, by hand: the same network as the library's, trained by an optimizer
 * of its own.
 */
function learnedByHand(model: Model): () => void {
  const optimizer: tf.Optimizer = tf.train.adam(1e-3);
  const own: tf.Optimizer = tf.train.adam(1e-3);
  const network = st.denseNetwork({inputSize: pixels, units: [100]});
  return () =>
    tf.tidy(() => {
      const {grads} = tf.variableGrads(() => {
        const logits = model.encode();
        const b = draw(logits, logits.shape);
        const cost = model.cost(b, logits);
        const held = st.stopGradient(cost);
        const residual = tf.sub(held, tf.reshape(network.call(model.centred), [model.batch]));
        return tf.mean(
          tf.addN([cost, tf.mul(logBernoulli(b, logits), st.stopGradient(residual)), tf.square(residual)]),
        );
      }, [...model.variables, ...network.variables]);
      const pick = (variables: readonly tf.Variable[]): tf.NamedTensorMap =>
        Object.fromEntries(variables.map(v => [v.name, grads[v.name]!]));
      optimizer.applyGradients(pick(model.variables));
      own.applyGradients(pick(network.variables));
    });
}

/** RELAX with c(z) = a network of the softened z, by hand, in the usual two passes. */
function relaxByHand(model: Model): () => void {
  const optimizer: tf.Optimizer = tf.train.adam(1e-3);
  const own: tf.Optimizer = tf.train.adam(1e-3);
  const network = st.denseNetwork({inputSize: 2 * hidden, units: [100]});
  const logTemperature = tf.variable(tf.scalar(Math.log(0.5)));
  const phi = [...network.variables, logTemperature];
  return () =>
    tf.tidy(() => {
      const logits = model.encode();
      const u = st.random.uniform(logits.shape, {low: 1e-6, high: 1 - 1e-6});
      const v = st.random.uniform(logits.shape, {low: 1e-6, high: 1 - 1e-6});
      const logit = (p: tf.Tensor): tf.Tensor => tf.sub(tf.log(p), tf.log1p(tf.neg(p)));
      const toZ = (a: tf.Tensor): tf.Tensor => tf.add(a, logit(u));
      const b = tf.cast(tf.greater(toZ(logits), 0), 'float32');
      const held = model.cost(b, logits);
      const toTilde = (a: tf.Tensor): tf.Tensor => {
        const q = tf.sigmoid(a);
        const one = tf.add(tf.sub(1, q), tf.mul(v, q));
        return tf.add(
          a,
          logit(tf.clipByValue(tf.add(tf.mul(b, one), tf.mul(tf.sub(1, b), tf.mul(v, tf.sub(1, q)))), 1e-6, 1 - 1e-6)),
        );
      };
      const c = (z: tf.Tensor): tf.Tensor =>
        tf.reshape(
          network.call(tf.concat([tf.sub(tf.mul(tf.sigmoid(tf.div(z, tf.exp(logTemperature))), 2), 1), logits], 1)),
          [model.batch],
        );
      let estimate: tf.Tensor | undefined;
      const {grads} = tf.variableGrads(() => {
        const gz = tf.grad(a => tf.sum(c(toZ(a))))(logits);
        const gTilde = tf.grad(a => tf.sum(c(toTilde(a))))(logits);
        const residual = tf.reshape(tf.sub(held, c(toTilde(logits))), [model.batch, 1]);
        estimate = tf.keep(tf.add(tf.mul(residual, tf.sub(b, tf.sigmoid(logits))), tf.sub(gz, gTilde)));
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
}

/** Prints the ratio of our step to the one by hand, for each estimator and batch size, on the active backend. */
export function benchSteps(): void {
  for (const batch of [24, 100]) {
    const model = makeModel(batch);
    const pairs: Array<[string, () => void, () => void]> = [
      ['scoreFunction', library(model, st.scoreFunction()), scoreFunctionByHand(model)],
      ['leaveOneOut', library(model, st.estimators.get('leaveOneOut')), leaveOneOutByHand(model)],
      ['nvil', library(model, st.nvil({context: model.centred})), learnedByHand(model)],
      ['relax', library(model, st.relax()), relaxByHand(model)],
    ];
    for (const [estimator, ours, byHand] of pairs) {
      const {ours: a, byHand: b} = interleaved({ours, byHand}, 15, 10);
      report('step', {
        backend: tf.getBackend(),
        model: '784-200-784',
        batch,
        estimator,
        msOurs: a!,
        msByHand: b!,
        ratio: a! / b!,
      });
    }
  }
}
