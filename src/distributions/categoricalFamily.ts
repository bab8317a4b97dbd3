/** What the two value layouts of a categorical distribution share: class indices and one-hot vectors. */
import * as tf from '@tensorflow/tfjs-core';
import {floatTensor, shapeOfNumbers} from '../util/numbers.js';
import {logWeights, simplex} from '../constraints/vectors.js';
import {elementParam, isHostParam, type ElementParam} from '../random/elements/elementParam.js';
import {check} from '../util/errors.js';
import {broadcastShapes, checkSize, toShape, type Shape} from '../util/shapes.js';
import {isTensor} from '../util/tensors.js';
import {detach, stopGradient} from '../math/stopGradient.js';
import {argMaxLast, drawCategorical} from '../random/discrete.js';
import {relativeWeights} from '../random/relativeWeights.js';
import type {Key} from '../keys/key.js';
import {gumbelNoise} from '../random/noise.js';
import {checkMask, classMask, classWeights, leaveOutOnHost, type WeightsBy} from './classMask.js';
import {Distribution, type DistributionConfig, type Param} from './distribution.js';
import {expm1, safeLog} from '../functions/elementary/index.js';
import {classesKl} from '../functions/divergence/index.js';
import {grow} from '../math/grow.js';
import {unlessNaN} from '../functions/guards/index.js';
import {logSoftmax} from '../functions/logarithms/index.js';
import {weigh} from '../functions/masses/index.js';
import {finiteLog, finiteLogWeights} from '../functions/logarithms/index.js';
import {atTemperature, hardValue, readNoiseKey, type Relaxation} from './relaxation.js';
import {successLogMass} from '../functions/successes/index.js';

/** Weights of the classes, [batch…, classes], as `logits` or `probs`, and which of them there are. */
export interface CategoricalConfig extends DistributionConfig {
  /** Log-weights of the classes along the last axis, normalised by softmax; give these or `probs`. */
  logits?: Param;
  /** Probabilities of the classes along the last axis; they must sum to 1, and are used as they are. */
  probs?: Param;
  /**
   * Which classes there are: true (or 1) for those that stay, broadcast with the parameter; the others have probability
   * 0, whatever their weights. With `probs`, the rest are divided by their sum. A constant: nothing is differentiated
   * in it.
   */
  mask?: Param;
  /** The dtype of samples. */
  dtype?: 'float32' | 'int32';
}

/** One of several classes; how a class is written as a value, the two families below say. */
export abstract class CategoricalFamily extends Distribution {
  protected constructor(name: string, config: CategoricalConfig, dtype: 'float32' | 'int32') {
    const declared = {logits: logWeights, probs: simplex, mask: classMask};
    super(name, config, declared, {
      oneOf: [['logits', 'probs']],
      optional: ['mask'],
      dtype,
      dtypes: ['float32', 'int32'],
    });
    const {mask} = this.parameters;
    if (mask !== undefined) checkMask(name, this.by, this.parameters[this.by]!, mask, this.validateArgs);
  }

  /** Class indices (int32, [...]) as values of this family. */
  protected abstract fromIndex(index: tf.Tensor): tf.Tensor;
  /** Values of this family as one-hot vectors (float32, [..., classes]). */
  protected abstract toOneHot(x: tf.Tensor): tf.Tensor;

  get isDiscrete() {
    return true;
  }

  get isReparameterized(): false {
    return false;
  }

  /** The number of classes, masked ones included. */
  get classes(): number {
    const shape = shapeOfNumbers(this.name, 'logits', this.parameters[this.by]!);
    return shape[shape.length - 1]!;
  }

  override get relaxation(): Relaxation {
    const who = `${this.name}.relaxation`;
    return {
      location: () => tf.tidy(() => this.finiteLogProbs()),
      // z = ln θ + g, g standard Gumbel
      sample: (shape, options = {}) => {
        const full = checkSize(`${who}.sample`, [...toShape(`${who}.sample`, shape), ...this.batchShape, this.classes]);
        const noiseKey = readNoiseKey(`${who}.sample`, options);
        return tf.tidy(() => tf.add(this.finiteLogProbs(), gumbelNoise(full, noiseKey)));
      },
      harden: z =>
        tf.tidy(() => {
          const x = floatTensor(`${who}.harden`, 'z', z);
          check(
            x.shape[x.rank - 1] === this.classes,
            `${who}.harden`,
            `z must have ${this.classes} classes along its last axis`,
            z,
          );
          return stopGradient(this.fromIndex(argMaxLast(x)));
        }),
      conditional: (b, options = {}) => {
        const noiseKey = readNoiseKey(`${who}.conditional`, options);
        return tf.tidy(() => {
          const [logProbs, oneHot] = [
            this.finiteLogProbs(),
            this.toOneHot(detach(hardValue(this.name, b, [...this.batchShape, ...this.eventShape]))),
          ];
          return conditionalOn(
            oneHot,
            logProbs,
            gumbelNoise(broadcastShapes(`${who}.conditional`, [logProbs.shape, oneHot.shape]), noiseKey),
          );
        });
      },
      soften: (z, temperature) => tf.tidy(() => tf.softmax(atTemperature(this.name, z, temperature))),
    };
  }

