/**
 * Every option of everything public with every kind of wrong value: refused in one sentence that names it, unless its
 * kind allows the value. Which functions take options, and which options those are, the functions themselves tell when
 * they are given one that does not exist; what kind each is stands here, and one without a kind fails.
 */
import * as st from 'tfjs-stochastic';
import {describeBackends} from '../helpers/backends.js';
import {Generator} from './generate.js';
import {discard, type Mutate, type Target} from './judge.js';
import {targets} from './targets/index.js';

/** Wrong for most options, by how they are shown. */
const values: Readonly<Record<string, unknown>> = {
  NaN,
  Infinity,
  '-Infinity': -Infinity,
  '-1': -1,
  '0': 0,
  '0.5': 0.5,
  '1': 1,
  '2': 2,
  '1e300': 1e300,
  '"1"': '1',
  null: null,
  true: true,
  '[]': [],
  '[1]': [1],
  '["1"]': ['1'],
  '{}': {},
  function: () => 1,
  symbol: Symbol('s'),
  '1n': 1n,
  date: new Date(0),
};

type Value = keyof typeof values;
const unit = ['0', '0.5', '1'];
const finite = ['-1', ...unit, '2'];
const numbers = ['Infinity', '-Infinity', ...finite, 'true', '[]', '[1]'];

/** Which of the values an option of each kind may take, if its bounds allow it; all others must be refused. */
const kinds: Readonly<Record<string, {may: readonly Value[]; options: string}>> = {
  count: {
    may: ['0', '1', '2'],
    options:
      'capacity steps maxRecordings samples klSamples limit top population batch inputSize outputSize warmup reinterpretedBatchNdims eventNdims k contexts ' +
      'categorical.classes mixtureOf.components mixtureNormal.components mixtureLogistic.components klSchedule.linear.steps klSchedule.linear.delay klSchedule.cyclical.period klSchedule.cyclical.cycles',
  },
  countOrNull: {may: ['0', '1', '2', 'null'], options: 'vimco.samples dreg.samples batchSize'},
  integer: {may: ['-1', '0', '1', '2'], options: 'axis seed'},
  integers: {may: ['[]', '[1]'], options: 'units keep stl.monteCarlo.quantiles'},
  sides: {may: ['1', '2'], options: 'size imageSize glimpseSize'},
  shape: {may: ['null', '[]', '[1]'], options: 'inputShape batchInputShape'},
  finite: {
    may: finite,
    options:
      'constant.value offset rebar.scale alpha alphaMin alphaMax klWeight random.uniform.low random.uniform.high',
  },
  coefficient: {may: finite, options: 'coefficient'},
  positive: {
    may: ['0.5', '1', '2'],
    options:
      'sigma clip decayTime learningRate relax.temperature rebar.temperature critic.temperature eliteFraction smoothing',
  },
  /** In double precision. */
  bound64: {may: ['0.5', '1', '2', '1e300'], options: 'conditionCov tolXUp tolFun tolX'},
  positiveOrInfinity: {may: ['0.5', '1', '2', 'Infinity'], options: 'maxWeight'},
  nonNegative: {
    may: ['0', '0.5', '1', '2'],
    options: 'stddev weightDecay diagShift freeBits stl.observedValue.weight from to',
  },
  positiveOrFunction: {may: ['0.5', '1', '2', 'function'], options: 'temperature slope'},
  nonNegativeOrFunction: {may: ['0', '0.5', '1', '2', 'function'], options: 'extraVariance'},
  openUnit: {may: ['0.5'], options: 'stl.learnedGaussianDropout.rate'},
  unit: {may: unit, options: 'decay lambda discount klSchedule.cyclical.ratio'},
  boolean: {
    may: ['true'],
    options:
      'only channels sampleAxis validateArgs lower adjoint shared relaxedCost unorderedSet.baseline stopGradient keepBatchDim antithetic compile check ' +
      'exact randomBias report once rankShaping active noEffectAxis noEffectCoord equalFunValues stagnation',
  },
  booleanOrNull: {may: ['true', 'null'], options: 'trainable updatable'},
  text: {may: ['"1"'], options: 'name'},
  textOrNull: {
    may: ['"1"', 'null'],
    options: 'reference',
  },
  nameOrCount: {may: ['1', '2'], options: 'inference'},
  nameOrPlace: {may: ['0', '"1"'], options: 'distributionOf.output'},
  name: {may: [], options: 'variant posterior through use signal activation form covariance nonFinite output dtype'},
  nameOrNull: {
    may: ['null'],
    options: 'inputDType',
  },
  function: {
    may: ['function'],
    options:
      'onError policy dynamics cost terminalCost program baseline proposal controlVariate context network q value read write ' +
      'targetValue targetQ stl.stochastic.distribution stl.logLikelihoodBound.loss',
  },
  estimator: {may: ['null', 'function'], options: 'estimator'},
  object: {may: ['{}'], options: 'stop targetNetwork'},
  objectOrNull: {may: ['{}', 'null'], options: 'customObjects'},
  anything: {may: Object.keys(values), options: 'config'},
  list: {may: ['[]'], options: 'stochasticTensors carry.dependsOn'},
  /** What is wrong in a list, its message says, and not the name of the option. */
  nodes: {may: ['[1]', '["1"]'], options: 'variational'},
  listOrNull: {may: ['[]', 'null'], options: ''},
  other: {
    may: [],
    options:
      'key valueType distribution cat components mixtureDistribution componentsDistribution bijector target replay ' +
      'dependsOn variationalWithPrior z variables optimizer controlVariateOptimizer x y transitions ' +
      'weights states trajectory estimators prior component',
  },
  parameter: {
    may: ['-1', ...unit, '2', 'true', '[]', '[1]'],
    options:
      'DistributionTensor.value behaviorLogProb centre stride variance intensity loc scale rate concentration concentration1 concentration0 df logRate scaleDiag ' +
      'covarianceMatrix scaleTril scaleTriL logScale shift mask totalCount probs Empirical.samples ' +
      'RelaxedBernoulli.temperature RelaxedOneHotCategorical.temperature',
  },
  /** Also infinite ones, and so what float32 makes infinite. */
  bound: {may: [...numbers, '1e300'], options: 'low high logits'},
};

