/** What is done must be possible. */
import {extension} from 'tfjs-stochastic';
import type {ActionSpace} from './space.js';

/**
 * Throws in the name of `who` unless `actions` are those of `size` copies, each in the space.
 * @param steps how many each copy has taken in its episode, for the message
 */
export function checkActions(
  who: string,
  space: ActionSpace,
  actions: ArrayLike<number>,
  size: number,
  steps?: ArrayLike<number>,
): void {
  checkActionCount(who, actions, size * space.size);
  for (let i = 0, k = 0; i < size; i++)
    for (let j = 0; j < space.size; j++, k++)
      if (!isAction(space, j, actions[k]!)) refuse(who, space, actions[k]!, i, j, steps?.[i]);
}

/** Throws in the name of `who` unless there are `count` numbers. */
export function checkActionCount(who: string, actions: ArrayLike<number>, count: number): void {
  const isList = Array.isArray(actions) || ArrayBuffer.isView(actions);
  extension.check(isList, who, 'actions must be a list of numbers', actions);
  extension.check(actions.length === count, who, `there must be ${count} numbers of actions`, actions.length);
}

function isAction(space: ActionSpace, j: number, x: number): boolean {
  if (space.kind === 'discrete') return Number.isInteger(x) && x >= 0 && x < space.n;
  const [low, high] = [space.low[j]!, space.high[j]!];
  // a bound that was rounded to float32 is no fault
  return (x >= low && x <= high && Number.isFinite(x)) || x === Math.fround(low) || x === Math.fround(high);
}

function refuse(who: string, space: ActionSpace, x: number, i: number, j: number, step: number | undefined): never {
  const isBox = space.kind === 'box';
  const range = isBox ? `in [${space.low[j]}, ${space.high[j]}]` : `whole numbers from 0 to ${space.n - 1}`;
  const when = step === undefined ? '' : ` in step ${step + 1} of its episode`;
  const place = isBox ? `[${i},${j}]` : `[${i}]`;
  const hint = isBox && Number.isFinite(x) ? '; ctl.clipActions clips them' : '';
  extension.fail(who, `actions must be ${range}, got ${x} at ${place}${when}${hint}`);
}
