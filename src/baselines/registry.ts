/** Baselines by name, so that estimators serialise. */
import {check, fail, failUnknown, type Synonyms} from '../util/errors.js';
import {checkFunction, checkKeys, checkText} from '../util/options.js';
import type {LossFunction} from '../graph/estimator.js';
import {baselineFunction} from './advantageFunction.js';
import {isBaseline, type Baseline} from './baseline.js';

/** What a configuration may hold in the place of a baseline. */
export type BaselineLike<Name extends BaselineName = BaselineName> =
  Omit<Baseline, 'config'> | LossFunction | BaselineName | NamedBaseline<Name>;

/**
 * The options of the baselines that have names, by name. The library adds its own where it registers them; whoever
 * registers others may, as with `EstimatorConfigs`.
 */
export interface BaselineConfigs {}

/** The name of a baseline: those with known options are offered by an editor, any other may be registered. */
export type BaselineName = keyof BaselineConfigs | (string & {});

/** The options of the baseline of that name. */
type ConfigOf<Name extends BaselineName> = Name extends keyof BaselineConfigs ? BaselineConfigs[Name] : object;

/** A baseline by name, with its options: the form that is saved. */
export interface NamedBaseline<Name extends BaselineName = BaselineName> {
  /** As it is registered. */
  readonly name: Name;
  /** Its options; default none. */
  readonly config?: ConfigOf<Name>;
}

const factories = new Map<string, (config: never) => Baseline>();

/**
 * What baselines are called elsewhere, given with those of the library: `tfjs-stochastic/core` leaves them out, and
 * then this is null.
 */
let elsewhere: Synonyms | null = null;

/** Registers the baselines of the library, but for those that are there already, and their names elsewhere. */
export function registerBaselines(
  all: Readonly<Record<string, (config: never) => Baseline>>,
  synonyms: Synonyms,
): void {
  for (const [name, factory] of Object.entries(all)) if (!factories.has(name)) registerBaseline(name, factory);
  elsewhere = synonyms;
}

/** Gives a name to a baseline. */
export function registerBaseline(name: string, factory: (config: never) => Baseline): void {
  checkText('registerBaseline', 'the name', name);
  checkFunction('registerBaseline', 'the factory', factory, 'of a config');
  check(!factories.has(name), 'registerBaseline', 'the name is taken', name);
  factories.set(name, factory);
}

/** Reads a baseline given as an object, a function, a name, or `{name, config}`. */
export function readBaseline(who: string, given: BaselineLike): Baseline {
  if (isBaseline(given)) return given;
  if (typeof given === 'function') return baselineFunction(given);
  const named = typeof given === 'string' ? {name: given} : given;
  check(
    typeof named === 'object' && named !== null && typeof named.name === 'string',
    who,
    'baseline must be a baseline, a function (node, value, cost) => Tensor, a name, or {name, config}',
    given,
  );
  checkKeys(`${who}: baseline`, named, ['name', 'config']);
  const factory = factories.get(named.name);
  if (factory === undefined && elsewhere === null) {
    const rule = 'the names of baselines come with the main entry: import tfjs-stochastic, or give the baseline itself';
    fail(who, `${rule}, got ${JSON.stringify(named.name)}`);
  }
  if (factory === undefined) failUnknown(who, 'baseline', named.name, factories.keys(), elsewhere!);
  // no baseline, and every factory checks its own config
  const made: unknown = factory(((named as NamedBaseline).config ?? {}) as never);
  check(isBaseline(made), who, `the factory of ${JSON.stringify(named.name)} must return a baseline`, made);
  return made;
}
