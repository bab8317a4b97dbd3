/** Mixtures of the members of one batch. */
import * as tf from '@tensorflow/tfjs-core';
import {check, checkKeys} from '../util/errors.js';
import {broadcastShapes, type Shape} from '../util/shapes.js';
import {stopGradient} from '../math/stopGradient.js';
import type {Key} from '../random/key.js';
import {Categorical} from './categorical.js';
import {Distribution, type DistributionConfig} from './distribution.js';
import {implicitSample} from './implicitSample.js';
import {Independent} from './independent.js';
import {MixtureFamily} from './mixtureFamily.js';
import {prefixed, raised, unprefixed} from './parts.js';

export interface MixtureSameFamilyConfig extends DistributionConfig {
  /** Which component, [batch…] of K classes. */
  mixtureDistribution: Categorical;
  /** The components along the last batch axis, [batch…, K]. */
  componentsDistribution: Distribution;
}

export interface MixtureSameFamily {
  /** Does not exist. */
  quantile(this: never): never;
  mode(this: never): never;
  entropy(this: never): never;
  enumerateSupport(this: never): never;
}

/**
 * p(x) = Σ_k w_k p_k(x), the components of one family.
 *
 * Reparameterised by the implicit function theorem if the components have a continuous cdf: those of numbers, and those of vectors of
 * independent numbers (`Independent` with one axis), element by element given those before, so that the draws' derivatives hold for
 * the weights too.
 */
export class MixtureSameFamily extends MixtureFamily {
  readonly mixtureDistribution: Categorical;
  readonly componentsDistribution: Distribution;

  constructor(config: MixtureSameFamilyConfig) {
    const who = 'MixtureSameFamily';
    checkKeys(who, config, ['mixtureDistribution', 'componentsDistribution', 'validateArgs']);
    const {mixtureDistribution, componentsDistribution, validateArgs} = config;
    check(mixtureDistribution instanceof Categorical, who, 'mixtureDistribution must be a Categorical', mixtureDistribution);
    check(componentsDistribution instanceof Distribution, who, 'componentsDistribution must be a distribution', componentsDistribution);
    const batch = componentsDistribution.batchShape;
    check(batch.length > 0, who, 'componentsDistribution must have a batch axis, of the components', batch);
    const k = batch[batch.length - 1]!;
    check(k === mixtureDistribution.classes && k > 0, who,
      `componentsDistribution must have as many components along its last batch axis as mixtureDistribution has classes, ${mixtureDistribution.classes}`, k);
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
    return {...prefixed('mixture', this.mixtureDistribution.tensors()), ...prefixed('components', this.componentsDistribution.tensors())};
  }

  override tensorRanks() {
    return {...prefixed('mixture', this.mixtureDistribution.tensorRanks()), ...prefixed('components', raised(this.componentsDistribution.tensorRanks(), 1))};
  }

  override withTensors(tensors: Record<string, tf.Tensor>): this {
    const parts = unprefixed(this.familyName, tensors, ['mixture', 'components']);
    return this.withParts(this.mixtureDistribution.withTensors(parts['mixture']!), this.componentsDistribution.withTensors(parts['components']!));
  }

  override broadcastBatch(full: Shape, merge = false): this {
    this.checkGrowth(full, merge);
    const joined = merge && full.length > 1;
    return this.withParts(this.mixtureDistribution.broadcastBatch(full, joined),
      this.componentsDistribution.broadcastBatch([...full, this.components], joined));
  }

  protected get weights() {
    return this.mixtureDistribution;
  }

  protected get every() {
    return [this.componentsDistribution];
  }

  protected atAll(x: tf.Tensor, f: (d: Distribution, x: tf.Tensor) => tf.Tensor) {
    return f(this.componentsDistribution, tf.expandDims(x, x.rank - this.eventShape.length));
  }

  protected ofAll(f: (d: Distribution) => tf.Tensor) {
    return f(this.componentsDistribution);
  }

  protected drawAll(leading: Shape, key: Key) {
    const d = this.componentsDistribution;
    const own = [...this.batchShape, this.components];
    return (d.batchShape.length < own.length || d.batchShape.some((n, i) => n !== own[i]) ? d.broadcastBatch(own) : d).sample(leading, {key});
  }

  protected override _sample(shape: Shape, key: Key) {
    const z = stopGradient(super._sample(shape, key));
    if (!this.isReparameterized) return z;
    if (this.eventShape.length === 0) return implicitSample(z, x => this._cdf(x), x => tf.exp(this._logProb(x)));
    // Element i given those before: the weights become those of the components given what is known.
    const {distribution} = this.elementwise()!; // reparameterised, so there is one
    let known = this.logWeights();
    const columns = tf.split(z, z.shape[z.rank - 1]!, -1).map((column, i, {length}) => {
      // of x [sample…, batch…, 1], element i of [sample…, batch…, K, elements]: [sample…, batch…, K]
      const at = (f: (x: tf.Tensor) => tf.Tensor, x: tf.Tensor) => tf.squeeze(tf.split(f(tf.expandDims(x, -1)), length, -1)[i]!, [-1]);
      const weights = tf.softmax(known);
      const x = implicitSample(tf.squeeze(column, [-1]),
        t => tf.sum(tf.mul(weights, at(u => distribution.cdf(u), tf.expandDims(t, -1))), -1),
        t => tf.sum(tf.mul(weights, at(u => distribution.prob(u), tf.expandDims(t, -1))), -1));
      known = tf.add(known, at(u => distribution.logProb(u), tf.expandDims(x, -1)));
      return x;
    });
    return tf.stack(columns, -1);
  }

  /** What a component's elements are distributed as, if they are independent numbers with a cdf. */
  private elementwise(): {distribution: Distribution} | null {
    const d = this.componentsDistribution;
    if (d.eventShape.length === 0) return d.has('cdf') ? {distribution: d} : null;
    return d instanceof Independent && d.reinterpretedBatchNdims === 1 && d.eventShape.length === 1 && d.distribution.has('cdf')
      ? {distribution: d.distribution} : null;
  }

  private withParts(mixtureDistribution: Categorical, componentsDistribution: Distribution): this {
    return this.with({mixtureDistribution, componentsDistribution, ...fieldsOf(mixtureDistribution, componentsDistribution)});
  }
}

function fieldsOf(mixture: Categorical, components: Distribution) {
  return {
    parameters: {...prefixed('mixture', mixture.parameters), ...prefixed('components', components.parameters)},
    parameterConstraints: {...prefixed('mixture', mixture.parameterConstraints), ...prefixed('components', components.parameterConstraints)},
    batchShape: broadcastShapes('MixtureSameFamily', [mixture.batchShape, components.batchShape.slice(0, -1)]),
    eventShape: components.eventShape,
  };
}

