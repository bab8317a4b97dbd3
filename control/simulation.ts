/** From one task to an environment of many copies. */
import {extension} from 'tfjs-stochastic';
import {foldIn, type Key} from 'tfjs-stochastic/random';
import {checkActions} from './checkActions.js';
import {Environment, type StepBuffers} from './environment.js';
import {EpisodeDraws} from './episodeDraws.js';
import {BoxSpace, DiscreteSpace, type ActionSpace} from './space.js';

/** One copy of a task: a state of its own, in plain numbers. */
export interface Simulator {
  /** Puts it at the start of an episode. */
  begin(draws: EpisodeDraws): void;
  /** Takes a step and returns the reward. `action` is overwritten afterwards: keep no hold of it. */
  advance(action: ArrayLike<number>, draws: EpisodeDraws): number;
  /** Whether the last step ended the episode. */
  isTerminated(): boolean;
  /** Writes the observation to `out`, from index `at` on. */
  observe(out: Float32Array, at: number): void;
}

/** A task: what may be seen and done, and a maker of copies. */
export interface ControlTask {
  /** What errors call it. */
  readonly name: string;
  /** What one observation may be. */
  readonly observationSpace: BoxSpace;
  /** What one action may be. */
  readonly actionSpace: ActionSpace;
  /** A copy, which need not be ready before it begins. */
  readonly simulator: () => Simulator;
}

/** Of an environment. */
export interface SimulateOptions {
  /** How many copies are stepped together. @default 1 */
  readonly size?: number;
}

/**
 * An environment of `size` copies of a task. Copy i draws from `random.foldIn(key, i)` of the key of the reset, so that it
 * goes the same way whatever `size` is. Throws where an action is not one of the action space, and where a step gives an
 * observation or a reward that is not finite: it names the task, the copy and the step.
 */
export function simulate(task: ControlTask, options: SimulateOptions = {}): Environment {
  const who = 'ctl.simulate';
  extension.checkObject(who, 'the task', task);
  extension.checkText(who, 'the name', task.name);
  const {observationSpace, actionSpace} = task;
  extension.check(observationSpace instanceof BoxSpace, who, 'observationSpace must be a BoxSpace', observationSpace);
  const isAction = actionSpace instanceof BoxSpace || actionSpace instanceof DiscreteSpace;
  extension.check(isAction, who, 'actionSpace must be a BoxSpace or a DiscreteSpace', actionSpace);
  extension.checkFunction(who, 'simulator', task.simulator);
  extension.checkKeys(who, options, ['size']);
  const {size = 1} = options;
  extension.checkCount(who, 'size', size, 1);
  return new Simulation(task, size);
}

class Simulation extends Environment {
  readonly name: string;
  readonly size: number;
  readonly observationSpace: BoxSpace;
  readonly actionSpace: ActionSpace;
  readonly buffers: StepBuffers;
  private readonly copies: Simulator[];
  private readonly steps: Int32Array;
  private readonly action: Float64Array;
  private draws: EpisodeDraws[] | null = null;

  constructor(task: ControlTask, size: number) {
    super();
    this.name = task.name;
    this.size = size;
    this.observationSpace = task.observationSpace;
    this.actionSpace = task.actionSpace;
    this.copies = Array.from({length: size}, () => task.simulator());
    this.steps = new Int32Array(size);
    this.action = new Float64Array(task.actionSpace.size);
    const numbers = size * task.observationSpace.size;
    this.buffers = {
      observations: new Float32Array(numbers),
      finalObservations: new Float32Array(numbers),
      rewards: new Float32Array(size),
      terminated: new Uint8Array(size),
      truncated: new Uint8Array(size),
    };
  }

  begin(key?: Key): void {
    if (key !== undefined) this.draws = Array.from({length: this.size}, (_, i) => new EpisodeDraws(foldIn(key, i)));
    const {buffers, size} = this;
    for (let i = 0; i < size; i++) this.restart(i);
    buffers.finalObservations.set(buffers.observations);
    for (const flags of [buffers.rewards, buffers.terminated, buffers.truncated]) flags.fill(0);
  }

  restart(i: number): void {
    const copy = this.copies[i];
    if (copy === undefined) extension.fail(this.name, `a copy is a whole number from 0 to ${this.size - 1}`, i);
    copy.begin(this.drawsOf(i));
    this.steps[i] = 0;
    this.observe(i, this.buffers.observations);
  }

  advance(actions: ArrayLike<number>): void {
    const {size, buffers, action, steps} = this;
    const {rewards, terminated, observations, finalObservations} = buffers;
    const [n, numbers] = [action.length, this.observationSpace.size];
    checkActions(this.name, this.actionSpace, actions, size, steps);
    buffers.truncated.fill(0);
    for (let i = 0; i < size; i++) {
      for (let j = 0; j < n; j++) action[j] = actions[i * n + j]!;
      const copy = this.copies[i]!;
      steps[i]!++;
      const reward = copy.advance(action, this.drawsOf(i));
      if (!Number.isFinite(reward)) this.fail('the reward', reward, i, `[${i}]`);
      rewards[i] = reward;
      this.observe(i, finalObservations);
      const isOver = copy.isTerminated();
      terminated[i] = isOver ? 1 : 0;
      if (isOver) this.restart(i);
      else for (let k = i * numbers; k < (i + 1) * numbers; k++) observations[k] = finalObservations[k]!;
    }
  }

  private drawsOf(i: number): EpisodeDraws {
    if (this.draws === null) extension.fail(this.name, 'the first reset needs a key: reset({key: st.random.key(0)})');
    return this.draws[i]!;
  }

  private observe(i: number, out: Float32Array): void {
    const {size} = this.observationSpace;
    this.copies[i]!.observe(out, i * size);
    for (let k = i * size; k < (i + 1) * size; k++)
      if (!Number.isFinite(out[k]!)) this.fail('the observation', out[k]!, i, `[${i},${k - i * size}]`);
  }

  private fail(what: string, x: number, i: number, place: string): never {
    const when = `after step ${this.steps[i]} of its episode`;
    extension.fail(this.name, `${what} must be finite, got ${x} at ${place} ${when}`);
  }
}
