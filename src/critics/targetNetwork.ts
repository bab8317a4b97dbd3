/** A network that follows another one slowly: what bootstrapped targets are computed with. */
import * as tf from '@tensorflow/tfjs-core';
import {check} from '../util/errors.js';
import {checkKeys} from '../util/options.js';
import {checkTensor} from '../util/numbers.js';
import {isTensor} from '../util/tensors.js';
import {properProbability} from '../constraints/limits.js';
import {checkNumber} from '../constraints/check.js';
import {unrecorded} from '../math/stopGradient.js';
import {readNetwork, type NetworkLike} from '../baselines/network.js';
import {isStateFrozen} from '../graph/estimatorStore.js';

/** How slowly the copy follows. */
export interface TargetNetworkConfig {
  /** d in target ← d·target + (1 − d)·network, in [0, 1); default 0.995. With 0 an update copies. */
  decay?: number;
}

/** A network's slow copy, for targets that do not move with each step; made by `targetNetwork`. */
export interface TargetNetwork<Args extends unknown[] = []> {
  /** What the network gives with the averaged variables in the place of its own: a constant. */
  call(x: tf.Tensor, ...args: Args): tf.Tensor;
  /** The averages, one for each variable of the network. */
  readonly averages: readonly tf.Variable[];
  /**
   * One step of the averages towards the variables, unless state is frozen. Call it after each step of the optimizer.
   */
  update(): void;
  /** Disposes the averages; the network itself is its owner's. */
  dispose(): void;
}

/**
 * Polyak averaging (Lillicrap et al. 2016, algorithm 1, with τ = 1 − decay): a copy of each variable that moves towards
 * it at each `update`. The network itself is called, with the copies' values in its variables for that moment, so any
 * kind of network will do; variables that it makes at its first call join then.
 * @param network a function, `{call, variables}` or a tfjs-layers model
 */
export function targetNetwork<Args extends unknown[] = []>(
  network: NetworkLike<Args>,
  config: TargetNetworkConfig = {},
): TargetNetwork<Args> {
  const who = 'targetNetwork';
  checkKeys(who, config, ['decay']);
  const {decay = 0.995} = config;
  checkNumber(who, 'decay', decay, properProbability);
  const online = readNetwork(who, 'network', network);
  const averages = new Map<tf.Variable, tf.Variable>();
  /** Variables that have no copy yet start with one. */
  const join = (): void =>
    tf.tidy(() => {
      for (const v of online.variables) {
        if (!averages.has(v)) averages.set(v, tf.variable(unrecorded(() => [tf.clone(v as tf.Tensor)])[0]!, false));
      }
    });
  join();
  return {
    get averages() {
      return [...averages.values()];
    },
    call: (x, ...args) =>
      tf.tidy(
        () =>
          unrecorded(() => {
            check(isTensor(x), who, 'the input must be a tensor', x);
            checkTensor(who, 'the input', x);
            const put = [...averages].map(([v, average]) => ({v, own: tf.clone(v as tf.Tensor), average}));
            try {
              put.forEach(({v, average}) => v.assign(average));
              const y: unknown = online.call(x, ...args);
              check(isTensor(y), who, 'the network must return a tensor', y);
              return [tf.clone(y)];
            } finally {
              put.forEach(({v, own}) => v.assign(own));
              join();
            }
          })[0]!,
      ),
    update() {
      if (isStateFrozen()) return;
      tf.tidy(() =>
        averages.forEach((average, v) => {
          average.assign(unrecorded(() => [tf.add(tf.mul(average, decay), tf.mul(v as tf.Tensor, 1 - decay))])[0]!);
        }),
      );
      join();
    },
    dispose() {
      averages.forEach(v => v.dispose());
      averages.clear();
    },
  };
}
