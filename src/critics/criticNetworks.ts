/**
 * The networks of critics: one for each node, or one for all, each with a slow copy for targets where one is asked for.
 */
import * as tf from '@tensorflow/tfjs-core';
import {check} from '../util/errors.js';
import {sameShape} from '../util/shapes.js';
import {isTensor} from '../util/tensors.js';
import {unrecorded} from '../math/stopGradient.js';
import {denseNetwork, type Network, type NetworkLike} from '../baselines/network.js';
import type {NodeView} from '../graph/nodeView.js';
import {Slots} from '../graph/slots.js';
import {currentTape} from '../graph/tape.js';
import {supportFeatures} from './criticFeatures.js';
import {targetNetwork, type TargetNetwork, type TargetNetworkConfig} from './targetNetwork.js';

/** What a critic's network may know of the node, beside its rows. */
export interface CriticNode {
  /** As messages call it. */
  readonly name: string;
  /**
   * Names the node among those of one critic, the same in every step; empty where a network of the critic's own serves
   * all of them.
   */
  readonly slot: string;
  /**
   * The features of each value that the node can take, `[values, features of a value]`, where there are finitely many.
   */
  support(): tf.Tensor;
}

/** From rows `[rows, value and context features]` to Q, `[rows]` or `[rows, 1]`. */
export type CriticNetwork = NetworkLike<[node: CriticNode]>;

export function criticNode({name, distribution}: NodeView, slot: string): CriticNode {
  return {name, slot, support: () => unrecorded(() => [supportFeatures(distribution)])[0]!};
}

/** Q of rows, `[rows]`. */
export function evaluateCritic(
  who: string,
  network: {call: Network<[node: CriticNode]>['call']},
  rows: tf.Tensor,
  node: CriticNode,
): tf.Tensor {
  const out: unknown = network.call(rows, node);
  const n = rows.shape[0];
  check(
    isTensor(out) && (sameShape(out.shape, [n]) || sameShape(out.shape, [n, 1])),
    `${who} at node ${JSON.stringify(node.name)}`,
    `the network must return a tensor of shape [${n}] or [${n},1] for ${n} rows`,
    out,
  );
  return out.rank === 1 ? out : tf.reshape(out, [n]);
}

export interface NetworksConfig {
  /** The user's, which serves every node. */
  readonly given: Network<[node: CriticNode]> | null;
  /** Whether a network of the critic's own serves every node. */
  readonly shared: boolean;
  readonly units: readonly number[];
  readonly target: TargetNetworkConfig | null;
}

/** The network of one node, and its slow copy where there is one. */
interface NodeNetworks {
  readonly network: Network<[node: CriticNode]>;
  readonly slow: TargetNetwork<[node: CriticNode]> | null;
  dispose(): void;
}

export class Networks {
  readonly #who: string;
  readonly #config: NetworksConfig;
  readonly #states = new Slots<NodeNetworks>();
  readonly #met = new WeakMap<NodeNetworks, WeakSet<object>>();

  constructor(who: string, config: NetworksConfig) {
    this.#who = who;
    this.#config = config;
  }

  /** The node as its network is told of it. */
  nodeOf(view: NodeView): CriticNode {
    return criticNode(view, this.#config.shared ? '' : view.slot);
  }

  variables(view: NodeView, width: number): readonly tf.Variable[] {
    return this.#stateOf(view, width).network.variables;
  }

  /** Q(rows), connected to the network's variables. */
  predict(view: NodeView, rows: tf.Tensor): tf.Tensor {
    return evaluateCritic(this.#who, this.#stateOf(view, rows.shape[1]!).network, rows, this.nodeOf(view));
  }

  /** Q(rows) of the slow copy, or of the network itself where there is none: a constant. */
  bootstrap(view: NodeView, rows: tf.Tensor): tf.Tensor {
    const {network, slow} = this.#stateOf(view, rows.shape[1]!);
    return unrecorded(() => [tf.clone(evaluateCritic(this.#who, slow ?? network, rows, this.nodeOf(view)))])[0]!;
  }

  /** Moves the slow copy, once in a gradient scope: by then the optimizer has taken the step before. */
  follow(view: NodeView, width: number): void {
    const state = this.#stateOf(view, width);
    const tape = currentTape();
    if (state.slow === null || tape === null) return;
    let met = this.#met.get(state);
    if (met === undefined) this.#met.set(state, (met = new WeakSet()));
    if (met.has(tape)) return;
    met.add(tape);
    state.slow.update();
  }

  dispose(): void {
    this.#states.clear(state => state.dispose());
  }

  #stateOf(view: NodeView, width: number): NodeNetworks {
    const {given, shared, units, target} = this.#config;
    return this.#states.get(given !== null || shared ? '' : view.slot, () => {
      const own = given === null ? denseNetwork({inputSize: width, units}) : null;
      const network = given ?? own!; // one of the two
      const slow = target === null ? null : targetNetwork(network, target);
      return {
        network,
        slow,
        dispose() {
          slow?.dispose();
          own?.dispose();
        },
      };
    });
  }
}
