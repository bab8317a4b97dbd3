/** Which way a critic's Q becomes a gradient, by what the distribution offers. */
import {unrecorded} from '../math/stopGradient.js';
import type {Distribution} from '../distributions/distribution.js';
import {enumerable, reparameterized, reparameterizedWithScore} from '../estimators/shared/requirements.js';
import {DEFAULT_LIMIT} from '../estimators/shared/support.js';

/**
 * `support`: Σ_v p(v|θ) Q(v) over all values. `pathwise`: Q(x(θ, ε)) through a reparameterised draw. `relaxed`:
 * Q(soften(z(θ, ε))) through the continuous variable behind a discrete one.
 */
export type SignalName = 'support' | 'pathwise' | 'relaxed';

export const signalNames: readonly SignalName[] = ['support', 'pathwise', 'relaxed'];

/** Up to this many values a support is summed over without having been asked for. */
const FEW = 64;

export interface SignalChoice {
  /** What the user asked for. */
  readonly asked: SignalName | null;
  readonly use: 'controlVariate' | 'alone';
  /** Whether Q is a table, which has no derivatives in the value. */
  readonly isTable: boolean;
}

/** The signal for nodes of `q`; null where there is none. */
export function chooseSignal(q: Distribution, {asked, use, isTable}: SignalChoice): SignalName | null {
  if (asked !== null) return serves(q, asked, use, DEFAULT_LIMIT) ? asked : null;
  if (isTable) return serves(q, 'support', use, DEFAULT_LIMIT) ? 'support' : null;
  return signalNames.find(name => serves(q, name, use, FEW)) ?? null;
}

function serves(q: Distribution, name: SignalName, use: SignalChoice['use'], limit: number): boolean {
  if (name === 'pathwise') return (use === 'alone' ? reparameterized : reparameterizedWithScore).accepts(q);
  if (name === 'relaxed') return q.relaxation !== null;
  return enumerable.accepts(q) && sizeOfSupport(q) <= limit;
}

function sizeOfSupport(q: Distribution): number {
  let size = 0;
  unrecorded(() => {
    size = q.supportSize();
    return [];
  });
  return size;
}
