/** What a family knows of divergences: closed forms of KL(q ‖ p), each for two families by name. */
import type * as tf from '@tensorflow/tfjs-core';

/** KL(q ‖ p) in closed form for q and p of two families. */
export interface KlRule {
  /** The family of q, as its `name` says. */
  readonly q: string;
  /** The family of p, or '*' for every family. */
  readonly p: string;
  /**
   * In nats, of the broadcast batch shape, for distributions of these families; null where the pair has a closed form
   * for others of its members only.
   */
  divergence(q: object, p: object): tf.Tensor | null;
}

/** A rule whose divergence is written for the classes that the names stand for. */
export function klRule<Q extends object, P extends object>(
  q: string,
  p: string,
  divergence: (q: Q, p: P) => tf.Tensor | null,
): KlRule {
  return {q, p, divergence};
}
