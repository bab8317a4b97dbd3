import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {stoppingRule, type SearchState, type StoppingConfig} from '../../src/optimizers/stopping.js';

const keyAt = (step: number): st.random.Key => st.random.foldIn(st.random.key(11), step);

/** A search that no rule would stop: n = 2, λ = 6, so costs are compared over 20 generations and 130. */
function state(changes: Partial<SearchState> = {}): SearchState {
  const generations = changes.generations ?? 200;
  const falling = Array.from({length: generations}, (_, i) => 1000 - i);
  return {
    generations,
    population: 6,
    mean: Float64Array.of(1, -2),
    deviations: Float64Array.of(0.1, 0.2),
    path: Float64Array.of(0.1, 0),
    start: 0.5,
    longest: 0.3,
    axisRatio: 2,
    axis: i => Float64Array.of(i === 0 ? 0.1 : 0, i === 1 ? 0.3 : 0),
    bests: falling,
    medians: falling.map(c => c + 5),
    costs: [800, 805, 810],
    ...changes,
  };
}

describe('stopping rules', () => {
  const flat = (last: number, at: number): number[] => state().bests.map((c, i) => (i < 200 - last ? c : at));
  const noisy = (at: number): number[] => state().bests.map((c, i) => (i < 69 ? c : at + (i % 2)));
  /** For each rule a state in which it holds, and the same one a little further off. */
  const cases: Record<st.StoppingRule, [holds: Partial<SearchState>, not: Partial<SearchState>]> = {
    // float32 keeps 24 bits: a tenth of 2^-21 is no half unit in the last place of 1, 2^-24
    noEffectAxis: [{axis: () => Float64Array.of(2 ** -22, 0)}, {axis: () => Float64Array.of(2 ** -19, 0)}],
    noEffectCoord: [{deviations: Float64Array.of(1, 2 ** -22)}, {deviations: Float64Array.of(1, 2 ** -18)}],
    conditionCov: [{axisRatio: 1.01e7}, {axisRatio: 0.99e7}],
    equalFunValues: [
      {bests: flat(20, 7), costs: [7, 8]},
      {bests: flat(19, 7), costs: [7, 8]},
    ],
    stagnation: [{bests: noisy(800), medians: noisy(900)}, {bests: noisy(800)}],
    tolXUp: [{longest: 5001}, {longest: 4999}],
    tolFun: [
      {bests: state().bests.map((c, i) => (i < 180 ? c : i * 1e-15)), costs: [1e-13, 2e-13]},
      {bests: state().bests.map((c, i) => (i < 180 ? c : i * 1e-15)), costs: [1e-13, 2e-12]},
    ],
    tolX: [
      {mean: Float64Array.of(0, 0), deviations: Float64Array.of(4e-13, 1e-13), path: Float64Array.of(0, -4e-13)},
      {mean: Float64Array.of(0, 0), deviations: Float64Array.of(4e-13, 6e-13)},
    ],
  };
  for (const [name, [holds, not]] of Object.entries(cases) as Array<
    [st.StoppingRule, (typeof cases)[st.StoppingRule]]
  >) {
    it(`has ${name}, which can be turned off`, () => {
      expect(stoppingRule({}, state(holds))).toBe(name);
      expect(stoppingRule({[name]: false}, state(holds))).toBeNull();
      expect(stoppingRule({}, state(not))).toBeNull();
    });
  }

  it('have bounds that can be moved', () => {
    const moved: Array<[StoppingConfig, Partial<SearchState>, st.StoppingRule | null]> = [
      [{conditionCov: 1e20}, {axisRatio: 1e9}, null],
      [{conditionCov: 3}, {}, 'conditionCov'],
      [{tolXUp: 0.5}, {}, 'tolXUp'],
      [{tolFun: 500}, {}, 'tolFun'],
      [{tolX: 1}, {}, 'tolX'],
    ];
    for (const [config, changes, expected] of moved)
      expect(stoppingRule(config, state(changes)))
        .withContext(JSON.stringify(config))
        .toBe(expected);
  });

  it('wait until there are as many generations as they compare', () => {
    const young = state({
      generations: 19,
      bests: new Array<number>(19).fill(1),
      medians: new Array<number>(19).fill(1),
      costs: [1, 1],
    });
    expect(stoppingRule({}, young)).toBeNull();
  });

  it('take Infinity for a cost like others', () => {
    const bests = new Array<number>(200).fill(Infinity);
    expect(stoppingRule({}, state({bests, medians: bests, costs: [Infinity, Infinity]}))).toBe('equalFunValues');
    expect(stoppingRule({}, state({medians: bests, costs: [800, Infinity, Infinity]}))).toBeNull();
  });
});

