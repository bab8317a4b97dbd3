/** What `auditEstimators` is given, read and checked. */
import * as tf from '@tensorflow/tfjs-core';
import {check, fail, failUnknown} from '../util/errors.js';
import {checkCount, checkKeys, checkFunction} from '../util/options.js';
import {isListOf, isTensor} from '../util/tensors.js';
import {positive} from '../constraints/numberSets.js';
import {checkNumber} from '../constraints/check.js';
import {checkKey, type Key} from '../keys/key.js';
import {nextKey} from '../random/stream.js';
import {isEstimator, type Estimator, type LossFunction} from '../graph/estimator.js';
import {get, names, type EstimatorName} from '../graph/estimatorRegistry.js';
import {lossFunctionEstimator} from '../graph/lossFunction.js';

export const WHO = 'auditEstimators';

/** Makes the nodes with the estimator that it is given, and returns costs as `variableGrads` takes them. */
export type AuditProgram = (estimator: Estimator, key: Key) => tf.Tensor | readonly tf.Tensor[];

/** The program to audit, with which estimators, over how many estimates. */
export interface AuditOptions {
  /**
   * The program: makes its nodes with `estimator` and returns costs of shape `[sample…, batch…]`. It runs once or more
   * for each estimate, each time with other random numbers: those of the default stream (nodes without a `key`), or of
   * keys that it makes from `key`. A key of its own would give the same draws each time.
   */
  program: AuditProgram;
  /** The variables whose gradients are estimated, in a list (then called by their names) or by labels. */
  variables: readonly tf.Variable[] | Readonly<Record<string, tf.Variable>>;
  /**
   * Names of the registry, estimators, or loss functions, in a list (then called by their names) or by labels. Default:
   * every registered name, in alphabetical order. Names stand for new estimators; an object is used in the state that
   * it is in, and keeps what `warmup` teaches it.
   */
  estimators?:
    | ReadonlyArray<Estimator | LossFunction | EstimatorName>
    | Readonly<Record<string, Estimator | LossFunction | EstimatorName>>;
  /** Gradient estimates for each estimator, at least 2; default 1000. */
  samples?: number;
  /**
   * Steps in which the state of each estimator (moving averages, learned baselines, control variates) is trained
   * before; default 0. The variables stay as they are.
   */
  warmup?: number;
  /** Of the Adam optimizer that trains estimators' own variables during `warmup`; default 0.01. */
  learningRate?: number;
  /**
   * Label of the estimator to compare with where the gradient cannot be enumerated; default: the unbiased one with the
   * smallest variance.
   */
  reference?: string;
  /** Two audits with one key give the same numbers, times apart. Default: the next key of the default stream. */
  key?: Key;
}

/** An estimator to audit: `make` throws where it cannot be made. */
export interface Contender {
  readonly label: string;
  readonly make: () => Estimator;
  /** Whether the audit made it, and disposes it. */
  readonly owned: boolean;
}

/** A variable under its label. */
export interface Labelled {
  readonly label: string;
  readonly variable: tf.Variable;
}

export interface Audit {
  readonly program: AuditProgram;
  readonly variables: readonly Labelled[];
  readonly contenders: readonly Contender[];
  readonly samples: number;
  readonly warmup: number;
  readonly learningRate: number;
  readonly reference: string | null;
  readonly key: Key;
}

/** @throws unless every option is what it must be */
export function readOptions(options: AuditOptions): Audit {
  checkKeys(WHO, options, [
    'program',
    'variables',
    'estimators',
    'samples',
    'warmup',
    'learningRate',
    'reference',
    'key',
  ]);
  const {program, samples = 1000, warmup = 0, learningRate = 0.01, reference = null} = options;
  checkFunction(WHO, 'program', program, '(estimator, key) => costs');
  checkCount(WHO, 'samples', samples, 2);
  checkCount(WHO, 'warmup', warmup, 0);
  checkNumber(WHO, 'learningRate', learningRate, positive);
  const variables = readVariables(options.variables);
  const contenders = readEstimators(options.estimators === undefined ? names().sort() : options.estimators);
  const labels = contenders.map(c => c.label);
  if (reference !== null && !labels.includes(reference)) failUnknown(WHO, 'reference', reference, labels);
  if (options.key !== undefined) checkKey(WHO, options.key);
  return {program, variables, contenders, samples, warmup, learningRate, reference, key: options.key ?? nextKey()};
}

function readVariables(given: unknown): Labelled[] {
  const who = `${WHO}: variables`;
  const variables = entries(who, given, v => (v instanceof tf.Variable ? v.name : null)).map(([label, variable]) => {
    check(
      variable instanceof tf.Variable && !variable.isDisposed && variable.trainable,
      who,
      `${JSON.stringify(label)} must be a trainable variable that is alive`,
      variable,
    );
    return {label, variable};
  });
  const twice = variables.find(({variable}, i) => variables.findIndex(v => v.variable === variable) < i);
  check(twice === undefined, who, 'each variable must occur once', twice?.label);
  return variables;
}

function readEstimators(given: unknown): Contender[] {
  const who = `${WHO}: estimators`;
  const nameOf = (e: unknown): string | null =>
    typeof e === 'string' ? e : isEstimator(e) || typeof e === 'function' ? e.name : null;
  return entries(who, given, nameOf).map(([label, estimator]) => {
    if (typeof estimator === 'string') {
      if (!names().includes(estimator)) get(estimator, {}, WHO); // throws, before anything is made
      return {label, make: () => get(estimator), owned: true};
    }
    const made = isEstimator(estimator)
      ? estimator
      : typeof estimator === 'function'
        ? lossFunctionEstimator(estimator as LossFunction) // a function can only be one
        : fail(
            who,
            `${JSON.stringify(label)} must be an estimator, its name, or a function (node, value, cost) => Tensor`,
            estimator,
          );
    return {label, make: () => made, owned: false};
  });
}

/** The values of a list, labelled by their own names, or of a record. */
function entries(
  who: string,
  given: unknown,
  nameOf: (value: unknown) => string | null,
): Array<[label: string, value: unknown]> {
  check(
    typeof given === 'object' && given !== null && !isTensor(given) && !isEstimator(given),
    who,
    'must be a list, or an object of labels',
    given,
  );
  check(
    !Array.isArray(given) || isListOf(given, (x): x is unknown => x !== undefined),
    who,
    'a list must have no holes',
    given,
  );
  const list: Array<[string, unknown]> = Array.isArray(given)
    ? (given as unknown[]).map((value, i) => [nameOf(value) || String(i), value])
    : Object.entries(given);
  check(list.length > 0, who, 'there must be at least one', given);
  const labels = list.map(([label]) => label);
  const twice = labels.find((label, i) => labels.indexOf(label) < i);
  check(twice === undefined, who, 'two in a list must differ in name; give labels in an object', twice);
  return list;
}
