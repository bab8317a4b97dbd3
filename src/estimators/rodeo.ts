import * as tf from '@tensorflow/tfjs-core';
import {checkCount, checkKeys, checkSizes} from '../util/options.js';
import {detach} from '../math/stopGradient.js';
import {denseNetwork} from '../baselines/network.js';
import type {Estimator} from '../graph/estimator.js';
import {StatesOf} from '../graph/nodeStates.js';
import {binaryOrOneHot} from './shared/requirements.js';
import {dot, meanOfOthers, readSamples, squaredEstimate, type Samples} from './shared/samples.js';
import {gibbs, gibbsScore, neighboursOf, type Neighbours} from './shared/stein.js';

/** How many draws, and the network of their control variates. */
export interface RodeoConfig {
  /** K, an integer >= 2; default 2. */
  samples?: number;
  /**
   * Hidden widths of the network H of two numbers; default [16]. (The authors have 100, which costs more and gained
   * nothing where we measured.)
   */
  units?: readonly number[];
}

/** The learnt function H of (l, f), two numbers: h and h̃. */
interface RodeoSurrogate {
  readonly variables: readonly tf.Variable[];
  /** From `[rows, 2]` to `[rows, 2]`. */
  call(features: tf.Tensor): tf.Tensor;
  dispose(): void;
}

/**
 * RODEO: leave-one-out with two control variates from a discrete Stein operator A, whose results have mean 0,
 * g = (1/K) Σₖ { [f(xₖ) − (1/(K−1)) Σ_{j≠k} (f(xⱼ) + (A hⱼ)(xⱼ))] ∂/∂θ log p(xₖ|θ) + (A h̃ₖ ∂/∂θ log p)(xₖ) }
 * with (hₖ, h̃ₖ)(y) = (1/(K−1)) Σ_{j≠k} H(f′(xⱼ)ᵀ(y − xⱼ), f(xⱼ)) (Shi et al. 2022, section 4).
 *
 * A is the Gibbs operator over the neighbours that differ in one bit or class (`stein.ts`). H is a small network, which
 * sees of f only its values and gradients at the other samples: one backward pass and no further evaluation, however
 * many neighbours there are. Unbiased for every H: given the other samples hₖ and h̃ₖ are fixed functions. H follows
 * ∂/∂φ g² and starts at 0, which is leave-one-out. The samples are those of the value type if it draws any.
 */
export function rodeo(config: RodeoConfig = {}): Estimator {
  checkKeys('rodeo', config, ['samples', 'units']);
  const {samples = 2, units = [16]} = config;
  checkCount('rodeo', 'samples', samples, 2);
  checkSizes('rodeo', 'units', units);
  const surrogates = new StatesOf<RodeoSurrogate>({
    make: () => makeSurrogate(units),
    parts: ({variables}) => ({variables, counters: []}),
    dispose: surrogate => surrogate.dispose(),
  });
  return {
    kind: 'estimator',
    name: 'rodeo',
    config: {samples, units: [...units]},
    bias: 'unbiased',
    requires: binaryOrOneHot,
    evaluations: samples,
    source: 'Shi et al. 2022, section 4',
    differentiable: false,
    samples,
    combine(node, cost, downstream) {
      const at = readSamples('rodeo', node, cost, downstream);
      const neighbours = neighboursOf(node.distribution, at);
      const surrogate = surrogates.get(node);
      const h = evaluate(surrogate, at, neighbours);
      const total = ([h, hTilde]: readonly Evaluated[]): tf.Tensor => {
        const controlled = tf.add(at.costs, gibbs(neighbours, h!.atNeighbours, h!.atValues));
        const score = tf.mul(at.logProb, tf.sub(at.costs, meanOfOthers(controlled)));
        return tf.reshape(
          tf.add(score, gibbsScore(neighbours, at.logProb, hTilde!.atNeighbours, hTilde!.atValues)),
          node.shape,
        );
      };
      return {
        surrogate: total(
          h.map(({atNeighbours, atValues}) => ({atNeighbours: detach(atNeighbours), atValues: detach(atValues)})),
        ),
        objective: {loss: squaredEstimate(node.distribution, total(h)), variables: surrogate.variables},
      };
    },
    states: surrogates,
    dispose: () => surrogates.clear(),
  };
}

/** A function of the samples at their neighbours, `[K, rest, N]`, and at themselves, `[K, rest]`. */
interface Evaluated {
  readonly atNeighbours: tf.Tensor;
  readonly atValues: tf.Tensor;
}

/** h and h̃: for each sample the mean of H over the other samples. */
function evaluate(surrogate: RodeoSurrogate, samples: Samples, neighbours: Neighbours): Evaluated[] {
  const [k, rest, n] = neighbours.weights.shape as [number, number, number];
  const features = Array.from({length: k - 1}, (_, i) => {
    const [f, slope, x] = [samples.costs, samples.slopes, samples.values].map(t => roll(t, i + 1)) as [
      tf.Tensor,
      tf.Tensor,
      tf.Tensor,
    ]; // a list of three
    const taylor = tf.expandDims(dot(slope, tf.sub(samples.values, x)), -1);
    const l = tf.concat([tf.add(taylor, neighbours.change(slope)), taylor], -1);
    return tf.reshape(tf.stack([l, tf.broadcastTo(tf.expandDims(f, -1), l.shape)], -1), [-1, 2]);
  });
  const each = tf.reshape(surrogate.call(tf.concat(features, 0)), [k - 1, -1]);
  const mean = tf.reshape(tf.mean(each, 0), [k, rest, n + 1, 2]);
  return tf.unstack(mean, -1).map(h => ({
    atNeighbours: tf.slice(h, [0, 0, 0], [k, rest, n]),
    atValues: tf.reshape(tf.slice(h, [0, 0, n], [k, rest, 1]), [k, rest]),
  }));
}

/** x[(k + by) mod K] at k. */
function roll(x: tf.Tensor, by: number): tf.Tensor {
  const k = x.shape[0];
  return tf.concat([tf.slice(x, by, k - by), tf.slice(x, 0, by)], 0);
}

function makeSurrogate(units: readonly number[]): RodeoSurrogate {
  const network = denseNetwork({inputSize: 2, units, outputSize: 2, activation: 'relu'});
  const coefficients = tf.tidy(() => tf.variable(tf.zeros([1, 2])));
  return {
    variables: [...network.variables, coefficients],
    call(features) {
      const l = tf.slice(features, [0, 0], [-1, 1]);
      return tf.add(tf.mul(l, coefficients), network.call(features));
    },
    dispose() {
      network.dispose();
      coefficients.dispose();
    },
  };
}
