/** What all wrappers share. */
import type {Key} from 'tfjs-stochastic/random';
import {Environment, type StepBuffers} from '../environment.js';
import type {ActionSpace, BoxSpace} from '../space.js';

/** What a wrapper may have of its own. */
export interface WrapperParts {
  /** What it shows. */
  readonly observationSpace?: BoxSpace;
  /** What it takes. */
  readonly actionSpace?: ActionSpace;
  /** Where it writes; without them, where the environment within does. */
  readonly buffers?: StepBuffers;
}

/** An environment round another one, which it hands everything on to. Wrappers change what lies in between. */
export abstract class EnvironmentWrapper extends Environment {
  readonly name: string;
  readonly size: number;
  readonly observationSpace: BoxSpace;
  readonly actionSpace: ActionSpace;
  readonly buffers: StepBuffers;
  /** The environment within. */
  protected readonly inner: Environment;

  /**
   * @param inner the environment within
   * @param own what is not that of the environment within
   */
  constructor(inner: Environment, own: WrapperParts = {}) {
    super();
    this.inner = inner;
    this.name = inner.name;
    this.size = inner.size;
    this.observationSpace = own.observationSpace ?? inner.observationSpace;
    this.actionSpace = own.actionSpace ?? inner.actionSpace;
    this.buffers = own.buffers ?? inner.buffers;
  }

  begin(key?: Key): void {
    this.inner.begin(key);
  }

  advance(actions: ArrayLike<number>): void {
    this.inner.advance(actions);
  }

  restart(i: number): void {
    this.inner.restart(i);
  }
}
