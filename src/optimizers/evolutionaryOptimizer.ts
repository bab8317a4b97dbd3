/** What evolution strategies, the cross-entropy method and CMA-ES have in common: candidates are asked for, evaluated anywhere, and their costs told. */
import * as tf from '@tensorflow/tfjs-core';
import {check, checkKeys, fail} from '../util/errors.js';
import {checkKey, foldIn, type Key} from '../random/key.js';
import {keyOrNext} from '../random/options.js';
import {costsOf, type Cost, type CostFunction, type Given} from './costs.js';
import {Parameters} from './parameters.js';

/** Where to evaluate: plain numbers, safe in JSON. Its noise is the normal draw of `key`, times `sign`. */
export interface Candidate {
  readonly key: Key;
  readonly sign: 1 | -1;
}

export interface AskOptions {
  /** The same key gives the same candidates. Default: the next key of the default stream. */
  key?: Key;
}

/** A generation that has been told. */
export interface Generation {
  /** Mean and least of its costs. */
  readonly mean: number;
  readonly best: number;
}

/** What all of them can be given. */
export interface EvolutionaryConfig {
  /** What is optimized; they read where they are. Default: all trainable variables, those of estimators left out. */
  variables?: readonly tf.Variable[];
  /** Evaluations a generation, an integer >= 2. */
  population?: number;
}

/**
 * Minimises any function of variables from its costs alone. By hand: `ask()` gives a generation of candidates, `evaluate(candidate, f)` the cost of one, here or on a
 * worker that has the same variables, and `tell(costs)` moves the variables. `minimize(f)` does all three.
 */
export abstract class EvolutionaryOptimizer {
  /** Evaluations a generation. */
  readonly population: number;
  protected readonly who: string;
  protected readonly parameters: Parameters;
  #asked: readonly Candidate[] | null = null;
  #generations = 0;
  #isEvaluating = false;

  /** @param population of a config, or from how many numbers the variables hold */
  protected constructor(who: string, {variables}: EvolutionaryConfig, population: number | ((size: number) => number)) {
    this.who = who;
    this.parameters = new Parameters(who, variables);
    this.population = typeof population === 'function' ? population(this.parameters.size) : population;
    check(Number.isInteger(this.population) && this.population >= 2, who, 'population must be an integer >= 2', population);
  }

  /** Generations that have been told. */
  get generations(): number {
    return this.#generations;
  }

  /** A new generation, which takes the place of one that was asked for and not told. Workers that ask with the same key get the same one. */
  ask(options: AskOptions = {}): Candidate[] {
    checkKeys(this.who, options, ['key']);
    this.#asked = this.candidates(keyOrNext(this.who, options.key));
    return [...this.#asked];
  }

  /** The variables' values at a candidate, in their order: the caller's tensors. */
  perturb(candidate: Candidate): tf.Tensor[] {
    checkCandidate(this.who, candidate);
    return tf.tidy(() => this.valuesAt(candidate));
  }

  /**
   * The cost at a candidate: f with the variables at its values, which are then put back, also where f throws or rejects. A synchronous f runs in a `tf.tidy` of its own;
   * an asynchronous one disposes what it makes, but for a tensor that it resolves to.
   * @returns a number, or a promise of one if f returns a promise
   */
  evaluate<C extends Cost | Promise<Cost>>(candidate: Candidate, f: CostFunction<C>): Given<C, number> {
    const costs = this.costsAt([candidate], f);
    return then(costs, ([cost]) => cost!) as Given<C, number>; // f decides which
  }

  /**
   * Moves the variables by the costs of the candidates that were asked for last.
   * @param costs one for each, in the order of `ask`; the least is the best
   * @throws unless there are as many costs as candidates, none of them NaN
   */
  tell(costs: ArrayLike<number>): Generation {
    const {candidates, costs: list} = this.told(costs);
    this.update(candidates, list);
    this.#asked = null;
    this.#generations++;
    return {mean: list.reduce((a, b) => a + b, 0) / list.length, best: list.reduce((a, b) => Math.min(a, b))};
  }

  /**
   * One generation: `ask`, the cost at each candidate, one after another, and `tell`.
   * @param f reads the variables where they are and returns a cost, a number or a tensor of one element, or a promise of one; it need not be differentiable
   * @returns a promise if f returns promises
   */
  minimize<C extends Cost | Promise<Cost>>(f: CostFunction<C>, options: AskOptions = {}): Given<C, Generation> {
    const costs = this.costsAt(this.ask(options), f);
    return then(costs, list => this.tell(list)) as Given<C, Generation>; // f decides which
  }

  /** Disposes what the optimizer keeps; the variables are the caller's. */
  dispose(): void {
    this.#asked = null;
  }

  /** The candidates of one generation. */
  protected candidates(key: Key): Candidate[] {
    return Array.from({length: this.population}, (_, i) => ({key: foldIn(key, i), sign: 1}));
  }

  /** The variables' values at a candidate; called in a tidy. */
  protected abstract valuesAt(candidate: Candidate): tf.Tensor[];

  /** Moves the variables. Throws before anything has changed. */
  protected abstract update(candidates: readonly Candidate[], costs: readonly number[]): void;

  /** The generation that was asked for, with its costs, checked. */
  protected told(costs: ArrayLike<number>): {candidates: readonly Candidate[]; costs: number[]} {
    const candidates = this.#asked;
    if (candidates === null) return fail(this.who, 'tell needs candidates: call ask first');
    const isList = Array.isArray(costs) || ArrayBuffer.isView(costs);
    const list = isList ? Array.from<number>(costs) : [];
    check(isList && list.length === candidates.length, this.who, `needs one cost for each of the ${candidates.length} candidates`, isList ? list.length : costs);
    const wrong = list.findIndex(cost => typeof cost !== 'number' || Number.isNaN(cost));
    check(wrong < 0, this.who, `costs must be numbers; the cost of candidate ${wrong} is not`, list[wrong]);
    return {candidates, costs: list};
  }

  /** The costs of f at candidates, one after another. */
  protected costsAt(candidates: readonly Candidate[], f: CostFunction): number[] | Promise<number[]> {
    check(typeof f === 'function', this.who, 'f must be a function that returns a cost', f);
    candidates.forEach(candidate => checkCandidate(this.who, candidate));
    check(!this.#isEvaluating, this.who, 'another evaluation is not over yet: await it first');
    this.#isEvaluating = true;
    return costsOf(this.who, f, candidates.length, i => tf.tidy(() => this.parameters.moveTo(this.valuesAt(candidates[i]!))), () => {
      this.parameters.restore();
      this.#isEvaluating = false;
    });
  }
}

function checkCandidate(who: string, candidate: unknown): asserts candidate is Candidate {
  const {key, sign} = (candidate ?? {}) as Partial<Candidate>;
  check(sign === 1 || sign === -1, who, 'a candidate must come from ask', candidate);
  checkKey(who, key);
}

/** g of a value, or a promise of g of a promised one. */
export function then<T, R>(value: T | Promise<T>, g: (value: T) => R): R | Promise<R> {
  return value instanceof Promise ? value.then(g) : g(value);
}
