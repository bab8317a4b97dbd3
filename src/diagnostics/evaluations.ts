/** How often the cost is evaluated for one estimate, by looking at what runs. */
import {sizeOf} from '../util/shapes.js';
import type {Key} from '../keys/key.js';
import {checkCosts} from '../graph/checkCosts.js';
import {perExampleCosts} from '../graph/perExample.js';
import {readTape} from '../graph/tape.js';
import {WHO} from './auditOptions.js';
import {flatGradient, type Step} from './gradientSamples.js';

/** The sizes of the costs in the first run of one estimate; a scalar is looked into. */
export function costSizes(step: Omit<Step, 'onRun'>, key: Key): number[] {
  let sizes: number[] | null = null;
  flatGradient(
    {
      ...step,
      onRun(costs) {
        sizes ??= perExampleCosts(readTape(WHO), checkCosts(WHO, costs)).credits.map(credit => sizeOf(credit.shape));
      },
    },
    key,
  ).dispose();
  return sizes!; // an estimate runs the program
}

/** How many samples the costs hold where those of plain draws hold one: the most of any cost. */
export function samplesIn(sizes: readonly number[], plain: readonly number[]): number {
  const most = (list: readonly number[]): number => Math.max(1, ...list);
  return sizes.length === plain.length ? most(sizes.map((size, i) => size / plain[i]!)) : most(sizes) / most(plain);
}
