/**
 * Taking scalars apart: the tape says which per-example tensors a scalar is the mean, the sum or the linear combination
 * of. Two sweeps over the tape serve all scalars, whatever the number of terms.
 */
import * as tf from '@tensorflow/tfjs-core';
import {sameShape} from '../util/shapes.js';
import {stopGradientSource} from '../math/stopGradient.js';
import {externalNodes} from './dependsOn.js';
import {linkOfValue} from './nodeLink.js';
import {sourcesOf} from './sourcesOf.js';
import type {TapeRecord} from './tape.js';

/** A constant: `number`, times the scalar `tensor` if there is one. */
interface ConstantFactor {
  readonly number: number;
  readonly tensor: tf.Tensor | null;
}

/** The mean of a record's output holds the mean of `input`, times `factor`. */
interface Share {
  readonly input: tf.Tensor;
  readonly factor: ConstantFactor;
}

type IsRandom = (t: tf.Tensor) => boolean;

const ONE: ConstantFactor = {number: 1, tensor: null};

/**
 * Takes scalars apart: tensors whose means add up to the sum of `scalars`, apart from what no random node influences. A
 * scalar of which nothing is known, or whose terms are disposed, is its own part.
 */
export type LinearParts = (scalars: readonly tf.Tensor[]) => tf.Tensor[];

export function linearParts(tape: readonly TapeRecord[]): LinearParts {
  const shares = findShares(tape, findRandom(tape));
  const byTape: LinearParts = scalars => (scalars.length === 0 ? [] : partsOf(tape, shares, scalars));
  return scalars => [
    ...byTape(scalars.filter(scalar => !told.has(scalar))),
    ...scalars.flatMap(scalar => told.get(scalar)?.(byTape) ?? []),
  ];
}

const told = new WeakMap<tf.Tensor, (takeApart: LinearParts) => tf.Tensor[]>();

/** Tells what a scalar is made of where whoever made it knows better than the tape. */
export function tellParts(scalar: tf.Tensor, parts: (takeApart: LinearParts) => tf.Tensor[]): void {
  told.set(scalar, parts);
}

function partsOf(
  tape: readonly TapeRecord[],
  shares: ReadonlyMap<number, Share[]>,
  scalars: readonly tf.Tensor[],
): tf.Tensor[] {
  const open = new Map<number, Share>();
  const put = (input: tf.Tensor, factor: ConstantFactor): void => {
    const before = open.get(input.id);
    open.set(input.id, {input, factor: before === undefined ? factor : plus(before.factor, factor)});
  };
  for (const scalar of scalars) put(scalar, ONE);
  for (let r = tape.length - 1; r >= 0 && open.size > 0; r--) {
    const id = tape[r]!.outputs[0]?.id ?? -1;
    const whole = open.get(id);
    const parts = shares.get(id);
    if (whole === undefined || parts === undefined) continue;
    open.delete(id);
    for (const {input, factor} of parts) put(input, times(whole.factor, factor));
  }
  return [...open.values()].map(({input, factor}) => timesFactor(factor, input));
}

/**
 * Which tensors lie downstream of a random node with a surrogate term or of a cost from outside: one sweep forwards.
 */
function findRandom(tape: readonly TapeRecord[]): IsRandom {
  const ids = new Set<number>();
  const isRandom: IsRandom = t => ids.has(t.id) || externalNodes(t).length > 0;
  for (const record of tape) {
    for (const output of record.outputs) {
      if (linkOfValue(output)?.term != null || sourcesOf(record, output).some(isRandom)) ids.add(output.id);
    }
  }
  return isRandom;
}

/**
 * For each tensor that can be taken apart, by id, its random terms. All of them are alive or can be taken apart in
 * turn.
 */
