/**
 * Credit for each example where only a scalar loss is at hand, as inside `model.fit`: the tape says what the scalar is the mean, the sum or
 * the combination of, and nodes are credited with those per-example tensors. The scalar itself is what is differentiated.
 */
import * as tf from '@tensorflow/tfjs-core';
import {sameShape, sizeOf, tryBroadcast, type Shape} from '../util/shapes.js';
import {stopGradientSource} from '../math/stopGradient.js';
import {externalNodes} from './cost.js';
import {warnOnce} from './estimatorStore.js';
import {influencedNodes, type Influenced} from './influence.js';
import {linkOfValue} from './stochasticTensor.js';
import type {TapeRecord} from './tape.js';

export interface PerExample {
  /** Tensors whose means add up to the means of the given costs, apart from what no random node influences. */
  readonly credits: tf.Tensor[];
  /** The nodes, with the indices of the credits downstream of them. */
  readonly influenced: Influenced[];
}

/** What nodes are to be credited with: the costs, with the per-example tensors in place of the scalars downstream of nodes with several draws. */
export function perExampleCosts(tape: readonly TapeRecord[], costs: readonly tf.Tensor[]): PerExample {
  const influenced = influencedNodes(tape, costs);
  const mixed = costs.map((c, i) => c.rank === 0 && influenced.some(node => hasDraws(node) && node.costs.has(i)));
  if (!mixed.includes(true)) return {credits: [...costs], influenced};
  const finder = new Finder(tape);
  const parts = costs.flatMap((c, i) => (mixed[i] ? finder.split(c, x => x) ?? [c] : [c]));
  const again = influencedNodes(tape, parts);
  return {credits: parts.map((part, i) => fit(part, again.filter(node => node.costs.has(i)))), influenced: again};
}

function hasDraws({link}: Influenced): boolean {
  return link.term !== null && sizeOf(link.term.view.shape) > 1;
}

/**
 * Averages a found tensor over trailing axes until it has the rank of the nodes upstream: Keras-style losses have shape `[batch, …]`.
 * Falls back on the mean where the shapes do not agree.
 */
function fit(part: tf.Tensor, upstream: readonly Influenced[]): tf.Tensor {
  const nodes = upstream.filter(hasDraws);
  if (nodes.length === 0) return part;
  if (part.rank === 0) return warnScalar(part);
  const shapes = nodes.map(({link}) => link.term!.view.shape);
  const longest = shapes.reduce((a, b) => (b.length > a.length ? b : a));
  const reduced = averageTrailing(part, [[...samplesOnly(upstream), ...longest], longest]);
  const agrees = nodes.every(({link}, i) => tryBroadcast([reduced.shape, shapes[i]!]) !== null &&
      reduced.rank >= link.term!.view.distribution.batchShape.length);
  return agrees ? reduced : warnScalar(tf.mean(part));
}

/** The mean over the axes behind the first of `heads` that `x` begins with; `x` itself where there is none. */
function averageTrailing(x: tf.Tensor, heads: readonly Shape[]): tf.Tensor {
  const head = heads.find(h => sameShape(x.shape.slice(0, h.length), h));
  const extra = head === undefined ? 0 : x.rank - head.length;
  return extra === 0 ? x : tf.mean(x, Array.from({length: extra}, (_, i) => x.rank - extra + i));
}

/** The sample axes that a node without a surrogate term (a pathwise one) has put before the batch; the most that any of them has. */
function samplesOnly(upstream: readonly Influenced[]): Shape {
  const axes = upstream.filter(({link}) => link.term === null).map(({link: {node}}) => {
    const {batchShape, eventShape} = node.distribution;
    return node.value.shape.slice(0, node.value.rank - batchShape.length - eventShape.length);
  });
  return axes.reduce((a, b) => (b.length > a.length ? b : a), []);
}

function warnScalar(scalar: tf.Tensor): tf.Tensor {
  warnOnce('tfjs-stochastic: found no per-example costs behind a scalar loss, so every random draw is credited with the whole loss: the ' +
      'gradient stays right on average but is noisier. Return costs of shape [batch], or make the loss the mean of such a tensor.');
  return scalar;
}

type Apply = (x: tf.Tensor) => tf.Tensor;

/** Takes scalars apart along the tape. */
class Finder {
  readonly #producers = new Map<number, TapeRecord>();
  /** Tensors that no random node influences, by id. */
  readonly #certain = new Set<number>();

  constructor(tape: readonly TapeRecord[]) {
    for (const record of tape) {
      for (const output of record.outputs) this.#producers.set(output.id, record);
    }
  }

