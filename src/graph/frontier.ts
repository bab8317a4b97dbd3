/** What lies next below a node: where an estimate of the costs further down can take their place. */
import {grow} from '../math/grow.js';
import {detach} from '../math/stopGradient.js';
import {axesFor} from './axes/reach.js';
import {alignCost, alignCosts, headAxes, relativeAxes, sharedAxes, type CreditPart} from './credit.js';
import type {Credited, TermNode} from './credited.js';
import type {EstimatorFacts} from './estimatorFacts.js';
import type {Downstream, Frontier} from './inquiry.js';
import type {Influenced} from './influence.js';
import {nodesBelow} from './scores.js';
import {readTape} from './tape.js';
import {weightedNodes} from './weights.js';

/**
 * The frontier of `link` among the nodes that `joins` picks. Weighted samples have none: what a node below expects
 * knows nothing of their weights.
 * @param inquire what a node below may ask in its turn
 */
export function frontierOf(
  {credits, influenced}: Credited,
  {link, view, influenced: self}: TermNode,
  joins: (estimator: EstimatorFacts) => boolean,
  inquire: (below: TermNode) => Downstream,
): Frontier {
  const own = self.costs;
  const candidates =
    weightedNodes(influenced).length > 0
      ? []
      : // with terms, all of them
        nodesBelow(readTape('frontier'), influenced, link).filter(node => joins(node.link.term!.estimator));
  const nodes = disjoint(candidates, credits.length);
  return {
    nodes: nodes.map(next => {
      const term = next.link.term!;
      const axes = relativeAxes(...sharedAxes(self, next)!); // a node below has a cost of this one
      return {
        ...term,
        downstream: inquire({link: next.link, ...term, influenced: next}),
        align: cost => detach(alignCost(view.shape, {axes, cost: grow(detach(cost), term.view.shape)})),
      };
    }),
    direct() {
      const parts = credits.flatMap((cost, i): CreditPart[] =>
        own.has(i) && !nodes.some(node => node.costs.has(i))
          ? [{axes: headAxes(link, axesFor(self.reaches, i), cost.shape), cost}]
          : [],
      );
      return parts.length === 0 ? null : detach(alignCosts(view.shape, parts));
    },
  };
}

/** Nodes of which no two have a cost in common, those with most costs first. */
function disjoint(candidates: readonly Influenced[], count: number): Influenced[] {
  const size = ({costs}: Influenced): number =>
    Array.from({length: count}, (_, i) => costs.has(i)).filter(Boolean).length;
  const sorted = [...candidates]
    .reverse() // in the order in which they were made
    .map(node => ({node, size: size(node)}))
    .sort((a, b) => b.size - a.size);
  const nodes: Influenced[] = [];
  for (const {node} of sorted) {
    if (!nodes.some(({costs}) => costs.intersects(node.costs))) nodes.push(node);
  }
  return nodes;
}
