/** The draw that RELAX and REBAR share. */
import {check} from '../../util/errors.js';
import type {Shape} from '../../util/shapes.js';
import {detach} from '../../math/stopGradient.js';
import type {Distribution} from '../../distributions/distribution.js';
import type {Draw} from '../../graph/estimator.js';
import {split, type Key} from '../../keys/key.js';

/**
 * b = H(z) as the value; z ~ p(z|θ) and z̃ ~ p(z|b, θ), both differentiable in θ, as memo (Tucker et al. 2017, section
 * 3.2).
 */
export function drawRelaxed(name: string, distribution: Distribution, sampleShape: Shape, key: Key): Draw {
  const {relaxation} = distribution;
  check(relaxation !== null, name, 'needs a distribution with a continuous relaxation', distribution.familyName);
  const [forZ, forTilde] = split(key, 2);
  const z = relaxation.sample(sampleShape, {key: forZ!});
  const value = detach(relaxation.harden(z));
  return {value, memo: {z, zTilde: relaxation.conditional(value, {key: forTilde!})}};
}