  /**
   * Tensors whose means add up to `apply(scalar)`, where `apply` is linear, apart from what no random node influences; null if nothing on the
   * way down to them is alive.
   */
  split(scalar: tf.Tensor, apply: Apply): tf.Tensor[] | null {
    if (!this.#isRandom(scalar)) return [];
    return this.#splitRecord(scalar, apply) ?? (scalar.isDisposed ? null : [apply(scalar)]);
  }

  #splitRecord(scalar: tf.Tensor, apply: Apply): tf.Tensor[] | null {
    const record = this.#producers.get(scalar.id);
    if (record === undefined) return null;
    const inputs = Object.values(record.inputs);
    const {a, b, x} = record.inputs;
    switch (record.kernelName) {
      case 'Add':
      case 'AddN': return this.#all(inputs, () => apply);
      case 'Sub': return this.#all(inputs, input => (input === b ? v => apply(tf.neg(v)) : apply));
      case 'Neg': return this.#all(inputs, () => v => apply(tf.neg(v)));
      case 'Identity':
      case 'Cast':
      case 'Reshape': return inputs.length === 1 ? this.#all(inputs, () => apply) : null;
      case 'Multiply': {
        const factorB = this.#constantScalar(record, b);
        if (factorB !== null) return this.#all([a!], () => v => apply(tf.mul(v, factorB)));
        const factorA = this.#constantScalar(record, a);
        return factorA === null ? null : this.#all([b!], () => v => apply(tf.mul(v, factorA)));
      }
      case 'RealDiv': {
        const divisor = this.#constantScalar(record, b);
        return divisor === null ? null : this.#all([a!], () => v => apply(tf.div(v, divisor)));
      }
      case 'Mean': return x && x.size > 1 ? this.#vector(x, apply) : x ? this.#all([x], () => apply) : null;
      case 'Sum': return x && x.size > 1 ? this.#vector(x, v => apply(tf.mul(v, x.size))) : x ? this.#all([x], () => apply) : null;
      default: return null;
    }
  }

  /** The parts of every input, if all of them are scalars that can be found alive. */
  #all(inputs: readonly tf.Tensor[], applyOf: (input: tf.Tensor) => Apply): tf.Tensor[] | null {
    const parts: tf.Tensor[] = [];
    for (const input of inputs) {
      const found = input.size === 1 ? this.split(input, v => scalarOrMore(applyOf(input)(v))) : null;
      if (found === null) return null;
      parts.push(...found);
    }
    return parts;
  }

  /** The addends of a tensor that is averaged, so that a node is credited only with those downstream of it. */
  #vector(x: tf.Tensor, apply: Apply): tf.Tensor[] | null {
    if (!this.#isRandom(x)) return [];
    const record = this.#producers.get(x.id);
    if (record !== undefined && (record.kernelName === 'Add' || record.kernelName === 'AddN')) {
      const inputs = Object.values(record.inputs);
      if (inputs.every(input => sameShape(input.shape, x.shape))) {
        const parts = inputs.map(input => this.#vector(input, apply));
        if (parts.every(p => p !== null)) return parts.flat();
      }
    }
    return x.isDisposed ? null : [apply(x)];
  }

  /**
   * A scalar that no node influences, as a live tensor; null for anything else. An operand that was given as a number is gone by now, but the
   * record of a product or a quotient has saved it for the backward pass.
   */
  #constantScalar({kernelName, inputs, saved}: TapeRecord, t: tf.Tensor | undefined): tf.Tensor | null {
    if (t === undefined || t.size !== 1 || this.#isRandom(t)) return null;
    if (!t.isDisposed) return t;
    const at = tf.getGradient(kernelName)?.inputsToSave?.findIndex(name => inputs[name] === t) ?? -1;
    const kept = saved[at];
    return kept === undefined || kept.isDisposed ? null : kept;
  }

  /** Whether a random node with a surrogate term lies upstream of `t`. */
  #isRandom(t: tf.Tensor): boolean {
    const pending = [t];
    const seen = new Set<number>();
    while (pending.length > 0) {
      const next = pending.pop();
      if (next === undefined || seen.has(next.id) || this.#certain.has(next.id)) continue;
      seen.add(next.id);
      const link = linkOfValue(next);
      if ((link !== undefined && link.term !== null) || externalNodes(next).length > 0) return true;
      const source = stopGradientSource(next);
      pending.push(...Object.values(this.#producers.get(next.id)?.inputs ?? {}).filter(input => input), ...(source ? [source] : []), ...(link?.parents ?? []));
    }
    seen.forEach(id => this.#certain.add(id));
    return false;
  }
}

/** Scalars of shape [1] and the like become shape []. */
function scalarOrMore(x: tf.Tensor): tf.Tensor {
  return x.size === 1 && x.rank > 0 ? tf.reshape(x, []) : x;
}
