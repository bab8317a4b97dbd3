/** The command line of `npm start`. */
import {Command, CommanderError} from 'commander';
import {check, failUnknown} from '../../src/util/errors.js';

export interface Options {
  /** Folder of idx files; without it, digits are drawn. */
  readonly data?: string | undefined;
  readonly estimators: readonly string[];
  readonly steps: number;
  readonly batch: number;
  /** Layers of latents. */
  readonly layers: number;
  readonly seed: number;
  readonly out: string;
}

export const defaultEstimators: readonly string[] = ['scoreFunction', 'movingAverage', 'nvil', 'leaveOneOut', 'relax'];

const who = 'npm start';

/**
 * Reads the arguments after the script's name; null if they asked for help, which is then printed. `known`: names of
 * estimators.
 */
export function parseOptions(args: readonly string[], known: readonly string[]): Options | null {
  const command = describeCommand(known);
  try {
    command.parse(args, {from: 'user'});
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.code === 'commander.helpDisplayed') return null;
    return rejectUsage(error, command);
  }
  return command.opts<Options>();
}

function describeCommand(known: readonly string[]): Command {
  return new Command(who)
    .usage('-- [options]')
    .description(
      'Trains a variational autoencoder with layers of 200 Bernoulli latents on handwritten digits,\n' +
        'once for each gradient estimator, and writes report.json and report.html.',
    )
    .option('--data <dir>', 'folder with MNIST idx files, gzipped or not (default: digits drawn by this program)')
    .option('--estimators <names>', 'gradient estimators, separated by commas', list(known), defaultEstimators)
    .option('--steps <n>', 'training steps for each estimator', positive('--steps'), 800)
    .option('--batch <n>', 'images in a minibatch', positive('--batch'), 24)
    .option('--layers <n>', 'layers of 200 Bernoulli latents: 784-200-784, 784-200-200-784, …', positive('--layers'), 1)
    .option('--seed <n>', 'seed of the weights, the order of the images and the samples', natural('--seed'), 1)
    .option('--out <dir>', 'folder for the report', 'out')
    .helpOption('-h, --help', 'show this help')
    .addHelpText(
      'after',
      `\nEstimators: ${known.join(', ')}\n\nCtrl-C (and SIGTERM) stops after the current step and reports what there is; a second one stops at once.`,
    )
    .allowExcessArguments(false)
    .exitOverride()
    .configureOutput({writeErr: () => undefined});
}

function list(known: readonly string[]): (text: string) => string[] {
  return text => {
    const names = text
      .split(',')
      .map(n => n.trim())
      .filter(n => n !== '');
    check(names.length > 0, '--estimators', 'must name at least one estimator', text);
    for (const name of names) if (!known.includes(name)) failUnknown('--estimators', 'estimator', name, known);
    const twice = names.find((n, i) => names.indexOf(n) !== i);
    check(twice === undefined, '--estimators', 'each name must occur once', twice);
    return names;
  };
}

function positive(flag: string): (text: string) => number {
  return text => integer(flag, 'a positive integer', 1, text);
}

function natural(flag: string): (text: string) => number {
  return text => integer(flag, 'an integer >= 0', 0, text);
}

function integer(flag: string, rule: string, least: number, text: string): number {
  const value = /^\d+$/.test(text) ? Number(text) : NaN;
  check(Number.isSafeInteger(value) && value >= least, flag, `must be ${rule}`, text);
  return value;
}

/** Says what commander found in the words of this project. */
function rejectUsage(error: CommanderError, command: Command): never {
  const flag = /unknown option '([^'=]*)/.exec(error.message)?.[1];
  if (flag !== undefined)
    failUnknown(
      who,
      'option',
      flag,
      command.options.map(o => o.long ?? o.flags),
    );
  check(false, who, error.message.replace(/^error: /, '').replaceAll('\n', ' '));
}
