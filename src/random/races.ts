/** Classes drawn on the host: the winner of a race, whose clocks are logits plus Gumbel noise, or weights over exponential. */
import {indexer} from '../util/indexer.js';
import type {HostNumbers} from '../util/numbers.js';
import {once} from '../util/once.js';
import {sizeOf, type Shape} from '../util/shapes.js';
import type {Key} from '../keys/key.js';
import {exponentialOf, fillWordsOf, gumbelOf} from './noise.js';

/** The bits that a bin of words is told by. */
const BIN_BITS = 11;
const SHIFT = 32 - BIN_BITS;

/** The noise of the first word of each bin and of its last: no word of the bin gives a worse score, or a better one. */
interface BinEnds {
  readonly first: Float32Array;
  readonly last: Float32Array;
}

const endsOf = (noiseOf: (word: number) => number): (() => BinEnds) =>
  once(() => {
    const at = (offset: number) =>
      Float32Array.from({length: 2 ** BIN_BITS}, (_, i) => noiseOf(i * 2 ** SHIFT + offset));
    return {first: at(0), last: at(2 ** SHIFT - 1)};
  });
const endsOfGumbels = endsOf(gumbelOf);
const endsOfExponentials = endsOf(exponentialOf);

/**
 * The winner of each race, the first of equals; the last axis of the parameter holds the classes. Everything is rounded
 * to float32, as on a device. A class's score rises with its word, so the last word of its bin bounds it: two logarithms
 * for each class would be most of the work, and are taken only of classes that can still win, where there are several.
 */
export function racesOnHost(
  name: 'logits' | 'probs',
  {values, shape: own}: HostNumbers,
  shape: Shape,
  key: Key,
): Int32Array {
  const isLogits = name === 'logits';
  const ends = isLogits ? endsOfGumbels() : endsOfExponentials();
  const classes = own[own.length - 1]!;
  const out = new Int32Array(sizeOf(shape));
  const at = indexer(own.slice(0, -1), shape);
  // an even number of races, for words come in pairs
  const piece = Math.min(out.length, 2 * Math.ceil(PIECE_WORDS / 2 / classes));
  const words = new Uint32Array(piece * classes);
  for (let start = 0; start < out.length; start += piece) {
    fillWordsOf(words, key, (start * classes) / 2);
    const end = Math.min(start + piece, out.length);
    for (let i = start, from = 0; i < end; i++, from += classes) {
      out[i] = winnerOf(values, at(i) * classes, words, from, classes, ends, isLogits);
    }
  }
  return out;
}

/** Words that are made at once, or those of two races if that is more. */
const PIECE_WORDS = 8192;

/** What each class may reach. */
let most = new Float32Array(16);

function winnerOf(
  values: HostNumbers['values'],
  row: number,
  words: Uint32Array,
  from: number,
  classes: number,
  {first, last}: BinEnds,
  isLogits: boolean,
): number {
  if (most.length < classes) most = new Float32Array(classes);
  let winner = 0;
  let best = -Infinity;
  for (let c = 0; c < classes; c++) {
    const noise = last[words[from + c]! >>> SHIFT]!;
    const bound = isLogits ? values[row + c]! + noise : values[row + c]! / noise;
    most[c] = bound;
    if (bound > best) {
      winner = c;
      best = bound;
    }
  }
  if (best === -Infinity) return winner;
  const lead = winner;
  const sure = scoreOf(values[row + lead]!, first[words[from + lead]! >>> SHIFT]!, isLogits);
  let rivals = 0;
  for (let c = 0; c < classes; c++) rivals += most[c]! >= sure ? 1 : 0;
  if (rivals === 1) return lead; // itself
  best = finishOf(values[row + lead]!, words[from + lead]!, isLogits);
  for (let c = 0; c < classes; c++) {
    if (!(most[c]! >= best) || c === lead) continue;
    const finish = finishOf(values[row + c]!, words[from + c]!, isLogits);
    if (finish > best || (finish === best && c < winner)) {
      winner = c;
      best = finish;
    }
  }
  return winner;
}

const scoreOf = (value: number, noise: number, isLogits: boolean): number =>
  Math.fround(isLogits ? value + noise : value / noise);

const finishOf = (value: number, word: number, isLogits: boolean): number =>
  scoreOf(value, Math.fround(isLogits ? gumbelOf(word) : exponentialOf(word)), isLogits);