  protected _sample(shape: Shape, key: Key) {
    const outer = shape.slice(0, shape.length - this.eventShape.length);
    const given = this.drawable();
    // probabilities add up to 1, none is lost beside another
    const weights = this.by === 'logits' ? relativeWeights('logits', given) : given;
    const drawn = this.fromIndex(drawCategorical(this.by, weights, outer, key));
    return this.dtype === 'float32' ? this.spoilt(drawn) : drawn;
  }

  protected _logProb(x: tf.Tensor) {
    const oneHot = this.toOneHot(x);
    return tf.sum(
      this.by === 'logits' ? weigh(oneHot, this.logProbs()) : successLogMass(oneHot, 0, this.weights()),
      -1,
    );
  }

  protected override _mode() {
    return this.fromIndex(argMaxLast(stopGradient(this.weights())));
  }

  protected override _entropy() {
    return tf.neg(tf.sum(weigh(this.probs(), this.logProbs()), -1));
  }

  protected override _enumerateSupport() {
    const {classes, batchShape} = this;
    const index = tf.reshape(tf.range(0, classes, 1, 'int32'), [classes, ...batchShape.map(() => 1)]);
    return this.fromIndex(grow(index, [classes, ...batchShape]));
  }

  /** A draw, NaN where a weight is: the winner of a race with NaN would look like any other. */
  protected spoilt(drawn: tf.Tensor): tf.Tensor {
    const given = this.parameters[this.by]!;
    return isTensor(given) ? unlessNaN(drawn, tf.sum(this.param(this.by), -1, this.eventShape.length > 0)) : drawn;
  }

  /** Which of the two parameters was given. */
  protected get by(): WeightsBy {
    return this.given('logits') ? 'logits' : 'probs';
  }

  /** The parameter that was given, [batch…, classes], without what `mask` leaves out. */
  protected weights(): tf.Tensor {
    return classWeights(this).value;
  }

  /** The same for the sampler. */
  private drawable(): ElementParam {
    const own = elementParam(this.parameters[this.by]!);
    const {mask} = this.parameters;
    if (mask === undefined) return own;
    const left = elementParam(mask);
    return isHostParam(own) && isHostParam(left) ? leaveOutOnHost(this.name, this.by, own, left) : this.weights();
  }

  /** [batch…, classes]. */
  protected probs(): tf.Tensor {
    return this.by === 'logits' ? tf.softmax(this.weights()) : this.weights();
  }

  /** 1 − p_i, [batch…, classes]. */
  protected complements(): tf.Tensor {
    return this.by === 'logits' ? tf.neg(expm1(this.logProbs())) : tf.sub(1, this.probs());
  }

  /** [batch…, classes]. */
  protected logProbs(): tf.Tensor {
    return this.by === 'logits' ? logSoftmax(this.weights()) : safeLog(this.weights());
  }

  private finiteLogProbs(): tf.Tensor {
    return this.by === 'logits' ? finiteLogWeights(tf.logSoftmax(this.weights())) : finiteLog(this.weights());
  }

  /** Σ q ln(q/p), for two members of either layout, as terms of which none is negative. */
  protected static divergence(q: CategoricalFamily, p: CategoricalFamily): tf.Tensor {
    return classesKl(classWeights(q), classWeights(p));
  }
}

/**
 * z̃_b = −ln(−ln v_b), z̃_i = −ln(−ln v_i / θ_i − ln v_b) (Grathwohl et al. 2018, appendix B). With the Gumbel noise g
 * = −ln(−ln v) that is z̃_i = g_b − softplus(g_b − g_i − ln θ_i). The margin, a few roundings of g_b, keeps class b the
 * greatest when the softplus is too small for float32.
 */
export function conditionalOn(oneHot: tf.Tensor, logProbs: tf.Tensor, noise: tf.Tensor): tf.Tensor {
  const chosen = tf.sum(tf.mul(noise, oneHot), -1, true);
  const drop = tf.softplus(tf.sub(tf.sub(chosen, noise), logProbs));
  const margin = tf.mul(tf.add(tf.abs(chosen), 1), 2.5e-7);
  return tf.sub(chosen, tf.mul(tf.sub(1, oneHot), tf.add(drop, margin)));
}
