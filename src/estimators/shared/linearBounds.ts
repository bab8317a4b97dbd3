/** What estimators for multi-sample bounds share. */
import {check} from '../../util/errors.js';
import {checkCount} from '../../util/options.js';
import type {NodeView} from '../../graph/nodeView.js';
import type {BoundBelow, Downstream} from '../../graph/inquiry.js';

/** K of a configuration: null for a node whose batch already has the axis of samples, drawn upstream. */
export function checkSamples(name: string, samples: number | null, least: number): void {
  if (samples === null) return;
  checkCount(name, 'samples', samples, least, 'null for no axis of its own');
}

/**
 * The bounds below a node; throws in the name of `name` unless the costs are linear in them, which the formulas need.
 */
export function linearBounds(name: string, node: NodeView, downstream: Downstream): readonly BoundBelow[] {
  const bounds = downstream.bounds();
  check(
    bounds.every(bound => bound.isLinear),
    `${name} at node ${JSON.stringify(node.name)}`,
    'the costs must be linear in a multi-sample bound, and its log-weights in the log-density of the node',
  );
  return bounds;
}
