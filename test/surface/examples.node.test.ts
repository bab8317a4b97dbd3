/** The `@example` programs of the sources run, and what they say beside an expression is so. */
import * as tf from '@tensorflow/tfjs';
import * as st from 'tfjs-stochastic';
import * as ctl from 'tfjs-stochastic/control';
import * as stl from 'tfjs-stochastic/layers';
import {surface} from '../../scripts/surface/names.js';
import {describeBackends} from '../helpers/backends.js';

/** The names that README, docs and examples use most: each has an example. */
const MOST_USED = [
  ...['Normal', 'Bernoulli', 'Categorical', 'OneHotCategorical', 'Gamma', 'Beta', 'Dirichlet', 'Poisson'],
  ...['MultivariateNormalTriL', 'Independent', 'TransformedDistribution', 'MixtureSameFamily', 'klDivergence'],
  ...['DistributionTensor', 'ObservedStochasticTensor', 'surrogateLoss', 'stochasticOptimizer', 'variableGrads'],
  ...['cost', 'sampleValue', 'withValueType', 'stopGradient', 'expectation', 'elbo', 'importanceWeightedBound'],
  ...['scoreFunction', 'pathwise', 'relax', 'rebar', 'lax', 'nvil', 'gumbelSoftmax', 'enumerate', 'vimco', 'disarm'],
  ...['leaveOneOut', 'movingAverage', 'learned', 'critic', 'auditEstimators', 'cmaEs', 'evolutionStrategies'],
  ...['estimators.get', 'random.key', 'random.split', 'random.normal', 'math.lgamma', 'math.ndtri'],
]
  .map(name => `st.${name}`)
  .concat('stl.bernoulli', 'stl.normal');

/** The constructor of functions of text, as `new Function`, of those that may wait. */
const AsyncFunction = (async () => {
  await Promise.resolve();
}).constructor as new (...text: string[]) => (...args: unknown[]) => Promise<unknown>;

/** A line that is an expression and what it gives, in JSON, with the digits that are claimed. */
const CLAIM = /^(?!const |let |return )(\S.*); \/\/ (-?[\d[{"].*|true|false|null)$/gm;

/** The programs of a docstring's tag, each in a block of ts. */
const programsOf = (example: string): string[] => [...example.matchAll(/```ts\n(.*?)```/gs)].map(match => match[1]!);

/** A tensor's numbers, in a promise; anything else as it is. */
function shown(x: unknown): unknown {
  return x instanceof tf.Tensor ? x.array() : x;
}

/** Whether `got` is what was claimed: numbers to the digits that stand there. */
function agrees(got: unknown, claimed: string): boolean {
  const digits = Math.max(0, ...[...claimed.matchAll(/\.(\d+)/g)].map(match => match[1]!.length));
  const near = (a: unknown, b: unknown): boolean => {
    if (typeof a === 'number' && typeof b === 'number') return Math.abs(a - b) <= 0.6 * 10 ** -Math.max(digits, 4);
    if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a === b;
    const keys = Object.keys(b);
    const [own, theirs] = [a as Record<string, unknown>, b as Record<string, unknown>];
    return Object.keys(own).length === keys.length && keys.every(key => near(own[key], theirs[key]));
  };
  return near(got, JSON.parse(claimed));
}

/** Runs a program; what it claims and what comes of it. */
async function run(program: string): Promise<Array<{expression: string; claimed: string; got: unknown}>> {
  const claims: Array<{expression: string; claimed: string; got: unknown}> = [];
  const text = program.replace(
    CLAIM,
    (_, expression: string, claimed: string) =>
      `claim(${JSON.stringify(expression)}, ${JSON.stringify(claimed)}, await shown(${expression}));`,
  );
  const claim = (expression: string, claimed: string, got: unknown): void =>
    void claims.push({expression, claimed, got});
  await new AsyncFunction('tf', 'st', 'stl', 'ctl', 'claim', 'shown', text)(tf, st, stl, ctl, claim, shown);
  return claims;
}

describeBackends(
  'the examples in docstrings',
  () => {
    const found = surface().flatMap(({name, examples}) =>
      examples.flatMap(programsOf).map(text => [name, text] as const),
    );

    it('are there for the fifty names that are used most', () => {
      expect(MOST_USED.length).toBeGreaterThanOrEqual(50);
      const names = new Set(found.map(([name]) => name));
      expect(MOST_USED.filter(name => !names.has(name))).toEqual([]);
    });

    for (const [name, program] of found) {
      it(`run: ${name}`, async () => {
        const warn = spyOn(console, 'warn');
        const before = tf.memory().numTensors;
        const claims = await run(program);
        for (const {expression, claimed, got} of claims)
          expect(agrees(got, claimed))
            .withContext(`${expression}; // ${claimed}, got ${JSON.stringify(got)}`)
            .toBeTrue();
        if (program.includes('// no tensor is left behind')) expect(tf.memory().numTensors).toBe(before);
        expect(warn).not.toHaveBeenCalled();
        tf.disposeVariables();
      });
    }
  },
  {inNode: ['wasm']},
);

describe('the reader of examples', () => {
  it('finds a claim that is wrong, in its last digit too, and one of another shape', async () => {
    const [right] = await run('tf.tensor1d([0.5, 1.25]); // [0.5, 1.25]');
    expect(agrees(right!.got, right!.claimed)).toBeTrue();
    for (const claimed of ['[0.5, 1.26]', '[0.5]', '[0.5, 1.25, 0]', '0.5', '"0.5"'])
      expect(agrees(right!.got, claimed)).withContext(claimed).toBeFalse();
  });

  it('takes sentences beside an expression for sentences', async () => {
    expect(await run('tf.scalar(1); // any number')).toEqual([]);
  });
});
