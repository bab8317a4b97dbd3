/**
 * What a random node is made of: its value, drawn by its estimator along the sample axes that the estimator and the
 * value type ask for.
 */
import * as tf from '@tensorflow/tfjs-core';
import {check, fail} from '../util/errors.js';
import {sameShape, type Shape} from '../util/shapes.js';
import {detach} from '../math/stopGradient.js';
import type {Distribution} from '../distributions/distribution.js';
import type {Draw, Estimator} from './estimator.js';
import {contentsOf, sampleKept, type Kept} from './kept.js';
import {recordedValue, recordedWeights, type GivenValue} from './recorded.js';
import {currentRun, type Place} from './run.js';
import {inGradientScope, persist} from './tape.js';
import type {SampleValue, ValueType} from './valueTypes.js';

/** The value of a random node with all that was found in drawing it. */
export interface MadeValue {
  readonly distribution: Distribution;
  /** Makes `distribution` again where its parameters do not outlive the tidy that it was made in. */
  readonly expand?: () => Distribution;
  readonly value: tf.Tensor;
  /** The value as a constant that outlives tidies; null where there will be no surrogate term. */
  readonly held: tf.Tensor | null;
  /**
   * What the value was before a map rounded it; null where there is no such map, or where it is not known any more.
   * Call it in a tidy.
   */
  readonly kept: () => Kept | null;
  /** Whether it was given, so that nobody knows whether it lies within the support. */
  readonly isRecorded: boolean;
  readonly memo: Readonly<Record<string, tf.Tensor>>;
  /** Of the shape of the log-probability; null where all samples count alike. */
  readonly weights: tf.Tensor | null;
  /** Along the leading axis, or merged into it. */
  readonly samples: number;
  /** The number of axes in front of the batch; null where samples are merged into it. */
  readonly sampleRank: number | null;
}

/** Draws the value inside a tidy: only the value stays with the caller, the rest with the gradient scope. */
export function makeValue(
  given: Distribution,
  estimator: Estimator | null,
  valueType: ValueType,
  place: Place,
  recorded: GivenValue | null = null,
): MadeValue {
  let drawn: MadeValue | undefined;
  tf.tidy(() => {
    drawn =
      valueType.kind === 'mean'
        ? takeMean(given, valueType.stopGradient)
        : draw(given, estimator, valueType, place, recorded);
    return drawn.value;
  });
  return drawn!;
}

const nothing = (): null => null;

function takeMean(given: Distribution, stop: boolean): MadeValue {
  const distribution = persistParameters(given);
  const mean = distribution.mean();
  return {
    distribution,
    value: stop ? detach(mean) : mean,
    held: null,
    kept: nothing,
    isRecorded: false,
    memo: {},
    weights: null,
    samples: 1,
    sampleRank: 0,
  };
}