function findShares(tape: readonly TapeRecord[], isRandom: IsRandom): Map<number, Share[]> {
  const found = new Map<number, Share[]>();
  for (const record of tape) {
    const [output] = record.outputs;
    if (output === undefined || !isRandom(output)) continue;
    const shares = sharesOf(record, output, isRandom)
      ?.filter(({input}) => isRandom(input))
      .map(share => (found.has(share.input.id) ? share : {...share, input: alive(record, share.input) ?? share.input}));
    if (shares?.every(({input}) => !input.isDisposed || found.has(input.id))) found.set(output.id, shares);
  }
  return found;
}

/**
 * What a linear kernel says of its output: sums of tensors of one shape, and anything linear between scalars. Null for
 * other kernels.
 */
function sharesOf(record: TapeRecord, output: tf.Tensor, isRandom: IsRandom): Share[] | null {
  const inputs = Object.values(record.inputs);
  const all = (number: number): Share[] => inputs.map(input => ({input, factor: {number, tensor: null}}));
  const {kernelName} = record;
  if (kernelName === 'Add' || kernelName === 'AddN') {
    return inputs.every(input => (output.size === 1 ? input.size === 1 : sameShape(input.shape, output.shape)))
      ? all(1)
      : null;
  }
  // what it was told to come of is no input of its kernel
  if (output.size !== 1 || stopGradientSource(output) !== undefined) return null;
  const {a, b, x} = record.inputs;
  switch (kernelName) {
    case 'Sub':
      return [
        {input: a!, factor: ONE},
        {input: b!, factor: {number: -1, tensor: null}},
      ];
    case 'Neg':
      return all(-1);
    case 'Identity':
    case 'Cast':
    case 'Reshape':
      return inputs.length === 1 ? all(1) : null;
    case 'Multiply': {
      const byB = constantScalar(record, b!, isRandom);
      if (byB !== null) return [{input: a!, factor: {number: 1, tensor: byB}}];
      const byA = constantScalar(record, a!, isRandom);
      return byA === null ? null : [{input: b!, factor: {number: 1, tensor: byA}}];
    }
    case 'RealDiv': {
      const by = constantScalar(record, b!, isRandom);
      return by === null ? null : [{input: a!, factor: {number: 1, tensor: tf.reciprocal(by)}}];
    }
    case 'Mean':
      return all(1);
    case 'Sum':
      return all(x!.size);
    default:
      return null;
  }
}

/** A scalar that no node influences, as a live tensor; null for anything else. */
function constantScalar(record: TapeRecord, t: tf.Tensor, isRandom: IsRandom): tf.Tensor | null {
  return t.size !== 1 || isRandom(t) ? null : alive(record, t);
}

/**
 * An input of a record, or what the record has saved of it for the backward pass where a tidy, that of `tf.losses` say,
 * has disposed it: a copy that the tape links to the input. Null where it saved nothing.
 */
function alive({kernelName, inputs, saved}: TapeRecord, t: tf.Tensor): tf.Tensor | null {
  if (!t.isDisposed) return t;
  const at = tf.getGradient(kernelName)?.inputsToSave?.findIndex(name => inputs[name] === t) ?? -1;
  const kept = saved[at];
  return kept === undefined || kept.isDisposed ? null : kept;
}

function times(a: ConstantFactor, b: ConstantFactor): ConstantFactor {
  const tensor = a.tensor !== null && b.tensor !== null ? tf.mul(a.tensor, b.tensor) : (a.tensor ?? b.tensor);
  return {number: a.number * b.number, tensor};
}

function plus(a: ConstantFactor, b: ConstantFactor): ConstantFactor {
  if (a.tensor === b.tensor) return {number: a.number + b.number, tensor: a.tensor};
  return {number: 1, tensor: tf.add(timesFactor(a, tf.scalar(1)), timesFactor(b, tf.scalar(1)))};
}

/** x times the factor; scalars of shape [1] and the like become shape []. */
function timesFactor({number, tensor}: ConstantFactor, x: tf.Tensor): tf.Tensor {
  const scaled = number === 1 ? x : tf.mul(x, number);
  const product = tensor === null ? scaled : tf.mul(scaled, x.size === 1 ? tensor : tf.reshape(tensor, []));
  return product.size === 1 && product.rank > 0 ? tf.reshape(product, []) : product;
}
