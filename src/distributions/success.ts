/** The probability of an event, given by itself or by its logit, and what follows from either without loss. */
import * as tf from '@tensorflow/tfjs-core';
import type {Numbers} from '../util/numbers.js';
import {real, unitInterval} from '../constraints/numberSets.js';
import {geometricKl, geometricKlOfLogits, klOfLogits, klOfProbs, klTermOfLogs} from '../functions/divergence/index.js';
import {safeLog} from '../functions/elementary/index.js';
import {finiteLog} from '../functions/logarithms/index.js';
import {softplus} from '../functions/logarithms/index.js';
import {successLogMass} from '../functions/successes/index.js';

/** The probability of success of a family that counts or tells successes, in one of two forms. */
export interface SuccessConfig {
  /** ln(p / (1 − p)); give this or `probs`. */
  logits?: Numbers;
  /** p, in [0, 1]. */
  probs?: Numbers;
}

/** What the two parameters may be, for the declarations of families. */
export const logitsOrProbs = {logits: real, probs: unitInterval};

/** p of one event, [batch…]; every method is accurate where p or 1 − p is tiny. */
export class Success {
  constructor(
    private readonly by: 'logits' | 'probs',
    private readonly value: tf.Tensor,
  ) {}

  probs(): tf.Tensor {
    return this.by === 'logits' ? tf.sigmoid(this.value) : this.value;
  }

  /** 1 − p. */
  complement(): tf.Tensor {
    return this.by === 'logits' ? tf.sigmoid(tf.neg(this.value)) : tf.sub(1, this.value);
  }

  /** ln p. */
  logProbs(): tf.Tensor {
    return this.by === 'logits' ? tf.neg(softplus(tf.neg(this.value))) : safeLog(this.value);
  }

  /** ln(1 − p). */
  logComplement(): tf.Tensor {
    return this.by === 'logits' ? tf.neg(softplus(this.value)) : successLogMass(0, 1, this.value);
  }

  /** p / (1 − p). */
  odds(): tf.Tensor {
    return this.by === 'logits' ? tf.exp(this.value) : tf.div(this.value, tf.sub(1, this.value));
  }

  /** ln(p / (1 − p)), infinite where p is 0 or 1, with finite derivatives. */
  logits(): tf.Tensor {
    return this.by === 'logits' ? this.value : tf.sub(safeLog(this.value), safeLog(tf.sub(1, this.value)));
  }

  /** As `logits`, but with p and 1 − p held above 10⁻¹⁸, so that two derivatives stay finite. */
  finiteLogits(): tf.Tensor {
    return this.by === 'logits' ? this.value : tf.sub(finiteLog(this.value), finiteLog(tf.sub(1, this.value)));
  }

  /** hits·ln p + misses·ln(1 − p), where a count of 0 makes its term 0. */
  logLikelihood(hits: tf.Tensor, misses: tf.Tensor): tf.Tensor {
    if (this.by === 'probs') return successLogMass(hits, misses, this.value);
    return tf.neg(tf.add(tf.mul(hits, softplus(tf.neg(this.value))), tf.mul(misses, softplus(this.value))));
  }

  /** −p ln p − (1 − p) ln(1 − p). */
  entropy(): tf.Tensor {
    return tf.neg(this.logLikelihood(this.probs(), this.complement()));
  }

  /** Where p > 1/2: bool. */
  isLikely(): tf.Tensor {
    return tf.greater(this.value, this.by === 'logits' ? 0 : 0.5);
  }

  /** q ln(q/p) + (1 − q) ln((1 − q)/(1 − p)), this one being q. */
  divergenceTo(p: Success): tf.Tensor {
    if (this.by === 'logits' && p.by === 'logits') return klOfLogits(this.value, p.value);
    if (this.by === 'probs' && p.by === 'probs') return klOfProbs(this.value, p.value);
    return tf.add(klTermOfLogs(this.logProbs(), p.logProbs()), klTermOfLogs(this.logComplement(), p.logComplement()));
  }
  /** `divergenceTo` over q, the number of trials to be expected before one succeeds. */
  divergencePerSuccess(p: Success): tf.Tensor {
    if (this.by === 'logits' && p.by === 'logits') return geometricKlOfLogits(this.value, p.value);
    if (this.by === 'probs' && p.by === 'probs') return geometricKl(this.value, p.value);
    return tf.div(this.divergenceTo(p), this.probs());
  }

  /** `divergenceTo` over 1 − q. */
  divergencePerFailure(p: Success): tf.Tensor {
    if (this.by === 'logits' && p.by === 'logits') return geometricKlOfLogits(tf.neg(this.value), tf.neg(p.value));
    return tf.div(this.divergenceTo(p), this.complement());
  }
}
