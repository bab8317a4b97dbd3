/** Who may be wrapped. */
import {extension} from 'tfjs-stochastic';
import {Environment} from '../environment.js';

/** Throws in the name of `who` unless `value` is an environment. */
export function checkEnvironment(who: string, value: unknown): asserts value is Environment {
  extension.check(value instanceof Environment, who, 'the environment must be a ctl.Environment', value);
}
