/** The surrogate terms of random nodes: each estimator is asked once the costs are known. */
import * as tf from '@tensorflow/tfjs-core';
import {check, fail} from '../util/errors.js';
import {sizeOf, tryBroadcast} from '../util/shapes.js';
import {derivatives} from '../math/derivatives.js';
import {constants, detach} from '../math/stopGradient.js';
import {alignCosts, isMixed, keepsSamples, markMixed} from './alignCost.js';
import {boundsBelow, boundsSuffice} from './boundsBelow.js';
import type {CostSet} from './costSet.js';
import {DownstreamSums} from './downstream.js';
import type {Estimator, NodeView, Objective} from './estimator.js';
import type {Downstream} from './inquiry.js';
import {frontierOf} from './frontier.js';
import {checkHeldLogProbs, heldLogProbs} from './heldLogProbs.js';
import type {Influenced} from './influence.js';
import type {Replay} from './replay.js';
import {MagicBoxes} from './magicBox.js';
import {nodesBelow} from './scores.js';
import type {NodeLink} from './stochasticTensor.js';
import {readTape} from './tape.js';
import {weightCosts, weightedNodes} from './weights.js';

/** What nodes add to a surrogate loss. */
export interface Surrogate {
  /** One for each node: the gradient of the sum of their means is the score-function part of the estimate. */
  readonly terms: readonly tf.Tensor[];
  /** What the estimators' own variables minimise. */
  readonly objectives: readonly Objective[];
}

export interface Credited {
  /** The costs that nodes are credited with. */
  readonly credits: readonly tf.Tensor[];
  /** The nodes upstream of them; their sets index `credits`. */
  readonly influenced: readonly Influenced[];
  /** The nodes to take terms from; default all. */
  readonly only?: readonly NodeLink[] | undefined;
  /** Runs the code that made the costs once more, where it is at hand. */
  readonly replay?: Replay;
}

export interface Chosen {
  readonly link: NodeLink;
  readonly view: NodeView;
  readonly estimator: Estimator;
  readonly costs: CostSet;
}

/** The surrogate terms of all influenced nodes, and the objectives of their estimators. */
export function surrogateTerms(credited: Credited): Surrogate {
  const {credits, influenced, only} = credited;
  checkHeldLogProbs(credits, influenced);
  const chosen = influenced.flatMap(({link, costs}) => {
    const counts = link.term !== null && link.parents.length > 0 && (only === undefined || only.includes(link));
    return counts ? [{link, ...link.term, costs}] : [];
  });
  const downstream = downstreamCosts(credited, chosen);
  const boxes = new MagicBoxes(chosen.filter(({estimator}) => estimator.anyOrder === true).reverse()); // the last made comes first
  const inquiry: Inquiry = {credited, boxes, asked: new Map()};
  const terms: tf.Tensor[] = boxes.terms(weightCosts(credits, weightedNodes(influenced)));
  const objectives: Objective[] = [];
  try {
    chosen.forEach((node, i) => {
      const {view, estimator} = node;
      const {surrogate, objective} = estimator.combine(view, downstream[i]!, inquire(inquiry, node));
      check(tryBroadcast([surrogate.shape, view.shape])?.length === view.shape.length, `estimator ${JSON.stringify(estimator.name)}`,
          `its surrogate term must broadcast to the node's shape [${view.shape.join(',')}]`, surrogate);
      terms.push(surrogate);
      if (objective !== undefined) objectives.push(objective);
    });
  } finally {
    tf.dispose(downstream);
  }
  return {terms, objectives};
}

/** For each node the sum of the costs downstream of it, aligned with its shape, held constant and weighted as other nodes say. */
function downstreamCosts({credits, influenced}: Credited, nodes: readonly Chosen[]): tf.Tensor[] {
  const weighted = weightedNodes(influenced);
  return constants(() => {
    const all = weightCosts(credits, weighted);
    const given = new Set([...credits, ...all]);
    const sums = new DownstreamSums(all);
    return nodes.map(({link, view, costs}) => {
      const own = link.weights === null ? sums : new DownstreamSums(weightCosts(credits, weighted, link));
      const sum = alignCosts(view, own.of(costs));
      if (!given.has(sum) && nodes.length === 1) return sum;
      const copy = tf.clone(sum); // the costs are the user's, and nodes may share a sum
      if (isMixed(sum)) markMixed(copy);
      return copy;
    });
  });
}

/** What all nodes of one list of costs are asked about. */
interface Inquiry {
  readonly credited: Credited;
  readonly boxes: MagicBoxes;
  readonly asked: Map<NodeLink, Downstream>;
}

/** The answers to what an estimator may ask about the cost downstream of a node: one object for each node, whoever asks. */
function inquire(inquiry: Inquiry, node: Chosen): Downstream {
  let answers = inquiry.asked.get(node.link);
  if (answers === undefined) inquiry.asked.set(node.link, answers = answersFor(inquiry, node));
  return answers;
}

function answersFor(inquiry: Inquiry, node: Chosen): Downstream {
  const {credited, boxes} = inquiry;
  const {credits, influenced, replay} = credited;
  const {link, view, costs, estimator} = node;
  const who = `estimator ${JSON.stringify(estimator.name)} at node ${JSON.stringify(view.name)}`;
  const {value} = link.node;
  let sum: tf.Tensor | null = null;
  const own = (): tf.Tensor[] => weightCosts(credits, weightedNodes(influenced), link).filter((_, i) => costs.has(i));
  /** The sum of f over the node's shape, connected to what it was computed from: costs with and without the sample axis count alike, by their means. */
  const connected = (): tf.Tensor => sum ??= tf.mul(own().map(cost => tf.mean(cost)).reduce((a, b) => tf.add(a, b)), sizeOf(view.shape));
  const perSample = (): tf.Tensor | null => {
    const kept = own().filter(cost => keepsSamples(view, cost));
    return kept.length === 0 ? null : alignCosts(view, kept);
  };
  return {
    gradient: () => detach(derivatives(connected(), [value])[0]!),
    at(x, derivative, baseline) {
      if (replay === undefined) {
        fail(who, 'needs the cost at another value of the node: give the costs as a function, to st.variableGrads or st.stochasticOptimizer');
      }
      return replay.costAt(link, x, derivative, baseline);
    },
    perSample: () => {
      const part = perSample();
      return part === null ? null : detach(part);
    },
    bounds: () => boundsBelow(who, link, view, {cost: connected(), perSample: perSample(), logProbs: heldLogProbs(link.node)}),
    boundsSuffice: () => boundsSuffice(link, view, own().filter(cost => !keepsSamples(view, cost))),
    magicBoxBefore: () => boxes.before(view),
    frontier: joins => frontierOf(credited, link, joins, below => inquire(inquiry, below)),
    cuts: () => nodesBelow(readTape(who), influenced, link).map(node => node.link.node.name),
  };
}
