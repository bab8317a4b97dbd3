/** What the value of a random node is: a sample, several samples, or the mean (bayesflow's value types). */
import {Ambient} from '../util/ambient.js';
import {check, fail} from '../util/errors.js';
import {checkCount, checkKeys, checkBoolean, checkFunction} from '../util/options.js';
import {toShape, type Shape} from '../util/shapes.js';
import {isIntegerList} from '../util/tensors.js';

interface Common {
  /** Whether the value is cut off from its parameters although its distribution is reparameterised. */
  readonly stopGradient: boolean;
}

/** The distribution's mean: no sampling, no surrogate term. */
export interface MeanValue extends Common {
  /** Tells the three value types apart. */
  readonly kind: 'mean';
}

/** Samples of shape `[shape…, batch…, event…]`. */
export interface SampleValue extends Common {
  /** Tells the three value types apart. */
  readonly kind: 'sample';
  /** The sample axes, before those of the batch; [] for one sample without an axis. */
  readonly shape: Shape;
}

/** `n` samples merged with the outermost batch axis: `[n·batch₀, batch₁…, event…]`; the sample index varies slowest. */
export interface SampleAndReshapeValue extends Common {
  /** Tells the three value types apart. */
  readonly kind: 'sampleAndReshape';
  /** How many samples, >= 1; the outermost batch axis grows by this factor. */
  readonly n: number;
}

/** What the value of a random node is; made by `sampleValue`, `meanValue` or `sampleAndReshapeValue`. */
export type ValueType = MeanValue | SampleValue | SampleAndReshapeValue;

/** Whether derivatives pass through the value. */
export interface ValueTypeOptions {
  /** Cuts the value off from autodiff; a surrogate term takes over the gradient. Default false. */
  stopGradient?: boolean;
}

/**
 * A value drawn with leading axes `shape` (a number, a list, or nothing for one sample without an axis).
 * @example
 * ```ts
 * const q = new st.Normal({loc: [0, 1], scale: 1});
 * new st.DistributionTensor(q, {valueType: st.sampleValue(10)}).value.shape; // [10, 2]
 * ```
 */
export function sampleValue(shape: number | readonly number[] = [], options: ValueTypeOptions = {}): SampleValue {
  return {kind: 'sample', shape: toShape('sampleValue', shape), stopGradient: readStop('sampleValue', options)};
}

/**
 * The mean of the distribution as the value.
 * @example
 * ```ts
 * const q = new st.Normal({loc: [0, 1], scale: 1});
 * new st.DistributionTensor(q, {valueType: st.meanValue()}).value; // [0, 1]
 * ```
 */
export function meanValue(options: ValueTypeOptions = {}): MeanValue {
  return {kind: 'mean', stopGradient: readStop('meanValue', options)};
}

/** `n` samples whose axis is merged with the outermost batch axis, so that the rank does not grow. */
export function sampleAndReshapeValue(n = 1, options: ValueTypeOptions = {}): SampleAndReshapeValue {
  checkCount('sampleAndReshapeValue', 'n', n, 1);
  return {kind: 'sampleAndReshape', n, stopGradient: readStop('sampleAndReshapeValue', options)};
}

function readStop(who: string, options: ValueTypeOptions): boolean {
  checkKeys(who, options, ['stopGradient']);
  const {stopGradient: stop = false} = options;
  checkBoolean(who, 'stopGradient', stop);
  return stop;
}

/** Throws in the name of `who` unless `valueType` was made by one of the three functions above. */
export function checkValueType(who: string, valueType: ValueType): void {
  const given = valueType as {kind?: unknown; stopGradient?: unknown; shape?: unknown; n?: unknown} | null | undefined;
  const isWhole =
    typeof given?.stopGradient === 'boolean' &&
    (given.kind === 'mean' ||
      (given.kind === 'sample' && isIntegerList(given.shape, 0)) ||
      (given.kind === 'sampleAndReshape' && Number.isInteger(given.n)));
  check(isWhole, who, 'valueType must come from sampleValue, meanValue or sampleAndReshapeValue', valueType);
}

const current = new Ambient<ValueType | null>(null);

/**
 * Runs `fn` with `valueType` as the value type of every random node made in it. `fn` must be synchronous. Contexts
 * nest.
 * @example
 * ```ts
 * const q = new st.Normal({loc: [0, 1], scale: 1});
 * const z = st.withValueType(st.sampleValue([4]), () => new st.DistributionTensor(q));
 * z.value.shape; // [4, 2]
 * ```
 */
export function withValueType<T>(valueType: ValueType, fn: () => T): T {
  checkValueType('withValueType', valueType);
  checkFunction('withValueType', 'the second argument', fn);
  return current.with('withValueType', valueType, fn);
}

/** The value type that the innermost `withValueType` set. Throws where there is none. */
export function currentValueType(): ValueType {
  return current.now ?? fail('currentValueType', 'no value type is set; call it inside withValueType');
}

/** As `currentValueType`, one plain sample where none is set. */
export function valueTypeOrDefault(): ValueType {
  return current.now ?? sampleValue();
}
