/** The surrogate terms of random nodes: each estimator is asked once the costs are known. */
import * as tf from '@tensorflow/tfjs-core';
import {fail} from '../util/errors.js';
import {derivatives} from '../math/derivatives.js';
import {constants, detach} from '../math/stopGradient.js';
import {isEvery} from './axes/factors.js';
import {axesFor} from './axes/reach.js';
import {checkCreditAxes, warnCoupled} from './checkCreditAxes.js';
import {boundsBelow, boundsSuffice} from './boundsBelow.js';
import {alignCosts, creditPart, keepsLeading, nodeCost, sumOverDraws, type CreditPart} from './credit.js';
import type {Credited, TermNode} from './credited.js';
import {DownstreamSums} from './downstream.js';
import {checkTerm, type Objective} from './estimator.js';
import type {NodeCost} from './nodeView.js';
import type {Downstream} from './inquiry.js';
import {frontierOf} from './frontier.js';
import {checkHeldLogProbs, heldLogProbs} from './heldLogProbs.js';
import type {Influenced} from './influence.js';
import {MagicBoxes} from './magicBox.js';
import {nodesBelow} from './scores.js';
import {weighTerm, type NodeLink} from './nodeLink.js';
import {readTape} from './tape.js';
import {weightCosts, weightedNodes} from './weights.js';

/** What one node adds. */
export interface SurrogateTerm {
  readonly surrogate: tf.Tensor;
  /** The node whose draws the elements are, of its shape; null for a term of the shape of the costs. */
  readonly node: Influenced | null;
}

/** What nodes add to a surrogate loss. */
export interface Surrogate {
  /** One for each node: the gradient of the sum of their means is the score-function part of the estimate. */
  readonly terms: readonly SurrogateTerm[];
  /** What the estimators' own variables minimise. */
  readonly objectives: readonly Objective[];
}

/** The surrogate terms of all influenced nodes, and the objectives of their estimators. */
export function surrogateTerms(credited: Credited): Surrogate {
  const {credits, influenced, only} = credited;
  checkHeldLogProbs(credits, influenced);
  const chosen = influenced.flatMap((node): TermNode[] => {
    const {link} = node;
    const counts = link.term !== null && link.parents.length > 0 && (only === undefined || only.includes(link));
    return counts ? [{link, ...link.term, influenced: node}] : [];
  });
  checkCreditAxes(
    credits,
    credited.given ?? credits.length,
    chosen.map(node => node.influenced),
    influenced,
  );
  chosen.forEach(node => warnCoupled(node.influenced, credits));
  const downstream = downstreamCosts(credited, chosen);
  // the last made comes first
  const boxes = new MagicBoxes(chosen.filter(({estimator}) => estimator.anyOrder === true).reverse());
  const inquiry: Inquiry = {credited, boxes, asked: new Map()};
  const terms: SurrogateTerm[] = boxes
    .terms(weightCosts(credits, weightedNodes(influenced)))
    .map(surrogate => ({surrogate, node: null}));
  const objectives: Objective[] = [];
  try {
    chosen.forEach((node, i) => {
      const {view, estimator} = node;
      const {surrogate, objective} = checkTerm(
        estimator,
        estimator.combine(view, downstream[i]!, inquire(inquiry, node)),
        view.shape,
      );
      terms.push({surrogate: weighTerm(node.link, surrogate), node: node.influenced});
      if (objective !== undefined) objectives.push(objective);
    });
  } finally {
    tf.dispose(
      downstream.flatMap(({total, perSample}) =>
        perSample === null || perSample === total ? [total] : [total, perSample],
      ),
    );
  }
  return {terms, objectives};
}

/**
 * For each node the sum of the costs downstream of it, aligned with its shape, held constant and weighted as other
 * nodes say.
 */
function downstreamCosts({credits, influenced}: Credited, nodes: readonly TermNode[]): NodeCost[] {
  const weighted = weightedNodes(influenced);
  let keeping: boolean[] = [];
  const totals = constants(() => {
    const all = weightCosts(credits, weighted);
    const given = new Set([...credits, ...all]);
    const sums = new DownstreamSums(all);
    const costs = nodes.map(({link, view, influenced: {reaches}}) => {
      const own = link.weights === null ? sums : new DownstreamSums(weightCosts(credits, weighted, link));
      return nodeCost(
        view.shape,
        reaches.flatMap(({axes, costs: set}) => own.of(set).map(cost => creditPart(link, axes, cost))),
      );
    });
    keeping = costs.map(({perSample}) => perSample !== null);
    // the costs are the user's, and nodes may share a sum
    return costs.map(({total}) => (!given.has(total) && nodes.length === 1 ? total : tf.clone(total)));
  });
  return totals.map((total, i) => ({total, perSample: keeping[i] === true ? total : null}));
}

/** What all nodes of one list of costs are asked about. */
interface Inquiry {
  readonly credited: Credited;
  readonly boxes: MagicBoxes;
  readonly asked: Map<NodeLink, Downstream>;
}

/**
 * The answers to what an estimator may ask about the cost downstream of a node: one object for each node, whoever asks.
 */
function inquire(inquiry: Inquiry, node: TermNode): Downstream {
  let answers = inquiry.asked.get(node.link);
  if (answers === undefined) inquiry.asked.set(node.link, (answers = answersFor(inquiry, node)));
  return answers;
}

function answersFor(inquiry: Inquiry, node: TermNode): Downstream {
  const {credited, boxes} = inquiry;
  const {credits, influenced, replay} = credited;
  const {
    link,
    view,
    influenced: {costs, reaches},
    estimator,
  } = node;
  const who = `estimator ${JSON.stringify(estimator.name)} at node ${JSON.stringify(view.name)}`;
  const {value} = link.node;
  let sum: tf.Tensor | null = null;
  const own = (): CreditPart[] =>
    weightCosts(credits, weightedNodes(influenced), link).flatMap((cost, i) =>
      costs.has(i) ? [creditPart(link, axesFor(reaches, i), cost)] : [],
    );
  /** The sum of f over the node's shape, connected to what it was computed from, each cost once: by its mean. */
  const connected = (): tf.Tensor => (sum ??= sumOverDraws(view.shape, own()));
  const perSample = (): tf.Tensor | null => {
    const kept = own().filter(part => keepsLeading(view.shape, part));
    return kept.length === 0 ? null : alignCosts(view.shape, kept);
  };
  return {
    gradient: () => detach(derivatives(connected(), [value])[0]!),
    at(x, derivative, baseline) {
      if (replay === undefined) {
        fail(
          who,
          'needs the cost at another value of the node: give the costs as a function, to st.variableGrads or ' +
            'st.stochasticOptimizer',
        );
      }
      return replay.costAt(link, x, derivative, baseline);
    },
    perSample: () => {
      const part = perSample();
      return part === null ? null : detach(part);
    },
    isCoupled: () => own().some(({axes}) => axes.some(isEvery)),
    bounds: () =>
      boundsBelow(who, link, view, {cost: connected(), perSample: perSample(), logProbs: heldLogProbs(link.node)}),
    boundsSuffice: () =>
      boundsSuffice(
        link,
        view,
        own()
          .filter(part => !keepsLeading(view.shape, part))
          .map(({cost}) => cost),
      ),
    magicBoxBefore: () => boxes.before(view),
    frontier: joins => frontierOf(credited, node, joins, below => inquire(inquiry, below)),
    cuts: () => nodesBelow(readTape(who), influenced, link).map(below => below.link.node.name),
  };
}
