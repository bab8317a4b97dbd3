/** The command line of `npm run example -- es`. */
import {Command, Option} from 'commander';

export interface EsCommand {
  readonly function?: string;
  readonly runs: number;
  readonly seed: number;
  readonly limit: number;
}

/** Reads the arguments; a usage error ends the process with one line. */
export function parseOptions(args: readonly string[], functions: readonly string[]): EsCommand {
  const command: Command = new Command();
  const integer =
    (least: number) =>
    (text: string): number => {
      const value = /^\d+$/.test(text) ? Number(text) : NaN;
      if (!(value >= least)) command.error(`error: must be an integer >= ${least}, got ${JSON.stringify(text)}`);
      return value;
    };
  command
    .name('npm run example -- es')
    .description('Minimises functions of 10 variables by their values alone, and counts the evaluations until 1e-6.')
    .addOption(new Option('--function <name>', 'only this function').choices(functions))
    .option('--runs <n>', 'runs of each method', integer(1), 3)
    .option('--seed <n>', 'seed of all random numbers', integer(0), 1)
    .option('--limit <n>', 'the most evaluations of one run', integer(1), 40_000)
    .parse(args, {from: 'user'});
  return command.opts<EsCommand>();
}
