/** Optimizers that keep a normal distribution N(m, s²C) over the variables and sample their candidates from it. */
import * as tf from '@tensorflow/tfjs-core';
import {check, fail} from '../util/errors.js';
import {checkOneOf} from '../util/options.js';
import {positive} from '../constraints/numberSets.js';
import {checkNumber} from '../constraints/check.js';
import {normalValues} from '../random/noise.js';
import {covarianceOf, type Covariance, type CovarianceKind} from './covariance.js';
import type {Candidate} from './candidate.js';
import {EvolutionaryOptimizer, type EvolutionaryConfig} from './evolutionaryOptimizer.js';
import {ascending} from './costRanks.js';

/** What `cmaEs` and `crossEntropyMethod` take alike: where the search distribution starts. */
export interface NormalSearchConfig extends EvolutionaryConfig {
  /** Standard deviation of the first generation in each coordinate, > 0. Default 0.5. */
  sigma?: number;
  /** Whether all covariances are adapted or only the variances. */
  covariance?: CovarianceKind;
}

/** A sample: y = C^{1/2}z, the candidate is m + s·y. */
export interface Sample {
  readonly z: Float32Array;
  readonly y: Float64Array;
}

/** What a generation makes of the distribution. */
export interface Adaptation {
  /** What is added to the mean. */
  readonly step: Float64Array;
  readonly scale: number;
  /** Takes it over; must not throw. */
  readonly commit: () => void;
}

/** What has been found so far. */
export interface Best {
  /** The least cost that was told. */
  readonly cost: number;
  /** Where it was found: all variables as one vector, in their order, in double precision. */
  readonly values: Float64Array;
}

/**
 * An optimizer that keeps a normal distribution N(m, s²C) over the variables, samples its candidates from it, and moves
 * it by their costs.
 */
export abstract class NormalSearch extends EvolutionaryOptimizer {
  /** Whether C is a full matrix or its diagonal. */
  readonly covarianceKind: CovarianceKind;
  /** C. */
  protected readonly covariance: Covariance;
  /** s: the factor that the covariance leaves out. */
  protected scale: number;
  #mean: Float64Array | null = null;
  #best: Best | null = null;
  protected override readonly advice = 'count a failed evaluation as Infinity';
  /** What the candidates of this generation are, where that is not quickly said. */
  #samples = new WeakMap<Candidate, Sample>();

  /** @param own `scaled`: whether `scale` starts at sigma and C at I, or they at 1 and sigma²·I */
  protected constructor(
    who: string,
    config: NormalSearchConfig,
    population: number | ((size: number) => number),
    {kind, scaled}: {kind: CovarianceKind; scaled: boolean},
  ) {
    const {sigma = 0.5} = config;
    checkNumber(who, 'sigma', sigma, positive);
    checkOneOf(who, 'covariance', kind, ['full', 'diagonal']);
    super(who, config, population);
    this.covarianceKind = kind;
    this.scale = scaled ? sigma : 1;
    this.covariance = covarianceOf(kind, this.parameters.size, scaled ? 1 : sigma ** 2);
  }

  /** The mean of the distribution, in the order of the variables, in double precision; the variables follow it. */
  get mean(): Float64Array {
    return this.start().slice();
  }

  /** The candidate of the least cost that was told, null while there is none of a cost below Infinity. */
  get best(): Best | null {
    return this.#best === null ? null : {...this.#best, values: this.#best.values.slice()};
  }

  /** The ratio of the longest to the shortest axis of the distribution. */
  get axisRatio(): number {
    return this.covariance.axisRatio();
  }

  /**
   * Reads where the variables are, asynchronously. Only webgpu needs it, before the first `ask`, since it reads in no
   * other way.
   */
  async prepare(): Promise<this> {
    this.#mean ??= checked(this.who, await this.parameters.readAsync());
    return this;
  }

