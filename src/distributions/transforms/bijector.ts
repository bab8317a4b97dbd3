/** The base class of bijectors: a map with an inverse, and the logarithm of what it does to volumes. */
import * as tf from '@tensorflow/tfjs-core';
import {brand} from '../../util/copy.js';
import {floatTensor, keptNumbers, readNumbers, shapeOfNumbers, type Numbers} from '../../util/numbers.js';
import {checkParameters, checkReplacements, type Declaration} from '../declaration.js';
import {isWhole, moversOf, type Bounds, type End} from '../../constraints/ends.js';
import type {Constraint} from '../../constraints/constraint.js';
import {real} from '../../constraints/numberSets.js';
import {check, fail} from '../../util/errors.js';
import {checkKeys, checkFunction, checkInteger} from '../../util/options.js';
import {broadcastShapes, sameShape, toShape, tryBroadcast, type Shape} from '../../util/shapes.js';
import {isTensor} from '../../util/tensors.js';
import {grow} from '../../math/grow.js';

/**
 * A differentiable map g with an inverse, from values of `inputRank` rightmost axes to values of `outputRank` (0, 0:
 * number by number).
 *
 * `forwardLogDetJacobian(x)` is ln |det ∂g(x)/∂x|, of x's shape without the axes that a value has; more of them with
 * `eventRank`, over which a map of numbers sums. A bijector implements `_forward`, `_inverse` and one of the two rules
 * of the logarithm.
 */
export abstract class Bijector {
  /** That of the map, `Exp` or the like, for messages. */
  readonly name: string;
  /** What was given, by name; tensors stay the caller's. */
  readonly parameters: Readonly<Record<string, Numbers>>;
  private readonly declared: Declaration;

  protected constructor(name: string, config: object, declared: Declaration, {oneOf = [] as string[]} = {}) {
    brand(Bijector.prototype);
    checkKeys(name, config, Object.keys(declared));
    const given = config as Record<string, Numbers | undefined>; // checkKeys has shown which names it has
    const parameters: Record<string, Numbers> = {};
    for (const p of Object.keys(declared)) {
      const value = given[p];
      if (value !== undefined) parameters[p] = value;
      else check(oneOf.includes(p), name, `${p} must be given`);
    }
    if (oneOf.length > 0 && oneOf.filter(p => p in parameters).length !== 1) {
      fail(
        name,
        `give exactly one of ${oneOf.join(' and ')}, got ${oneOf.some(p => p in parameters) ? 'both' : 'neither'}`,
      );
    }
    checkParameters(name, declared, parameters, false);
    for (const p of Object.keys(parameters)) parameters[p] = keptNumbers(parameters[p]!);
    this.name = name;
    this.declared = declared;
    this.parameters = parameters;
  }

  /** How many of the rightmost axes one input has. */
  get inputRank(): number {
    return 0;
  }

  /** How many of the rightmost axes one output has. */
  get outputRank(): number {
    return this.inputRank;
  }

  /** Whether the Jacobian is the same everywhere: the map is affine. */
  get isConstantJacobian(): boolean {
    return false;
  }

  /**
   * The direction of a map of numbers, 1 rising and −1 falling, of a shape that broadcasts; null for maps of vectors.
   * Call it in a tidy.
   */
  get direction(): tf.Tensor | 1 | -1 | null {
    return this.inputRank === 0 ? 1 : null;
  }

  /**
   * This map as `fixed` of `moved`, of which `fixed` is the part that comes last and has no tensor for a parameter;
   * null where there is none.
   */
  splitFixed(): {fixed: Bijector | null; moved: Bijector | null} {
    return Object.keys(this.tensors()).length === 0 ? {fixed: this, moved: null} : {fixed: null, moved: this};
  }

  /** Where outputs lie, for inputs from anywhere in the map's domain. */
  get codomain(): Constraint {
    return real;
  }

  /** Where inputs lie. */
  get domain(): Constraint {
    return real;
  }

  /** g of one number, for maps without parameters; NaN stands for a number that is not known. */
  protected at(_x: number): number {
    return NaN;
  }

  /** Where the end of an interval goes. */
  protected endOf(end: End): End {
    return {at: this.at(end.at), movers: [...end.movers, ...Object.values(this.tensors())]};
  }

  /**
   * The image of a set, as far as it says which tensors move it: a map of the whole domain is onto the codomain, and
   * parameters move ends that are numbers.
   */
  imageOf(set: Bounds): Bounds {
    if (isWhole(set) && isWhole(this.domain)) return boundsOf(this.codomain);
    if (set.ends !== undefined && this.inputRank === 0)
      return {ends: [this.endOf(set.ends[0]), this.endOf(set.ends[1])]};
    return {boundBy: [...moversOf(set), ...Object.values(this.tensors())]};
  }

