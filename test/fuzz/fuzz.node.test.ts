/**
 * Calls of everything that is public, with legal arguments and with hostile ones in their places. Each must end soon,
 * in a StochasticError or in a result without NaN, and leave no tensor behind. `FULL=1` makes ten times as many calls,
 * and looks at every place instead of at each third.
 */
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import * as st from 'tfjs-stochastic';
import * as ctl from 'tfjs-stochastic/control';
import * as stl from 'tfjs-stochastic/layers';
import {describeBackends, sizeFor} from '../helpers/backends.js';
import {forms} from './generate.js';
import {hostile} from './hostile.js';
import {countPlaces, engineState, judge, outcome, type Target} from './judge.js';
import {mapNames, questionNames} from './targets/distributions.js';
import {targets} from './targets/index.js';

const full = process.env.FULL === '1';

const cases = fc.record({
  target: fc.nat({max: targets.length - 1}),
  seed: fc.nat(),
  mutations: fc.array(fc.record({call: fc.nat(), place: fc.nat(), hostile: fc.nat()}), {maxLength: 2, size: 'max'}),
});

describeBackends(
  'fuzzed calls',
  backend => {
    const {warn} = console;
    beforeAll(() => {
      console.warn = () => undefined;
    });
    afterAll(() => {
      console.warn = warn;
      st.disposeSharedEstimators();
    });

    it('end soon, in an error of this library or in a result, and leave nothing behind', async () => {
      await fc.assert(
        fc.asyncProperty(cases, async ({target, ...fuzzed}) => {
          const verdict = await judge(targets[target]!, fuzzed);
          if (verdict !== null) throw new Error(verdict);
        }),
        {numRuns: full ? 20_000 : sizeFor({cpu: 2000, wasm: 1000, webgl: 0, webgpu: 0}), seed: 11, endOnFailure: true},
      );
    }, 600_000);

    if (full || backend === 'cpu')
      it('end so wherever the worst is put, place by place of every call', async () => {
        const worst = (
          full
            ? [
                'long sparse list',
                'shared parts',
                'symbol',
                'disposed tensor',
                'empty tensor',
                'bigint',
                'function',
                'nested 5000 deep',
              ]
            : ['long sparse list']
        ).map(name => hostile.findIndex(([known]) => known === name));
        const faults: string[] = [];
        for (const [i, target] of targets.entries()) {
          const counts = await countPlaces(target, 4);
          for (const [call, count] of counts.entries()) {
            for (let place = full ? 0 : i % 3; place < count; place += full ? 1 : 3) {
              for (const value of worst) {
                const verdict = await judge(target, {
                  seed: 1000 * i + place,
                  mutations: [{call, place, hostile: value}],
                });
                if (verdict !== null) faults.push(verdict);
              }
            }
          }
        }
        expect(faults).toEqual([]);
      }, 600_000);

    it('serve legal arguments', async () => {
      for (const [i, target] of targets.entries()) {
        for (let seed = 0; seed < 3; seed++)
          expect(await judge(target, {seed: 1000 * i + seed, mutations: []})).toBeNull();
      }
    }, 120_000);

    it('give the same for numbers in nested, typed and mixed arrays and in tensors', async () => {
      for (const [i, target] of targets
        .filter(({name}) => /^(random|math|[A-Z])/.test(name) && !/Tensor$/.test(name))
        .entries()) {
        const results: number[][] = [];
        for (const form of forms) results.push(await outcome(target, 77 + i, form));
        for (const result of results) {
          const near =
            result.length === results[0]!.length &&
            result.every(
              (x, j) => Math.abs(x - results[0]![j]!) <= 1e-4 * Math.max(1, Math.abs(x)) || x === results[0]![j],
            );
          expect(near)
            .withContext(`${target.name}: ${String(result.slice(0, 4))} and ${String(results[0]!.slice(0, 4))}`)
            .toBeTrue();
        }
      }
    });
  },
  {only: ['cpu', 'wasm']},
);

