/** Estimators by name, so that models serialise. `src/names.ts` registers those of `src/estimators`. */
import {check, fail, failUnknown, type Synonyms} from '../util/errors.js';
import {checkFunction, checkText} from '../util/options.js';
import {isEstimator, type Estimator} from './estimator.js';

/** What a factory is given: JSON-safe options by name, empty where there are none. */
export type EstimatorConfig = Readonly<Record<string, unknown>>;
/** Makes an estimator from its options; it must refuse options that it does not know. */
export type EstimatorFactory = (config: EstimatorConfig) => Estimator;

/**
 * The options of the estimators that have names, by name. The library adds its own where it registers them; whoever
 * registers others may: `declare module 'tfjs-stochastic' { interface EstimatorConfigs { mine: {scale?: number} } }`.
 */
export interface EstimatorConfigs {}

/** The name of an estimator: those with known options are offered by an editor, any other may be registered. */
export type EstimatorName = keyof EstimatorConfigs | (string & {});

/** The options of the estimator of that name. */
export type EstimatorConfigOf<Name extends EstimatorName> = Name extends keyof EstimatorConfigs
  ? EstimatorConfigs[Name]
  : EstimatorConfig;

/** An estimator by name, with its options: the form that is saved. */
export interface NamedEstimator<Name extends EstimatorName = EstimatorName> {
  /** As it is registered. */
  readonly name: Name;
  /** Its options; default none. */
  readonly config?: EstimatorConfigOf<Name>;
}

const factories = new Map<string, EstimatorFactory>();

/**
 * What estimators are called elsewhere, given with those of the library: `tfjs-stochastic/core` leaves them out, and
 * then this is null.
 */
let elsewhere: Synonyms | null = null;

/** Registers a factory under a new name. Throws if the name is taken. */
export function register(name: string, factory: EstimatorFactory): void {
  checkText('estimators.register', 'the name', name);
  checkFunction('estimators.register', 'the factory', factory, 'of a config');
  check(!factories.has(name), 'estimators.register', 'the name is taken', name);
  factories.set(name, factory);
}

const addMissing = (all: Iterable<[name: string, factory: EstimatorFactory]>): void => {
  for (const [name, factory] of all) if (!factories.has(name)) register(name, factory);
};

/** Registers the estimators of the library, but for those that are there already, and their names elsewhere. */
export function registerAll(all: Readonly<Record<string, EstimatorFactory>>, synonyms: Synonyms): void {
  elsewhere = synonyms;
  addMissing(Object.entries(all));
  addMissing(ofTheirOwn);
}

/** Estimators so large that a program pays for them only where it uses their functions. */
const LARGE = ['critic'];

const ofTheirOwn = new Map<string, EstimatorFactory>();

/** Gives one of those its name, as soon as there are names: its own file calls it. */
export function nameLarge(name: string, factory: EstimatorFactory): void {
  ofTheirOwn.set(name, factory);
  if (elsewhere !== null) addMissing(ofTheirOwn);
}

/**
 * A new estimator by name. Throws with the nearest known names for an unknown one, and with those here for names that
 * are usual elsewhere.
 * @param who in whose name
 * @example
 * ```ts
 * st.estimators.get('disarm', {samples: 4}).config; // {"samples": 4}
 * ```
 */
export function get<Name extends EstimatorName>(
  name: Name,
  config?: EstimatorConfigOf<Name>,
  who = 'estimators.get',
): Estimator {
  const factory = factories.get(name);
  if (factory === undefined) {
    check(
      elsewhere !== null,
      who,
      'the names of estimators come with the main entry: import tfjs-stochastic beside tfjs-stochastic/core, or give ' +
        'the estimator itself',
      name,
    );
    if (LARGE.includes(name))
      fail(who, `the estimator "${name}" is not in this bundle: import ${name} from tfjs-stochastic, and use it`);
    failUnknown(who, 'estimator', name, factories.keys(), elsewhere);
  }
  const made: unknown = factory((config === undefined ? {} : config) as EstimatorConfig); // objects that every factory checks
  check(isEstimator(made), 'estimators.get', `the factory of ${JSON.stringify(name)} must return an estimator`, made);
  return made;
}

/** The registered names, in order of registration. */
export function names(): string[] {
  return [...factories.keys()];
}
