/**
 * What is subtracted from a cost before it multiplies a score: anything that the node's own draw does not influence.
 */
import type * as tf from '@tensorflow/tfjs-core';
import {check} from '../util/errors.js';
import {tryBroadcast} from '../util/shapes.js';
import {isTensor} from '../util/tensors.js';
import type {NodeCost, NodeView} from '../graph/nodeView.js';
import type {Objective} from '../graph/estimator.js';
import {areStates, type NodeStates} from '../graph/nodeStates.js';

/** What a baseline makes of a cost. */
export interface Advantage {
  /** cost − baseline, a constant that broadcasts to the node's shape. */
  readonly advantage: tf.Tensor;
  /** What the baseline's own variables minimise. */
  readonly objective?: Objective;
}

/**
 * What an estimator subtracts from a cost, made by `movingAverage`, `leaveOneOut` and the like, or by hand; it must not
 * depend on the node's own draw, or the estimate is biased.
 */
export interface Baseline {
  /** Tells baselines from other objects. */
  readonly kind: 'baseline';
  /** As it is registered, or how messages call it. */
  readonly name: string;
  /** JSON-safe configuration; null if it holds functions or tensors. */
  readonly config: Readonly<Record<string, unknown>> | null;
  /** Paper and equation. */
  readonly source: string;
  /** `biased` where the advantage is no cost less a baseline, so that the estimator is biased too; default unbiased. */
  readonly bias?: 'biased';
  /** Size of the leading sample axis that the baseline needs. */
  readonly samples?: number;
  /** State is updated after the advantage is taken, never before. */
  advantage(node: NodeView, cost: NodeCost): Advantage;
  /** What is remembered of each node from step to step, for saving; undefined where nothing is. */
  readonly states?: NodeStates | undefined;
  /**
   * As `config`, with the tfjs-layers models that it was given in their places, where nothing else keeps it from being
   * saved; default `config`.
   */
  readonly configWithModels?: Readonly<Record<string, unknown>> | null;
  /** Disposes the variables and the state, where there are any; the next use starts afresh. */
  dispose?(): void;
}

/** What a baseline makes of a cost; throws in its name unless that is an advantage. */
export function advantageOf(baseline: Baseline, node: NodeView, cost: NodeCost): Advantage {
  const made = baseline.advantage(node, cost) as Advantage | null | undefined; // a user's may give anything
  const who = `baseline ${JSON.stringify(baseline.name)} at node ${JSON.stringify(node.name)}`;
  check(
    isTensor(made?.advantage) && !made.advantage.isDisposed,
    who,
    'must return {advantage} with a tensor that is alive',
    made,
  );
  const fits = tryBroadcast([made.advantage.shape, node.shape])?.length === node.shape.length;
  check(fits, who, `the advantage must broadcast to the node's shape [${node.shape.join(',')}]`, made.advantage);
  return made;
}

export function isBaseline(x: unknown): x is Baseline {
  if (typeof x !== 'object' || x === null) return false;
  const {kind, name, advantage, states, dispose, source, bias, samples, config} = x as Partial<Baseline>;
  return (
    kind === 'baseline' &&
    typeof name === 'string' &&
    typeof advantage === 'function' &&
    areStates(states) &&
    (dispose === undefined || typeof dispose === 'function') &&
    (source === undefined || typeof source === 'string') &&
    (bias === undefined || bias === 'biased') &&
    typeof config === 'object' &&
    (samples === undefined || (Number.isInteger(samples) && samples >= 1))
  );
}
