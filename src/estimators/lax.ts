import * as tf from '@tensorflow/tfjs-core';
import {checkKeys, checkSizes} from '../util/options.js';
import {detach} from '../math/stopGradient.js';
import {isModel, readNetwork} from '../baselines/network.js';
import {sizeOf} from '../util/shapes.js';
import type {EstimatorOf} from '../graph/estimator.js';
import {StatesOf} from '../graph/nodeStates.js';
import type {Distribution} from '../distributions/distribution.js';
import type {NodeView} from '../graph/nodeView.js';
import {sampleKept} from '../graph/kept.js';
import {
  combineControlVariate,
  defaultControlVariate,
  evaluateControlVariate,
  type ControlVariate,
  type ControlVariateState,
} from './shared/controlVariate.js';
import {reparameterizedWithScore} from './shared/requirements.js';

/** The control variate c_φ(x), given or made. */
export interface LaxConfig {
  /**
   * c_φ, of period 2π where values are angles; default a perceptron on the value and the node's parameters, one for
   * each node.
   */
  controlVariate?: ControlVariate;
  /** Hidden widths of the default control variate; default [100]. */
  units?: readonly number[];
}

/**
 * LAX: g = (f(x) − c_φ(x)) ∂/∂θ log p(x|θ) + ∂/∂θ c_φ(x(θ, ε)), x = x(θ, ε) (Grathwohl et al. 2018, eq. 5). Unbiased
 * for every c_φ; φ follows ∂/∂φ g², the gradient with respect to the distribution's parameters. The cost may be a black
 * box.
 * @example
 * ```ts
 * const loc = tf.variable(tf.zeros([2]));
 * const estimator = st.lax({units: [8]});
 * const {grads} = st.variableGrads(() => {
 *   const z = new st.DistributionTensor(new st.Normal({loc, scale: 1}), {estimator});
 *   return tf.square(tf.sub(z.value, 1)); // may be a black box
 * }, [loc]);
 * grads[loc.name].shape; // [2]
 * ```
 */
export function lax(config: LaxConfig = {}): EstimatorOf<'reparameterization'> {
  checkKeys('lax', config, ['controlVariate', 'units']);
  const {units = [100]} = config;
  checkUnits('lax', units);
  const given =
    config.controlVariate === undefined ? null : readNetwork('lax', 'controlVariate', config.controlVariate);
  const states = new StatesOf<ControlVariateState>({
    make: ({distribution}) => defaultControlVariate(units, features, [], distribution, featureCount(distribution)),
    parts: ({variables}) => ({variables, counters: []}),
    dispose: state => state.dispose(),
  });
  return {
    kind: 'estimator',
    needs: 'reparameterization',
    name: 'lax',
    config: given === null ? {units: [...units]} : null,
    configWithModels:
      given === null
        ? {units: [...units]}
        : isModel(config.controlVariate)
          ? {controlVariate: config.controlVariate}
          : null,
    bias: 'unbiased',
    requires: reparameterizedWithScore,
    evaluations: 1,
    source: 'Grathwohl et al. 2018, eq. 5',
    differentiable: false,
    perSample: true,
    draw(distribution, sampleShape, key) {
      const {value: x, preImage} = sampleKept(distribution, sampleShape, key, 'fixed');
      return {value: detach(x), preImage, memo: {x}};
    },
    combine(node, {total: cost}) {
      const controlVariate = given ?? states.get(node);
      const c = evaluateControlVariate('lax', controlVariate, node.memo['x']!, node);
      return combineControlVariate(node, tf.sub(cost, c), tf.sum(c), controlVariate.variables);
    },
    states: given === null ? states : undefined,
    dispose: () => states.clear(),
  };
}

/**
 * The value; of an angle its cosine and sine, since a control variate that jumps where angles begin anew would be
 * biased.
 */
function features(x: tf.Tensor, {distribution}: NodeView): tf.Tensor {
  return distribution.isPeriodic ? tf.stack([tf.cos(x), tf.sin(x)], -1) : x;
}

/** How many numbers of one value `features` gives. */
function featureCount({eventShape, isPeriodic}: Distribution): number {
  return sizeOf(eventShape) * (isPeriodic ? 2 : 1);
}

export function checkUnits(who: string, units: readonly number[]): void {
  checkSizes(who, 'units', units);
}
