/** Maps with a constant Jacobian. */
import * as tf from '@tensorflow/tfjs-core';
import type {Numbers} from '../../util/numbers.js';
import {endOf, type End} from '../../constraints/ends.js';
import {realVector} from '../../constraints/vectors.js';
import {nonZero, real} from '../../constraints/numberSets.js';
import {lowerTriangularPositive} from '../../constraints/matrices.js';
import {check} from '../../util/errors.js';
import {triangularSolve} from '../../kernels/linalg/functions.js';
import {safeLog} from '../../functions/elementary/index.js';
import {signOf} from '../../math/numerics.js';
import {Bijector} from './bijector.js';

/** y = x + shift. */
export class Shift extends Bijector {
  constructor(config: {shift: Numbers}) {
    super('Shift', config, {shift: real});
  }

  override get isConstantJacobian() {
    return true;
  }

  protected override endOf(end: End) {
    return shiftedEnd(end, this.parameters['shift']!);
  }

  protected _forward(x: tf.Tensor) {
    return tf.add(x, this.param('shift'));
  }

  protected _inverse(y: tf.Tensor) {
    return tf.sub(y, this.param('shift'));
  }

  protected override _forwardLogDetJacobian(x: tf.Tensor) {
    return tf.zerosLike(tf.add(x, this.param('shift')));
  }
}

/** y = scale · x, or e^{logScale} · x; scale is any number but 0. */
export class Scale extends Bijector {
  constructor(config: {scale: Numbers; logScale?: undefined} | {logScale: Numbers; scale?: undefined}) {
    super('Scale', config, {scale: nonZero, logScale: real}, {oneOf: ['scale', 'logScale']});
  }

  override get isConstantJacobian() {
    return true;
  }

  override get direction() {
    return 'logScale' in this.parameters ? (1 as const) : signOf(this.param('scale'));
  }

  protected override endOf(end: End) {
    return scaled(end, this.parameters['scale'] ?? this.parameters['logScale']!);
  }

  protected _forward(x: tf.Tensor) {
    return tf.mul(x, this.scale());
  }

  protected _inverse(y: tf.Tensor) {
    return 'logScale' in this.parameters
      ? tf.mul(y, tf.exp(tf.neg(this.param('logScale'))))
      : tf.div(y, this.param('scale'));
  }

  protected override _forwardLogDetJacobian() {
    return 'logScale' in this.parameters ? this.param('logScale') : safeLog(tf.abs(this.param('scale')));
  }

  private scale(): tf.Tensor {
    return 'logScale' in this.parameters ? tf.exp(this.param('logScale')) : this.param('scale');
  }
}

/** The slope, as numbers or as a matrix, and the shift of `Affine`. */
export interface AffineConfig {
  /** Default 0; a vector with `scaleTril`. */
  shift?: Numbers;
  /** Of each number, not 0; give this or `scaleTril`. */
  scale?: Numbers;
  /** A lower triangular matrix with a diagonal > 0, in the two last axes: x and y are vectors. */
  scaleTril?: Numbers;
}

/** y = scale · x + shift, number by number, or y = L x + shift for vectors. */
export class Affine extends Bijector {
  constructor(config: AffineConfig) {
    const {shift = 0, ...rest} = config ?? {};
    const vector = config?.scaleTril !== undefined;
    super(
      'Affine',
      {shift: vector && shift === 0 ? [0] : shift, ...rest},
      {shift: vector ? realVector : real, scale: nonZero, scaleTril: lowerTriangularPositive},
      {oneOf: ['scale', 'scaleTril']},
    );
    check(config !== null && typeof config === 'object', 'Affine', 'the config must be an object', config);
  }

  override get inputRank() {
    return this.isVector ? 1 : 0;
  }

  override get isConstantJacobian() {
    return true;
  }

  override get direction() {
    return this.isVector ? null : signOf(this.param('scale'));
  }

  protected override endOf(end: End) {
    return shiftedEnd(scaled(end, this.parameters['scale']!), this.parameters['shift']!); // asked of maps of numbers only
  }

  protected _forward(x: tf.Tensor) {
    const product = this.isVector
      ? tf.squeeze(tf.matMul(this.param('scaleTril'), tf.expandDims(x, -1)), [-1])
      : tf.mul(x, this.param('scale'));
    return tf.add(product, this.param('shift'));
  }

  protected _inverse(y: tf.Tensor) {
    const centred = tf.sub(y, this.param('shift'));
    if (!this.isVector) return tf.div(centred, this.param('scale'));
    return tf.squeeze(triangularSolve(this.param('scaleTril'), tf.expandDims(centred, -1)), [-1]);
  }

  protected override _forwardLogDetJacobian() {
    if (!this.isVector) return safeLog(tf.abs(this.param('scale')));
    const l = this.param('scaleTril');
    return tf.sum(safeLog(tf.sum(tf.mul(l, tf.eye(l.shape[l.rank - 1]!)), -1)), -1);
  }

  private get isVector(): boolean {
    return 'scaleTril' in this.parameters;
  }
}

const isInfinite = (x: number): boolean => Math.abs(x) === Infinity;

/** An infinite end stays where it is. */
function shiftedEnd(end: End, shift: Numbers): End {
  if (isInfinite(end.at)) return end;
  const by = endOf(shift);
  return {at: end.at + by.at, movers: [...end.movers, ...by.movers]};
}

/** So does one at 0. (Of an infinite end the sign may change: nothing depends on it.) */
function scaled(end: End, scale: Numbers): End {
  if (isInfinite(end.at) || end.at === 0) return end;
  const by = endOf(scale);
  return {at: NaN, movers: [...end.movers, ...by.movers]};
}
