/** What errors of tfjs do not say: that a random node's samples have put an axis in front, or that it is a constant. */
import {StochasticError} from '../util/errors.js';
import type {NodeLink} from './nodeLink.js';

/**
 * Adds to the message of an error of somebody else's that speaks of shapes which nodes draw several samples; leaves
 * other errors as they are.
 * @param nodes those that were made before it was thrown
 */
export function tellOfSamples(error: unknown, nodes: readonly NodeLink[]): void {
  if (
    !(error instanceof Error) ||
    error instanceof StochasticError ||
    !/shape|rank|ndim|\bdims?\b/i.test(error.message)
  )
    return;
  const several = nodes.flatMap(({term}) => (term !== null && term.view.samples > 1 ? [term] : []));
  const [first] = several;
  if (first === undefined || error.message.includes(HINT)) return;
  const more = several.length > 1 ? ` and ${several.length - 1} more` : '';
  error.message +=
    `\n${HINT} node ${JSON.stringify(first.view.name)}${more} draws ${first.view.samples} samples (estimator ` +
    `${JSON.stringify(first.estimator.name)}), so everything behind it has a leading axis of that size. Where a ` +
    'loss of a layers model does not take it, compile with stl.perSample(loss); where a layer does not, leave ' +
    'sampleAxis: true out of the random layer, and the model runs once for each sample; of nodes of your own, choose ' +
    'an estimator that draws once, such as "nvil".';
}

/**
 * Adds to the message of tfjs that there is no derivative, as of a penalty on a gradient, which nodes let none pass;
 * leaves other errors as they are.
 * @param nodes those that were made before it was thrown
 */
export function tellOfConstants(error: unknown, nodes: readonly NodeLink[]): void {
  const [first] = nodes;
  const isMissing = error instanceof Error && error.message.startsWith('Cannot compute gradient of y=f(x)');
  if (!isMissing || first?.term == null || error.message.includes(HINT)) return;
  error.message +=
    `\n${HINT} a derivative was asked for inside of the costs, and the draw of node ${JSON.stringify(first.node.name)} ` +
    `(estimator ${JSON.stringify(first.term.estimator.name)}) is a constant for it: only a draw that is reparameterised ` +
    '(estimator "pathwise") has derivatives in what lies before it. Differentiate by something behind the node, or ' +
    'choose a continuous distribution.';
}

const HINT = 'tfjs-stochastic:';
