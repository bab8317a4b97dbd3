/** The relaxed one-hot categorical (concrete, Gumbel-softmax) distribution. */
import * as tf from '@tensorflow/tfjs-core';
import {shapeOfNumbers} from '../util/numbers.js';
import {positive} from '../constraints/numberSets.js';
import {logWeights, openSimplex, simplex} from '../constraints/vectors.js';
import type {Shape} from '../util/shapes.js';
import {safeLog} from '../functions/elementary/index.js';
import {softmaxOf} from '../functions/guards/index.js';
import {finiteLog, finiteLogWeights} from '../functions/logarithms/index.js';
import {LEAST} from '../math/numerics.js';
import type {Key} from '../keys/key.js';
import {gumbelNoise} from '../random/noise.js';
import {Distribution, type DistributionConfig, type Param} from './distribution.js';
import type {PreImage} from './preImage.js';

/** The temperature, and the weights of the categorical variable that is relaxed, [batch…, classes]. */
export interface RelaxedOneHotCategoricalConfig extends DistributionConfig {
  /** λ > 0, [batch…]: towards 0 samples become one-hot vectors, towards ∞ all their elements become equal. */
  temperature: Param;
  /** Log-weights of the classes along the last axis; give these or `probs`. */
  logits?: Param;
  /** Probabilities of the classes along the last axis; they must sum to 1. */
  probs?: Param;
}

export interface RelaxedOneHotCategorical {
  /** Does not exist: values are vectors. */
  cdf(this: never): never;
  /** Does not exist: values are vectors. */
  logCdf(this: never): never;
  /** Does not exist: values are vectors. */
  survival(this: never): never;
  /** Does not exist: values are vectors. */
  quantile(this: never): never;
  /** Has no closed form. */
  mean(this: never): never;
  /** Has no closed form. */
  variance(this: never): never;
  /** Has no closed form. */
  stddev(this: never): never;
  /** Has no closed form. */
  mode(this: never): never;
  /** Has no closed form. */
  entropy(this: never): never;
  /** Does not exist: there is no end of values. */
  enumerateSupport(this: never): never;
}

/**
 * x = softmax((logits + g)/λ) with g standard Gumbel, in the interior of the simplex. With w = logits − λ ln x and n
 * classes: p(x) = (n − 1)! λ^{n − 1} Π_i softmax(w)_i / x_i (Maddison, Mnih, Teh 2017, equation 10; Jang, Gu, Poole
 * 2017, appendix B).
 */
export class RelaxedOneHotCategorical extends Distribution {
  constructor(config: RelaxedOneHotCategoricalConfig) {
    super(
      'RelaxedOneHotCategorical',
      config,
      {temperature: positive, logits: logWeights, probs: simplex},
      {oneOf: [['logits', 'probs']]},
    );
  }

  get support() {
    return openSimplex;
  }

  get isDiscrete() {
    return false;
  }

  get isReparameterized(): true {
    return true;
  }

  /** The number of classes. */
  get classes(): number {
    return this.eventShape[0]!;
  }

  protected override eventShapeOf(parameters: Readonly<Record<string, Param>>): Shape {
    // one of them was given
    return shapeOfNumbers(this.name, 'logits', (parameters['logits'] ?? parameters['probs'])!).slice(-1);
  }

  /** What the softmax is taken of. Rounding keeps elements off 0, where their derivative would be lost anyway. */
  override preImage(): PreImage {
    return {
      rank: 1,
      map: ['softmax'],
      base: null,
      sample: (shape, key) => tf.div(tf.add(this.finiteLogits(), gumbelNoise(shape, key)), this.temperature()),
      value: z => tf.maximum(softmaxOf(z), LEAST), // clipByValue would lose NaN on wasm
      logProb: z => this.logDensityAt(tf.logSoftmax(z)),
      inverse: x => safeLog(tf.clipByValue(x, LEAST, 1)),
    };
  }

  protected _sample(shape: Shape, key: Key) {
    const {sample, value} = this.preImage();
    return value(sample(shape, key));
  }

  protected _logProb(x: tf.Tensor) {
    return this.logDensityAt(safeLog(tf.clipByValue(x, LEAST, 1)));
  }

  private logDensityAt(logX: tf.Tensor): tf.Tensor {
    const w = tf.sub(this.finiteLogits(), tf.mul(this.temperature(), logX));
    const n = this.classes;
    let logFactorial = 0;
    for (let i = 2; i < n; i++) logFactorial += Math.log(i);
    const constant = tf.add(tf.mul(tf.log(this.param('temperature')), n - 1), logFactorial);
    return tf.add(constant, tf.sum(tf.sub(tf.logSoftmax(w), logX), -1));
  }

  /** λ with an axis for the classes. */
  private temperature(): tf.Tensor {
    return tf.expandDims(this.param('temperature'), -1);
  }

  /** ln of the weights, with classes of weight 0 held at 10⁻¹⁸ so that derivatives stay finite. */
  private finiteLogits(): tf.Tensor {
    return this.given('logits') ? finiteLogWeights(this.param('logits')) : finiteLog(this.param('probs'));
  }
}