/** Targets that do wrong, each of which the judge must catch. */
describe('the judge of fuzzed calls', () => {
  const wrong: Array<[string, RegExp, Target['run']]> = [
    ['a raw error', /raw TypeError/, () => (undefined as unknown as {x: number}).x],
    ['an error of tfjs', /raw Error/, () => tf.add(tf.zeros([2]), tf.zeros([3]))],
    ['a leak', /1 tensors more/, () => void tf.zeros([2])],
    [
      'a leak where it throws',
      /2 tensors more/,
      () => {
        tf.zeros([2]);
        tf.ones([3]);
        return st.extension.fail('f', 'rule');
      },
    ],
    ['NaN', /NaN from finite/, () => tf.tidy(() => tf.sqrt(-1))],
    ['NaN deep in a result', /NaN from finite/, () => ({a: [{b: NaN}]})],
    ['a refusal of legal input', /refused though legal/, () => st.extension.fail('f', 'rule')],
    ['a promise that never settles', /never settles/, () => new Promise(() => undefined)],
    ['a rejection', /raw RangeError/, () => Promise.reject(new RangeError('x'))],
    ['an open scope', /scopes open/, () => tf.engine().startScope()],
    [
      'a long time',
      /took \d+ ms/,
      () => {
        for (const start = performance.now(); performance.now() < start + 2010;);
      },
    ],
  ];
  for (const [what, rule, run] of wrong) {
    it(`catches ${what}`, async () => {
      await tf.setBackend('cpu');
      const before = tf.memory().numTensors;
      const scopes = engineState().scopeStack.length;
      const verdict = await judge(
        {name: 'wrong', run, ...(what.endsWith('throws') ? {mayRefuse: true} : {})},
        {seed: 1, mutations: []},
      );
      while (engineState().scopeStack.length > scopes) tf.engine().endScope();
      expect(verdict).toMatch(rule);
      expect(tf.memory().numTensors).toBeGreaterThanOrEqual(before);
    });
  }
});

describe('fuzzed calls cover', () => {
  const names = new Set(targets.map(({name}) => name));
  const covered = (name: string): boolean => names.has(name) || [...names].some(n => n.startsWith(`${name} of `));
  /**
   * Made by the factories of their names; abstract; data; or what the library's own layers call before they have an
   * input.
   */
  /** Layers that have specs of their own for wrong input, and are still to be given a target here. */
  const aside = new Set([
    'Distribution',
    'StochasticTensor',
    'StochasticOptimizer',
    'CmaEs',
    'CrossEntropyMethod',
    'EvolutionStrategies',
    'ELBOForms',
    'version',
    'bijectors.Bijector',
    'ctl.Environment', // abstract
    'ctl.EnvironmentWrapper',
    'stl.StochasticLayer',
    'stl.MeanValueLayer',
    'stl.VariationalLayer',
    'stl.LearnedGaussianDropoutLayer',
    ...Object.keys(st.optimizers).map(name => `optimizers.${name}`),
    ...Object.keys(st.errors).map(name => `errors.${name}`), // theirs are the messages
    ...Object.entries(st.constraints)
      .filter(([, x]) => typeof x !== 'function')
      .map(([name]) => `constraints.${name}`),
    ...Object.keys(st.extension)
      .filter(name => /^(check|fail|isNameIn$|synonyms$)/.test(name))
      .map(name => `extension.${name}`),
    'extension.StatesOf', // of estimators, whose users' configurations are judged
    'extension.refuseGradient', // for families and layers
  ]);

  function* exported(prefix: string, namespace: object): Generator<string> {
    for (const [name, x] of Object.entries(namespace) as Array<[string, unknown]>) {
      if (typeof x === 'object' && x !== null && prefix === '' && name !== 'ELBOForms') yield* exported(`${name}.`, x);
      else yield `${prefix}${name}`;
    }
  }

  it('every export', () => {
    const all = [
      ...exported('', st),
      ...Object.keys(stl).map(name => `stl.${name}`),
      ...Object.keys(ctl).map(name => `ctl.${name}`),
    ];
    expect(all.filter(name => !covered(name) && !aside.has(name)))
      .withContext('each of these needs legal arguments in one of the lists of test/fuzz/targets')
      .toEqual([]);
  });

  it('every public method of distributions and bijectors', () => {
    const own = (prototype: object, last: object): string[] => {
      const found: string[] = [];
      for (let p: object = prototype; p !== last; p = Object.getPrototypeOf(p) as object) {
        for (const [name, {value}] of Object.entries(Object.getOwnPropertyDescriptors(p))) {
          if (typeof value === 'function' && name !== 'constructor' && !name.startsWith('_')) found.push(name);
        }
      }
      return found;
    };
    /** Protected or private, or for the library alone. */
    const inner = [
      'logProbOf',
      'batchOfValue',
      'cumulative',
      'need',
      'ofBatch',
      'atValue',
      'own',
      'with',
      'eventShapeOf',
      'param',
      'given',
      'checkGrowth',
      'logSurvivalOfNumber',
      'logCdfWithin',
      'equals',
      'at',
      'endOf',
      'imageOf',
      'settledInverse',
      'settledOutput',
      'logDetLike',
      'checkRank',
      'of',
      'order',
      'inMemory',
      'tensorRanks',
      'splitFixed',
      'klRules', // takes nothing
    ];
    expect(
      own(st.Distribution.prototype, Object.prototype).filter(
        name => !questionNames.includes(name) && !inner.includes(name),
      ),
    ).toEqual([]);
    expect(
      own(st.bijectors.Bijector.prototype, Object.prototype).filter(
        name => !mapNames.includes(name) && !inner.includes(name),
      ),
    ).toEqual([]);
  });
});
