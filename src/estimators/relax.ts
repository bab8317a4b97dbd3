import * as tf from '@tensorflow/tfjs-core';
import {checkKeys, checkBoolean} from '../util/options.js';
import {positive} from '../constraints/numberSets.js';
import {checkNumber} from '../constraints/check.js';
import {sizeOf} from '../util/shapes.js';
import type {Distribution} from '../distributions/distribution.js';
import {isModel, readNetwork, type Network} from '../baselines/network.js';
import type {EstimatorOf} from '../graph/estimator.js';
import {StatesOf} from '../graph/nodeStates.js';
import type {NodeView} from '../graph/nodeView.js';
import {
  combineControlVariate,
  defaultControlVariate,
  evaluateControlVariate,
  type ControlVariate,
  type ControlVariateState,
} from './shared/controlVariate.js';
import {checkUnits} from './lax.js';
import {makeRelaxedCost, type RelaxedCost} from './shared/relaxedCost.js';
import {drawRelaxed} from './shared/relaxedDraw.js';
import {softenable} from './shared/requirements.js';

/** The control variate c_φ(z), given or made, and what it holds beside a network. */
export interface RelaxConfig {
  /**
   * r_φ(z), z unbounded; default a perceptron on 2·soften(z, λ) − 1 and the node's parameters, one for each node, λ
   * learnt.
   */
  controlVariate?: ControlVariate;
  /** Hidden widths of the default control variate; default [100]. */
  units?: readonly number[];
  /** Where λ starts; default 0.5. */
  temperature?: number;
  /**
   * Whether c also holds the cost itself at relaxed values, as the paper has it: c(z) = η f(σ_λ(z)) + r(z), with η from
   * 1 and λ learnt for each node. It takes two more evaluations of the cost, which must be a differentiable function of
   * soft values, without jumps. Default false: c = r, and f may be a black box.
   */
  relaxedCost?: boolean;
}

/**
 * RELAX: with z ~ p(z|θ), b = H(z), z̃ ~ p(z|b, θ), g = (f(b) − c_φ(z̃)) ∂/∂θ log p(b|θ) + ∂/∂θ c_φ(z) − ∂/∂θ c_φ(z̃)
 * (Grathwohl et al. 2018, eq. 8). z and z̃ are reparameterised; their distributions for Bernoulli and categorical b are
 * those of appendix C. c is a network r, or with `relaxedCost` that of the paper's section 3.3, c(z) = η f(σ_λ(z)) +
 * r(z). Unbiased for every c_φ; φ follows ∂/∂φ g², the gradient with respect to the distribution's parameters.
 * @throws with `relaxedCost`, if no derivative of the cost leads to the node's value; one that jumps cannot be told
 * apart and would give a bias
 * @example
 * ```ts
 * const logits = tf.variable(tf.zeros([2]));
 * const estimator = st.relax({units: [8]});
 * const {grads} = st.variableGrads(() => {
 *   const b = new st.DistributionTensor(new st.Bernoulli({logits}), {estimator});
 *   return tf.square(tf.sub(b.value, 0.25));
 * }, [logits]);
 * grads[logits.name].shape; // [2]
 * ```
 */