  /**
   * g⁻¹(y) and ln |det ∂g⁻¹(y)/∂y| summed over `eventRank` axes; a y outside the codomain counts as a constant inside,
   * so that no derivative is infinite. The caller throws away what comes of it.
   */
  settledInverse(y: tf.Tensor, eventRank: number): {x: tf.Tensor; volume: tf.Tensor} {
    const at = this.settledOutput(y);
    return {x: this.inverse(at), volume: this.inverseLogDetJacobian(at, eventRank)};
  }

  /** y where it lies in the codomain or is NaN, elsewhere a constant inside. */
  protected settledOutput(y: tf.Tensor): tf.Tensor {
    return this.codomain.settle?.(y) ?? y;
  }

  /** g(x), for float32 x of at least `inputRank` axes. */
  protected abstract _forward(x: tf.Tensor): tf.Tensor;
  /** g⁻¹(y), for y of the codomain. */
  protected abstract _inverse(y: tf.Tensor): tf.Tensor;
  /** ln |det ∂g(x)/∂x|, of x's shape without the axes that an input has. This or the next must be there. */
  protected _forwardLogDetJacobian?(x: tf.Tensor): tf.Tensor;
  /** ln |det ∂g⁻¹(y)/∂y|, of y's shape without the axes that an output has, where it is better had from y. */
  protected _inverseLogDetJacobian?(y: tf.Tensor): tf.Tensor;

  /** g(x). */
  forward(x: Numbers): tf.Tensor {
    return this.of('forward', x, t => this._forward(t));
  }

  /** The x of which g(x) is y; outside the codomain NaN or ±∞. */
  inverse(y: Numbers): tf.Tensor {
    return this.of('inverse', y, t => this._inverse(t));
  }

  /** ln |det ∂g(x)/∂x|, summed over the rightmost `eventRank` axes of x, at least `inputRank`. */
  forwardLogDetJacobian(x: Numbers, eventRank = this.inputRank): tf.Tensor {
    this.checkRank('forwardLogDetJacobian', eventRank, this.inputRank);
    return this.of(
      'forwardLogDetJacobian',
      x,
      t =>
        sumRight(
          this._forwardLogDetJacobian
            ? this.logDetLike(t, this._forwardLogDetJacobian(t), this.inputRank)
            : tf.neg(this.logDetLike(t, this._inverseLogDetJacobian!(this._forward(t)), this.inputRank)),
          eventRank - this.inputRank,
        ),
      eventRank,
    );
  }

  /** ln |det ∂g⁻¹(y)/∂y|, summed over the rightmost `eventRank` axes of y, at least `outputRank`. */
  inverseLogDetJacobian(y: Numbers, eventRank = this.outputRank): tf.Tensor {
    this.checkRank('inverseLogDetJacobian', eventRank, this.outputRank);
    return this.of(
      'inverseLogDetJacobian',
      y,
      t =>
        sumRight(
          this._inverseLogDetJacobian
            ? this.logDetLike(t, this._inverseLogDetJacobian(t), this.outputRank)
            : tf.neg(this.logDetLike(t, this._forwardLogDetJacobian!(this._inverse(t)), this.outputRank)),
          eventRank - this.outputRank,
        ),
      eventRank,
    );
  }

  /** The shape of outputs for inputs of that shape. */
  forwardShape(shape: Shape): Shape {
    return toShape(`${this.name}.forwardShape`, shape);
  }

  /** The shape of inputs for outputs of that shape. */
  inverseShape(shape: Shape): Shape {
    return toShape(`${this.name}.inverseShape`, shape);
  }

  /**
   * Shapes of outputs that the parameters alone give: what the values of a distribution broadcast with. A matrix counts
   * as its rows.
   */
  valueShapes(): Shape[] {
    return Object.entries(this.parameters).map(([name, value]) => {
      const shape = shapeOfNumbers(this.name, name, value);
      return this.declared[name]!.eventRank === 2 ? shape.slice(0, -1) : shape;
    });
  }

  /** The parameters that were given as tensors, by name. */
  tensors(): Record<string, tf.Tensor> {
    return Object.fromEntries(Object.entries(this.parameters).filter((e): e is [string, tf.Tensor] => isTensor(e[1])));
  }

  /** The maps that this one is made of. */
  protected get parts(): readonly Bijector[] {
    return [];
  }

  /**
   * Whether the two are one map: of one kind, with parameters of equal values. On webgpu, where reading waits,
   * different tensors count as different.
   */
  equals(other: Bijector): boolean {
    if (this === other) return true;
    const [names, others] = [Object.keys(this.parameters), Object.keys(other.parameters)];
    return (
      this.name === other.name &&
      names.length === others.length &&
      this.parts.length === other.parts.length &&
      names.every(p => p in other.parameters && haveEqualValues(this.parameters[p]!, other.parameters[p]!)) &&
      this.parts.every((b, i) => b.equals(other.parts[i]!))
    );
  }

