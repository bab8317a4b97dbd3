import * as tf from '@tensorflow/tfjs-core';
import {check} from '../util/errors.js';
import {checkKeys, checkSizes} from '../util/options.js';
import {sameShape, tryBroadcast} from '../util/shapes.js';
import {isTensor} from '../util/tensors.js';
import {properProbability} from '../constraints/limits.js';
import {checkNumber} from '../constraints/check.js';
import {detach} from '../math/stopGradient.js';
import {StatesOf} from '../graph/nodeStates.js';
import type {NodeView} from '../graph/nodeView.js';
import type {Baseline} from './baseline.js';
import {parameterFeatures} from './parameterFeatures.js';
import {denseNetwork, isModel, readNetwork, type DenseNetwork, type Network, type NetworkLike} from './network.js';
import {RunningMean} from './runningMean.js';

/** What the learned baseline sees, and what it is made of. */
export interface LearnedConfig {
  /**
   * From `[batch…, features]` to `[batch…]` or `[batch…, 1]`: a function, `{call, variables}` or a tfjs-layers model.
   * One network then serves every node of the estimator. Default: one of the library's own for each node, with hidden
   * layers `units` and tanh.
   */
  network?: NetworkLike;
  /**
   * What the network sees: a tensor, or a function of the node. It must not depend on the node's draw. Default: the
   * node's parameters.
   */
  context?: tf.Tensor | ((node: NodeView) => tf.Tensor);
  /** Hidden widths of the default network; default [100]. */
  units?: readonly number[];
  /** Of the moving average that centres the signal; default 0.99. */
  decay?: number;
}

/** The network of one node, of its own or given, and the centre of its costs. */
interface LearnedState {
  readonly own: DenseNetwork | null;
  readonly centre: RunningMean;
}

/**
 * A learned, input-dependent baseline: advantage = f − C_ψ(x) − c, where C_ψ minimises (f − C_ψ(x) − c)² and c is the
 * moving average of f − C_ψ(x) over earlier steps (Mnih and Gregor 2014, NVIL, sections 2.3.1 to 2.3.2, eq. 9 and 10;
 * without the variance normalisation of 2.3.3, which rescales the gradient).
 * @example
 * ```ts
 * const logits = tf.variable(tf.zeros([2]));
 * const estimator = st.scoreFunction({baseline: st.learned({units: [8]})});
 * const {grads} = st.variableGrads(() => {
 *   const b = new st.DistributionTensor(new st.Bernoulli({logits}), {estimator});
 *   return tf.square(tf.sub(b.value, 0.25));
 * }, [logits]);
 * grads[logits.name].shape; // [2]
 * ```
 */
export function learned(config: LearnedConfig = {}): Baseline {
  const who = 'learned';
  checkKeys(who, config, ['network', 'context', 'units', 'decay']);
  const {context, units: widths = [100], decay = 0.99} = config;
  checkNumber(who, 'decay', decay, properProbability);
  checkSizes(who, 'units', widths);
  const units = [...widths]; // networks are made later, when lists may have changed
  check(
    context === undefined || isTensor(context) || typeof context === 'function',
    who,
    'context must be a tensor or a function of the node',
    context,
  );
  const given = config.network === undefined ? null : readNetwork(who, 'network', config.network);
  const inputOf = (node: NodeView): tf.Tensor => detach(typeof context === 'function' ? context(node) : context!); // where there is one
  const states = new StatesOf<LearnedState>({
    make: node => {
      // with a context a state is made at a step alone, whose node has all of a view
      const input = context === undefined ? parameterFeatures(node.distribution) : inputOf(node as NodeView);
      // first, since it may throw
      const own = given === null ? denseNetwork({inputSize: input.shape[input.rank - 1] ?? 1, units}) : null;
      return {own, centre: new RunningMean(decay)};
    },
    parts: ({own, centre}) => ({variables: [...(own?.variables ?? []), centre.moment], counters: [centre]}),
    dispose({own, centre}) {
      own?.dispose();
      centre.dispose();
    },
  });
  const plain = {units, decay};
  return {
    kind: 'baseline',
    name: 'learned',
    config: given === null && context === undefined ? plain : null,
    configWithModels:
      context !== undefined
        ? null
        : given === null
          ? plain
          : isModel(config.network)
            ? {...plain, network: config.network}
            : null,
    source: 'Mnih and Gregor 2014, eq. 9 and 10',
    advantage(node, {total: cost}) {
      const input = context === undefined ? detach(parameterFeatures(node.distribution)) : inputOf(node);
      const {own, centre} = states.get(node);
      const network = given ?? own!; // one of the two is there
      const prediction = predict(network, input, node);
      const centred = tf.sub(cost, centre.mean());
      const residual = tf.sub(centred, prediction);
      centre.update(tf.sub(cost, detach(prediction)));
      return {advantage: detach(residual), objective: {loss: tf.square(residual), variables: network.variables}};
    },
    states: context === undefined ? states : undefined,
    dispose: () => states.clear(),
  };
}

/** The network's output in the node's shape or one that broadcasts to it. */
function predict(network: Network, input: tf.Tensor, node: NodeView): tf.Tensor {
  const who = `learned at node ${JSON.stringify(node.name)}`;
  const out = network.call(input.rank === 0 ? tf.reshape(input, [1]) : input);
  check(isTensor(out), who, 'the network must return a tensor', out);
  const dropped =
    out.shape[out.rank - 1] === 1 && !sameShape(out.shape, node.shape) ? tf.reshape(out, out.shape.slice(0, -1)) : out;
  check(
    tryBroadcast([dropped.shape, node.shape])?.length === node.shape.length,
    who,
    `the network's output must broadcast to the node's shape [${node.shape.join(',')}], with or without a last ` +
      'axis of size 1',
    out,
  );
  return dropped;
}