export function relax(config: RelaxConfig = {}): EstimatorOf<'relaxation'> {
  checkKeys('relax', config, ['controlVariate', 'units', 'temperature', 'relaxedCost']);
  const {units = [100], temperature = 0.5, relaxedCost: hasCost = false} = config;
  checkUnits('relax', units);
  checkNumber('relax', 'temperature', temperature, positive);
  checkBoolean('relax', 'relaxedCost', hasCost);
  const given =
    config.controlVariate === undefined ? null : readNetwork('relax', 'controlVariate', config.controlVariate);
  const states = new StatesOf<RelaxState>({
    make: ({distribution}) => start(given, hasCost, units, temperature, distribution),
    // of a network that was given only what stands beside it
    parts: ({controlVariate, relaxedCost}) => ({
      variables: [
        ...(given === null ? controlVariate.variables : (relaxedCost?.variables ?? [])),
        ...(relaxedCost === null ? [] : [relaxedCost.average.moment]),
      ],
      counters: relaxedCost === null ? [] : [relaxedCost.average],
    }),
    dispose({controlVariate, relaxedCost}) {
      controlVariate.dispose();
      relaxedCost?.dispose();
    },
  });
  const plain = {units: [...units], temperature, ...(hasCost && {relaxedCost: true})};
  return {
    kind: 'estimator',
    needs: 'relaxation',
    name: 'relax',
    config: given === null ? plain : null,
    configWithModels:
      given === null
        ? plain
        : isModel(config.controlVariate)
          ? {...plain, controlVariate: config.controlVariate}
          : null,
    bias: 'unbiased',
    requires: hasCost
      ? softenable
      : {
          rule:
            'a distribution with a continuous relaxation (Bernoulli, Categorical, OneHotCategorical, or ' +
            'Independent of one)',
          accepts: q => q.relaxation !== null,
        },
    evaluations: hasCost ? 3 : 1,
    source: 'Grathwohl et al. 2018, eq. 8',
    differentiable: false,
    perSample: true,
    draw: (distribution, sampleShape, key) => drawRelaxed('relax', distribution, sampleShape, key),
    combine(node, {total: cost}, downstream) {
      const {controlVariate, relaxedCost} = states.get(node);
      const {z, zTilde} = node.memo as {z: tf.Tensor; zTilde: tf.Tensor}; // drawn above
      const r = evaluateControlVariate('relax', controlVariate, z, node);
      const rTilde = evaluateControlVariate('relax', controlVariate, zTilde, node);
      let residual = tf.sub(cost, rTilde);
      let path = tf.sum(tf.sub(r, rTilde));
      if (relaxedCost !== null) {
        const f = relaxedCost.call(z, node, downstream);
        const fTilde = relaxedCost.call(zTilde, node, downstream);
        relaxedCost.learn(cost);
        residual = tf.sub(residual, fTilde);
        path = tf.add(path, tf.sum(tf.sub(f, fTilde)));
      }
      return combineControlVariate(node, residual, path, controlVariate.variables);
    },
    states: given === null || hasCost ? states : undefined,
    dispose: () => states.clear(),
  };
}

/** The control variate of one node: c = r, or η f(σ_λ(z)) + r with all that is trained among the variables of r. */
interface RelaxState {
  readonly controlVariate: ControlVariateState;
  readonly relaxedCost: RelaxedCost | null;
}

function start(
  given: Network<[node: NodeView]> | null,
  hasCost: boolean,
  units: readonly number[],
  temperature: number,
  distribution: Distribution,
): RelaxState {
  const relaxedCost = hasCost ? makeRelaxedCost('relax', temperature, 1) : null;
  const own = relaxedCost?.variables ?? [];
  if (given !== null) {
    const controlVariate = {
      get variables() {
        return [...given.variables, ...own];
      },
      call: (z: tf.Tensor, node: NodeView) => given.call(z, node),
      dispose: () => undefined,
    };
    return {controlVariate, relaxedCost};
  }
  const logTemperature = relaxedCost?.logTemperature ?? tf.tidy(() => tf.variable(tf.scalar(Math.log(temperature))));
  const squash = (z: tf.Tensor, node: NodeView): tf.Tensor =>
    // `requires` made sure of a relaxation
    tf.sub(tf.mul(node.distribution.relaxation!.soften(z, tf.exp(logTemperature)), 2), 1);
  const {shape} = distribution.relaxation!.location(); // z has its shape
  const size = sizeOf(shape) / sizeOf(distribution.batchShape);
  const extra = hasCost ? own : [logTemperature];
  return {controlVariate: defaultControlVariate(units, squash, extra, distribution, size), relaxedCost};
}
