/** Command lines: how values are read, and what is said of a mistake. */
import {type Command, CommanderError} from 'commander';
import {check, failUnknown} from '../../src/util/errors.js';

/** Integers from `least` on. */
export function integer(flag: string, least: number): (text: string) => number {
  const rule = least === 1 ? 'a positive integer' : `an integer >= ${least}`;
  return text => {
    const value = /^\d+$/.test(text) ? Number(text) : NaN;
    check(Number.isSafeInteger(value) && value >= least, flag, `must be ${rule}`, text);
    return value;
  };
}

/** Names of a `kind`, separated by commas, each once. */
export function list(flag: string, kind: string, known: readonly string[]): (text: string) => string[] {
  return text => {
    const names = text
      .split(',')
      .map(n => n.trim())
      .filter(n => n !== '');
    check(names.length > 0, flag, `must name at least one ${kind}`, text);
    for (const name of names) if (!known.includes(name)) failUnknown(flag, kind, name, known);
    const twice = names.find((n, i) => names.indexOf(n) !== i);
    check(twice === undefined, flag, 'each name must occur once', twice);
    return names;
  };
}

/** One name of a `kind`. */
export function oneOf(flag: string, kind: string, known: readonly string[]): (text: string) => string {
  return text => (known.includes(text) ? text : failUnknown(flag, kind, text, known));
}

/** Makes a command speak in sentences of this project, and end nothing. */
export function inOurWords(command: Command): Command {
  return command
    .helpOption('-h, --help', 'show this help')
    .allowExcessArguments(false)
    .exitOverride()
    .configureOutput({writeErr: () => undefined});
}

/** Reads the arguments after the script's name; false if they asked for help, which is then printed. */
export function read(command: Command, args: readonly string[]): boolean {
  try {
    command.parse(args, {from: 'user'});
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.code === 'commander.helpDisplayed') return false;
    reject(error, command);
  }
  return true;
}

/** Says what commander found in the words of this project. */
function reject(error: CommanderError, command: Command): never {
  const who = command.name();
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
