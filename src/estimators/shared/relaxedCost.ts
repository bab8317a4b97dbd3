/** What REBAR and RELAX may share as control variate: the cost itself at relaxed values. */
import * as tf from '@tensorflow/tfjs-core';
import {check} from '../../util/errors.js';
import {isUpstream} from '../../math/derivatives.js';
import {RunningMean} from '../../baselines/runningMean.js';
import type {NodeView} from '../../graph/nodeView.js';
import type {Downstream} from '../../graph/inquiry.js';

/** η f(σ_λ(z)) of one node, with η and λ learnt. */
export interface RelaxedCost {
  readonly logTemperature: tf.Variable;
  /** Of earlier costs. */
  readonly average: RunningMean;
  /** ln λ and η. */
  readonly variables: readonly [logTemperature: tf.Variable, eta: tf.Variable];
  /**
   * η f(σ_λ(z)): the function that gives the costs runs once more, with the soft value in the node's place, and draws
   * downstream count by their scores. It broadcasts to the node's shape, as `Downstream.at` says.
   * @throws if no derivative of the cost leads to the node's value
   */
  call(z: tf.Tensor, node: NodeView, downstream: Downstream): tf.Tensor;
  /** Takes in the cost of this step, once all of it is done. */
  learn(cost: tf.Tensor): void;
  dispose(): void;
}

/** Of the average of earlier costs, which is subtracted from what multiplies the scores of draws downstream. */
const DECAY = 0.9;

/** @param temperature where λ starts; @param scale where η starts */
export function makeRelaxedCost(who: string, temperature: number, scale: number): RelaxedCost {
  const [logTemperature, eta] = tf.tidy(
    () => [tf.variable(tf.scalar(Math.log(temperature))), tf.variable(tf.scalar(scale))] as const,
  );
  const average = new RunningMean(DECAY);
  let [isChecked, isAverageUsed] = [false, false];
  const baseline = (): tf.Tensor => {
    isAverageUsed = true;
    return average.mean();
  };
  return {
    logTemperature,
    average,
    variables: [logTemperature, eta],
    call(z, node, downstream) {
      // `requires` of both made sure of a relaxation
      const soft = node.distribution.relaxation!.soften(z, tf.exp(logTemperature));
      const f = downstream.at(soft, 'total', baseline);
      // Without a derivative the parts of the estimate would not fit together, and nobody would see it.
      check(
        isChecked || isUpstream(soft, f),
        `${who} at node ${JSON.stringify(node.name)}`,
        'the cost must be a differentiable function of the value',
      );
      isChecked = true;
      return tf.mul(eta, f);
    },
    learn(cost) {
      if (isAverageUsed) average.update(cost);
    },
    dispose() {
      tf.dispose([logTemperature, eta]);
      average.dispose();
    },
  };
}
