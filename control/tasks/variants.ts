/** The forms in which the tasks of Duan et al. come. */
import {extension} from 'tfjs-stochastic';
import type {Environment} from '../environment.js';
import {simulate, type ControlTask} from '../simulation.js';
import {delayActions} from '../wrappers/delayActions.js';
import {limitSensors} from '../wrappers/limitSensors.js';
import {noisyObservations} from '../wrappers/noisyObservations.js';
import {timeLimit} from '../wrappers/timeLimit.js';

const variants = ['basic', 'limitedSensors', 'noisyDelayed', 'systemIdentification'] as const;

/**
 * `limitedSensors`: positions alone, without velocities. `noisyDelayed`: Normal(0, 0.1²) is added to observations, and
 * actions take effect 3 steps later. `systemIdentification`: lengths are drawn anew for each episode. (Duan et al. 2016,
 * section 3.3.)
 */
export type TaskVariant = (typeof variants)[number];

/** Of a task of Duan et al. */
export interface VariantOptions {
  /** How many copies are stepped together. @default 1 */
  readonly size?: number;
  /** In which form. @default 'basic' */
  readonly variant?: TaskVariant;
  /** The most steps of an episode. @default 500, in the other forms 100 */
  readonly steps?: number;
}

/** Which numbers of the observation are positions, and a task whose episodes have lengths of their own or do not. */
interface TaskForms {
  readonly positions: readonly number[];
  readonly task: (drawsLengths: boolean) => ControlTask;
}

/** The environment in the form that is asked for, with its limit of time. */
export function inVariant(who: string, {positions, task}: TaskForms, options: VariantOptions): Environment {
  extension.checkKeys(who, options, ['size', 'variant', 'steps']);
  const {size = 1, variant = 'basic'} = options;
  extension.checkCount(who, 'size', size, 1);
  extension.checkOneOf(who, 'variant', variant, variants);
  const {steps = variant === 'basic' ? 500 : 100} = options;
  extension.checkCount(who, 'steps', steps, 1);
  const plain = simulate(task(variant === 'systemIdentification'), {size});
  return timeLimit(dressed(plain, variant, positions), {steps});
}

function dressed(plain: Environment, variant: TaskVariant, positions: readonly number[]): Environment {
  if (variant === 'limitedSensors') return limitSensors(plain, {keep: positions});
  if (variant !== 'noisyDelayed') return plain;
  return noisyObservations(delayActions(plain, {steps: 3}), {stddev: 0.1});
}