  /**
   * How many of the rightmost axes of each of those tensors belong to one value, where values have `eventRank` axes.
   */
  tensorRanks(eventRank: number): Record<string, number> {
    const more = Math.max(0, eventRank - this.outputRank);
    return Object.fromEntries(Object.keys(this.tensors()).map(name => [name, this.declared[name]!.eventRank + more]));
  }

  /** The same map with those tensors in place of its own. */
  withTensors(tensors: Record<string, tf.Tensor>): this {
    checkReplacements(`${this.name}.withTensors`, tensors, Object.keys(this.parameters));
    return this.with({parameters: {...this.parameters, ...tensors}});
  }

  /**
   * The same map with every parameter that is no number grown to `shape` (of outputs, without the axes of a value) and
   * its own axes.
   */
  expand(shape: Shape, change: (t: tf.Tensor) => tf.Tensor = t => t): this {
    const who = `${this.name}.expand`;
    const full = toShape(who, shape);
    checkFunction(who, 'the second argument', change, 'of a tensor');
    return this.withTensors(
      tf.tidy(() =>
        Object.fromEntries(
          Object.entries(this.parameters).flatMap(([name, value]) => {
            if (typeof value === 'number') return [];
            const t = floatTensor(this.name, name, value);
            const tail = t.shape.slice(t.rank - this.declared[name]!.eventRank);
            check(
              sameShape(tryBroadcast([t.shape, [...full, ...tail]]) ?? [-1], [...full, ...tail]),
              who,
              `${name} must broadcast to the shape [${full.join(',')}]`,
              t,
            );
            return [[name, change(grow(t, [...full, ...tail]))]];
          }),
        ),
      ),
    );
  }

  /** A copy with some fields changed, made without the constructor. */
  protected with(changes: object): this {
    return Object.assign(Object.create(Object.getPrototypeOf(this) as object), this, changes) as this; // a copy of this
  }

  /** The parameter as a float32 tensor. */
  protected param(name: string): tf.Tensor {
    return floatTensor(this.name, name, this.parameters[name]!);
  }

  /** A logarithm that does not depend on the value has too small a shape: each element of t counts. */
  private logDetLike(t: tf.Tensor, logDet: tf.Tensor, rank: number): tf.Tensor {
    const shape = t.shape.slice(0, t.rank - rank);
    return logDet.rank < shape.length || !sameShape(logDet.shape, shape) ? tf.add(logDet, tf.zeros(shape)) : logDet;
  }

  private checkRank(method: string, eventRank: number, least: number): void {
    checkInteger(`${this.name}.${method}`, 'eventRank', eventRank, {least});
  }

  private of(method: string, value: Numbers, compute: (t: tf.Tensor) => tf.Tensor, eventRank?: number): tf.Tensor {
    const who = `${this.name}.${method}`;
    const shape = shapeOfNumbers(who, 'value', value);
    const rank = eventRank ?? (method === 'forward' ? this.inputRank : this.outputRank);
    check(shape.length >= rank, who, `value must have at least ${rank} axes`, value);
    const out = method.startsWith('forward') ? this.forwardShape(shape) : shape;
    if (this.outputRank === 2)
      check(out[out.length - 1] === out[out.length - 2], who, 'value must be square in its last two axes', value);
    if (!method.startsWith('forward')) this.inverseShape(shape);
    broadcastShapes(who, [out, ...this.valueShapes()]);
    return tf.tidy(() => {
      const t = floatTensor(who, 'value', value);
      const out = compute(t);
      return out === value || Object.values(this.parameters).includes(out) ? tf.clone(out) : out;
    });
  }
}

/** Of a constraint, what it says of tensors. */
export const boundsOf = ({ends, boundBy}: Constraint): Bounds => ({ends, boundBy});

function sumRight(t: tf.Tensor, n: number): tf.Tensor {
  return n === 0
    ? t
    : tf.sum(
        t,
        Array.from({length: n}, (_, i) => t.rank - 1 - i),
      );
}

function haveEqualValues(a: Numbers, b: Numbers): boolean {
  if (a === b) return true;
  const read = (v: Numbers): {values: ArrayLike<number>; shape: Shape} | null => {
    return isTensor(v) && tf.getBackend() === 'webgpu' ? null : readNumbers('Bijector.equals', 'parameter', v);
  };
  const [first, second] = [read(a), read(b)];
  if (first === null || second === null || !sameShape(first.shape, second.shape)) return false;
  return Array.from(first.values).every((v, i) => Math.fround(v) === Math.fround(second.values[i]!));
}
