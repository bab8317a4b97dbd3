/** The estimators of the comparison: the library's by name, and two with networks that see the image, as in the RELAX paper. */
import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {bernoulliLogProb, latents, type Vae} from './model.js';

const pixels = 784;

/** An estimator for one run, with what it holds. */
export interface Contender {
  readonly estimator: st.Estimator;
  readonly dispose: () => void;
}

/** The registered estimators that can serve Bernoulli latents. */
export function estimatorNames(): string[] {
  return tf.tidy(() => {
    const q = st.independent(new st.Bernoulli({logits: tf.zeros([latents])}), 1);
    return st.estimators.names().filter(name => st.estimators.get(name).requires.accepts(q));
  });
}

export function makeContender(name: string, vae: Vae, key: st.random.Key): Contender {
  if (name === 'nvil') return nvil(vae, key);
  if (name === 'relax') return relax(vae, key);
  const estimator = st.estimators.get(name);
  return {estimator, dispose: () => estimator.dispose?.()};
}

/** NVIL with the baseline 784-100(tanh)-1 of the centred image (Mnih and Gregor 2014). */
function nvil(vae: Vae, key: st.random.Key): Contender {
  const network = st.denseNetwork({inputSize: pixels, units: [100], activation: 'tanh', key});
  const estimator = st.nvil({network, context: () => vae.current.centred});
  return {estimator, dispose: () => disposeAll(estimator, network)};
}

/**
 * RELAX with the control variate of the paper: c(z) = η f(σ(z/λ)) + r([x − mean, z]), f the cost, η and λ learnt, r four layers of 200 ReLU
 * (Grathwohl et al. 2018, appendix).
 */
function relax(vae: Vae, key: st.random.Key): Contender {
  const r = st.denseNetwork({inputSize: pixels + latents, units: [200, 200, 200, 200], activation: 'relu', key});
  const [eta, logTemperature] = tf.tidy(() => [tf.variable(tf.scalar(1)), tf.variable(tf.scalar(Math.log(.5)))]);
  const call = (z: tf.Tensor, node: st.NodeView): tf.Tensor => {
    const {x, centred} = vae.current;
    const soft = tf.sigmoid(tf.div(z, tf.exp(logTemperature)));
    const logits = st.stopGradient(node.distribution.tensors()['logits']!); // the node is a Bernoulli of logits
    const relaxedCost = tf.sub(bernoulliLogProb(logits, soft), vae.logJoint(soft, x));
    return tf.add(tf.mul(eta, relaxedCost), tf.squeeze(r.call(tf.concat([centred, z], -1)), [-1]));
  };
  const estimator = st.relax({controlVariate: {call, variables: [...r.variables, eta, logTemperature]}});
  return {
    estimator,
    dispose() {
      disposeAll(estimator, r);
      tf.dispose([eta, logTemperature]);
    },
  };
}

function disposeAll(estimator: st.Estimator, network: st.DenseNetwork): void {
  estimator.dispose?.();
  network.dispose();
}
