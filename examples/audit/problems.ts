/** The programs of `npm run audit`: small, and where nodes are discrete their gradients are known exactly. */
import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {target} from '../toy.js';

export interface AuditProblem {
  readonly title: string;
  readonly about: string;
  /** The variables at the point that is audited. */
  readonly parameters: Readonly<Record<string, tf.TensorLike>>;
  readonly costs: (variables: Readonly<Record<string, tf.Tensor>>, estimator: st.Estimator) => tf.Tensor | tf.Tensor[];
}

const square = (x: tf.Tensor): tf.Tensor => tf.square(x);
/** A node and its value. */
const draw = (
  q: st.Distribution,
  estimator: st.Estimator,
  name: string,
  valueType?: st.ValueType,
): st.DistributionTensor =>
  new st.DistributionTensor(q, {estimator, name, ...(valueType === undefined ? {} : {valueType})});

const toy: AuditProblem = {
  title: 'RELAX’s toy problem',
  about: 'E (b − 0.499)² over the logit of one Bernoulli b, at logit 0',
  parameters: {logit: [0]},
  costs: ({logit}, estimator) => square(tf.sub(draw(new st.Bernoulli({logits: logit!}), estimator, 'b').value, target)),
};

const wheels: AuditProblem = {
  title: 'Wheels: an event of two one-hot categoricals, and a third given them',
  about: 'a squared distance at each of the two nodes of a chain',
  parameters: {
    first: [
      [0.3, -0.5, 0.8],
      [0.1, 0.6, -0.2],
    ],
    second: [
      [0.4, -0.3, 0.1],
      [-0.6, 0.2, 0.5],
    ],
  },
  costs({first, second}, estimator) {
    const a = draw(st.independent(new st.OneHotCategorical({logits: first!})), estimator, 'a').value;
    const score = tf.sum(
      tf.mul(a, [
        [0, 1, 2],
        [0, -1.5, -3],
      ]),
      [-1, -2],
    );
    const logits = tf.add(tf.gather(second!, 0), tf.mul(tf.expandDims(tf.add(score, 0.5), -1), tf.gather(second!, 1)));
    const b = draw(new st.OneHotCategorical({logits}), estimator, 'b').value;
    return [square(tf.sub(score, 0.3)), square(tf.sub(tf.sum(tf.mul(b, [1.3, -0.4, 2.1]), -1), 0.5))];
  },
};

const images = [
  [1, 1, 0, 0],
  [0, 0, 1, 1],
  [1, 0, 1, 0],
];

const vae: AuditProblem = {
  title: 'A variational autoencoder of 3 images with 6 Bernoulli latents',
  about: '−ELBO: KL(q(z|x) ‖ p(z)) − ln p(x|z), the encoder and the decoder linear',
  parameters: {
    encoder: [
      [0.4, -0.3, 0.2, 0.5, -0.6, 0.1],
      [-0.2, 0.7, -0.1, 0.3, 0.2, -0.4],
      [0.6, 0.1, -0.5, -0.2, 0.3, 0.4],
      [-0.3, -0.4, 0.6, 0.1, 0.5, -0.2],
    ],
    decoder: [
      [0.9, -0.4, 0.3, -0.6],
      [-0.5, 0.8, -0.2, 0.4],
      [0.3, -0.7, 0.9, 0.1],
      [0.6, 0.2, -0.8, -0.3],
      [-0.4, -0.1, 0.5, 0.7],
      [0.2, 0.5, -0.3, -0.9],
    ],
  },
  costs({encoder, decoder}, estimator) {
    const x = tf.tensor2d(images);
    const q = st.independent(new st.Bernoulli({logits: tf.matMul(x, encoder as tf.Tensor2D)}));
    const z = draw(q, estimator, 'z').value;
    // The latents may have leading sample axes; the weights are the last two.
    const logits = tf.reshape(tf.matMul(tf.reshape(z, [-1, 6]), decoder as tf.Tensor2D), [...z.shape.slice(0, -1), 4]);
    const prior = st.independent(new st.Bernoulli({probs: new Array(6).fill(0.5)}));
    return tf.sub(st.klDivergence(q, prior), st.independent(new st.Bernoulli({logits})).logProb(x));
  },
};

/** ln p(z, x) − ln q(z): q two normals, p a standard normal and a logistic regression of two observations. */
const logWeight = (z: st.DistributionTensor): tf.Tensor => {
  const prior = st.independent(new st.Normal({loc: [0, 0], scale: [1, 1]}));
  const logits = tf.stack([tf.sum(tf.mul(z.value, [2, -1]), -1), tf.sum(tf.mul(z.value, [0.5, 1.5]), -1)], -1);
  const likelihood = st.independent(new st.Bernoulli({logits}));
  return tf.sub(tf.add(prior.logProb(z.value), likelihood.logProb([1, 0])), z.logProb());
};
const normals = {loc: [0.5, -0.3], scale: [0.8, 0.6]};
const posterior = ({loc, scale}: Readonly<Record<string, tf.Tensor>>): st.Distribution =>
  st.independent(new st.Normal({loc: loc!, scale: scale!}));

const elbo: AuditProblem = {
  title: 'The ELBO of two normals, which cannot be enumerated',
  about: 'ln q(z) − ln p(z, x), p a standard normal and a logistic regression of two observations',
  parameters: normals,
  costs: (variables, estimator) => tf.neg(logWeight(draw(posterior(variables), estimator, 'z'))),
};

const bound: AuditProblem = {
  title: 'The importance-weighted bound of the same model with 5 samples',
  about: '−ln (1/5) Σ p(z, x) / q(z)',
  parameters: normals,
  // One observation, as a batch of one: the bound then keeps the batch axis.
  costs: ({loc, scale}, estimator) => {
    const q = posterior({loc: tf.expandDims(loc!), scale: tf.expandDims(scale!)});
    return tf.neg(st.multiSampleBound(logWeight(draw(q, estimator, 'z', st.sampleValue(5)))));
  },
};

export const problems: Readonly<Record<string, AuditProblem>> = {toy, wheels, vae, elbo, bound};
