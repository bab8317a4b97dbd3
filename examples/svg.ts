/** `npm run example -- svg`: value gradients on a linear-quadratic regulator with noise, against the exact optimum. */
import Table from 'cli-table3';
import {useWasm} from './job/backend.js';
import {inTurns, type Interrupt} from './job/interrupt.js';
import {say} from './job/output.js';
import {learnSteps, type LearnResult} from './svg/learn.js';
import {expectedCost, regulator, solve} from './svg/lqr.js';
import {parseOptions} from './svg/options.js';

/** Points of a curve, the last step among them. */
const POINTS = 8;

export async function run(args: readonly string[], interrupt: Pick<Interrupt, 'requested'>): Promise<void> {
  const options = parseOptions(args);
  await useWasm();
  const {cost, gains} = solve(regulator);
  const atRest = expectedCost(
    regulator,
    gains.map(gain => gain.map(row => row.map(() => 0))),
  );
  say(`State ${regulator.a.length}, action ${regulator.r.length}, horizon ${regulator.horizon}. The least expected cost is ${cost.toFixed(4)} (Riccati), that of doing nothing ${atRest.toFixed(4)}.
Below: the exact expected cost of the learned gains over the least one, in the course of training; 32 trajectories a step.
\n`);
  const table = new Table({
    head: [
      'method',
      'steps',
      ...Array.from({length: POINTS + 1}, (_, i) => `${Math.round((100 * i) / POINTS)} %`),
      'seconds',
    ],
    style: {head: [], border: []},
    colAligns: ['left', ...new Array<'right'>(POINTS + 3).fill('right')],
  });
  for (const method of options.methods) {
    if (interrupt.requested) break;
    say(`${method} …\n`);
    const result = await inTurns(
      learnSteps(
        method,
        {points: POINTS, seed: options.seed, ...(options.steps === undefined ? {} : {steps: options.steps})},
        () => interrupt.requested,
      ),
    );
    table.push(rowOf(method, result));
  }
  say(`\n${table.toString()}\n`);
}

function rowOf(method: string, {curve, seconds}: LearnResult): string[] {
  // fewer if it was interrupted
  const ratios = Array.from({length: POINTS + 1}, (_, i) => curve[i]?.ratio.toFixed(4) ?? '');
  return [method, String(curve[curve.length - 1]!.step), ...ratios, seconds.toFixed(1)];
}
