/** The command line of `npm run audit`. */
import {Command, Option} from 'commander';

export interface AuditCommand {
  readonly problem?: string;
  readonly estimators?: readonly string[];
  readonly samples: number;
  readonly warmup: number;
  readonly seed: number;
  readonly backend: string;
  readonly json?: boolean;
  /** Of the problem `digits`: a folder of images, and steps of training before. */
  readonly data?: string;
  readonly pretrain: number;
}

/** Reads the arguments; a usage error ends the process with one line. */
export function parseOptions(
  args: readonly string[],
  problems: readonly string[],
  known: readonly string[],
): AuditCommand {
  const command: Command = new Command();
  const integer =
    (least: number) =>
    (text: string): number => {
      const value = /^\d+$/.test(text) ? Number(text) : NaN;
      if (!(value >= least)) command.error(`error: must be an integer >= ${least}, got ${JSON.stringify(text)}`);
      return value;
    };
  const list = (text: string): string[] => {
    const names = text.split(',').map(n => n.trim());
    const unknown = names.find(n => !known.includes(n));
    if (unknown !== undefined)
      command.error(`error: unknown estimator ${JSON.stringify(unknown)}; known: ${known.join(', ')}`);
    return names;
  };
  command
    .name('npm run audit --')
    .description(
      'Measures the gradient estimators of the library on small programs: bias against the exact gradient, variance, evaluations of the cost, and time.',
    )
    .addOption(
      new Option(
        '--problem <name>',
        'only this problem; digits, the autoencoder of npm start, runs only when asked for',
      ).choices(problems),
    )
    .option('--estimators <names>', 'only these, separated by commas', list)
    .option('--samples <n>', 'gradient estimates for each estimator', integer(2), 500)
    .option('--warmup <n>', 'steps in which baselines and control variates are trained before', integer(0), 300)
    .option('--seed <n>', 'seed of all random numbers', integer(0), 1)
    .addOption(new Option('--backend <name>', 'the tfjs backend').choices(['cpu', 'wasm']).default('cpu'))
    .option('--data <dir>', 'for --problem digits: folder with MNIST idx files (default: digits drawn by this program)')
    .option('--pretrain <n>', 'for --problem digits: steps of training before', integer(0), 300)
    .option('--json', 'one JSON object a line instead of tables')
    .parse(args, {from: 'user'});
  return command.opts<AuditCommand>();
}
