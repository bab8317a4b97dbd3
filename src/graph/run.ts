/**
 * One run of the code that makes nodes and costs. A run counts its nodes, so that what belongs to a node is found again
 * in the next step; it remembers their keys, so that the same code can run once more with another value in one node's
 * place.
 */
import type * as tf from '@tensorflow/tfjs-core';
import {Ambient} from '../util/ambient.js';
import {check, fail} from '../util/errors.js';
import {recorder} from '../util/recorder.js';
import {checkFunction, checkKeys, checkObject} from '../util/options.js';
import {sizeOf, type Shape} from '../util/shapes.js';
import {type Key} from '../keys/key.js';
import type {Estimator, Objective} from './estimator.js';
import {HostStates, type HostState} from './hostStates.js';
import type {NodeLink} from './nodeLink.js';
import type {Turns} from './turns.js';
import {currentTape, persist} from './tape.js';

/** What a run knows of a node that was made in it. */
interface MadeNode {
  readonly name: string;
  readonly key: Key;
  readonly about: About;
  /** That of its log-probability, once it is drawn. */
  shape: Shape | null;
}

/** What messages say of a node. */
interface About {
  readonly estimator: string | null;
  readonly batchShape: Shape;
}

/** The sample axes of a node: how many axes its log-probability has, and whether others may use the first. */
interface SampleAxes {
  readonly rank: number;
  readonly exclusive: boolean;
}

/** Another value for the node of a certain place in the run. */
interface Substitution {
  readonly place: number;
  readonly value: tf.Tensor;
}

/** What a new node is told: its place in the run, the key to draw with, and the value to take instead of a draw. */
export interface Place {
  readonly place: number;
  readonly key: Key;
  readonly value: tf.Tensor | null;
  /** Notes the shape of the log-probability, once there is a draw. */
  readonly drawn: (shape: Shape) => void;
}

/** Names of nodes that a message lists. */
const MOST_NAMES = 6;

const SAME_NODES =
  'an estimator asked for the cost at another value, so the function that gives the costs ran again, and it ' +
  'must make the same nodes in the same order';

export class Run {
  readonly #made: MadeNode[] = [];
  readonly #axes: SampleAxes[] = [];
  readonly #slots = new Map<Estimator, Map<string, number>>();
  readonly #model: Run | null;
  readonly #substitution: Substitution | null;
  readonly #outer: Run | null;
  readonly #objectives: Objective[] = [];
  readonly #withTerm: NodeLink[] = [];
  /** What code that runs again changes on the host. */
  readonly hostStates = new HostStates();
  /** The node that took the other value, once it is made. */
  substituted: NodeLink | null = null;
  /** Whether the code can be run once for each sample of a node. */
  canRunAgain = false;
  /** Set where that is asked for, by the first such node. */
  turns: Turns | null = null;

  /**
   * @param model the run that this one repeats with a substitution
   * @param outer the run that this one is a part of, if it can be repeated on its own
   */
  constructor(model: Run | null = null, substitution: Substitution | null = null, outer: Run | null = null) {
    this.#model = model;
    this.#substitution = substitution;
    this.#outer = outer;
  }

  /** The run that this one repeats, or itself: the same for all runs of one gradient scope. */
  get origin(): Run {
    return this.#model?.origin ?? this;
  }

  /** Whether this run, or the one that it is a part of, repeats another. */
  get isRepetition(): boolean {
    return this.#model !== null || (this.turns?.isLater ?? false) || (this.#outer?.isRepetition ?? false);
  }

  /** Of the nodes that were made so far. */
  get keys(): Key[] {
    return this.#made.map(({key}) => key);
  }

  /** Notes what a function is about to change on the host, for all runs that may repeat it. */
  noteHostState(owner: object, state: HostState<unknown>): void {
    this.origin.hostStates.note(owner, state);
    this.#outer?.noteHostState(owner, state);
  }

  /** Notes that the run has a node with a surrogate term. */
  note(link: NodeLink): void {
    this.#withTerm.push(link);
  }

  /** The nodes with a surrogate term that were made in this run, those of parts of it left out. */
  get withTerm(): readonly NodeLink[] {
    return this.#withTerm;
  }

