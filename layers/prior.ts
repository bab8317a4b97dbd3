/** The prior of a layer's KL term, as an object or as JSON. */
import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';

/** JSON form of a prior: a family and numbers. */
export interface PriorConfig {
  /** Of the family: `Normal` or the like. */
  readonly name: string;
  /** Its parameters, as numbers or nested arrays. */
  readonly config: Readonly<Record<string, tf.TensorLike>>;
}

/** The class of a family, by its configuration. */
export type PriorFamily = new (config: never) => st.Distribution; // each checks its own

/** The families that a saved model may name; Normal is there with every layer of real numbers. */
const SAVED = [
  ...['Bernoulli', 'Categorical', 'Exponential', 'Gumbel', 'Laplace', 'Logistic', 'Normal', 'OneHotCategorical'],
  'Uniform',
];

const families = new Map<string, PriorFamily>();

/** Gives families of priors their names; the layers that they suit do, so that a bundle holds what its layers need. */
export function namePriors(classes: Readonly<Record<string, PriorFamily>>): void {
  for (const name of Object.keys(classes)) families.set(name, classes[name]!);
}

/**
 * Reads a prior given as a distribution or as `{name, config}`.
 * @param own families that are known there, whatever else a program uses
 */
export function readPrior(
  who: string,
  prior: st.Distribution | PriorConfig,
  own: Readonly<Record<string, PriorFamily>> = {},
): st.Distribution {
  if (prior instanceof st.Distribution) return prior;
  st.extension.check(
    typeof prior === 'object' && prior !== null,
    who,
    'prior must be a distribution or {name, config}',
    prior,
  );
  st.extension.checkKeys(`${who}: prior`, prior, ['name', 'config']);
  const {name, config} = prior;
  const family = st.extension.isNameIn(own, name) ? own[name] : families.get(name);
  if (family === undefined) {
    if (SAVED.includes(name)) {
      st.extension.fail(
        `${who}: prior`,
        `the family ${name} is not in this bundle: give the prior as a distribution, or import a layer of such values ` +
          'from tfjs-stochastic/layers, and use it',
      );
    }
    st.extension.failUnknown(`${who}: prior`, 'family', name, SAVED);
  }
  return new family(config as never); // it reads it
}

/** The JSON form of a prior; throws in the name of `who` unless its parameters are numbers or arrays. */
export function priorConfig(who: string, prior: st.Distribution): PriorConfig {
  st.extension.check(
    SAVED.includes(prior.name) && Object.keys(prior.tensors()).length === 0,
    who,
    'a prior can be saved if its parameters are numbers or arrays',
    prior,
  );
  // tfjs-layers would write a typed array as an object of numbered fields
  const plain = Object.entries(prior.parameters).map(([name, value]) => [
    name,
    ArrayBuffer.isView(value) ? Array.from(value as Float32Array) : value,
  ]);
  return {name: prior.name, config: Object.fromEntries(plain) as PriorConfig['config']}; // no tensors among them
}
