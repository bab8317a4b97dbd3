/** What a divergence counts in the loss: a number, or where one comes from. */
import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {KlSchedule, readSchedule, type KlScheduleConfig} from './klSchedule.js';

/**
 * What the divergence from the prior counts, 0 or more:
 *
 * - a number;
 * - a scalar `tf.Variable`, read in each step; no gradient flows into it, and on GPUs its value is not checked;
 * - a schedule (`klSchedule`), or its JSON form `{name, config}`;
 * - `'perExample'`: one over the number of examples that `fit` is given, those of a validation split left out, for what
 *   is drawn once for all of them, such as weights. `evaluate` and `trainOnBatch` divide by what the last `fit` was
 *   given, also after loading. Where nobody tells the number, as `fitDataset` and loops of one's own, write
 * - `{perExample: n}`.
 */
export type KlWeight = ReadKlWeight | KlScheduleConfig;

/** A weight as it was read. */
export type ReadKlWeight = number | tf.Variable | KlSchedule | 'perExample' | PerExampleWeight;

/** One over a number of examples. */
export interface PerExampleWeight {
  /** How many examples there are to train on. */
  readonly perExample: number;
}

const RULE =
  "klWeight must be a number, a scalar tf.Variable, a schedule, 'perExample' or {perExample: the number of examples}";

/** Checks a weight; throws in the name of `who`. */
export function readKlWeight(who: string, given: unknown): ReadKlWeight {
  if (typeof given === 'number') {
    st.extension.checkNumber(who, 'klWeight', given, st.constraints.nonNegative);
    return given;
  }
  if (given === 'perExample' || given instanceof KlSchedule) return given;
  st.extension.check(typeof given === 'object' && given !== null, who, RULE, given);
  if (given instanceof tf.Tensor) {
    const isScalar = given instanceof tf.Variable && given.rank === 0 && given.dtype === 'float32';
    st.extension.check(isScalar && !given.isDisposed, who, 'as a tensor klWeight must be a scalar tf.Variable', given);
    return given as tf.Variable; // checked
  }
  if (Object.hasOwn(given, 'perExample')) {
    st.extension.checkKeys(`${who}: klWeight`, given, ['perExample']);
    const {perExample} = given as {perExample: unknown}; // it has the key
    st.extension.checkCount(who, 'perExample', perExample, 1);
    return {perExample: perExample};
  }
  st.extension.check(Object.hasOwn(given, 'name'), who, RULE, given);
  return readSchedule(who, given as KlScheduleConfig); // which checks it
}

/** Where the weight of a layer's divergence stands. */
export interface KlProgress {
  /** Training steps before this one. */
  readonly step: number;
  /** How many examples `fit` was given, if anybody said so. */
  readonly examples: number | null;
}

/** The weight in a step: a number, or a variable's value as a constant. */
export function weightAt(who: string, weight: ReadKlWeight, {step, examples}: KlProgress): number | tf.Tensor {
  if (typeof weight === 'number') return weight;
  if (weight instanceof KlSchedule) return weight.at(step);
  if (weight instanceof tf.Variable) return variableAt(who, weight);
  if (weight !== 'perExample') return 1 / weight.perExample;
  if (examples !== null) return 1 / examples;
  return st.extension.fail(
    who,
    "klWeight 'perExample' divides by the number of examples that fit is given, and there was no fit; give " +
      'klWeight {perExample: n}, n examples in all',
  );
}

function variableAt(who: string, weight: tf.Variable): tf.Tensor {
  st.extension.check(!weight.isDisposed, who, 'the variable that is its klWeight must be alive', weight);
  if (st.extension.readsAtOnce())
    st.extension.checkNumber(
      who,
      'the variable that is its klWeight',
      weight.dataSync()[0],
      st.constraints.nonNegative,
    );
  return st.stopGradient(weight);
}

/** `cost` times a weight. */
export function weighted(cost: tf.Tensor, weight: number | tf.Tensor): tf.Tensor {
  return weight === 1 ? cost : tf.mul(cost, weight);
}

/** What the JSON form of a variable says. */
export const VARIABLE = 'variable';

/** The JSON form of a weight; that of a variable says only that it is one, its value is saved among the weights. */
export function klWeightConfig(weight: ReadKlWeight): number | string | tf.serialization.ConfigDict {
  if (typeof weight === 'number' || typeof weight === 'string') return weight;
  if (weight instanceof tf.Variable) return VARIABLE;
  if (weight instanceof KlSchedule) return {name: weight.name, config: {...weight.config}};
  return {...weight};
}