/** By the name of the option, or by who takes it and its name where names mean several things. */
const kindOf: ReadonlyMap<string, string> = new Map(
  Object.entries(kinds).flatMap(([kind, {options}]) => options.split(' ').map(name => [name, kind] as const)),
);
const ofLayers = new Map([
  ['name', 'textOrNull'],
  ['dtype', 'nameOrNull'],
  ['weights', 'listOrNull'],
]);
const isLayer = (who: string): boolean => /^stl\.(?!monteCarlo|logLikelihoodBound|distributionOf|klSchedule)/.test(who);
const find = (who: string, name: string): string | undefined =>
  (isLayer(who) ? ofLayers.get(name) : undefined) ??
  kindOf.get(`${who}.${name}`) ??
  kindOf.get(`${who.replace(/^stl[.:] ?/, '')}.${name}`) ??
  kindOf.get(name);

/** What layers with random weights hand to the layer of tfjs that they are made of, which judges it in its own words. */
const isOfTfjs = (who: string, name: string): boolean =>
  /^stl\.(dense|conv)/.test(who) &&
  /^(use|kernel|bias|activity)[A-Z]|^(units|filters|strides|padding|dataFormat|dilationRate|activation|inputDim)$/.test(
    name,
  );

interface Options {
  readonly target: Target;
  readonly seed: number;
  /** Which call of the target, which argument, and where in it. */
  readonly call: number;
  readonly path: readonly string[];
  readonly who: string;
  readonly names: readonly string[];
}

const UNKNOWN = 'qqqqqqqqqqqq';

/** The arguments with `x` in the place of what is at `path`, all else as it was. */
function putAt(args: unknown, [first, ...rest]: readonly string[], x: unknown): unknown {
  if (first === undefined) return x;
  const copy = (Array.isArray(args) ? [...(args as unknown[])] : {...(args as object)}) as Record<string, unknown>;
  copy[first] = putAt(copy[first], rest, x);
  return copy;
}

