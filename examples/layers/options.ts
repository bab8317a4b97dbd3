/** The options of `npm run example -- layers`. */
import {Command, InvalidArgumentError} from 'commander';
import {models} from './models.js';

export interface Options {
  readonly model: string;
  /** Folder of idx files; undefined: drawn digits. */
  readonly data: string | undefined;
  readonly estimator: string;
  readonly units: number;
  readonly epochs: number;
  readonly seed: number;
}

const integer =
  (least: number) =>
  (text: string): number => {
    const n = Number(text);
    if (text.trim() === '' || !Number.isInteger(n) || n < least)
      throw new InvalidArgumentError(`must be an integer >= ${least}.`);
    return n;
  };

export function parseOptions(args: readonly string[]): Options {
  const names = Object.keys(models);
  const readModel = (text: string): string => {
    if (!names.includes(text)) throw new InvalidArgumentError(`must be one of ${names.join(', ')}.`);
    return text;
  };
  const program = new Command('npm run example -- layers')
    .description('Autoencoders of layers, by compile and fit: Normal, Bernoulli or categorical latents.')
    .option('--model <name>', `one of ${names.join(', ')}`, readModel, 'vae')
    .option('--data <dir>', 'folder with idx files of training and test images (default: drawn digits)')
    .option('--estimator <name>', 'of the discrete latents', 'leaveOneOut')
    .option('--units <n>', 'of the hidden layers', integer(4), 500)
    .option('--epochs <n>', 'of training, in batches of 100', integer(1), 30)
    .option('--seed <n>', 'of draws', integer(0), 1);
  program.parse([...args], {from: 'user'});
  return {data: undefined, ...program.opts<Omit<Options, 'data'> & {data?: string}>()};
}
