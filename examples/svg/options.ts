/** The options of `npm run example -- svg`. */
import {Command, InvalidArgumentError} from 'commander';
import {methods, type Method} from './learn.js';

export interface Options {
  readonly methods: readonly Method[];
  /** undefined: each method's own. */
  readonly steps: number | undefined;
  readonly seed: number;
}

export function parseOptions(args: readonly string[]): Options {
  const program = new Command('npm run example -- svg')
    .description('Value gradients on a linear-quadratic regulator with noise, against the exact optimum.')
    .option('--methods <names>', `which of ${methods.join(',')}`, readMethods, methods)
    .option('--steps <n>', "steps of training; default: each method's own", (text: string) => readInteger(text, 1))
    .option('--seed <n>', 'of everything random', (text: string) => readInteger(text, 0), 1);
  program.parse([...args], {from: 'user'});
  const {methods: chosen, steps, seed} = program.opts<{methods: readonly Method[]; steps?: number; seed: number}>();
  return {methods: chosen, steps, seed};
}

function readMethods(text: string): Method[] {
  return text.split(',').map(name => {
    const method = methods.find(m => m === name);
    if (method === undefined) throw new InvalidArgumentError(`must be some of ${methods.join(',')}.`);
    return method;
  });
}

function readInteger(text: string, least: number): number {
  const n = Number(text);
  if (text.trim() === '' || !Number.isInteger(n) || n < least)
    throw new InvalidArgumentError(`must be an integer >= ${least}.`);
  return n;
}
