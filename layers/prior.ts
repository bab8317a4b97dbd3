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

const families = {
  Bernoulli: st.Bernoulli,
  Categorical: st.Categorical,
  Exponential: st.Exponential,
  Gumbel: st.Gumbel,
  Laplace: st.Laplace,
  Logistic: st.Logistic,
  Normal: st.Normal,
  OneHotCategorical: st.OneHotCategorical,
  Uniform: st.Uniform,
};

/** Reads a prior given as a distribution or as `{name, config}`. */
export function readPrior(who: string, prior: st.Distribution | PriorConfig): st.Distribution {
  if (prior instanceof st.Distribution) return prior;
  st.extension.check(
    typeof prior === 'object' && prior !== null,
    who,
    'prior must be a distribution or {name, config}',
    prior,
  );
  st.extension.checkKeys(`${who}: prior`, prior, ['name', 'config']);
  const {name, config} = prior;
  if (!st.extension.isNameIn(families, name))
    st.extension.failUnknown(`${who}: prior`, 'family', name, Object.keys(families));
  const family = families[name] as new (config: object) => st.Distribution; // each checks its own config
  return new family(config);
}

/** The JSON form of a prior; throws in the name of `who` unless its parameters are numbers or arrays. */
export function priorConfig(who: string, prior: st.Distribution): PriorConfig {
  st.extension.check(
    Object.hasOwn(families, prior.name) && Object.keys(prior.tensors()).length === 0,
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
