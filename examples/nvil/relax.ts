/** RELAX on a layer of a belief network, with the control variate of its paper. */
import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';

/** What the control variate asks of a network with layers of bits. */
interface LayeredNetwork {
  /** Of a layer. */
  readonly units: number;
  /** What layer i is inferred from. */
  below(i: number): tf.Tensor;
  /** What a soft layer i, of these logits, bears on. */
  relaxedCost(i: number, soft: tf.Tensor, logits: tf.Tensor): tf.Tensor;
}

/**
 * RELAX for layer i with c(z) = η f(σ(z/λ)) + r([x − mean, z, 2 h_below − 1]): f is the cost that the layer bears on, η and λ are learnt, and r
 * has four layers of 200 ReLU (Grathwohl et al. 2018, appendix).
 */
export function relaxLayer(net: LayeredNetwork, i: number): st.Estimator {
  const inputSize = 784 + (i === 0 ? 1 : 2) * net.units;
  const r = st.denseNetwork({inputSize, units: [200, 200, 200, 200], activation: 'relu'});
  const [eta, logTemperature] = [tf.variable(tf.scalar(1)), tf.variable(tf.scalar(Math.log(0.5)))];
  const call = (z: tf.Tensor, node: st.NodeView): tf.Tensor => {
    const logits = st.stopGradient(node.distribution.tensors()['logits']!); // it is a Bernoulli of logits
    const f = net.relaxedCost(i, tf.sigmoid(tf.div(z, tf.exp(logTemperature))), logits);
    const seen = [net.below(0), z, ...(i === 0 ? [] : [st.stopGradient(net.below(i))])];
    return tf.add(tf.mul(eta, f), tf.squeeze(r.call(tf.concat(seen, -1)), [-1]));
  };
  return st.relax({controlVariate: {call, variables: [...r.variables, eta, logTemperature]}});
}
