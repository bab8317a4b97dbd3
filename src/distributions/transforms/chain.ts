/** Maps made of maps. */
import * as tf from '@tensorflow/tfjs-core';
import {checkReplacements} from '../declaration.js';
import {haveSameEnds, type Bounds} from '../../constraints/ends.js';
import {check} from '../../util/errors.js';
import type {Shape} from '../../util/shapes.js';
import {isListOf} from '../../util/tensors.js';
import {Bijector, boundsOf} from './bijector.js';

/** y = g₁(g₂(…gₙ(x))): the last of the list comes first, as in mathematics. */
export class Chain extends Bijector {
  /** The maps, as they were given: the last comes first. */
  readonly bijectors: readonly Bijector[];

  constructor(bijectors: readonly Bijector[]) {
    check(
      isListOf(bijectors, (b): b is Bijector => b instanceof Bijector) && bijectors.length > 0,
      'Chain',
      'must be given a list of bijectors, at least one',
      bijectors,
    );
    super('Chain', {}, {});
    this.bijectors = [...bijectors];
  }

  protected override get parts() {
    return this.bijectors;
  }

  override splitFixed(): {fixed: Bijector | null; moved: Bijector | null} {
    const {bijectors} = this;
    const at = bijectors.findIndex(b => Object.keys(b.tensors()).length > 0);
    if (at === -1) return {fixed: this, moved: null};
    const {fixed, moved} = bijectors[at]!.splitFixed();
    const chain = (parts: ReadonlyArray<Bijector | null>): Bijector | null => {
      const there = parts.filter(b => b !== null);
      return there.length === 0 ? null : new Chain(there);
    };
    return {fixed: chain([...bijectors.slice(0, at), fixed]), moved: chain([moved, ...bijectors.slice(at + 1)])};
  }

  // A map of numbers inside a chain of vectors works on their elements.
  override get inputRank() {
    let rank = 0;
    for (const b of this.bijectors) rank = Math.max(b.inputRank, rank + b.inputRank - b.outputRank);
    return rank;
  }

  override get outputRank() {
    let rank = 0;
    for (const b of [...this.bijectors].reverse()) rank = Math.max(b.outputRank, rank + b.outputRank - b.inputRank);
    return rank;
  }

  override get isConstantJacobian() {
    return this.bijectors.every(b => b.isConstantJacobian);
  }

  override get direction() {
    if (this.inputRank > 0) return null;
    return this.bijectors
      .map(b => b.direction)
      .reduce((a, b) => {
        if (a === null || b === null) return null;
        return typeof a === 'number' && typeof b === 'number' ? ((a * b) as 1 | -1) : tf.mul(a, b); // products of signs
      });
  }

  override get codomain() {
    return this.bijectors[0]!.codomain;
  }

  override get domain() {
    return this.bijectors[this.bijectors.length - 1]!.domain;
  }

  override imageOf(set: Bounds) {
    return this.bijectors.reduceRight((image, b) => b.imageOf(image), set);
  }

  override settledInverse(y: tf.Tensor, eventRank: number) {
    let [x, rank] = [y, eventRank];
    let total: tf.Tensor | null = null;
    for (const b of this.bijectors) {
      const part = b.settledInverse(x, rank);
      total = total === null ? part.volume : tf.add(total, part.volume);
      x = part.x;
      rank += b.inputRank - b.outputRank;
    }
    return {x, volume: total!}; // the list is not empty
  }

  override forwardShape(shape: Shape) {
    return this.bijectors.reduceRight((s, b) => b.forwardShape(s), shape);
  }

  override inverseShape(shape: Shape) {
    return this.bijectors.reduce((s, b) => b.inverseShape(s), shape);
  }

  // those of maps that come before one that changes the shape are taken through it
  override valueShapes() {
    return this.bijectors.flatMap((b, i) =>
      b
        .valueShapes()
        .map(s =>
          this.bijectors
            .slice(0, i)
            .reduceRight((t, outer) => (t.length < outer.inputRank ? t : outer.forwardShape(t)), s),
        ),
    );
  }

  override tensors() {
    return Object.fromEntries(
      this.bijectors.flatMap((b, i) => Object.entries(b.tensors()).map(([k, t]) => [`${i}.${k}`, t])),
    );
  }

