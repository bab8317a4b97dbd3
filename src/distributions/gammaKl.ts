/** Divergences between the families that are gamma distributions. */
import * as tf from '@tensorflow/tfjs-core';
import {gammaKl, gammaKlOfLogs} from '../functions/gammaKl/index.js';
import type {Distribution} from './distribution.js';
import {registerKl} from './kl.js';
import type {Parts} from './scaledGamma.js';

type Reader = (d: Distribution) => Parts;

const readers = new Map<string, Reader>();

/**
 * Adds the divergences between the family and each that came before, in both directions, and its own; `parts` reads
 * concentration and rate.
 */
export function registerGammaKl<D extends Distribution>(name: string, parts: (d: D) => Parts): void {
  readers.set(name, parts as Reader); // called with distributions of this name only
  for (const other of readers.keys()) {
    register(name, other);
    register(other, name);
  }
}

function register(from: string, to: string): void {
  registerKl(from, to, (q, p) => divergence(readers.get(from)!(q), readers.get(to)!(p)));
}

/** KL of the gamma distributions; a scale stands for a rate, as the divergence is that of the reciprocals. */
export function divergence(q: Parts, p: Parts): tf.Tensor {
  if (q.by !== 'LogRate' && p.by !== 'LogRate') return gammaKl(q.a, q.b, p.a, p.b);
  const logRate = ({by, b}: Parts) => (by === 'LogRate' ? b : tf.log(b));
  return gammaKlOfLogs(q.a, logRate(q), p.a, logRate(p));
}
