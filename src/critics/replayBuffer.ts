/** Transitions of earlier steps, on the device. */
import * as tf from '@tensorflow/tfjs-core';
import {check} from '../util/errors.js';
import {checkCount, checkKeys} from '../util/options.js';
import {sameShape, type Shape} from '../util/shapes.js';
import {isTensor} from '../util/tensors.js';
import {constants, unrecorded} from '../math/stopGradient.js';
import {foldIn, type Key} from '../keys/key.js';
import {keyOrNext} from '../random/drawOptions.js';
import {fillWords} from '../keys/threefry.js';

/** Tensors by name, of one row for each transition: `[rows, …]`. */
export type Rows = Readonly<Record<string, tf.Tensor>>;

/** How much is kept, and the randomness of what is taken out. */
export interface ReplayBufferConfig {
  /** How many rows are kept, an integer >= 1; after that each new row takes the place of the oldest. */
  capacity: number;
  /** Of the choices of `sample`; default the next key of the default stream. */
  key?: Key;
}

/** Rows of earlier steps as tensors on the device; made by `replayBuffer`. */
export interface ReplayBuffer {
  /** How many rows are kept at most. */
  readonly capacity: number;
  /** The number of rows now. */
  readonly size: number;
  /**
   * Keeps copies of rows, as constants. The first call says which names there are and what shape a row of each has.
   * @throws if a later call has other names, shapes or types, or the tensors differ in their number of rows
   */
  add(rows: Rows): void;
  /**
   * `n` rows, each drawn alike from all that are kept, with replacement (Lin 1992; Mnih et al. 2015): new tensors `[n,
   * …]`, constants of the caller's.
   * @param key default the next of the buffer's own
   * @throws if it is empty or n is no integer >= 1
   */
  sample(n: number, key?: Key): Record<string, tf.Tensor>;
  /** Disposes all rows; the buffer is empty after that, and may be filled again. */
  dispose(): void;
}

/**
 * Rows that lie in the same tensors. Small additions are joined until a block has this many, so that a sample touches
 * few tensors.
 */
const BLOCK = 1024;

interface Block {
  readonly rows: number;
  readonly tensors: Readonly<Record<string, tf.Tensor>>;
}

/** What each row holds. */
type RowLayout = Readonly<Record<string, {readonly shape: Shape; readonly dtype: tf.DataType}>>;

/**
 * A replay buffer: the latest `capacity` rows, from which batches are drawn off-policy.
 * @throws if `capacity` is no integer >= 1
 */
export function replayBuffer(config: ReplayBufferConfig): ReplayBuffer {
  const who = 'replayBuffer';
  checkKeys(who, config, ['capacity', 'key']);
  const {capacity} = config;
  checkCount(who, 'capacity', capacity, 1);
  const root = keyOrNext(who, config.key);
  const blocks: Block[] = [];
  let layout: RowLayout | null = null;
  let [total, gone, samples] = [0, 0, 0]; // rows in the blocks, of which the first `gone` count no more

  const forget = (): void => {
    gone = Math.max(gone, total - capacity);
    while (blocks.length > 0 && gone >= blocks[0]!.rows) {
      const first = blocks.shift()!;
      tf.dispose({...first.tensors});
      gone -= first.rows;
      total -= first.rows;
    }
  };
  return {
    capacity,
    get size() {
      return total - gone;
    },
    add(rows) {
      const count = readRows(`${who}.add`, rows, layout);
      layout ??= Object.fromEntries(
        Object.entries(rows).map(([name, t]) => [name, {shape: t.shape.slice(1), dtype: t.dtype}]),
      );
      const names = Object.keys(layout);
      const last = blocks[blocks.length - 1];
      const joins = last !== undefined && last.rows + count <= Math.min(BLOCK, capacity);
      const kept = constants(() =>
        names.map(name => (joins ? tf.concat([last.tensors[name]!, rows[name]!]) : tf.clone(rows[name]!))),
      );
      if (joins) tf.dispose({...blocks.pop()!.tensors});
      blocks.push({
        rows: count + (joins ? last.rows : 0),
        tensors: Object.fromEntries(names.map((name, i) => [name, kept[i]!])),
      });
      total += count;
      forget();
    },
    sample(n, key) {
      checkCount(`${who}.sample`, 'n', n, 1);
      check(layout !== null && total > gone, `${who}.sample`, 'needs rows, got an empty buffer');
      const chosen = choose(key ?? foldIn(root, samples++), n, total - gone)
        .map(row => row + gone)
        .sort((a, b) => a - b);
      const names = Object.keys(layout);
      const found = unrecorded(() => names.map(name => take(blocks, name, chosen)));
      return Object.fromEntries(names.map((name, i) => [name, found[i]!]));
    },
    dispose() {
      blocks.splice(0).forEach(({tensors}) => tf.dispose({...tensors}));
      [total, gone, layout] = [0, 0, null];
    },
  };
}

/** The number of rows. Throws in the name of `who` unless the rows have one, and are as those before. */
function readRows(who: string, rows: Rows, layout: RowLayout | null): number {
  check(typeof rows === 'object' && rows !== null, who, 'needs tensors by name', rows);
  checkKeys(who, rows, Object.keys(layout ?? rows));
  const names = Object.keys(layout ?? rows);
  check(names.length > 0, who, 'needs at least one tensor by name', rows);
  const first: unknown = rows[names[0]!];
  for (const name of names) {
    const t: unknown = rows[name];
    check(
      isTensor(t) && t.rank >= 1 && t.shape[0] >= 1,
      who,
      `${name} must be a tensor of shape [rows, …] with at least one row`,
      t,
    );
    check(isTensor(first) && t.shape[0] === first.shape[0], who, 'all tensors must have as many rows', t);
    const known = layout?.[name];
    check(
      known === undefined || (sameShape(t.shape.slice(1), known.shape) && t.dtype === known.dtype),
      who,
      `${name} must be ${known?.dtype} of shape [rows${(known?.shape ?? []).map(d => `,${d}`).join('')}] as before`,
      t,
    );
  }
  return (first as tf.Tensor).shape[0]; // checked just above
}

/** `n` numbers below `count` from `key`. */
function choose(key: Key, n: number, count: number): number[] {
  const words = new Uint32Array(n);
  fillWords(words, key.words, 0);
  return Array.from(words, word => Math.floor((word / 2 ** 32) * count));
}

/** The rows at `chosen`, which rise. */
function take(blocks: readonly Block[], name: string, chosen: readonly number[]): tf.Tensor {
  const parts: tf.Tensor[] = [];
  let start = 0;
  for (const {rows, tensors} of blocks) {
    const own = chosen.filter(row => row >= start && row < start + rows).map(row => row - start);
    if (own.length > 0) parts.push(gatherRows(tensors[name]!, own));
    start += rows;
  }
  return parts.length === 1 ? parts[0]! : tf.concat(parts);
}

function gatherRows(t: tf.Tensor, rows: number[]): tf.Tensor {
  const index = tf.tensor1d(rows, 'int32');
  // webgpu gathers floats only
  return t.dtype === 'float32' ? tf.gather(t, index) : tf.cast(tf.gather(tf.cast(t, 'float32'), index), t.dtype);
}
