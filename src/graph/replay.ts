/**
 * The cost at another value of a node: the code that made the nodes and the costs runs once more, with that value in
 * the node's place.
 */
import * as tf from '@tensorflow/tfjs-core';
import {check} from '../util/errors.js';
import {detach} from '../math/stopGradient.js';
import {sameShape, type Shape} from '../util/shapes.js';
import {returnTo, streamPosition, type StreamPosition} from '../random/stream.js';
import {axesFor} from './axes/reach.js';
import {checkCosts} from './checkCosts.js';
import {alignCostsOnce, headAxes, type CreditPart} from './credit.js';
import {perExampleCosts} from './perExample.js';
import {Run, withRun} from './run.js';
import {withFrozenState} from './estimatorStore.js';
import {SideEffects} from './sideEffects.js';
import {drawsBelow, nullScores, withScores} from './scores.js';
import type {NodeLink} from './nodeLink.js';
import {readTape} from './tape.js';
import {weightCosts, weightedNodes} from './weights.js';

export class Replay {
  readonly #who: string;
  readonly #costs: () => unknown;
  readonly run: Run;
  /** Where the records of the first run begin and end on the tape. */
  records: readonly [from: number, to: number] = [0, 0];
  #start: StreamPosition | null = null;
  #shapes: readonly Shape[] = [];
  /** Of the first run, once it is over. */
  #effects: SideEffects | null = null;

  /**
   * @param costs the user's function
   * @param outer the run that the function is a part of
   */
  constructor(who: string, costs: () => unknown, outer: Run | null = null) {
    this.#who = who;
    this.#costs = costs;
    this.run = new Run(null, null, outer);
  }

  /** The first run: its costs. */
  first(): tf.Tensor[] {
    this.#start = streamPosition();
    const before = readTape(this.#who).length;
    const costs = withRun(this.run, () => checkCosts(this.#who, this.#costs()));
    this.records = [before, readTape(this.#who).length];
    this.#effects = new SideEffects(...this.records);
    this.#shapes = costs.map(c => c.shape);
    return costs;
  }

  /**
   * The cost downstream of a node with `value`, of the shape of its value, in its place: it broadcasts to the node's
   * shape, and is differentiable in `value`. Every other node draws with the key that it had, so the nodes that `value`
   * does not bear on are what they were.
   */
  costAt(
    {node, place}: NodeLink,
    value: tf.Tensor,
    derivative: 'path' | 'total' = 'path',
    baseline?: () => tf.Tensor,
  ): tf.Tensor {
    check(
      sameShape(value.shape, node.value.shape),
      `node ${JSON.stringify(node.name)}`,
      `the value in its place must have the shape [${node.value.shape.join(',')}]`,
      value,
    );
    const run = new Run(this.run, {place, value});
    const before = readTape(this.#who).length;
    const costs = this.#repeat(run, before);
    const link = run.found();
    const shapes = costs.map(c => c.shape);
    check(
      shapes.length === this.#shapes.length && shapes.every((shape, i) => sameShape(shape, this.#shapes[i]!)),
      this.#who,
      'an estimator asked for the cost at another value, so the function that gives the costs ran again, and ' +
        `its costs must have the shapes that they had, ${JSON.stringify(this.#shapes)}`,
      shapes,
    );
    const {shape} = link;
    const {credits, influenced} = perExampleCosts(readTape(this.#who), costs, before);
    const found = influenced.find(node => node.link === link);
    if (found === undefined) return tf.zeros(shape);
    const below = derivative === 'path' ? [] : drawsBelow(readTape(this.#who).slice(before), influenced, link);
    const parts = weightCosts(withScores(credits, below), weightedNodes(influenced), link).flatMap(
      (cost, i): CreditPart[] =>
        found.costs.has(i) ? [{axes: headAxes(link, axesFor(found.reaches, i), cost.shape), cost}] : [],
    );
    const cost = alignCostsOnce(shape, parts);
    const scores = baseline === undefined ? null : nullScores(below, found);
    return scores === null ? cost : tf.sub(cost, tf.mul(scores, detach(baseline!()))); // there are none without
  }

  /**
   * Runs the user's function once more from where the default stream stood at first; what it keeps and assigns is taken
   * back.
   */
  #repeat(run: Run, before: number): tf.Tensor[] {
    const now = streamPosition();
    const effects = this.#effects!; // the first run is over
    effects.hold();
    returnTo(this.#start!);
    try {
      return withFrozenState(() => withRun(run, () => checkCosts(this.#who, this.#costs())));
    } finally {
      returnTo(now);
      effects.takeBack(readTape(this.#who), before);
    }
  }

  /**
   * Disposes what the user's function kept in repetitions, such as the metrics of `model.fit`: the first run's are the
   * ones that count.
   */
  dispose(): void {
    this.#effects?.dispose();
  }
}