function draw(
  given: Distribution,
  estimator: Estimator | null,
  valueType: Exclude<ValueType, {kind: 'mean'}>,
  {key, value: instead}: Place,
  recorded: GivenValue | null,
): MadeValue {
  const recording = inGradientScope();
  const merge = valueType.kind === 'sampleAndReshape';
  const merged = merge ? given.expand([valueType.n], {merge}) : given;
  const axes = sampleAxes(merged, estimator, merge ? null : valueType);
  const perSample = estimator?.perSample === true;
  const q = persistParameters(perSample ? merged.expand(axes) : merged);
  const sampleShape = perSample ? [] : axes;
  const base = {
    distribution: recording ? q : merged,
    held: null,
    kept: nothing,
    isRecorded: recorded !== null,
    memo: {},
    weights: null,
    samples: axes[0] ?? (merge ? valueType.n : 1),
    sampleRank: merge ? null : axes.length,
    // Outside a scope nothing keeps the parameters of an expanded distribution: it is made again when asked for.
    ...(merge && !recording ? {expand: () => given.expand([valueType.n], {merge})} : {}),
  };
  const hasTerm = estimator !== null && !estimator.differentiable;
  if (instead !== null) {
    check(
      sameShape(instead.shape, [...sampleShape, ...q.batchShape, ...q.eventShape]),
      q.name,
      'the function that gives the costs ran again, and its nodes must have the shapes that they had',
      [...sampleShape, ...q.batchShape, ...q.eventShape],
    );
    return {...base, value: tf.clone(instead), held: hasTerm ? persist([detach(instead)])[0]! : null};
  }
  if (recorded !== null) {
    const x = recordedValue(q, recorded);
    const all = [...sampleShape, ...q.batchShape, ...q.eventShape];
    if (!sameShape(x.shape, all))
      fail(
        'DistributionTensor',
        `value must have the shape [${all.join(',')}], as a draw has here, got the shape [${x.shape.join(',')}]`,
      );
    const w = recordedWeights(q, x, recorded);
    const [held, weights = null] = recording ? persist([x, ...(w === null ? [] : [w])]) : [x, w];
    const isPath = estimator?.differentiable === true && !valueType.stopGradient;
    const value = isPath ? q.inferredDraw!(x) : x; // readRecorded has seen that there is one
    return {...base, value, held: hasTerm && recording ? held : null, weights: recording ? weights : null};
  }
  const isLinked = !hasTerm && !valueType.stopGradient && q.isReparameterized;
  const reach = isLinked && estimator?.stopsScore !== true ? 'whole' : 'fixed';
  const drawn: Draw = estimator?.draw?.(q, sampleShape, key) ?? sampleKept(q, sampleShape, key, reach);
  const {value, memo = {}, weights} = drawn;
  const x = drawn.preImage ?? null;
  if (!recording) {
    // the rest has nothing to live in: what the value came of is drawn once more where it is asked for, unless the
    // parameters have changed since
    const before = x === null ? null : contentsOf(given);
    const again = (): Kept | null => {
      if (before === null || contentsOf(given).some((id, i) => id !== before[i])) return null;
      const source = merge ? given.expand([valueType.n], {merge}) : given;
      const preImage = sampleKept(perSample ? source.expand(axes) : source, sampleShape, key, 'fixed').preImage;
      return preImage === null ? null : {x: detach(preImage), reach: 'fixed', isLinked: false};
    };
    return {...base, value: hasTerm || valueType.stopGradient ? detach(value) : value, kept: again};
  }
  const [keptX] = x === null ? [] : persist([isLinked ? x : detach(x)]);
  const kept: Kept | null = keptX === undefined ? null : {x: keptX, reach, isLinked};
  if (!hasTerm) return {...base, value: valueType.stopGradient ? detach(value) : value, kept: () => kept};
  const names = Object.keys(memo);
  const shape = value.shape.slice(0, value.rank - q.eventShape.length);
  const weight = weights === undefined ? [] : [tf.broadcastTo(detach(weights), shape)];
  const [held, ...others] = persist([detach(value), ...Object.values(memo), ...weight]);
  return {
    ...base,
    value: detach(value),
    held: held!,
    kept: () => kept,
    memo: Object.fromEntries(names.map((n, i) => [n, others[i]!])),
    weights: others[names.length] ?? null,
  };
}

/**
 * The sample axes in front of the batch: those that a plain value type asks for, and one of the estimator's own before
 * them, which an independent estimator adds only where the value type asks for none. Axes of size 1 keep it from axes
 * of other nodes that it must not share.
 */
function sampleAxes(q: Distribution, estimator: Estimator | null, plain: SampleValue | null): Shape {
  const coupling = estimator?.coupling ?? 'independent';
  const asked = plain?.shape ?? [];
  const adds =
    estimator?.samples !== undefined && (coupling !== 'independent' || (plain !== null && asked.length === 0));
  const [first, ...rest] = adds ? [samplesOf(estimator, q), ...asked] : asked;
  const run = currentRun();
  const behind = rest.length + q.batchShape.length;
  if (first === undefined) {
    run?.occupy(behind, false);
    return [];
  }
  if (run === null) return [first, ...rest];
  const padding = run.padding(behind, coupling === 'exclusive');
  run.occupy(1 + padding + behind, coupling === 'exclusive');
  return [first, ...new Array<number>(padding).fill(1), ...rest];
}

function samplesOf({samples}: Estimator, q: Distribution): number {
  return typeof samples === 'function' ? samples(q) : samples!; // asked only of estimators that have some
}

/** The same distribution on parameters that live until the gradient scope ends. */
function persistParameters(q: Distribution): Distribution {
  const parameters = q.tensors();
  const names = Object.keys(parameters);
  if (names.length === 0 || !inGradientScope()) return q;
  const kept = persist(Object.values(parameters));
  return q.withTensors(Object.fromEntries(names.map((n, i) => [n, kept[i]!])));
}
