/** The command line of `npm start`. */
import {Command} from 'commander';
import {inOurWords, integer, list, read} from '../job/commandLine.js';

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

/**
 * Reads the arguments after the script's name; null if they asked for help, which is then printed. `known`: names of
 * estimators.
 */
export function parseOptions(args: readonly string[], known: readonly string[]): Options | null {
  const command = describeCommand(known);
  return read(command, args) ? command.opts<Options>() : null;
}

function describeCommand(known: readonly string[]): Command {
  const command = new Command('npm start')
    .usage('-- [options]')
    .description(
      'Trains a variational autoencoder with layers of 200 Bernoulli latents on handwritten digits,\n' +
        'once for each gradient estimator, and writes report.json and report.html.',
    )
    .option('--data <dir>', 'folder with MNIST idx files, gzipped or not (default: digits drawn by this program)')
    .option(
      '--estimators <names>',
      'gradient estimators, separated by commas',
      list('--estimators', 'estimator', known),
      defaultEstimators,
    )
    .option('--steps <n>', 'training steps for each estimator', integer('--steps', 1), 800)
    .option('--batch <n>', 'images in a minibatch', integer('--batch', 1), 24)
    .option(
      '--layers <n>',
      'layers of 200 Bernoulli latents: 784-200-784, 784-200-200-784, …',
      integer('--layers', 1),
      1,
    )
    .option('--seed <n>', 'seed of the weights, the order of the images and the samples', integer('--seed', 0), 1)
    .option('--out <dir>', 'folder for the report', 'out')
    .addHelpText(
      'after',
      `\nEstimators: ${known.join(', ')}\n\nCtrl-C (and SIGTERM) stops after the current step and reports what there is; a second one stops at once.`,
    );
  return inOurWords(command);
}
