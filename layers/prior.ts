/** The prior of a layer's KL term, as an object or as JSON. */
import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';

/** JSON form of a prior: a family and numbers. */
export interface PriorConfig {
  readonly name: string;
  readonly config: Readonly<Record<string, tf.TensorLike>>;
}

const families = {
  Bernoulli: st.Bernoulli, Categorical: st.Categorical, Exponential: st.Exponential, Gumbel: st.Gumbel, Laplace: st.Laplace, Logistic: st.Logistic,
  Normal: st.Normal, OneHotCategorical: st.OneHotCategorical, Uniform: st.Uniform,
};

/** Reads a prior given as a distribution or as `{name, config}`. */
export function readPrior(who: string, prior: st.Distribution | PriorConfig): st.Distribution {
  if (prior instanceof st.Distribution) return prior;
  const {name, config} = (prior ?? {}) as Partial<PriorConfig>;
  if (typeof name !== 'string' || !Object.hasOwn(families, name)) {
    throw new Error(`${who}: prior must be a distribution or {name, config} with one of ${Object.keys(families).join(', ')}, got ${JSON.stringify(prior)}`);
  }
  const family = families[name as keyof typeof families] as new (config: object) => st.Distribution; // each checks its own config
  return new family(config ?? {});
}

/** The JSON form of a prior whose parameters are numbers or arrays; null if it holds tensors. */
export function priorConfig(prior: st.Distribution): PriorConfig | null {
  if (!Object.hasOwn(families, prior.name) || Object.keys(prior.tensors()).length > 0) return null;
  return {name: prior.name, config: prior.parameters as PriorConfig['config']}; // no tensors among them
}
