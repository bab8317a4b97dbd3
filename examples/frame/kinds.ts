/** Options that an example declares for itself. */
import {check} from '../../src/util/errors.js';
import {integer as readInteger, list, oneOf} from '../job/commandLine.js';

export interface OptionKind<T> {
  readonly about: string;
  readonly default: T;
  /** In the smoke mode; default: the other default. */
  readonly smoke?: T;
  /** How the value is called in the help; none for a switch. */
  readonly value?: string;
  /** Reads what was given for `flag`. */
  readonly read: (flag: string, text: string) => T;
}

export type OptionKinds = Readonly<Record<string, OptionKind<unknown>>>;

export type ValuesOf<O extends OptionKinds> = {readonly [K in keyof O]: O[K] extends OptionKind<infer T> ? T : never};

interface Told<T> {
  readonly about: string;
  readonly default: T;
  readonly smoke?: T;
}

export function integer({least = 1, ...told}: Told<number> & {readonly least?: number}): OptionKind<number> {
  return {...told, value: 'n', read: (flag, text) => readInteger(flag, least)(text)};
}

/** A number greater than 0. */
export function positive(told: Told<number>): OptionKind<number> {
  return {
    ...told,
    value: 'x',
    read(flag, text) {
      const value = text.trim() === '' ? NaN : Number(text);
      check(Number.isFinite(value) && value > 0, flag, 'must be a number > 0', text);
      return value;
    },
  };
}

/** One of the names. */
export function choice<T extends string>(names: readonly T[], told: Told<T>): OptionKind<T> {
  // it is one of them, or an error
  return {...told, value: 'name', read: (flag, text) => oneOf(flag, 'name', names)(text) as T};
}

/** Some of the names, separated by commas. */
export function choices<T extends string>(names: readonly T[], told: Told<readonly T[]>): OptionKind<readonly T[]> {
  // they are, or an error
  return {...told, value: 'names', read: (flag, text) => list(flag, 'name', names)(text) as T[]};
}

export function flag(about: string): OptionKind<boolean> {
  return {about, default: false, read: () => true};
}