  /**
   * The slot of the next node of `estimator`: its name (empty if it has none) and how often that occurred before in
   * this run.
   */
  slotOf(estimator: Estimator, name = ''): string {
    if (this.#outer !== null) return this.#outer.slotOf(estimator, name);
    let byName = this.#slots.get(estimator);
    if (byName === undefined) this.#slots.set(estimator, (byName = new Map<string, number>()));
    const count = byName.get(name) ?? 0;
    byName.set(name, count + 1);
    return `${name}#${count}`;
  }

  /** The nodes made so far, with their estimators and the largest of their shapes, for messages. */
  describeNodes(): string {
    const all = this.#made;
    const last = all[all.length - 1];
    if (last === undefined) return 'before any random node was made';
    const listed = all
      .slice(0, MOST_NAMES)
      .map(
        ({name, about: {estimator}}) =>
          JSON.stringify(name) + (estimator === null ? '' : ` (estimator ${JSON.stringify(estimator)})`),
      );
    const [largest] = all.map(({shape, about}) => shape ?? about.batchShape).sort((a, b) => sizeOf(b) - sizeOf(a));
    return (
      `in a step with the node${all.length > 1 ? 's' : ''} ` +
      `${listed.join(', ')}${all.length > MOST_NAMES ? `, … ${all.length - MOST_NAMES} more` : ''}, ` +
      `${all.length > 1 ? 'the largest ' : ''}of shape ` +
      `[${largest!.join(',')}]${last.shape === null ? `, while ${JSON.stringify(last.name)} was drawn` : ''}`
    );
  }

  /** The place of a new node. `key` is what it would draw with if this were no repetition. */
  enter(name: string, key: Key, about: About): Place {
    const place = this.#made.length;
    const outer = this.#model === null ? this.#outer?.enter(name, key, about) : undefined;
    const model = this.#model;
    const before = model !== null ? model.#made[place] : outer === undefined ? undefined : {name, key: outer.key};
    if (this.#model !== null) {
      const was = before === undefined ? 'no node' : JSON.stringify(before.name);
      check(before?.name === name, `node ${JSON.stringify(name)}`, `${SAME_NODES}, got it where ${was} was before`);
    }
    const own = this.turns?.keyFor(key, place) ?? key;
    const made: MadeNode = {name, key: before?.key ?? own, about, shape: null};
    this.#made.push(made);
    const drawn = (shape: Shape): void => {
      made.shape = shape;
      outer?.drawn(shape);
    };
    const value = this.#substitution?.place === place ? this.#substitution.value : null;
    return {place, key: made.key, value, drawn};
  }

  /**
   * The number of axes of size 1 to put between new sample axes and `rank` axes behind them, so that they meet no axis
   * that is not to be shared.
   */
  padding(rank: number, exclusive: boolean): number {
    if (this.turns?.isMaking === true) return 0; // nothing downstream sees its samples side by side
    const ranks = this.#axes.filter(axes => exclusive || axes.exclusive).map(axes => axes.rank);
    return Math.max(0, ...ranks.map(r => r - rank));
  }

  /** Notes the sample axes of a node: its log-probability has `rank` axes. */
  occupy(rank: number, exclusive: boolean): void {
    if (this.turns?.isMaking !== true) this.#axes.push({rank, exclusive});
  }

  /** Leaves it to the gradient scope to train what an estimator owns; a repetition trains nothing. */
  addObjective({loss, variables}: Objective): void {
    if (this.#model !== null) return;
    if (this.#outer !== null) this.#outer.addObjective({loss, variables});
    else this.#objectives.push({loss: persist([loss])[0]!, variables});
  }

  /** The objectives left to the gradient scope, once. */
  takeObjectives(): Objective[] {
    return this.#objectives.splice(0);
  }

  /**
   * The node that took the other value, once the repetition is over.
   * @throws if the repetition made fewer nodes than the run that it repeats
   */
  found(): NodeLink {
    const missing = this.#model === null ? undefined : this.#model.#made[this.#made.length];
    if (missing !== undefined) fail(`node ${JSON.stringify(missing.name)}`, `${SAME_NODES}, got none in its place`);
    return this.substituted!; // its place was passed, so it was made
  }
}

/** The runs of gradient scopes that were opened by tfjs itself. */
const byTape = new WeakMap<object, Run>();
const active = new Ambient<Run | null>(null);

/** Runs `fn`, which must be synchronous, as the run `run`. */
export function withRun<T>(run: Run, fn: () => T): T {
  return active.with('withRun', run, fn);
}

/**
 * Whether the code that makes nodes and costs is being run once more, because an estimator asked for the cost at
 * another value or at another sample: for what must be done once in a step.
 */
export function isRepetition(): boolean {
  return active.now?.isRepetition ?? false;
}

/**
 * Whether the gradient scope was opened by somebody else, tfjs or a user, so that nothing of this library sees the loss
 * unless it is called.
 */
export function isForeignScope(): boolean {
  return active.now === null && currentTape() !== null;
}

/** The run that is going on: that of `withRun`, else one for each gradient scope; null outside any. */
export function currentRun(): Run | null {
  const tape = currentTape();
  if (tape === null) return null;
  if (active.now !== null) return active.now;
  let run = byTape.get(tape);
  if (run === undefined) byTape.set(tape, (run = new Run()));
  return run;
}

/**
 * For layers and estimators that keep something on the host from step to step and change it in a forward pass: before it
 * is changed. Where the pass is run again in this step, because an estimator asks for the cost at another value or
 * sample, `owner` starts from the same state, and in the end it has that of the first run.
 * @param state `read` gives the whole state, which what follows does not change, and `write` puts one back
 */
export function noteHostState<S>(owner: object, state: HostState<S>): void {
  checkObject('noteHostState', 'the owner', owner);
  checkKeys('noteHostState', state, ['read', 'write']);
  checkFunction('noteHostState', 'read', state.read);
  checkFunction('noteHostState', 'write', state.write);
  recorder()?.refused('something in it keeps a state on the host from step to step (noteHostState)');
  currentRun()?.noteHostState(owner, state as HostState<unknown>); // it is given what it gave
}
