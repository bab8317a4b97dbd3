/**
 * The part of a distribution that is its parameters: reading, checking, shapes, and copies with others in their place.
 */
import * as tf from '@tensorflow/tfjs-core';
import {brand} from '../util/copy.js';
import {floatTensor, keptNumbers, type Numbers} from '../util/numbers.js';
import {batchShapeOf, checkParameters, checkReplacements, type Declaration} from './declaration.js';
import {check, fail} from '../util/errors.js';
import {checkBoolean, checkKeys, checkOneOf} from '../util/options.js';
import {checkSize, sameShape, toShape, tryBroadcast, type Shape} from '../util/shapes.js';
import {isIntegerList, isTensor} from '../util/tensors.js';
import {grow} from '../math/grow.js';

/** What every family takes beside its parameters. */
export interface DistributionConfig {
  /**
   * Also read tensors and values and check them, and throw where the default is −∞ or NaN. Reading waits for the
   * device. Without it parameters of NaN give draws of NaN, but where dtype is int32 or bool, which have none, draws
   * look like any other.
   */
  validateArgs?: boolean;
}

export interface Declared {
  /** The dtype of samples; default 'float32'. */
  dtype?: tf.DataType;
  /** What the option `dtype` may be, of families that have it. */
  dtypes?: readonly tf.DataType[];
  /** Other names that the config may have, beside the declared parameters and validateArgs. */
  options?: readonly string[];
  /** Groups of parameters of which exactly one must be given. */
  oneOf?: ReadonlyArray<readonly string[]>;
  /** Parameters that may be left out. */
  optional?: readonly string[];
}

/** Parameters that are read and checked once, and the shapes that follow from them. */
export abstract class Parameterized {
  /** The family's, `Normal` or the like, for messages. */
  readonly name: string;
  /** What was given, by name. */
  readonly parameters: Readonly<Record<string, Numbers>>;
  /** The shape to which the parameters broadcast, without the axes of events. */
  readonly batchShape: Shape;
  /** The shape of one value: [] for numbers, [n] for vectors. */
  readonly eventShape: Shape;
  /** That of samples. */
  readonly dtype: tf.DataType;
  /** Whether tensors are read and checked too. */
  readonly validateArgs: boolean;
  /** What each parameter must be, by name. */
  readonly parameterConstraints: Declaration;
  /** Groups of parameters of which one is given. */
  readonly alternatives: ReadonlyArray<readonly string[]>;

  /** @param declared what the parameters may be, by name */
  protected constructor(
    name: string,
    config: DistributionConfig,
    declared: Declaration,
    {dtype = 'float32', dtypes = [], options = [], oneOf = [], optional = []}: Declared = {},
  ) {
    brand(Parameterized.prototype);
    this.name = name;
    this.parameterConstraints = declared;
    this.alternatives = oneOf;
    const names = Object.keys(declared);
    checkKeys(name, config, [...names, ...options, ...(dtypes.length > 0 ? ['dtype'] : []), 'validateArgs']);
    const given = config as Record<string, Numbers | undefined>; // checkKeys has shown which names it has
    const parameters: Record<string, Numbers> = {};
    for (const p of names) {
      const value = given[p];
      if (value !== undefined) parameters[p] = value;
      else check(optional.includes(p) || oneOf.some(group => group.includes(p)), name, `${p} must be given`);
    }
    for (const group of oneOf) {
      const count = group.filter(p => p in parameters).length;
      if (count !== 1)
        fail(name, `give exactly one of ${group.join(' and ')}, got ${count === 0 ? 'neither' : 'both'}`);
    }
    const {validateArgs = false, dtype: chosen = dtype} = config as DistributionConfig & {dtype?: tf.DataType};
    if (dtypes.length > 0) checkOneOf(name, 'dtype', chosen, dtypes);
    checkBoolean(name, 'validateArgs', validateArgs);
    checkParameters(name, declared, parameters, validateArgs);
    for (const p of Object.keys(parameters)) parameters[p] = keptNumbers(parameters[p]!);
    this.validateArgs = validateArgs;
    this.parameters = parameters;
    this.batchShape = batchShapeOf(name, declared, parameters);
    this.eventShape = this.eventShapeOf(parameters);
    this.dtype = chosen;
  }

