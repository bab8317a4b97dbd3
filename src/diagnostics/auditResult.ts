/** What an audit of estimators tells; JSON keeps all of it. */

/** One variable, as one estimator estimates its gradient. Lists are in the order of the variable's elements. */
export interface VariableAudit {
  /** That of the variable. */
  readonly shape: readonly number[];
  /** The mean of the estimates. */
  readonly mean: readonly number[];
  /** Of that mean: √(variance / samples). */
  readonly standardError: readonly number[];
  /**
   * The largest distance of a component of the mean from the reference, in standard errors; null without a reference to
   * compare with.
   */
  readonly z: number | null;
  /** Of one estimate: the mean over the components of their sample variances. */
  readonly variance: number;
  /** ln variance; null where it is 0. */
  readonly logVariance: number | null;
}

/** An estimator that served the program. */
export interface AuditedEstimator {
  /** What the audit calls it: its name, or the key that it was given under. */
  readonly label: string;
  /** The estimator's own name and what it says of itself. */
  readonly name: string;
  /** What it says of itself; `z` says what was measured. */
  readonly bias: 'unbiased' | 'biased';
  /** Paper and equation, as it says itself. */
  readonly source: string;
  /** Null: it served the program. */
  readonly error: null;
  /** By the label of the variable. */
  readonly variables: Readonly<Record<string, VariableAudit>>;
  /** The worst of the variables. */
  readonly z: number | null;
  /** The mean over the components of all variables. */
  readonly variance: number;
  /** ln variance; null where it is 0. */
  readonly logVariance: number | null;
  /** How often the program ran for one estimate. */
  readonly runs: number;
  /**
   * Evaluations of the cost for one estimate, measured: runs, times how many samples the costs hold where plain draws
   * have one.
   */
  readonly evaluations: number;
  /** Wall-clock time of one estimate, reading the gradient included. */
  readonly milliseconds: number;
}

/** An estimator that could not serve the program. */
export interface RefusedEstimator {
  /** What the audit calls it: its name, or the key that it was given under. */
  readonly label: string;
  /** Why, in a sentence. */
  readonly error: string;
}

/** What the means are compared with. */
export interface AuditReference {
  /** `exact`: the gradient by enumeration. `estimator`: the mean of the estimator of the label `label`. */
  readonly kind: 'exact' | 'estimator';
  /** Of the estimator, or `exact`. */
  readonly label: string;
  /** Why the gradient was not enumerated; null where it was. */
  readonly reason: string | null;
  /** By the label of the variable; with the standard errors 0 where exact. */
  readonly mean: Readonly<Record<string, readonly number[]>>;
  /** Of the means, by the label of the variable; 0 where exact. */
  readonly standardError: Readonly<Record<string, readonly number[]>>;
}

/** What `auditEstimators` found; `formatAudit` shows it as a table. */
export interface EstimatorAudit {
  /** The tfjs backend that the times belong to. */
  readonly backend: string;
  /** Gradient estimates for each estimator. */
  readonly samples: number;
  /** Steps of training that the state of each estimator had before. */
  readonly warmup: number;
  /** Null if no unbiased estimator served the program. */
  readonly reference: AuditReference | null;
  /** Normal z-scores of as many components stay below this in all but one of 100,000 audits. */
  readonly zLimit: number;
  /** One entry for each, in the order in which they were given. */
  readonly estimators: ReadonlyArray<AuditedEstimator | RefusedEstimator>;
}
