/** Mixtures of any distributions. */
import * as tf from '@tensorflow/tfjs-core';
import {check} from '../util/errors.js';
import {checkKeys} from '../util/options.js';
import {broadcastShapes, sameShape, type Shape} from '../util/shapes.js';
import {split, type Key} from '../keys/key.js';
import {grow} from '../math/grow.js';
import {Categorical} from './categorical.js';
import {Distribution, type DistributionConfig} from './distribution.js';
import {MixtureFamily} from './mixtureFamily.js';
import {prefixed, unprefixed} from './parts.js';

/** Which component, and the components, one by one. */
export interface MixtureConfig extends DistributionConfig {
  /** Which component, [batch…] of as many classes as there are components. */
  cat: Categorical;
  /** At least one, all with the same event shape and dtype; their batch shapes broadcast. */
  components: readonly Distribution[];
}

export interface Mixture {
  /** Has no closed form. */
  quantile(this: never): never;
  /** Has no closed form. */
  mode(this: never): never;
  /** Has no closed form. */
  entropy(this: never): never;
  /** Does not exist: the components' supports may differ. */
  enumerateSupport(this: never): never;
}

/** p(x) = Σ_k w_k p_k(x) of components that may be of different families. Its samples are constants. */
export class Mixture extends MixtureFamily {
  /** The distribution of the component, as it was given. */
  readonly cat: Categorical;
  /** The components, as they were given. */
  readonly parts: readonly Distribution[];

  constructor(config: MixtureConfig) {
    const who = 'Mixture';
    checkKeys(who, config, ['cat', 'components', 'validateArgs']);
    const {cat, components, validateArgs} = config;
    check(cat instanceof Categorical, who, 'cat must be a Categorical', cat);
    const listed: unknown = components;
    check(
      Array.isArray(listed) && listed.length > 0,
      who,
      'components must be a list of distributions, at least one',
      listed,
    );
    for (let i = 0; i < listed.length; i++)
      // holes too
      check(listed[i] instanceof Distribution, who, `components must be a list of distributions, at [${i}]`, listed[i]);
    check(
      components.length === cat.classes,
      who,
      `there must be as many components as cat has classes, ${cat.classes}`,
      components.length,
    );
    const {eventShape, dtype} = components[0]!;
    for (const [i, d] of components.entries()) {
      check(
        sameShape(d.eventShape, eventShape),
        who,
        `all components must have the event shape [${eventShape.join(',')}] of the first, at [${i}]`,
        d.eventShape,
      );
      check(d.dtype === dtype, who, `all components must have the dtype "${dtype}" of the first, at [${i}]`, d.dtype);
    }
    super(who, {validateArgs}, {}, {dtype});
    this.cat = cat;
    this.parts = [...components];
    Object.assign(this, fieldsOf(cat, components));
  }

  override get familyName(): string {
    return `Mixture(${this.parts.map(d => d.familyName).join(', ')})`;
  }

  override tensors() {
    return {
      ...prefixed('cat', this.cat.tensors()),
      ...Object.assign({}, ...this.parts.map((d, i) => prefixed(String(i), d.tensors()))),
    } as Record<string, tf.Tensor>;
  }

  override tensorRanks() {
    return {
      ...prefixed('cat', this.cat.tensorRanks()),
      ...Object.assign({}, ...this.parts.map((d, i) => prefixed(String(i), d.tensorRanks()))),
    } as Record<string, number>;
  }

  override withTensors(tensors: Record<string, tf.Tensor>): this {
    const named = unprefixed(this.familyName, tensors, ['cat', ...this.parts.map((_, i) => String(i))]);
    return this.withParts(
      this.cat.withTensors(named['cat']!),
      this.parts.map((d, i) => d.withTensors(named[String(i)]!)),
    );
  }

  override broadcastBatch(full: Shape, merge = false): this {
    this.checkGrowth(full, merge);
    const joined = merge && full.length > 1;
    return this.withParts(
      this.cat.broadcastBatch(full, joined),
      this.parts.map(d => d.broadcastBatch(full, joined)),
    );
  }

  protected get weights() {
    return this.cat;
  }

  protected get every() {
    return this.parts;
  }

  protected atAll(x: tf.Tensor, f: (d: Distribution, x: tf.Tensor) => tf.Tensor) {
    const values = this.parts.map(d => f(d, x));
    const shape = broadcastShapes(
      this.name,
      values.map(v => v.shape),
    );
    return tf.stack(
      values.map(v => grow(v, shape)),
      -1,
    );
  }

  protected ofAll(f: (d: Distribution) => tf.Tensor) {
    return tf.stack(
      this.parts.map(d => grow(f(d), [...this.batchShape, ...this.eventShape])),
      this.batchShape.length,
    );
  }

  protected drawAll(key: Key, axis: number, of: (d: Distribution, key: Key) => tf.Tensor) {
    const keys = split(key, this.parts.length);
    const draws = this.parts.map((d, i) =>
      of(sameShape(d.batchShape, this.batchShape) ? d : d.broadcastBatch(this.batchShape), keys[i]!),
    );
    return tf.stack(draws, axis);
  }

  private withParts(cat: Categorical, parts: readonly Distribution[]): this {
    return this.with({cat, parts, ...fieldsOf(cat, parts)});
  }
}

function fieldsOf(cat: Categorical, parts: readonly Distribution[]) {
  return {
    parameters: {
      ...prefixed('cat', cat.parameters),
      ...Object.assign({}, ...parts.map((d, i) => prefixed(String(i), d.parameters))),
    } as Distribution['parameters'],
    parameterConstraints: {
      ...prefixed('cat', cat.parameterConstraints),
      ...Object.assign({}, ...parts.map((d, i) => prefixed(String(i), d.parameterConstraints))),
    } as Distribution['parameterConstraints'],
    batchShape: broadcastShapes('Mixture', [cat.batchShape, ...parts.map(d => d.batchShape)]),
    eventShape: parts[0]!.eventShape,
  };
}
