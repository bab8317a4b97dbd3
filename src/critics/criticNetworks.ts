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
import {StatesOf, type NodeStates} from '../graph/nodeStates.js';
import {currentTape} from '../graph/tape.js';
import {supportFeatures, widthOfRows} from './criticFeatures.js';
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
  /** Whether rows are as long as the node's distribution says. */
  readonly isPlain: boolean;
}

/** The network of one node, and its slow copy where there is one. */
interface NodeNetworks {
  readonly network: Network<[node: CriticNode]>;
  readonly slow: TargetNetwork<[node: CriticNode]> | null;
  /** Of the critic's own network. */
  readonly own: readonly tf.Variable[];
  dispose(): void;
}

/** A node of rows of a known length. */
type Wide = Pick<NodeView, 'slot' | 'distribution'> & {readonly width: number};

export class Networks {
  readonly #who: string;
  readonly #config: NetworksConfig;
  readonly #states = new StatesOf<NodeNetworks>({
    make: node => this.#made((node as Partial<Wide>).width ?? widthOfRows(node.distribution)), // else nobody has seen rows yet
    parts: ({own, slow}) => ({variables: [...own, ...(slow?.averages ?? [])], counters: []}),
    dispose: state => state.dispose(),
  });
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

  /** What is remembered, where it can be made anew from distributions; undefined where nothing is, or it cannot. */
  get states(): NodeStates | undefined {
    const {given, target, isPlain} = this.#config;
    if (!isPlain || (given !== null && target === null)) return undefined;
    if (!this.#isForAll) return this.#states;
    const all = this.#states;
    // to those who ask it is the state of the first node
    const place = (slot: string): string => (slot.endsWith(FIRST) ? '' : slot);
    return {
      get slots() {
        return all.slots;
      },
      read: slot => all.read(place(slot)),
      make: (slot, distribution) => all.make(place(slot), distribution),
      drop: slot => all.drop(place(slot)),
    };
  }

  dispose(): void {
    this.#states.clear();
  }

  /** Whether one network serves all nodes. */
  get #isForAll(): boolean {
    return this.#config.given !== null || this.#config.shared;
  }

  #stateOf({slot, distribution}: NodeView, width: number): NodeNetworks {
    const node: Wide = {slot: this.#isForAll ? '' : slot, distribution, width};
    return this.#states.get(node);
  }

  #made(width: number): NodeNetworks {
    const {given, units, target} = this.#config;
    const own = given === null ? denseNetwork({inputSize: width, units}) : null;
    const network = given ?? own!; // one of the two
    const slow = target === null ? null : targetNetwork(network, target);
    return {
      network,
      slow,
      own: own?.variables ?? [],
      dispose() {
        slow?.dispose();
        own?.dispose();
      },
    };
  }
}

/** What the first node of a name has behind it. */
const FIRST = '#0';
