/**
 * The estimators of the comparison: the library's by name, and two with networks that see the image, as in the RELAX
 * paper.
 */
import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {latents, type Vae} from './model.js';

const pixels = 784;

/** The estimators of one run, one for each layer of latents, with what they hold. */
export interface Contender {
  readonly estimators: readonly st.Estimator[];
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
  const keys = st.random.split(key, vae.layers);
  const own = name === 'nvil' ? nvil : name === 'relax' ? relax : null;
  if (own === null) {
    const estimator = st.estimators.get(name);
    return {estimators: keys.map(() => estimator), dispose: () => estimator.dispose?.()};
  }
  const layers = keys.map((k, i) => own(vae, i, k));
  return {estimators: layers.map(l => l.estimator), dispose: () => layers.forEach(l => l.dispose())};
}

interface Layer {
  readonly estimator: st.Estimator;
  readonly dispose: () => void;
}

/** NVIL with the baseline 784-100(tanh)-1 of the centred image, or of the layer before it (Mnih and Gregor 2014). */
function nvil(vae: Vae, layer: number, key: st.random.Key): Layer {
  const network = st.denseNetwork({inputSize: layer === 0 ? pixels : latents, units: [100], activation: 'tanh', key});
  const estimator = st.nvil({network, context: () => before(vae, layer)});
  return {estimator, dispose: () => disposeAll(estimator, network)};
}

/**
 * RELAX with the control variate of the paper: c(z) = η f(σ(z/λ)) + r([x − mean, z, 2b − 1]), f the cost, η and λ
 * learnt, r four layers of 200 ReLU, b the layer before it, if any (Grathwohl et al. 2018, appendix). The option
 * `relaxedCost` adds the first part.
 */
function relax(vae: Vae, layer: number, key: st.random.Key): Layer {
  const inputSize = pixels + latents + (layer === 0 ? 0 : latents);
  const r = st.denseNetwork({inputSize, units: [200, 200, 200, 200], activation: 'relu', key});
  const network = (z: tf.Tensor): tf.Tensor => {
    const seen = [vae.current.centred, z, ...(layer === 0 ? [] : [before(vae, layer)])];
    return tf.squeeze(r.call(tf.concat(seen, -1)), [-1]);
  };
  if (layer < vae.layers - 1) return relaxThroughMeans(vae, layer, network, r);
  const estimator = st.relax({relaxedCost: true, controlVariate: {call: network, variables: r.variables}});
  return {estimator, dispose: () => disposeAll(estimator, r)};
}

/**
 * The same by hand for a layer with others behind it, which take their means in f: those vary less than draws with
 * their scores, which the library cannot avoid.
 */
function relaxThroughMeans(vae: Vae, layer: number, network: (z: tf.Tensor) => tf.Tensor, r: st.DenseNetwork): Layer {
  const [eta, logTemperature] = tf.tidy(() => [tf.variable(tf.scalar(1)), tf.variable(tf.scalar(Math.log(0.5)))]);
  const call = (z: tf.Tensor, node: st.NodeView): tf.Tensor => {
    const soft = tf.sigmoid(tf.div(z, tf.exp(logTemperature)));
    const logits = st.stopGradient(node.distribution.tensors()['logits']!); // the node is a Bernoulli of logits
    return tf.add(tf.mul(eta, vae.relaxedCost(layer, soft, logits)), network(z));
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

/** What a layer's logits are made of: the centred image, or the bits of the layer before it. */
function before(vae: Vae, layer: number): tf.Tensor {
  const {centred, drawn} = vae.current;
  return layer === 0 ? centred : tf.sub(tf.mul(st.stopGradient(drawn[layer - 1]!), 2), 1);
}

function disposeAll(estimator: st.Estimator, network: st.DenseNetwork): void {
  estimator.dispose?.();
  network.dispose();
}
