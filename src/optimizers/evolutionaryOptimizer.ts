/**
 * What evolution strategies, the cross-entropy method and CMA-ES have in common: candidates are asked for, evaluated
 * anywhere, and their costs told.
 */
import * as tf from '@tensorflow/tfjs-core';
import {check, fail} from '../util/errors.js';
import {checkCount, checkKeys, checkFunction} from '../util/options.js';
import {foldIn, type Key} from '../keys/key.js';
import {keyOrNext} from '../random/drawOptions.js';
import {checkCandidate, sameCandidates, type Candidate} from './candidate.js';
import {costsAtPlaces, type Cost, type CostFunction, type Given} from './costsAtPlaces.js';
import {VariableVector} from './variableVector.js';

/** Which candidates `ask` gives. */
export interface AskOptions {
  /** The same key gives the same candidates. Default: the next key of the default stream. */
  key?: Key;
}

/** A generation that has been told. */
export interface Generation {
  /** Mean and least of its costs. */
  readonly mean: number;
  /** The least of the costs. */
  readonly best: number;
}

/** Which candidates the costs of `tell` belong to. */
export interface TellOptions {
  /**
   * The candidates that the costs belong to, as `ask` gave them or as they came back in JSON. Needed where `ask` was
   * called more than once since the last generation.
   */
  candidates?: readonly Candidate[];
}

/** What all of them can be given. */
export interface EvolutionaryConfig {
  /** What is optimized; they read where they are. Default: all trainable variables, those of estimators left out. */
  variables?: readonly tf.Variable[];
  /** Evaluations a generation, an integer >= 2. */
  population?: number;
}

/**
 * Minimises any function of variables from its costs alone. By hand: `ask()` gives a generation of candidates,
 * `evaluate(candidate, f)` the cost of one, here or on a worker that has the same variables, and `tell(costs)` moves
 * the variables. `minimize(f)` does all three.
 */
export abstract class EvolutionaryOptimizer {
  /** Evaluations a generation. */
  readonly population: number;
  /** In whose name errors are. */
  protected readonly who: string;
  /** What to do about a failed evaluation. */
  protected abstract readonly advice: string;
  /** The variables, as one vector. */
  protected readonly parameters: VariableVector;
  /** The generation that was asked for by hand and not told. */
  #asked: Asked | null = null;
  /** Whether costs of a generation that was asked for by hand and given up may still come. */
  #awaits = false;
  #generations = 0;
  #isEvaluating = false;
  /** Grows with each `dispose`: what began before ends in nothing. */
  #life = 0;

  /** @param population of a config, or from how many numbers the variables hold */
  protected constructor(who: string, {variables}: EvolutionaryConfig, population: number | ((size: number) => number)) {
    this.who = who;
    this.parameters = new VariableVector(who, variables);
    this.population = typeof population === 'function' ? population(this.parameters.size) : population;
    checkCount(who, 'population', this.population, 2);
  }

  /** Generations that have been told. */
  get generations(): number {
    return this.#generations;
  }

  /**
   * A new generation, in the place of one that was asked for and not told. Workers that ask with the same key get the
   * same one.
   * @throws while an evaluation is going on
   */
  ask(options: AskOptions = {}): Candidate[] {
    const candidates = this.next(options);
    if (this.#asked === null || !sameCandidates(this.#asked.candidates, candidates)) {
      this.#giveUp();
      this.#asked = {candidates, isUsed: false};
    }
    return [...candidates];
  }

  /** The variables' values at a candidate, in their order: the caller's tensors. */
  perturb(candidate: Candidate): tf.Tensor[] {
    checkCandidate(this.who, candidate);
    this.parameters.checkAlive();
    return tf.tidy(() => this.valuesAt(candidate));
  }

  /**
   * The cost at a candidate: f with the variables at its values, which are then put back, also where f throws or
   * rejects. A synchronous f runs in a `tf.tidy` of its own; an asynchronous one disposes what it makes, but for a
   * tensor that it resolves to.
   * @returns a number, or a promise of one if f returns a promise
   */
  evaluate<C extends Cost | Promise<Cost>>(candidate: Candidate, f: CostFunction<C>): Given<C, number> {
    const costs = this.costsAt([candidate], f);
    return then(costs, ([cost]) => cost!) as Given<C, number>; // f decides which
  }

  /**
   * Moves the variables by the costs of the candidates that were asked for last, or of those that `candidates` names:
   * they must be the same. A failed evaluation counts as +Infinity where only the order of the costs matters.
   * @param costs one for each, in the order of `ask`; the least is the best
   * @throws unless there are as many costs as candidates, none of them NaN, for the generation that was asked for last;
   * while an evaluation is going on. Then nothing has changed
   */
  tell(costs: ArrayLike<number>, options: TellOptions = {}): Generation {
    const {candidates, costs: list} = this.told(costs, options);
    const generation = this.#take(candidates, list);
    this.#asked = null;
    this.#awaits = false;
    return generation;
  }

  /**
   * One generation: candidates, the cost at each, one after another, and what `tell` does. Where f throws or rejects,
   * or a cost is none, the generation is dropped and the optimizer is as it was.
   * @param f reads the variables where they are and returns a cost, a number or a tensor of one element, or a promise
   * of one; it need not be differentiable
   * @returns a promise if f returns promises
   * @throws while an evaluation is going on
   */
  minimize<C extends Cost | Promise<Cost>>(f: CostFunction<C>, options: AskOptions = {}): Given<C, Generation> {
    return this.generation(f, options, (candidates, costs) => {
      const generation = this.#take(candidates, costs);
      this.#giveUp();
      return generation;
    }) as Given<C, Generation>; // f decides which
  }

