/** Mixtures of the members of one batch. */
import * as tf from '@tensorflow/tfjs-core';
import {check} from '../util/errors.js';
import {checkKeys} from '../util/options.js';
import {broadcastShapes, type Shape} from '../util/shapes.js';
import {stopGradient} from '../math/stopGradient.js';
import type {Key} from '../keys/key.js';
import {Categorical} from './categorical.js';
import {Distribution, type DistributionConfig} from './distribution.js';
import {implicitSample} from './implicitSample.js';
import {Independent} from './independent.js';
import {MixtureFamily} from './mixtureFamily.js';
import {prefixed, raised, unprefixed} from './parts.js';
import type {ContinuousLaw, PreImage} from './preImage.js';

/** Which component, and the components in one distribution. */
export interface MixtureSameFamilyConfig extends DistributionConfig {
  /** Which component, [batch…] of K classes. */
  mixtureDistribution: Categorical;
  /** The components along the last batch axis, [batch…, K]. */
  componentsDistribution: Distribution;
}

export interface MixtureSameFamily {
  /** Has no closed form. */
  quantile(this: never): never;
  /** Has no closed form. */
  mode(this: never): never;
  /** Has no closed form. */
  entropy(this: never): never;
  /** Does not exist: the components' supports may differ. */
  enumerateSupport(this: never): never;
}

/**
 * p(x) = Σ_k w_k p_k(x), the components of one family.
 *
 * Reparameterised by the implicit function theorem if the components have a continuous cdf: those of numbers, and those
 * of vectors of independent numbers (`Independent` with one axis), element by element given those before, so that the
 * draws' derivatives hold for the weights too.
 * @example
 * ```ts
 * const q = new st.MixtureSameFamily({
 *   mixtureDistribution: new st.Categorical({probs: [0.5, 0.5]}),
 *   componentsDistribution: new st.Normal({loc: [-1, 1], scale: 1}),
 * });
 * q.mean(); // 0
 * q.variance(); // 2
 * ```
 */
export class MixtureSameFamily extends MixtureFamily {
  /** The distribution of the component, as it was given. */
  readonly mixtureDistribution: Categorical;
  /** The components, as they were given. */
  readonly componentsDistribution: Distribution;

  constructor(config: MixtureSameFamilyConfig) {
    const who = 'MixtureSameFamily';
    checkKeys(who, config, ['mixtureDistribution', 'componentsDistribution', 'validateArgs']);
    const {mixtureDistribution, componentsDistribution, validateArgs} = config;
    check(
      mixtureDistribution instanceof Categorical,
      who,
      'mixtureDistribution must be a Categorical',
      mixtureDistribution,
    );
    check(
      componentsDistribution instanceof Distribution,
      who,
      'componentsDistribution must be a distribution',
      componentsDistribution,
    );
    const batch = componentsDistribution.batchShape;
    check(batch.length > 0, who, 'componentsDistribution must have a batch axis, of the components', batch);
    const k = batch[batch.length - 1]!;
    check(
      k === mixtureDistribution.classes && k > 0,
      who,
      'componentsDistribution must have as many components along its last batch axis as mixtureDistribution has ' +
        `classes, ${mixtureDistribution.classes}`,
      k,
    );
    super(who, {validateArgs}, {}, {dtype: componentsDistribution.dtype});
    this.mixtureDistribution = mixtureDistribution;
    this.componentsDistribution = componentsDistribution;
    Object.assign(this, fieldsOf(mixtureDistribution, componentsDistribution));
  }

  override get familyName(): string {
    return `MixtureSameFamily(${this.componentsDistribution.familyName})`;
  }

  override get isPeriodic(): boolean {
    return this.componentsDistribution.isPeriodic;
  }

  override get isReparameterized(): boolean {
    return !this.isDiscrete && this.elementwise() !== null;
  }

  override tensors() {
    return {
      ...prefixed('mixture', this.mixtureDistribution.tensors()),
      ...prefixed('components', this.componentsDistribution.tensors()),
    };
  }

  override tensorRanks() {
    return {
      ...prefixed('mixture', this.mixtureDistribution.tensorRanks()),
      ...prefixed('components', raised(this.componentsDistribution.tensorRanks(), 1)),
    };
  }

  override withTensors(tensors: Record<string, tf.Tensor>): this {
    const parts = unprefixed(this.familyName, tensors, ['mixture', 'components']);
    return this.withParts(
      this.mixtureDistribution.withTensors(parts['mixture']!),
      this.componentsDistribution.withTensors(parts['components']!),
    );
  }

