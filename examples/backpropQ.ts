/** `npm run example -- backprop-q`: critics on a chain of 20 random switches, against the score function. */
import {Command, InvalidArgumentError} from 'commander';
import Table from 'cli-table3';
import {useWasm} from './job/backend.js';
import type {Interrupt} from './job/interrupt.js';
import {say} from './job/output.js';
import {expectedCost, steps} from './backpropQ/chain.js';
import {learn, methods} from './backpropQ/learn.js';

const POINTS = 6;

export async function run(args: readonly string[], interrupt: Pick<Interrupt, 'requested'>): Promise<void> {
  const program = new Command('npm run example -- backprop-q')
    .description(
      'Critics (Backprop-Q) on a chain of 20 random switches with a cost at each, against the score function.',
    )
    .option('--steps <n>', 'steps of training', readInteger, 100)
    .option('--seed <n>', 'of everything random', readInteger, 1);
  program.parse([...args], {from: 'user'});
  const {steps: rounds, seed} = program.opts<{steps: number; seed: number}>();
  await useWasm();
  say(`${steps} switches with their costs; at the start the expected cost is ${expectedCost(new Float32Array(steps)).toFixed(3)}.
Below: the exact expected cost in the course of training, 20 chains a step; the variance of the gradient of one chain, critics trained at fixed parameters.
"costs late": each cost comes after 0 to 50 ms, out of order, every tenth never, and nobody waits.
\n`);
  const head = [
    'method',
    ...Array.from({length: POINTS + 1}, (_, i) => `${Math.round((100 * i) / POINTS)} %`),
    'variance',
    'seconds',
  ];
  const table = new Table({
    head,
    style: {head: [], border: []},
    colAligns: ['left', ...head.slice(1).map(() => 'right' as const)],
  });
  for (const method of methods) {
    if (interrupt.requested) break;
    say(`${method} …\n`);
    const {curve, variance, seconds} = await learn(method, rounds, POINTS, seed, () => interrupt.requested);
    table.push([
      method,
      ...Array.from({length: POINTS + 1}, (_, i) => curve[i]?.toFixed(3) ?? ''),
      variance === null ? '' : variance.toPrecision(3),
      seconds.toFixed(1),
    ]);
  }
  say(`\n${table.toString()}\n`);
}

function readInteger(text: string): number {
  const n = Number(text);
  if (!Number.isInteger(n) || n < 1) throw new InvalidArgumentError('must be an integer >= 1.');
  return n;
}
