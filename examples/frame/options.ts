/** The command line of an example, as it declares it. */
import {Command} from 'commander';
import {inOurWords, integer, list, read} from '../job/commandLine.js';
import type {Example, OptionsOf} from './example.js';
import type {OptionKinds} from './kinds.js';

/** Reads the arguments behind the example's name; null if they asked for help, which is then printed. */
export function parseOptions<O extends OptionKinds>(
  name: string,
  example: Example<O>,
  args: readonly string[],
): OptionsOf<O> | null {
  const command = describeCommand(name, example);
  if (!read(command, args)) return null;
  const given = command.opts<Record<string, unknown>>();
  const isSmoke = given['smoke'] === true;
  const own: Record<string, unknown> = {};
  for (const [key, kind] of Object.entries(example.options))
    own[key] = isSmoke && kind.smoke !== undefined ? kind.smoke : kind.default;
  const defaults = {
    steps: isSmoke ? example.steps.smoke : example.steps.default,
    smoke: false,
    batch: example.images?.batch ?? 1,
    estimator: example.estimators?.default ?? [],
    ...own,
  };
  // every key is one of those that the command knows, read as it says
  return {...defaults, ...given} as OptionsOf<O>;
}

function describeCommand(name: string, {title, paper, about, steps, images, estimators, options}: Example): Command {
  const command = new Command(`npm run example -- ${name}`)
    .usage('[options]')
    .description(`${title}: ${paper}\n\n${about}`)
    .option('--steps <n>', `${steps.about ?? 'training steps'} (default: ${steps.default})`, integer('--steps', 1))
    .option('--seed <n>', 'seed of all that is random', integer('--seed', 0), 1)
    .option('--out <dir>', 'folder for the report', `out/${name}`)
    .option('--smoke', 'tiny sizes, to see that all of it works');
  if (images !== undefined) {
    command
      .option('--data <dir>', 'folder with MNIST idx files, gzipped or not (default: digits drawn by this program)')
      .option('--batch <n>', `images in a minibatch (default: ${images.batch})`, integer('--batch', 1));
  }
  if (estimators !== undefined) {
    const known = estimators.known();
    command
      .option(
        '--estimator <names>',
        `gradient estimators, separated by commas (default: ${estimators.default.join(',')})`,
        list('--estimator', 'estimator', known),
      )
      .addHelpText('after', `\nEstimators: ${known.join(', ')}`);
  }
  for (const [key, kind] of Object.entries(options)) {
    const flag = `--${key.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)}`;
    if (kind.value === undefined) command.option(flag, kind.about);
    else
      command.option(`${flag} <${kind.value}>`, `${kind.about} (default: ${String(kind.default)})`, text =>
        kind.read(flag, text),
      );
  }
  command.addHelpText(
    'after',
    '\nCtrl-C (and SIGTERM) stops after the current step and reports what there is; a second one stops at once.',
  );
  return inOurWords(command);
}