  /**
   * Sets the variables to the best candidate so far. The next `tell` takes them to the mean of the distribution again.
   */
  useBest(): void {
    check(
      this.#best !== null,
      this.who,
      this.generations === 0
        ? 'useBest needs a generation that has been told'
        : 'useBest needs a candidate that did not fail: all costs were Infinity',
    );
    this.checkIdle();
    this.#moveVariables(this.#best.values);
  }

  protected override begin(): void {
    super.begin();
    this.start();
  }

  /** m, read from the variables before the first generation. */
  protected start(): Float64Array {
    if (this.#mean === null) {
      check(
        tf.getBackend() !== 'webgpu',
        this.who,
        'on webgpu `await prepare()` first, since variables are read there asynchronously only',
      );
      this.#mean = checked(this.who, this.parameters.read());
    }
    return this.#mean;
  }

  protected override valuesAt(candidate: Candidate): tf.Tensor[] {
    return this.parameters.split(this.#float32(this.#vectorAt(this.sample(candidate)), 'a candidate'));
  }

  protected override update(candidates: readonly Candidate[], costs: readonly number[]): void {
    const order = ascending(costs);
    const samples = order.map(i => this.sample(candidates[i]!));
    const least = costs[order[0]!]!;
    const isBetter = least < (this.#best?.cost ?? Infinity);
    const best = isBetter ? {cost: least, values: this.#vectorAt(samples[0]!)} : this.#best;
    const {step, scale, commit} = this.adapt(
      samples,
      order.map(i => costs[i]!),
    );
    const mean = this.#float32(
      this.start().map((m, i) => m + step[i]!),
      'the mean',
    );
    check(
      scale > 0 && scale < Infinity,
      this.who,
      'the scale of the search distribution must be a finite number > 0',
      scale,
    );
    this.#moveVariables(mean); // the last that may throw
    commit();
    this.scale = scale;
    this.#best = best;
    this.#mean = mean;
    this.#samples = new WeakMap();
  }

  /** The sample of a candidate, from its key and sign. */
  protected sample(candidate: Candidate): Sample {
    const known = this.#samples.get(candidate);
    if (known !== undefined) return known;
    const {key, sign} = candidate;
    const z = normalValues(this.parameters.size, key);
    if (sign < 0) z.forEach((v, i) => (z[i] = -v));
    const made = {z, y: this.covariance.color(z)};
    if (this.covarianceKind === 'full') this.#samples.set(candidate, made);
    return made;
  }

  /**
   * What scale and covariance become by the samples of a generation. Changes nothing before `commit`.
   * @param samples from the best to the worst
   * @param costs theirs
   */
  protected abstract adapt(samples: readonly Sample[], costs: readonly number[]): Adaptation;

  #vectorAt({y}: Sample): Float64Array {
    return this.start().map((m, i) => m + this.scale * y[i]!);
  }

  /** The vector itself. Throws where a variable would hold Infinity or NaN. */
  #float32(vector: Float64Array, what: string): Float64Array {
    const beyond = vector.find(v => !Number.isFinite(Math.fround(v)));
    if (beyond !== undefined)
      fail(this.who, `the search distribution has grown without bound: ${what} must be finite in float32`, beyond);
    return vector;
  }

  #moveVariables(vector: Float64Array): void {
    tf.tidy(() => this.parameters.assign(this.parameters.split(vector)));
  }
}

function checked(who: string, start: Float64Array): Float64Array {
  check(
    start.every(Number.isFinite),
    who,
    'variables must be finite',
    start.find(v => !Number.isFinite(v)),
  );
  return start;
}

/** Σ weightᵢ·yᵢ over the first samples, as many as there are weights. */
export function weightedSum(samples: readonly Sample[], weights: readonly number[]): Float64Array {
  const sum = new Float64Array(samples[0]!.y.length);
  weights.forEach((weight, i) => samples[i]!.y.forEach((v, j) => (sum[j]! += weight * v)));
  return sum;
}
