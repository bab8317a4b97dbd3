/** What a critic learns from again: the draws of earlier steps and what followed them. */
import * as tf from '@tensorflow/tfjs-core';
import {check} from '../util/errors.js';
import {checkCount, checkKeys, checkFunction} from '../util/options.js';
import {sameShape, sizeOf} from '../util/shapes.js';
import {grow} from '../math/grow.js';
import {onlyFinite, readsAtOnce} from '../math/finite.js';
import {detach, unrecorded} from '../math/stopGradient.js';
import {checkKey, foldIn, type Key} from '../keys/key.js';
import {nextKey} from '../random/stream.js';
import {Distribution} from '../distributions/distribution.js';
import {Slots} from '../graph/slots.js';
import {joinRows, valueFeatures} from './criticFeatures.js';
import type {Known} from './known.js';
import type {CriticNode} from './criticNetworks.js';
import {replayBuffer, type ReplayBuffer} from './replayBuffer.js';

/** From contexts `[rows, features]` of a next node to the distribution, of batch `[rows]`, that it has there now. */
export type ReplayPolicy = (node: CriticNode, context: tf.Tensor) => Distribution;

/** From how much of the past a critic learns, how much at a time, and whose choices it evaluates there. */
export interface ReplayConfig {
  /**
   * How many draws are kept for each node, an integer >= 1; with a bootstrapped target, for each set of next nodes that
   * it has had.
   */
  capacity: number;
  /** How many of them are learnt from in a step; default 128. */
  batch?: number;
  /**
   * What next nodes would draw now. With it a target of TD(0) is off-policy: the next value is drawn anew, however old
   * the transition. Without it the value that was drawn is taken, which lags behind where distributions change.
   */
  policy?: ReplayPolicy;
  /** Of the choices; default the next key of the default stream. */
  key?: Key;
}

export function checkReplay(who: string, config: ReplayConfig): void {
  checkKeys(who, config, ['capacity', 'batch', 'policy', 'key']);
  const {capacity, batch = 1, policy, key} = config;
  checkCount(who, 'capacity', capacity, 1);
  checkCount(who, 'batch', batch, 1);
  if (policy !== undefined) checkFunction(who, 'policy', policy, '(node, context) => Distribution');
  if (key !== undefined) checkKey(who, key);
}

/** Draws with their targets. */
export interface Lesson {
  readonly rows: tf.Tensor;
  readonly targets: tf.Tensor;
}

/**
 * How many kinds of transitions are kept for each node; those of the kind that was not met for longest are given up
 * then.
 */
const KINDS = 8;

/**
 * Transitions of one node, by what comes next: episodes may differ in length. The kind that was met last is the last.
 */
type Buffers = Map<string, ReplayBuffer>;

/** Keeps what followed the draws of each node, and draws from it again. */
export class TransitionReplay {
  readonly #who: string;
  readonly #config: ReplayConfig;
  readonly #buffers = new Slots<Buffers>();

  constructor(who: string, config: ReplayConfig) {
    this.#who = who;
    this.#config = config;
  }

  /**
   * Takes in what followed the node's draws.
   * @param seen the target of each draw where it does not bootstrap, else null: then the costs before the next critics
   */
  add(known: Known, seen: tf.Tensor | null): void {
    const {view} = known;
    const count = sizeOf(view.shape);
    const costs = seen ?? known.direct;
    const record: Record<string, tf.Tensor> = {
      rows: detach(known.rows),
      costs: costs === null ? tf.zeros([count]) : tf.reshape(grow(costs, view.shape), [count]),
    };
    if (seen === null) {
      known.nodes.forEach(({known: next}, i) => {
        check(
          sameShape(next.view.shape, view.shape),
          `${this.#who} at node ${JSON.stringify(view.name)}`,
          `a replay with a bootstrapped target needs next nodes of its own shape [${view.shape.join(',')}]; ` +
            `that of ${JSON.stringify(next.view.name)}`,
          next.view.value,
        );
        record[`next${i}`] = detach(next.rows);
        record[`context${i}`] = next.context;
      });
    }
    this.#remember(this.#bufferOf(known, seen !== null), record, seen === null ? 0 : known.prediction);
  }

  /**
   * Keeps the rows whose costs are finite. Where the device is not read in between, the others stand in with the target
   * `instead`: what the critic expects already teaches nothing.
   */
  #remember(buffer: ReplayBuffer, record: Record<string, tf.Tensor>, instead: tf.Tensor | number): void {
    const costs = record['costs']!;
    if (!readsAtOnce()) {
      buffer.add({...record, costs: detach(onlyFinite(costs, instead))});
      return;
    }
    const rows = Array.from(costs.dataSync(), (x, i) => (Number.isFinite(x) ? i : -1)).filter(i => i >= 0);
    if (rows.length === costs.size) buffer.add(record);
    else if (rows.length > 0) {
      const index = tf.tensor1d(rows, 'int32');
      buffer.add(Object.fromEntries(Object.entries(record).map(([name, t]) => [name, tf.gather(t, index)])));
    }
  }

  /**
   * A batch of draws of the node with the targets that they have now: of draws that were followed by the nodes that
   * follow now, for those of others are learnt from when they come again. Null where none of them could be kept.
   */
  lesson(known: Known, seen: boolean, nodeOf: (known: Known) => CriticNode): Lesson | null {
    const {batch = 128} = this.#config;
    const buffer = this.#bufferOf(known, seen);
    if (buffer.size === 0) return null;
    const found = buffer.sample(batch);
    const nexts = seen
      ? []
      : known.nodes.map(({known: next}, i) =>
          this.#expected(next, nodeOf(next), found[`next${i}`]!, found[`context${i}`]!),
        );
    return {rows: found['rows']!, targets: nexts.reduce((sum, q) => tf.add(sum, q), found['costs']!)};
  }

  dispose(): void {
    this.#buffers.clear(byKind => byKind.forEach(buffer => buffer.dispose()));
  }

  #bufferOf(known: Known, seen: boolean): ReplayBuffer {
    const {capacity, key} = this.#config;
    const byKind = this.#buffers.get(known.view.slot, () => new Map<string, ReplayBuffer>());
    const kind = seen
      ? ''
      : known.nodes
          .map(({known: next}) => `${next.view.slot} ${next.rows.shape[1]} ${next.context.shape[1]}`)
          .join('\n');
    const buffer =
      byKind.get(kind) ??
      replayBuffer({capacity, key: key === undefined ? nextKey() : byKind.size === 0 ? key : foldIn(key, byKind.size)});
    byKind.delete(kind);
    byKind.set(kind, buffer);
    const [oldest] = byKind.keys();
    if (byKind.size > KINDS) {
      byKind.get(oldest!)!.dispose(); // there are some
      byKind.delete(oldest!);
    }
    return buffer;
  }

  /** Q′ of a next node in each context: of the value that was drawn, or of one that the policy draws. */
  #expected(next: Known, node: CriticNode, rows: tf.Tensor, context: tf.Tensor): tf.Tensor {
    const {policy} = this.#config;
    if (policy === undefined) return next.critic.bootstrap(next.view, rows);
    const [drawn] = unrecorded(() => {
      const q: unknown = policy(node, context);
      const count = context.shape[0];
      check(
        q instanceof Distribution && sameShape(q.batchShape, [count]),
        `${this.#who}: policy`,
        `must return a distribution of batch shape [${count}]`,
        q instanceof Distribution ? q.batchShape : q,
      );
      return [joinRows(valueFeatures(q, q.sample(), count), context)];
    }) as [tf.Tensor]; // as many as are made
    return next.critic.bootstrap(next.view, drawn);
  }
}