  /** The parameters that were given as tensors, by name. */
  tensors(): Record<string, tf.Tensor> {
    const out: Record<string, tf.Tensor> = {};
    for (const [name, value] of Object.entries(this.parameters)) {
      if (isTensor(value)) out[name] = value;
    }
    return out;
  }

  /** How many of the rightmost axes of each of those tensors belong to one element of the batch. */
  tensorRanks(): Record<string, number> {
    return Object.fromEntries(
      Object.keys(this.tensors()).map(name => [name, this.parameterConstraints[name]!.eventRank]),
    );
  }

  /**
   * The same distribution with those tensors in place of its own; their shapes may have grown. Nothing is checked but
   * the names.
   */
  withTensors(tensors: Record<string, tf.Tensor>): this {
    checkReplacements(`${this.name}.withTensors`, tensors, Object.keys(this.parameters));
    const parameters = {...this.parameters, ...tensors};
    return this.with({
      parameters,
      batchShape: batchShapeOf(this.name, this.parameterConstraints, parameters),
      eventShape: this.eventShapeOf(parameters),
    });
  }

  /**
   * The same distribution with batch shape [leading…, batch…] and, for each of its elements, parameters of its own:
   * every parameter becomes a tensor of the full shape (numbers stay numbers where another parameter has that shape).
   * With `merge`, the one leading axis and the outermost batch axis become one, the leading index varying slowest. The
   * new tensors are the caller's.
   */
  expand(leading: Shape, options: {merge?: boolean} = {}): this {
    const who = `${this.name}.expand`;
    checkKeys(who, options, ['merge']);
    return this.broadcastBatch([...toShape(who, leading), ...this.batchShape], options.merge);
  }

  /**
   * As `expand`, for the full batch shape, to which this one's broadcasts; `merge` makes one axis of its first two.
   * Families made of others override it.
   */
  broadcastBatch(full: Shape, merge = false): this {
    this.checkGrowth(full, merge);
    const target = merge ? mergeFirst(full) : full;
    const entries = Object.entries(this.parameters);
    const scalars = entries.every(([, value]) => typeof value === 'number');
    const tensors = tf.tidy(() =>
      Object.fromEntries(
        entries.flatMap(([name, value]) => {
          if (typeof value === 'number' && (!scalars || target.length === 0)) return [];
          const t = floatTensor(this.name, name, value);
          const tail = t.shape.slice(t.rank - this.parameterConstraints[name]!.eventRank);
          const grown = grow(t, [...full, ...tail]);
          return [[name, merge ? tf.reshape(grown, [...target, ...tail]) : grown]];
        }),
      ),
    );
    return this.withTensors(tensors);
  }

  /** Throws unless the batch broadcasts to `full` and `merge` finds an axis to merge. */
  protected checkGrowth(full: Shape, merge: boolean): void {
    const who = `${this.name}.broadcastBatch`;
    checkBoolean(who, 'merge', merge);
    check(isIntegerList(full, 0), who, 'a shape must be a list of integers >= 0', full);
    const shape = checkSize(who, [...full, ...this.eventShape]);
    check(
      sameShape(tryBroadcast([this.batchShape, full]) ?? [-1], full),
      who,
      `the batch shape [${this.batchShape.join(',')}] must broadcast to the shape`,
      full,
    );
    check(!merge || shape.length > this.eventShape.length, who, 'merge needs an axis', full);
  }

  /** A copy of the same class with some fields changed, made without the constructor. */
  protected with(changes: object): this {
    return Object.assign(Object.create(Object.getPrototypeOf(this) as object), this, changes) as this; // a copy of this
  }

  /** The shape of one value, from the parameters; families with vector events say otherwise. */
  protected eventShapeOf(_parameters: Readonly<Record<string, Numbers>>): Shape {
    return [];
  }

  /** The parameter as a float32 tensor: the caller's own, or a new one that the surrounding tidy frees. */
  protected param(name: string): tf.Tensor {
    return floatTensor(this.name, name, this.parameters[name]!);
  }

  /** Whether the parameter, one of a group or optional, was given. */
  protected given(name: string): boolean {
    return name in this.parameters;
  }
}

/** [a, b, c…] to [a·b, c…]; [a] stays. */
function mergeFirst([first, second, ...rest]: Shape): Shape {
  return second === undefined ? [first!] : [first! * second, ...rest];
}