const isPlain = (x: unknown): x is Record<string, unknown> =>
  typeof x === 'object' && x !== null && Object.getPrototypeOf(x) === Object.prototype;

/** Where in the arguments objects are that may be options. */
function* objectsIn(x: unknown, path: readonly string[] = []): IterableIterator<readonly string[]> {
  if (isPlain(x)) yield path;
  if (path.length < 3 && (isPlain(x) || path.length === 0))
    for (const [key, part] of Object.entries(x as object)) yield* objectsIn(part, [...path, key]);
}

/** Runs a target with `change` applied to the arguments of one of its calls: what it throws, null if nothing. */
async function run(
  target: Target,
  seed: number,
  change: (args: unknown[], call: number) => unknown[],
): Promise<unknown> {
  const g = new Generator(seed);
  let calls = 0;
  const mutate: Mutate = (...args) => change(args, calls++) as typeof args;
  try {
    const result = await target.run(g, mutate);
    discard(result);
    return null;
  } catch (error) {
    return error;
  } finally {
    g.dispose();
  }
}

/** All options that there are. */
async function findOptions(): Promise<Options[]> {
  const found = new Map<string, Options>();
  for (const target of targets) {
    for (let seed = 0; seed < 8; seed++) {
      const places: Array<{call: number; path: readonly string[]}> = [];
      const isIllegal = await run(target, seed, (args, call) => {
        for (const path of objectsIn(args)) places.push({call, path});
        return args;
      });
      if (isIllegal !== null) continue;
      for (const {call, path} of places) {
        const error = await run(target, seed, (args, at) =>
          at === call ? (putAt(args, [...path, UNKNOWN], 1) as unknown[]) : args,
        );
        const text = error instanceof Error ? error.message : '';
        const [, given, list] = /^(.*): unknown option "q+"; known: (.*)$/.exec(text) ?? [];
        const who = given?.replace(/ layer ".*"/, '');
        if (who !== undefined && !found.has(`${who}(${list})`))
          found.set(`${who}(${list})`, {
            target,
            seed,
            call,
            path,
            who,
            names: list!.split(', ').filter(n => n !== '' && !isOfTfjs(who, n)),
          });
      }
    }
  }
  return [...found.values()];
}

describeBackends(
  'every option',
  () => {
    let all: Options[];
    const {warn} = console;

    beforeAll(async () => {
      console.warn = () => undefined;
      all = await findOptions();
    }, 120_000);
    afterAll(() => {
      console.warn = warn;
      st.disposeSharedEstimators();
    });

    it('has a kind', () => {
      const without = all.flatMap(({who, names}) =>
        names.filter(name => find(who, name) === undefined).map(name => `${who}.${name}`),
      );
      expect(without).toEqual([]);
    });

    it('refuses each wrong value in one sentence that names it', async () => {
      const faults: string[] = [];
      for (const {target, seed, call, path, who, names} of all) {
        for (const name of names) {
          const kind = find(who, name)!;
          for (const [shown, value] of Object.entries(values)) {
            const error = await run(target, seed, (args, at) =>
              at === call ? (putAt(args, [...path, name], value) as unknown[]) : args,
            );
            const said = error instanceof st.errors.StochasticError ? error.message : null;
            const may = kinds[kind]!.may.includes(shown);
            // tfjs counts a layer's weights when it builds it, and says so in its own words
            const isCount = name === 'weights' && error instanceof Error && error.message.includes('setWeights');
            if (
              may
                ? error === null || said !== null || isCount
                : said !== null &&
                  new RegExp(
                    `\\b${name.replace(/s$/, '')}(s?\\b|\\W).*, got |unknown|is about the divergence from a prior, and there is none`,
                  ).test(said)
            )
              continue;
            faults.push(
              `${who}.${name} (${kind}) = ${shown}: ${error === null ? 'accepted' : (said ?? (error as Error).stack)}`,
            );
          }
        }
      }
      expect(faults).toEqual([]);
    }, 300_000);
  },
  {only: ['cpu']},
);
