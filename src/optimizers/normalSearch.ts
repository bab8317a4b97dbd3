/** Optimizers that keep a normal distribution N(m, s²C) over the variables and sample their candidates from it. */
import * as tf from '@tensorflow/tfjs-core';
import {check, fail} from '../util/errors.js';
import {normalValues} from '../random/noise.js';
import {covarianceOf, type Covariance, type CovarianceKind} from './covariance.js';
import {EvolutionaryOptimizer, type AskOptions, type Candidate, type EvolutionaryConfig} from './evolutionaryOptimizer.js';
import {ascending} from './ranks.js';

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

/** What has been found so far. */
export interface Best {
  readonly cost: number;
  readonly values: Float64Array;
}

export abstract class NormalSearch extends EvolutionaryOptimizer {
  readonly covarianceKind: CovarianceKind;
  protected readonly covariance: Covariance;
  /** s: the factor that the covariance leaves out. */
  protected scale: number;
  #mean: Float64Array | null = null;
  #best: Best | null = null;

  /** @param own `scaled`: whether `scale` starts at sigma and C at I, or they at 1 and sigma²·I */
  protected constructor(
      who: string, config: NormalSearchConfig, population: number | ((size: number) => number), {kind, scaled}: {kind: CovarianceKind; scaled: boolean}) {
    const {sigma = 0.5} = config;
    check(typeof sigma === 'number' && sigma > 0 && sigma < Infinity, who, 'sigma must be a finite number > 0', sigma);
    check(kind === 'full' || kind === 'diagonal', who, "covariance must be 'full' or 'diagonal'", kind);
    super(who, config, population);
    this.covarianceKind = kind;
    this.scale = scaled ? sigma : 1;
    this.covariance = covarianceOf(kind, this.parameters.size, scaled ? 1 : sigma ** 2);
  }

  /** The mean of the distribution, in the order of the variables, in double precision; the variables follow it. */
  get mean(): Float64Array {
    return this.start().slice();
  }

  /** The candidate of the least cost that was told, null before the first. */
  get best(): Best | null {
    return this.#best === null ? null : {...this.#best, values: this.#best.values.slice()};
  }

  /** The ratio of the longest to the shortest axis of the distribution. */
  get axisRatio(): number {
    return this.covariance.axisRatio();
  }

  /** Reads where the variables are, asynchronously. Only webgpu needs it, before the first `ask`, since it reads in no other way. */
  async prepare(): Promise<this> {
    this.#mean ??= checked(this.who, await this.parameters.readAsync());
    return this;
  }

  /** Sets the variables to the best candidate so far. The next `tell` takes them to the mean of the distribution again. */
  useBest(): void {
    check(this.#best !== null, this.who, 'useBest needs a generation that has been told');
    this.#moveVariables(this.#best.values);
  }

  override ask(options: AskOptions = {}): Candidate[] {
    this.start();
    return super.ask(options);
  }

  protected start(): Float64Array {
    if (this.#mean === null) {
      check(tf.getBackend() !== 'webgpu', this.who, 'on webgpu `await prepare()` first, since variables are read there asynchronously only');
      this.#mean = checked(this.who, this.parameters.read());
    }
    return this.#mean;
  }

  protected override valuesAt(candidate: Candidate): tf.Tensor[] {
    return this.parameters.split(this.#vectorAt(this.sample(candidate)));
  }

  protected override update(candidates: readonly Candidate[], costs: readonly number[]): void {
    const order = ascending(costs);
    const samples = order.map(i => this.sample(candidates[i]!));
    const cost = costs[order[0]!]!;
    const best = this.#best === null || cost < this.#best.cost ? {cost, values: this.#vectorAt(samples[0]!)} : this.#best;
    const step = this.adapt(samples);
    const mean = this.start().map((m, i) => m + step[i]!);
    if (!mean.every(Number.isFinite) || !(this.scale > 0 && this.scale < Infinity)) fail(this.who, 'the search distribution has grown without bound');
    this.#best = best;
    this.#mean = mean;
    this.#moveVariables(mean);
  }

  protected sample({key, sign}: Candidate): Sample {
    const z = normalValues(this.parameters.size, key);
    if (sign < 0) z.forEach((v, i) => z[i] = -v);
    return {z, y: this.covariance.color(z)};
  }

  /**
   * Adapts scale and covariance to the samples of a generation.
   * @param samples from the best to the worst
   * @returns what is added to the mean
   */
  protected abstract adapt(samples: readonly Sample[]): Float64Array;

  #vectorAt({y}: Sample): Float64Array {
    return this.start().map((m, i) => m + this.scale * y[i]!);
  }

  #moveVariables(vector: Float64Array): void {
    tf.tidy(() => this.parameters.assign(this.parameters.split(vector)));
  }
}

function checked(who: string, start: Float64Array): Float64Array {
  check(start.every(Number.isFinite), who, 'variables must be finite', start.find(v => !Number.isFinite(v)));
  return start;
}

/** Σ weightᵢ·yᵢ over the first samples, as many as there are weights. */
export function weightedSum(samples: readonly Sample[], weights: readonly number[]): Float64Array {
  const sum = new Float64Array(samples[0]!.y.length);
  weights.forEach((weight, i) => samples[i]!.y.forEach((v, j) => sum[j]! += weight * v));
  return sum;
}
