/** What lies next below a node: where an estimate of the costs further down can take their place. */
import {detach} from '../math/stopGradient.js';
import {alignCosts} from './alignCost.js';
import type {Estimator} from './estimator.js';
import type {Downstream, Frontier} from './inquiry.js';
import type {Influenced} from './influence.js';
import {nodesBelow} from './scores.js';
import type {NodeLink} from './stochasticTensor.js';
import {readTape} from './tape.js';
import type {Chosen, Credited} from './terms.js';
import {weightedNodes} from './weights.js';

/**
 * The frontier of `link` among the nodes that `joins` picks. Weighted samples have none: what a node below expects knows nothing of their weights.
 * @param inquire what a node below may ask in its turn
 */
export function frontierOf(
    {credits, influenced}: Credited, link: NodeLink, joins: (estimator: Estimator) => boolean, inquire: (below: Chosen) => Downstream): Frontier {
  const {view} = link.term!; // its estimator asks
  const own = influenced.find(node => node.link === link)!.costs;
  const candidates = weightedNodes(influenced).length > 0 ? [] :
      nodesBelow(readTape('frontier'), influenced, link).filter(node => joins(node.link.term!.estimator)); // with terms, all of them
  const nodes = disjoint(candidates, credits.length);
  return {
    nodes: nodes.map(({link: below, costs}) => {
      const term = below.term!;
      return {...term, downstream: inquire({link: below, ...term, costs}), align: cost => detach(alignCosts(view, [detach(cost)]))};
    }),
    direct() {
      const costs = credits.filter((_, i) => own.has(i) && !nodes.some(node => node.costs.has(i)));
      return costs.length === 0 ? null : detach(alignCosts(view, costs));
    },
  };
}

/** Nodes of which no two have a cost in common, those with most costs first. */
function disjoint(candidates: readonly Influenced[], count: number): Influenced[] {
  const size = ({costs}: Influenced): number => Array.from({length: count}, (_, i) => costs.has(i)).filter(Boolean).length;
  const sorted = [...candidates].reverse() // in the order in which they were made
      .map(node => ({node, size: size(node)}))
      .sort((a, b) => b.size - a.size);
  const nodes: Influenced[] = [];
  for (const {node} of sorted) {
    if (!nodes.some(({costs}) => costs.intersects(node.costs))) nodes.push(node);
  }
  return nodes;
}
