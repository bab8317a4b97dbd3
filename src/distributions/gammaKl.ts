/** Divergences between the families that are gamma distributions. */
import * as tf from '@tensorflow/tfjs-core';
import {gammaKl, gammaKlOfLogs} from '../functions/gammaKl/index.js';
import {klRule, type KlRule} from './klRule.js';
import type {ScaledParameters} from './scaledGamma.js';

/** A distribution that is a gamma distribution. */
export interface GammaDistributed {
  /** Its concentration and rate. */
  gammaParts(): ScaledParameters;
}

/** The families of gamma distributions, by name. */
const FAMILIES = ['Gamma', 'Chi2', 'Exponential'];

/** The divergences of the family `name` from each of these, and that of the exponential one from it. */
export function gammaKlRules(name: 'Gamma' | 'Chi2'): KlRule[] {
  const rule = (first: string, second: string): KlRule =>
    klRule<GammaDistributed, GammaDistributed>(first, second, (q, p) => scaledGammaKl(q.gammaParts(), p.gammaParts()));
  return [...FAMILIES.map(other => rule(name, other)), rule('Exponential', name)];
}

/** KL of the gamma distributions; a scale stands for a rate, as the divergence is that of the reciprocals. */
export function scaledGammaKl(q: ScaledParameters, p: ScaledParameters): tf.Tensor {
  if (q.by !== 'LogRate' && p.by !== 'LogRate') return gammaKl(q.a, q.b, p.a, p.b);
  const logRate = ({by, b}: ScaledParameters) => (by === 'LogRate' ? b : tf.log(b));
  return gammaKlOfLogs(q.a, logRate(q), p.a, logRate(p));
}
