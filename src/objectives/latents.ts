/** The latent variables of a variational objective, and their priors. */
import type * as tf from '@tensorflow/tfjs-core';
import {check, fail} from '../util/errors.js';
import {isListOf} from '../util/tensors.js';
import {Distribution} from '../distributions/distribution.js';
import {DistributionTensor} from '../graph/distributionTensor.js';
import {influencedNodes} from '../graph/influence.js';
import {inGradientScope, persist, readTape} from '../graph/tape.js';

/** A node q(z) with the prior p(z); null where the objective needs none. */
export interface Latent<P extends Distribution | null = Distribution> {
  readonly node: DistributionTensor;
  readonly prior: P;
}

/** Nodes with their priors: a map, or a list of pairs. */
export type LatentsWithPriors =
  ReadonlyMap<DistributionTensor, Distribution> | ReadonlyArray<readonly [DistributionTensor, Distribution]>;

const priors = new WeakMap<DistributionTensor, Distribution>();

/**
 * Notes that `prior` is the prior of what `node` draws, for `elbo` and the other variational objectives to find; a
 * later call replaces it. The prior may depend on draws of other nodes.
 * @throws unless `node` is a DistributionTensor and `prior` a distribution of its events
 */
export function registerPrior(node: DistributionTensor, prior: Distribution): void {
  const latent = checkLatent('registerPrior', node, prior);
  const tensors = latent.prior.tensors();
  const names = Object.keys(tensors);
  const kept = persist(Object.values(tensors)); // a tidy around may end before the objective is made
  priors.set(
    node,
    names.length === 0 ? prior : prior.withTensors(Object.fromEntries(names.map((name, i) => [name, kept[i]!]))),
  );
}

/**
 * The latents that the caller lists; without a list those upstream of `model` or of their priors, with the priors
 * registered for them.
 */
export function findLatents(who: string, model: tf.Tensor, listed: LatentsWithPriors | undefined): Latent[] {
  if (listed !== undefined) {
    const pairs: unknown =
      listed instanceof Map ? [...(listed as ReadonlyMap<DistributionTensor, Distribution>)] : listed;
    check(
      isListOf(pairs, Array.isArray) && pairs.length > 0,
      who,
      'variationalWithPrior must be a Map from node to prior or a list of [node, prior], not empty',
      listed,
    );
    return pairs.map(([node, prior]) => checkLatent(who, node, prior));
  }
  let latents: Latent[] = [];
  for (;;) {
    // a prior may depend on draws that the model does not depend on
    const roots = [model, ...latents.flatMap(({prior}) => Object.values(prior.tensors()))];
    const found = upstream(who, roots, 'variationalWithPrior');
    if (found.length === latents.length) return latents;
    latents = found.map(node => {
      const prior = priors.get(node);
      if (prior === undefined)
        fail(
          who,
          `node ${JSON.stringify(node.name)} needs a prior: call registerPrior, or list the latents in ` +
            'variationalWithPrior',
        );
      return {node, prior};
    });
  }
}

/** The latents that the caller lists, or all upstream of `model`, without priors. */
export function findNodes(
  who: string,
  model: tf.Tensor,
  listed: readonly DistributionTensor[] | undefined,
): Array<Latent<null>> {
  if (listed === undefined) return upstream(who, [model], 'variational').map(node => ({node, prior: null}));
  check(
    isListOf(listed, (x): x is unknown => x !== undefined) && listed.length > 0,
    who,
    'variational must be a list of nodes, not empty',
    listed,
  );
  return listed.map(node => ({node: checkNode(who, node), prior: null}));
}

/** Whether the prior of a latent may depend on what the latent draws, as p(z₁|z₂) does if z₂ is drawn given z₁. */
export function priorFollowsDraw({node, prior}: Latent, latents: number): boolean {
  const younger = Object.values(prior.tensors()).filter(t => t.id > node.value.id);
  if (younger.length === 0) return false;
  if (!inGradientScope()) return latents > 1; // there is no tape to tell
  return influencedNodes(readTape('prior'), younger).some(({link}) => link.node === node);
}

/** The supports that no parameter moves, by name. */
const FIXED: readonly string[] = ['boolean', 'oneHot', 'sign'];

/**
 * ln p(z) at the latent's draw. Where q and p have one discrete support nothing is spent on finding out whether the
 * draw is in it, and a value that an estimator has softened takes the formula as it stands, as it does in
 * `node.logProb()`.
 */
export function logPrior({node, prior}: Latent): tf.Tensor {
  const {support} = node.distribution;
  const shared = FIXED.includes(support.name) && prior.support.name === support.name;
  return shared ? prior.logProbOfDraw(node.value) : prior.logProb(node.value);
}

function upstream(who: string, roots: readonly tf.Tensor[], option: string): DistributionTensor[] {
  check(inGradientScope(), who, `outside a gradient scope the latents cannot be found: list them in ${option}`);
  const nodes = influencedNodes(readTape(who), roots)
    .map(({link}) => link.node)
    .filter(isLatent);
  check(
    nodes.length > 0,
    who,
    'there must be a DistributionTensor upstream of the model: make it in the same gradient scope, or list the ' +
      `latents in ${option}`,
  );
  return nodes.reverse(); // the first made comes first
}

function checkNode(who: string, node: unknown): DistributionTensor {
  check(isLatent(node), who, 'a latent must be a DistributionTensor', node);
  return node;
}

function isLatent(node: unknown): node is DistributionTensor {
  return node instanceof DistributionTensor; // an observed one is no latent
}

function checkLatent(who: string, given: unknown, prior: unknown): Latent {
  const node = checkNode(who, given);
  check(
    prior instanceof Distribution,
    who,
    `the prior of node ${JSON.stringify(node.name)} must be a distribution`,
    prior,
  );
  const {eventShape} = node.distribution;
  check(
    String(prior.eventShape) === String(eventShape) && prior.eventShape.length === eventShape.length,
    who,
    `the prior of node ${JSON.stringify(node.name)} must have its event shape [${eventShape.join(',')}]`,
    prior.eventShape,
  );
  return {node, prior};
}
