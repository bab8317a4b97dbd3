/** Q as a table. */
import * as tf from '@tensorflow/tfjs-core';
import {check} from '../util/errors.js';
import {checkCount, checkKeys} from '../util/options.js';
import {oneHotOf} from '../math/numerics.js';
import type {Network} from '../baselines/network.js';
import type {CriticNode} from './criticNetworks.js';

/** The size of the tables along their contexts; along the values it is that of the support. */
export interface TabularConfig {
  /**
   * The number of contexts, an integer >= 1, default 1. With more than one, the context of each draw must be a single
   * number, the index of a row of the table: 0, 1, ….
   */
  contexts?: number;
}

/** A table for each node, of one entry for each context and value. */
export interface Tabular extends Network<[node: CriticNode]> {
  /** The number of rows of each table. */
  readonly contexts: number;
  /**
   * The table of the node of a name, `[contexts, values]`, constants of the caller's; null before its first use. The
   * first node, where several have that name.
   */
  table(name: string): tf.Tensor | null;
  /** Disposes the tables. */
  dispose(): void;
}

const tables = new WeakSet<object>();

/**
 * A critic's network for nodes of a finite support: Q is a table with one entry for each context and each value, all 0
 * at first, for each node of its own. It can hold every Q of those contexts, so its regression has no error but the
 * noise of the targets. Indices out of range have Q = 0 and learn nothing.
 */
export function tabular(config: TabularConfig = {}): Tabular {
  const who = 'tabular';
  checkKeys(who, config, ['contexts']);
  const {contexts = 1} = config;
  checkCount(who, 'contexts', contexts, 1);
  const entries = new Map<string, {name: string; table: tf.Variable}>();
  const made: Tabular = {
    contexts,
    get variables() {
      return Array.from(entries.values(), ({table}) => table);
    },
    call(rows, node) {
      const support = node.support();
      const [values, width] = support.shape as [number, number];
      let entry = entries.get(node.slot);
      if (entry === undefined) {
        entry = {name: node.name, table: tf.tidy(() => tf.variable(tf.zeros([contexts * values, 1])))};
        entries.set(node.slot, entry);
      }
      check(
        contexts === 1 || rows.shape[1] === width + 1,
        who,
        'with several contexts the context of a draw must be one number, the index of a row of the table',
        rows,
      );
      return tf.matMul(tablePlaces(rows, support, contexts), entry.table); // made with rank 2
    },
    table(name) {
      const entry = [...entries.values()].find(e => e.name === name);
      return entry === undefined ? null : tf.tidy(() => tf.clone(tf.reshape(entry.table, [contexts, -1])));
    },
    dispose() {
      entries.forEach(({table}) => table.dispose());
      entries.clear();
    },
  };
  tables.add(made);
  return made;
}

export function isTabular(network: unknown): boolean {
  return typeof network === 'object' && network !== null && tables.has(network);
}

/**
 * The place of each row in the table as a one-hot vector, `[rows, contexts · values]`; zeros for a value or a context
 * that is not there.
 */
function tablePlaces(rows: tf.Tensor, support: tf.Tensor, contexts: number): tf.Tensor2D {
  const [values, width] = support.shape as [number, number];
  const n = rows.shape[0];
  const x = tf.slice(rows, [0, 0], [n, width]);
  const differences = tf.sub(tf.reshape(x, [n, 1, width]), tf.reshape(support, [1, values, width]));
  const isValue = tf.cast(tf.less(tf.sum(tf.abs(differences), -1), 0.25), 'float32');
  if (contexts === 1) return isValue as tf.Tensor2D; // the sum of a tensor of rank 3 over an axis
  const isContext = oneHotOf(tf.reshape(tf.slice(rows, [0, width], [n, 1]), [n]), contexts);
  return tf.reshape(tf.mul(tf.expandDims(isContext, 2), tf.expandDims(isValue, 1)), [n, contexts * values]);
}
