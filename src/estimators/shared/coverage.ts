/**
 * Whether one distribution can give every value that another can, as far as that can be told without reading a tensor.
 */
import {sizeOf} from '../../util/shapes.js';
import {readNumbers} from '../../util/numbers.js';
import type {Distribution} from '../../distributions/distribution.js';
import type {Constraint} from '../../constraints/constraint.js';
import * as numbers from '../../constraints/numberSets.js';
import {oneHot, positiveVector, realVector, simplex} from '../../constraints/vectors.js';

/**
 * Values that lie in common supports and not in others; for real numbers none at a bound, since single points do not
 * count.
 */
const REALS = [0.3, -0.3, 0.7, -0.7, 1.7, -1.7, 1e-3, -1e-3, 12.3, -12.3, 1234.5, -1234.5, 1e6, -1e6];
const WHOLE = [...Array.from({length: 65}, (_, i) => i), -1, -2, 100, 1000, 100_000];

/** Supports that are what they say whatever the parameters: `check` alone knows them. */
const FIXED: readonly Constraint[] = [...Object.values(numbers), simplex, oneHot, realVector, positiveVector];

function isFixed({name, rule}: Constraint): boolean {
  // integers are those of the number of classes
  return name === 'integerInterval' || FIXED.some(fixed => fixed.name === name && fixed.rule === rule);
}

/** Why `proposal` misses some of the values of `target`; null if nothing says so. */
export function missedBy(proposal: Distribution, target: Distribution): string | null {
  const {support, eventShape, isDiscrete} = target;
  for (const probe of !isFixed(support) ? [] : isDiscrete ? WHOLE : REALS) {
    const found = support.eventRank === 0 ? [probe] : vectorsOf(probe, eventShape);
    for (const value of found) {
      if (support.check(value, eventShape) && !proposal.support.check(value, eventShape))
        return `it cannot give ${describeValue(value)}`;
    }
  }
  if (
    target.has('enumerateSupport') &&
    proposal.has('enumerateSupport') &&
    proposal.supportSize() < target.supportSize()
  ) {
    return `it has ${proposal.supportSize()} values of ${target.supportSize()}`;
  }
  return hasImpossible(proposal) && Object.keys(target.tensors()).length > 0
    ? 'it gives some values the probability 0'
    : null;
}

/**
 * Vectors and matrices of `shape` made of one number: everywhere, at the first place only, along a diagonal, and shared
 * out so that they sum to 1.
 */
function vectorsOf(v: number, shape: readonly number[]): number[][] {
  const [n, last] = [sizeOf(shape), shape[shape.length - 1] ?? 1];
  const make = (of: (i: number) => number): number[] => Array.from({length: n}, (_, i) => of(i));
  return [make(() => v), make(i => (i === 0 ? v : 0)), make(i => (i % (last + 1) === 0 ? v : 0)), make(() => 1 / last)];
}

/**
 * Whether numbers on the host leave out values of a finite support: a class without weight, or a success that is
 * certain or impossible.
 */
function hasImpossible(q: Distribution): boolean {
  if (!q.has('enumerateSupport') || Object.keys(q.tensors()).length > 0) return false;
  return Object.entries(q.parameters).some(([name, value]) => {
    if (!['probs', 'logits', 'mask'].includes(name)) return false;
    const {values} = readNumbers(q.name, name, value);
    const impossible = name === 'mask' ? [0] : name === 'probs' ? [0, ...(isOfSuccess(q) ? [1] : [])] : [-Infinity];
    return Array.from(values).some(p => impossible.includes(p));
  });
}

/** Whether the probabilities are of a success each, not of classes along the last axis. */
function isOfSuccess(q: Distribution): boolean {
  return q.parameterConstraints['probs']?.eventRank === 0;
}

function describeValue(value: number | readonly number[]): string {
  return typeof value === 'number'
    ? String(value)
    : `[${value.slice(0, 4).join(', ')}${value.length > 4 ? ', …' : ''}]`;
}
