/**
 * Weak derivatives of one-dimensional laws, and of classes: what a family must say of its parameters to be served by
 * `measureValued`.
 */
import * as tf from '@tensorflow/tfjs-core';
import {floatTensor} from '../../util/numbers.js';
import {detach} from '../../math/stopGradient.js';
import type {Distribution} from '../../distributions/distribution.js';
import type {Key} from '../../keys/key.js';

/** A law of one element and a value drawn from it. */
export interface Element {
  readonly distribution: Distribution;
  /** The draw, a constant of shape `[sample…, batch…, event…]`. */
  readonly x: tf.Tensor;
  readonly key: Key;
  /** A parameter, differentiable. */
  readonly param: (name: string) => tf.Tensor;
  /** A parameter as a constant. */
  readonly constant: (name: string) => tf.Tensor;
}

/** Another value at which the cost must be seen. */
export interface MeasuredValue {
  /** A constant of x's shape. */
  readonly value: tf.Tensor;
  /** w, which broadcasts to `[sample…, batch…]`; only its derivative in the parameter counts. */
  readonly weight: tf.Tensor;
}

/**
 * The weak derivative by one parameter θ: ∂/∂θ E f(x) = Σ_j E[(f(x_j) − f(x)) ∂w_j/∂θ] over the parts (x_j, w_j), where
 * x is the draw itself.
 */
export interface WeakDerivative {
  /** The number of parts. */
  readonly values: number | ((distribution: Distribution) => number);
  readonly parts: (element: Element) => MeasuredValue[];
}

/** Weak derivatives by the names of a family's parameters. */
export type Measure = Readonly<Record<string, WeakDerivative>>;

export function element(distribution: Distribution, x: tf.Tensor, key: Key): Element {
  // asked for by the families that have it
  const param = (name: string): tf.Tensor => floatTensor(distribution.name, name, distribution.parameters[name]!);
  return {distribution, x, key, param, constant: name => detach(param(name))};
}
