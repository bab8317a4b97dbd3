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
import {alignCostsOnce, creditPart, type CreditPart} from './credit.js';
import {perExampleCosts} from './perExample.js';
import {Run, withRun} from './run.js';
import {withFrozenState} from './estimatorStore.js';
import {SideEffects} from './sideEffects.js';
import type {PassResult} from './stackPasses.js';
import {drawsBelow, nullScores, withScores} from './scores.js';
import type {NodeLink} from './nodeLink.js';
import {readTape} from './tape.js';
import {counterpartsOf, keptScalars, weighKept} from './weighKept.js';
import {weightCosts, weightedNodes} from './weights.js';

/**
 * Runs `pass` once, and once more for each further sample of nodes that are taken in turn.
 * @returns costs `[sample…, batch…]`, or where they are scalars their mean over all passes; and so for what was kept
 */
function inPasses(who: string, run: Run, pass: (isLater: boolean) => PassResult): PassResult {
  run.canRunAgain = true;
  const start = streamPosition();
  const first = pass(false);
  return run.turns === null ? first : run.turns.goOn(who, first, start, () => pass(true));
}

export class Replay {
  readonly #who: string;
  readonly #costs: () => unknown;
  readonly run: Run;
  /** Where the records of the first pass of the first run begin and end on the tape. */
  #records: readonly [from: number, to: number] = [0, 0];
  /** The scalars that the first pass kept, and for each itself or its mean over the passes. */
  #held: readonly tf.Tensor[] = [];
  #kept: readonly tf.Tensor[] = [];
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
    const {costs, kept} = inPasses(this.#who, this.run, isLater => {
      if (isLater) return this.#laterPass();
      const list = this.#pass(this.run);
      this.#records = [before, readTape(this.#who).length];
      this.#effects = new SideEffects(...this.#records);
      this.#held = keptScalars(readTape(this.#who).slice(...this.#records), list);
      return {costs: list, kept: this.#held};
    });
    this.#kept = kept;
    this.#shapes = costs.map(c => c.shape);
    return [...costs];
  }

  /** The costs of one pass through the user's function. */
  #pass(run: Run): tf.Tensor[] {
    return withRun(run, () => checkCosts(this.#who, this.#costs()));
  }

  /** A pass of the first run that sees another sample; what it keeps and assigns is taken back. */
  #laterPass(): PassResult {
    const before = readTape(this.#who).length;
    const effects = this.#effects!; // the first pass is over
    effects.hold();
    this.run.hostStates.rewind();
    returnTo(this.#start!);
    let costs: tf.Tensor[];
    let kept: tf.Tensor[] = [];
    try {
      costs = this.#pass(this.run);
      const tape = readTape(this.#who);
      kept = counterpartsOf(this.#held, tape.slice(...this.#records), tape.slice(before), costs);
    } finally {
      this.run.hostStates.restore();
      effects.takeBack(readTape(this.#who), before);
    }
    return {costs, kept};
  }

  /** The scalars that the function kept in its first pass. */
  get held(): readonly tf.Tensor[] {
    return this.#held;
  }

  /** The id of the last tensor that the first pass recorded. */
  get firstPassEnds(): number {
    return readTape(this.#who)[this.#records[1] - 1]?.outputs[0]?.id ?? Infinity;
  }

  /** Whether the first run had more than one pass. */
  get hasPasses(): boolean {
    return this.run.turns?.isLater ?? false;
  }

  /**
   * Gives the scalars that the first run kept the values that they estimate: the mean over its passes, with the weights
   * of draws that do not count alike.
   */
  settleKept(): void {
    weighKept(readTape(this.#who), this.#records[0], this.#held, this.#kept);
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
      (cost, i): CreditPart[] => (found.costs.has(i) ? [creditPart(link, axesFor(found.reaches, i), cost)] : []),
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
    const pass = (): PassResult => {
      this.run.hostStates.rewind();
      return {costs: this.#pass(run), kept: []};
    };
    try {
      return withFrozenState(() => [...inPasses(this.#who, run, pass).costs]);
    } finally {
      returnTo(now);
      this.run.hostStates.restore();
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