  /** Disposes what the optimizer keeps; the variables are the caller's. */
  dispose(): void {
    this.#giveUp();
    this.#life++;
  }

  /** The candidates of one generation. */
  protected candidates(key: Key): Candidate[] {
    return Array.from({length: this.population}, (_, i) => ({key: foldIn(key, i), sign: 1}));
  }

  /** The variables' values at a candidate; called in a tidy. */
  protected abstract valuesAt(candidate: Candidate): tf.Tensor[];

  /** Moves the variables. Throws before anything has changed. */
  protected abstract update(candidates: readonly Candidate[], costs: readonly number[]): void;

  /** What a new generation needs before there are candidates. */
  protected begin(): void {
    this.checkIdle();
  }

  /** The generation that was asked for by hand, with its costs, checked. It stays to be told. */
  protected told(
    costs: ArrayLike<number>,
    options: TellOptions = {},
  ): {candidates: readonly Candidate[]; costs: number[]} {
    checkKeys(this.who, options, ['candidates']);
    this.checkIdle();
    if (this.#asked === null) return fail(this.who, 'tell needs candidates: call ask first');
    const {candidates} = this.#asked;
    const {candidates: named} = options;
    if (named === undefined) {
      check(
        !this.#awaits,
        this.who,
        'these may be the costs of an earlier generation, which was asked for and never told: name the ' +
          'candidates, tell(costs, {candidates})',
      );
    } else {
      check(
        Array.isArray(named) && sameCandidates(named, candidates),
        this.who,
        'candidates must be those that were asked for last',
        named,
      );
    }
    return {candidates, costs: this.#checked(candidates, costs)};
  }

  /** Notes that the costs of what was asked for by hand have come, though it was not told. */
  protected noteUse(): void {
    if (this.#asked !== null) this.#asked.isUsed = true;
  }

  /**
   * The costs of f at a new generation, which no `ask` gives out, and what `finish` makes of them. Refuses before it
   * changes anything.
   */
  protected generation<T>(
    f: CostFunction,
    options: AskOptions,
    finish: (candidates: readonly Candidate[], costs: number[]) => T,
  ): T | Promise<T> {
    this.checkFunction(f);
    const candidates = this.next(options);
    const life = this.#life;
    return then(this.costsAt(candidates, f), costs => {
      check(life === this.#life, this.who, 'was disposed before the evaluation was over');
      return finish(candidates, this.#checked(candidates, costs));
    });
  }

  /** New candidates. */
  protected next(options: AskOptions): Candidate[] {
    checkKeys(this.who, options, ['key']);
    this.begin();
    return this.candidates(keyOrNext(this.who, options.key));
  }

  /** The costs of f at candidates, one after another. */
  protected costsAt(candidates: readonly Candidate[], f: CostFunction): number[] | Promise<number[]> {
    this.checkFunction(f);
    candidates.forEach(candidate => checkCandidate(this.who, candidate));
    this.checkIdle();
    this.parameters.checkAlive();
    this.#isEvaluating = true;
    return costsAtPlaces(
      this.who,
      f,
      candidates.length,
      i => tf.tidy(() => this.parameters.moveTo(this.valuesAt(candidates[i]!))),
      () => {
        this.#isEvaluating = false;
        this.parameters.restore();
      },
    );
  }

  /** The variables are elsewhere while an evaluation is going on. */
  protected checkIdle(): void {
    check(!this.#isEvaluating, this.who, 'another evaluation is not over yet: await it first');
  }

  /** Throws unless `f` is a function. */
  protected checkFunction(f: unknown): void {
    checkFunction(this.who, 'f', f, 'that returns a cost');
  }

  #giveUp(): void {
    if (this.#asked !== null && !this.#asked.isUsed) this.#awaits = true;
    this.#asked = null;
  }

  #checked(candidates: readonly Candidate[], costs: ArrayLike<number>): number[] {
    const isList = Array.isArray(costs) || ArrayBuffer.isView(costs);
    check(
      isList && costs.length === candidates.length,
      this.who,
      `needs one cost for each of the ${candidates.length} candidates`,
      isList ? costs.length : costs,
    );
    const list = Array.from<number>(costs);
    const wrong = list.findIndex(cost => typeof cost !== 'number' || Number.isNaN(cost));
    check(
      wrong < 0,
      this.who,
      `${this.advice}: costs must be numbers; the cost of candidate ${wrong} is not`,
      list[wrong],
    );
    return list;
  }

  #take(candidates: readonly Candidate[], costs: readonly number[]): Generation {
    this.parameters.checkAlive();
    this.update(candidates, costs);
    this.#generations++;
    return {mean: costs.reduce((a, b) => a + b, 0) / costs.length, best: costs.reduce((a, b) => Math.min(a, b))};
  }
}

/** A generation that was asked for by hand. */
interface Asked {
  readonly candidates: readonly Candidate[];
  /** Whether its costs have come, for a gradient. */
  isUsed: boolean;
}

/** g of a value, or a promise of g of a promised one. */
export function then<T, R>(value: T | Promise<T>, g: (value: T) => R): R | Promise<R> {
  return value instanceof Promise ? value.then(g) : g(value);
}
