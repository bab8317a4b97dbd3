/** The table of closed-form Kullback–Leibler divergences; each family adds its own pairs. */
import * as tf from '@tensorflow/tfjs-core';
import {check, fail} from '../util/errors.js';
import {broadcastShapes, sameShape} from '../util/shapes.js';
import {Distribution} from './distribution.js';
import {grow} from '../math/grow.js';

type Rule = (q: Distribution, p: Distribution) => tf.Tensor;

const table = new Map<string, Rule>();
const pair = (q: string, p: string): string => `${q}, ${p}`;

/** Adds KL(q ‖ p) for two families by name; '*' as the second stands for every family. A later rule replaces an earlier one. */
export function registerKl<Q extends Distribution, P extends Distribution>(q: string, p: string, rule: (q: Q, p: P) => tf.Tensor): void {
  table.set(pair(q, p), rule as unknown as Rule); // found by these names only, so q and p are of these classes
}

/**
 * KL(q ‖ p) = E_q[ln q − ln p] in nats, in closed form, of the broadcast batch shape.
 * @throws if there is no closed form for the pair (the error lists the pairs there are), or the event shapes differ
 */
export function klDivergence(q: Distribution, p: Distribution): tf.Tensor {
  check(q instanceof Distribution, 'klDivergence', 'q must be a distribution', q);
  check(p instanceof Distribution, 'klDivergence', 'p must be a distribution', p);
  const rule = table.get(pair(q.name, p.name)) ?? table.get(pair(q.name, '*'));
  if (rule === undefined) {
    fail('klDivergence', `no closed form for (${pair(q.name, p.name)}); there is one for (${[...table.keys()].join('), (')})`);
  }
  const [qe, pe] = [q.eventShape, p.eventShape];
  check(sameShape(qe, pe), 'klDivergence', `event shapes must be equal, got [${qe.join(',')}] and [${pe.join(',')}]`);
  const shape = broadcastShapes('klDivergence', [q.batchShape, p.batchShape]);
  return tf.tidy(() => grow(rule(q, p), shape));
}
