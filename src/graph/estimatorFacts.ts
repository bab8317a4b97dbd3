/** What is known of an estimator without asking it for anything. */
import type {Distribution} from '../distributions/distribution.js';

/** The distributions that an estimator can serve, as data. */
export interface Requirement {
  /** Completes "needs …": `a reparameterised distribution (Normal, …)`. */
  readonly rule: string;
  /** Whether `distribution` meets the rule. */
  accepts(distribution: Distribution): boolean;
}

/**
 * How the samples of an estimator come about. `independent`: drawn one by one, those of the value type or `samples` of
 * the estimator's own. `coupled`: the estimator draws `samples` together, along a leading axis of its own before any
 * axes of the value type; nodes in parallel may share the axis. `exclusive`: as coupled, but the samples mean something
 * only together (they are weighted, or all different), so no other node's samples may run along that axis.
 */
export type Coupling = 'independent' | 'coupled' | 'exclusive';

/** What an estimator says of itself, as data. */
export interface EstimatorFacts {
  /** Tells estimators from other objects. */
  readonly kind: 'estimator';
  /** As it is registered, or how messages call it. */
  readonly name: string;
  /**
   * JSON-safe configuration with which `estimators.get(name, config)` makes an equal one; null if it holds functions or
   * tensors.
   */
  readonly config: Readonly<Record<string, unknown>> | null;
  /** Whether the mean of its estimates is the gradient, for every cost that it accepts; said in audits and docs. */
  readonly bias: 'unbiased' | 'biased';
  /** What a node's distribution must be; checked when the node is made. */
  readonly requires: Requirement;
  /**
   * How often the cost, or a stand-in for it of the same size, is evaluated for one estimate; for some that depends on
   * the distribution.
   */
  readonly evaluations: number | ((distribution: Distribution) => number);
  /** Paper and equation. */
  readonly source: string;
  /** Whether the value stays differentiable in the parameters; then there is no surrogate term. */
  readonly differentiable: boolean;
  /**
   * Size of the leading sample axis that the estimator adds; an independent one adds it only where the value type has
   * none.
   */
  readonly samples?: number | ((distribution: Distribution) => number);
  /** Default `independent`. */
  readonly coupling?: Coupling;
  /** Whether the node's `logProb()` holds the parameters constant, so that it differentiates along the value only. */
  readonly stopsScore?: boolean;
  /**
   * Whether derivatives of every order are right: each cost downstream is multiplied with exp(log p − ⊥log p) of the
   * draw (Foerster et al. 2018), and what `combine` gives is added.
   */
  readonly anyOrder?: boolean;
  /** Whether `combine` needs the parameters broadcast to the value's full shape, one copy for each sample. */
  readonly perSample?: boolean;
}
