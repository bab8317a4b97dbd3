/** The families by name: what `distribution: 'normal'`, and a saved layer, mean. */
import {extension} from 'tfjs-stochastic';
import {namePriors, type PriorFamily} from '../prior.js';
import type {DistributionFamily, DistributionMaker} from './distributionMaker.js';

/**
 * The families of the library. Each has a function of its name, whose file gives it its name here: what a program that
 * is bundled does not use it does not pay for.
 */
const FAMILIES = [
  ...(['bernoulli', 'beta', 'categorical', 'exponential', 'gamma', 'gumbel', 'laplace', 'logistic'] as const),
  ...(['mixtureLogistic', 'mixtureNormal', 'mixtureOf', 'multivariateNormalDiag', 'multivariateNormalTriL'] as const),
  ...(['negativeBinomial', 'normal', 'oneHotCategorical', 'poisson', 'relaxedBernoulli'] as const),
  ...(['relaxedOneHotCategorical', 'studentT', 'vonMises'] as const),
] as const;

/** Layers that hold what is no family, under names of this library all the same. */
const OWN: readonly string[] = [...FAMILIES, 'sampleValue', 'observedValue'];

/** The name of a family: those of the library are offered by an editor, any other may be registered. */
export type DistributionName = (typeof FAMILIES)[number] | (string & {});

/** A family with its options, as a layer is given it or as it was saved. */
export interface NamedDistribution {
  /** Of the family. */
  readonly name: DistributionName;
  /** Its options; none by default. */
  readonly config?: Readonly<Record<string, unknown>>;
}

/** What people call them elsewhere. */
const MEANT = extension.synonyms([
  [['normal'], ['gaussian', 'gauss', 'diagonalgaussian']],
  [['oneHotCategorical'], ['onehot', 'softmax', 'multinomial', 'discrete']],
  [['bernoulli'], ['binary', 'sigmoid', 'bit', 'bits']],
]);

/** So many families may be parts of one another. */
const DEEPEST = 4;

const families = new Map<string, DistributionFamily>();

/**
 * Gives a family of the library its name.
 * @param priors what its layers may have as priors by name
 */
export function nameFamily(
  name: string,
  family: DistributionFamily,
  priors: Readonly<Record<string, PriorFamily>> = {},
): void {
  families.set(name, family);
  namePriors(priors);
}

/** The maker of a family given by name, or by name and options; throws in the name of `who` for any other. */
export function findMaker(who: string, named: NamedDistribution, depth = 0): DistributionMaker {
  extension.check(depth < DEEPEST, who, `mixtures may be nested ${DEEPEST} deep at most`);
  extension.checkKeys(`${who}: distribution`, named, ['name', 'config']);
  const {name, config = {}} = named;
  const family = typeof name === 'string' ? families.get(name) : undefined;
  if (family === undefined) {
    if (OWN.includes(name))
      extension.fail(
        who,
        `the family "${name}" is not in this bundle: import ${name} from tfjs-stochastic/layers, and use it`,
      );
    extension.failUnknown(who, 'distribution', name, new Set([...OWN, ...families.keys()]), MEANT);
  }
  extension.checkObject(`${who}: ${name}`, 'config', config);
  if (family.options.length > 0) extension.checkKeys(`${who}: ${name}`, config, family.options);
  else extension.check(Object.keys(config).length === 0, who, `${name} takes no options`, config);
  return family.maker(who, config, depth);
}

/**
 * Gives a name to a maker of one's own, so that models with it can be saved and loaded. The name must be in camelCase:
 * tfjs-layers rewrites others on the way to JSON and back.
 */
export function registerDistribution(name: string, maker: DistributionMaker): void {
  const who = 'registerDistribution';
  extension.check(
    typeof name === 'string' && /^[a-z][A-Za-z0-9]*$/.test(name),
    who,
    'the name must be in camelCase',
    name,
  );
  extension.check(
    typeof maker?.make === 'function' && typeof maker.outputShape === 'function',
    who,
    'the maker must have functions make and outputShape',
    maker,
  );
  extension.check(!OWN.includes(name) && !families.has(name), who, 'the name is taken', name);
  families.set(name, {options: [], maker: () => maker});
}
