/** Methods that a family may lack. */

/** For each method that a family may lack, the rules of which one is enough. */
export const RULES = {
  cdf: ['_cdf', '_logCdf'],
  logCdf: ['_cdf', '_logCdf'],
  survival: ['_survival', '_cdf', '_logCdf'],
  quantile: ['_quantile'],
  mean: ['_mean'],
  variance: ['_variance'],
  stddev: ['_stddev', '_variance'],
  mode: ['_mode'],
  entropy: ['_entropy'],
  covariance: ['_covariance'],
  enumerateSupport: ['_enumerateSupport'],
} as const;

/** The name of a method that a family may lack; `Distribution.has` tells. */
export type OptionalMethod = keyof typeof RULES;