describe('cmaEs, as it stands', () => {
  let x: tf.Variable;
  beforeAll(() => tf.setBackend('cpu'));
  beforeEach(() => {
    x = tf.tidy(() => tf.variable(tf.tensor1d([3, -2, 1])));
  });
  afterEach(() => x.dispose());
  const value = (): number => x.dataSync<'float32'>().reduce((sum, v, i) => sum + 10 ** i * v * v, 0);
  const until = (search: st.CmaEs, f: () => number): [st.StoppingRule | null, number] => {
    for (let i = 0; i < 3000 && search.stopped === null; i++) search.minimize(f, {key: keyAt(i)});
    return [search.stopped, search.generations];
  };

  it('says why nothing more is to be found', () => {
    for (const covariance of ['full', 'diagonal'] as const) {
      const run = (f: () => number, config: st.CmaEsConfig = {}): [st.StoppingRule | null, number] => {
        x.assign(tf.tensor1d([3, -2, 1]));
        return until(st.cmaEs({variables: [x], covariance, ...config}), f);
      };
      const found = run(value);
      expect(found[0]).toBe('tolFun');
      expect(value()).toBeLessThan(1e-10);
      expect(run(value, {stop: {tolFun: 1e-3}})[1]).toBeLessThan(found[1]);
      expect(run(value, {stop: {tolFun: false}})[0]).toBe('tolX'); // the least cost is at 0, where float32 is fine
      expect(run(() => value() + 100)[0]).toMatch(/^(equalFunValues|tolFun)$/); // float64 costs of float32 places
      expect(run(() => 5)).toEqual(['equalFunValues', 10 + Math.ceil(90 / 7)]);
      expect(run(() => -Math.abs(x.dataSync()[0]!))[0]).toBe('tolXUp');
      let calls = 0;
      expect(run(() => st.random.key(++calls * 7919).words[1] % 1013)[0]).toBe('stagnation');
    }
  });

  it('says so where the variables are too coarse to move', () => {
    x.assign(tf.tensor1d([1e6, -2e6, 3e6]));
    const away = (): number =>
      x.dataSync<'float32'>().reduce((sum, v, i) => sum + Math.abs(v - [1e6, -2e6, 3e6][i]! - 0.01), 0);
    const [rule] = until(
      st.cmaEs({variables: [x], stop: {equalFunValues: false, tolFun: false, stagnation: false}}),
      away,
    );
    expect(rule).toMatch(/^noEffect(Axis|Coord)$/);
  });

  it('says nothing before the first generation, and checks its bounds', () => {
    expect(st.cmaEs({variables: [x]}).stopped).toBeNull();
    const bad: Array<[unknown, string]> = [
      [{tolFun: 0}, 'cmaEs: stop: tolFun must be a finite number > 0, or false, got 0'],
      [{tolX: true}, 'cmaEs: stop: tolX must be a finite number > 0, or false, got true'],
      [{stagnation: 3}, 'cmaEs: stop: stagnation must be true or false, got 3'],
      [{tolfun: 3}, 'cmaEs: stop: unknown option "tolfun"; did you mean "tolFun" or "tolXUp"?'],
      [null, 'cmaEs: stop: the config must be an object, got null'],
    ];
    for (const [stop, message] of bad)
      expect(() => st.cmaEs({variables: [x], stop: stop as StoppingConfig})).toThrowError(message);
  });
});

describe('a search that goes on from recorded costs', () => {
  beforeAll(() => tf.setBackend('cpu'));
  const START = [3, -2, 1, 4];
  const makers: Record<string, (variables: tf.Variable[]) => st.EvolutionaryOptimizer> = {
    evolutionStrategies: variables => st.evolutionStrategies({variables, population: 10, sigma: 0.1}),
    crossEntropyMethod: variables =>
      st.crossEntropyMethod({
        variables,
        population: 20,
        sigma: 1,
        eliteFraction: 0.3,
        smoothing: 0.8,
        covariance: 'full',
      }),
    cmaEs: variables => st.cmaEs({variables}),
    'cmaEs, diagonal': variables => st.cmaEs({variables, covariance: 'diagonal'}),
  };
  for (const [name, make] of Object.entries(makers)) {
    it(`is in the same place to the last bit, and stays there (${name})`, () => {
      const variable = (): tf.Variable => tf.tidy(() => tf.variable(tf.tensor1d(START)));
      const costOf = (v: tf.Variable) => (): number =>
        v.dataSync<'float32'>().reduce((sum, c, i) => sum + 10 ** i * (c - 0.3) ** 2, 0);
      const [x, y] = [variable(), variable()];
      const first = make([x]);
      const log: string[] = [];
      for (let i = 0; i < 60; i++) {
        const key = keyAt(i);
        const costs = first.ask({key}).map(candidate => first.evaluate(candidate, costOf(x)));
        log.push(JSON.stringify({key, costs}));
        first.tell(costs);
      }
      const second = make([y]);
      for (const line of log) {
        const {key, costs} = JSON.parse(line) as {key: st.random.Key; costs: number[]};
        second.ask({key});
        second.tell(costs);
      }
      const stand = (search: st.EvolutionaryOptimizer, v: tf.Variable): unknown => [
        [...v.dataSync()],
        search.generations,
        ...(search instanceof st.CmaEs
          ? [[...search.mean], search.sigma, search.axisRatio, search.best, search.stopped]
          : []),
      ];
      expect(stand(second, y)).toEqual(stand(first, x));
      for (let i = 60; i < 80; i++) {
        first.minimize(costOf(x), {key: keyAt(i)});
        second.minimize(costOf(y), {key: keyAt(i)});
      }
      expect(stand(second, y)).toEqual(stand(first, x));
      [first, second].forEach(search => search.dispose());
      tf.dispose([x, y]);
    });
  }
});