  override tensorRanks(eventRank: number) {
    let rank = eventRank;
    return Object.fromEntries(
      this.bijectors.flatMap((b, i) => {
        const own = Object.entries(b.tensorRanks(rank)).map(([k, r]) => [`${i}.${k}`, r] as const);
        rank += b.inputRank - b.outputRank;
        return own;
      }),
    );
  }

  override withTensors(tensors: Record<string, tf.Tensor>): this {
    checkReplacements(`${this.name}.withTensors`, tensors, Object.keys(this.tensors()));
    return this.with({
      bijectors: this.bijectors.map((b, i) =>
        b.withTensors(
          Object.fromEntries(
            Object.entries(tensors)
              .filter(([k]) => k.startsWith(`${i}.`))
              .map(([k, t]) => [k.slice(`${i}.`.length), t]),
          ),
        ),
      ),
    });
  }

  override expand(shape: Shape, change?: (t: tf.Tensor) => tf.Tensor): this {
    return this.with({bijectors: this.bijectors.map(b => b.expand(shape, change))});
  }

  protected _forward(x: tf.Tensor) {
    return this.bijectors.reduceRight((t, b) => b.forward(t), x);
  }

  protected _inverse(y: tf.Tensor) {
    return this.bijectors.reduce((t, b) => b.inverse(t), y);
  }

  protected override _forwardLogDetJacobian(x: tf.Tensor) {
    let [t, rank] = [x, this.inputRank];
    let total: tf.Tensor | null = null;
    for (const b of [...this.bijectors].reverse()) {
      const part = b.forwardLogDetJacobian(t, rank);
      total = total === null ? part : tf.add(total, part);
      t = b.forward(t);
      rank += b.outputRank - b.inputRank;
    }
    return total!; // the list is not empty
  }

  protected override _inverseLogDetJacobian(y: tf.Tensor) {
    let [t, rank] = [y, this.outputRank];
    let total: tf.Tensor | null = null;
    for (const b of this.bijectors) {
      const part = b.inverseLogDetJacobian(t, rank);
      total = total === null ? part : tf.add(total, part);
      t = b.inverse(t);
      rank += b.inputRank - b.outputRank;
    }
    return total!; // the list is not empty
  }
}

/** The inverse of a map as a map. */
export class Invert extends Bijector {
  /** The map whose inverse this is, as it was given. */
  readonly bijector: Bijector;

  constructor(bijector: Bijector) {
    check(bijector instanceof Bijector, 'Invert', 'must be given a bijector', bijector);
    super('Invert', {}, {});
    this.bijector = bijector;
  }

  protected override get parts() {
    return [this.bijector];
  }

  override get inputRank() {
    return this.bijector.outputRank;
  }

  override get outputRank() {
    return this.bijector.inputRank;
  }

  override get isConstantJacobian() {
    return this.bijector.isConstantJacobian;
  }

  override get direction() {
    return this.bijector.direction;
  }

  override get codomain() {
    return this.bijector.domain;
  }

  override get domain() {
    return this.bijector.codomain;
  }

  /** Of the whole codomain it is the domain. */
  override imageOf(set: Bounds) {
    return haveSameEnds(set, this.domain) ? boundsOf(this.codomain) : super.imageOf(set);
  }

  override forwardShape(shape: Shape) {
    return this.bijector.inverseShape(shape);
  }

  override inverseShape(shape: Shape) {
    return this.bijector.forwardShape(shape);
  }

  override valueShapes() {
    return this.bijector.valueShapes();
  }

  override tensors() {
    return this.bijector.tensors();
  }

  override tensorRanks(eventRank: number) {
    return this.bijector.tensorRanks(eventRank + this.inputRank - this.outputRank);
  }

  override withTensors(tensors: Record<string, tf.Tensor>): this {
    return this.with({bijector: this.bijector.withTensors(tensors)});
  }

  override expand(shape: Shape, change?: (t: tf.Tensor) => tf.Tensor): this {
    return this.with({bijector: this.bijector.expand(shape, change)});
  }

  protected _forward(x: tf.Tensor) {
    return this.bijector.inverse(x);
  }

  protected _inverse(y: tf.Tensor) {
    return this.bijector.forward(y);
  }

  protected override _forwardLogDetJacobian(x: tf.Tensor) {
    return this.bijector.inverseLogDetJacobian(x);
  }

  protected override _inverseLogDetJacobian(y: tf.Tensor) {
    return this.bijector.forwardLogDetJacobian(y);
  }
}