  override broadcastBatch(full: Shape, merge = false): this {
    this.checkGrowth(full, merge);
    const joined = merge && full.length > 1;
    return this.withParts(
      this.mixtureDistribution.broadcastBatch(full, joined),
      this.componentsDistribution.broadcastBatch([...full, this.components], joined),
    );
  }

  protected get weights() {
    return this.mixtureDistribution;
  }

  protected get every() {
    return [this.componentsDistribution];
  }

  protected atAll(x: tf.Tensor, f: (d: Distribution, x: tf.Tensor) => tf.Tensor, rank = this.eventShape.length) {
    return f(this.componentsDistribution, tf.expandDims(x, x.rank - rank));
  }

  protected ofAll(f: (d: Distribution) => tf.Tensor) {
    return f(this.componentsDistribution);
  }

  protected drawAll(key: Key, _axis: number, of: (d: Distribution, key: Key) => tf.Tensor) {
    const d = this.componentsDistribution;
    const own = [...this.batchShape, this.components];
    return of(
      d.batchShape.length < own.length || d.batchShape.some((n, i) => n !== own[i]) ? d.broadcastBatch(own) : d,
      key,
    );
  }

  override preImage(): PreImage | null {
    const form = super.preImage();
    if (form === null || !this.isReparameterized) return form;
    const base = this.componentsDistribution.preImage('fixed')?.base ?? null;
    return base === null ? null : {...form, sample: (shape, key) => this.linked(form.sample(shape, key), base)};
  }

  protected override _sample(shape: Shape, key: Key) {
    const form = this.preImage();
    if (form !== null) return form.value(form.sample(shape, key));
    const z = super._sample(shape, key);
    // reparameterised, so there is one
    return this.isReparameterized ? this.linked(z, this.elementwise()!) : stopGradient(z);
  }

  /** A draw as a function of the parameters, by the distribution of the components' elements. */
  private linked(drawn: tf.Tensor, {cdf, logProb}: ContinuousLaw): tf.Tensor {
    const z = stopGradient(drawn);
    const average = (weights: tf.Tensor, t: tf.Tensor) => tf.sum(tf.mul(weights, t), -1);
    const density = (x: tf.Tensor) => tf.exp(logProb(x));
    if (this.eventShape.length === 0) {
      const weights = tf.exp(this.logWeights());
      const at = (x: tf.Tensor) => tf.expandDims(x, -1);
      return implicitSample(
        z,
        x => average(weights, cdf(at(x))),
        x => tf.exp(this.weighed(logProb(at(x)))),
      );
    }
    // Element i given those before: the weights become those of the components given what is known.
    let known = this.logWeights();
    const columns = tf.split(z, z.shape[z.rank - 1]!, -1).map((column, i, {length}) => {
      // of x [sample…, batch…, 1], element i of [sample…, batch…, K, elements]: [sample…, batch…, K]
      const at = (f: (x: tf.Tensor) => tf.Tensor, x: tf.Tensor) =>
        tf.squeeze(tf.split(f(tf.expandDims(tf.expandDims(x, -1), -1)), length, -1)[i]!, [-1]);
      const weights = tf.softmax(known);
      const x = implicitSample(
        tf.squeeze(column, [-1]),
        t => average(weights, at(cdf, t)),
        t => average(weights, at(density, t)),
      );
      known = tf.add(known, at(logProb, x));
      return x;
    });
    return tf.stack(columns, -1);
  }

  /** What a component's elements are distributed as, if they are independent numbers with a cdf. */
  private elementwise(): ContinuousLaw | null {
    const d = this.componentsDistribution;
    const isVector = d instanceof Independent && d.reinterpretedBatchNdims === 1 && d.eventShape.length === 1;
    const one = isVector ? d.distribution : d;
    return one.eventShape.length === 0 && one.has('cdf') ? {cdf: x => one.cdf(x), logProb: x => one.logProb(x)} : null;
  }

  private withParts(mixtureDistribution: Categorical, componentsDistribution: Distribution): this {
    return this.with({
      mixtureDistribution,
      componentsDistribution,
      ...fieldsOf(mixtureDistribution, componentsDistribution),
    });
  }
}

function fieldsOf(mixture: Categorical, components: Distribution) {
  return {
    parameters: {...prefixed('mixture', mixture.parameters), ...prefixed('components', components.parameters)},
    parameterConstraints: {
      ...prefixed('mixture', mixture.parameterConstraints),
      ...prefixed('components', components.parameterConstraints),
    },
    batchShape: broadcastShapes('MixtureSameFamily', [mixture.batchShape, components.batchShape.slice(0, -1)]),
    eventShape: components.eventShape,
  };
}
