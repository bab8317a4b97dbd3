import * as st from 'tfjs-stochastic';
import {estimatorsElsewhere} from '../../src/graph/estimatorNames.js';
import {registerAll} from '../../src/graph/estimatorRegistry.js';

const stolen = <T>(x: unknown): T => x as T; // what a JavaScript user may pass

describe('estimators by name', () => {
  const {get, names, register} = st.estimators;

  it('of the user’s own are registered once', () => {
    const name = 'aTestOfTheRegistry';
    if (!names().includes(name)) register(name, () => ({...st.scoreFunction(), name}));
    expect(get(name).name).toBe(name);
    expect(() => register(name, () => st.scoreFunction())).toThrowError(
      `estimators.register: the name is taken, got "${name}"`,
    );
    expect(() => register('relax', () => st.scoreFunction())).toThrowError(
      'estimators.register: the name is taken, got "relax"',
    );
    expect(() => register('', () => st.scoreFunction())).toThrowError(
      'estimators.register: the name must be a non-empty string, got ""',
    );
    expect(() => register('x', stolen(3))).toThrowError(
      'estimators.register: the factory must be a function of a config, got 3',
    );
  });

  it('that are unknown are refused with the nearest names', () => {
    expect(() => get('relx')).toThrowError(/^estimators\.get: unknown estimator "relx"; did you mean "relax"/);
    expect(() => get('ScoreFunction')).toThrowError(
      'estimators.get: unknown estimator "ScoreFunction"; did you mean "scoreFunction"?',
    );
    expect(() => get('zzzzzzzzzzzzzz')).toThrowError(
      /^estimators\.get: unknown estimator "zzzzzzzzzzzzzz"; known: .*pathwise/,
    );
    expect(() => get(stolen<string>(undefined))).toThrowError(/^estimators\.get: unknown estimator undefined; known: /);
  });

  it('are made by their factory, anew each time, from the options that are given or none', () => {
    const name = 'anotherTestOfTheRegistry';
    const seen: unknown[] = [];
    if (!names().includes(name)) register(name, config => (seen.push(config), {...st.scoreFunction(), name}));
    expect(get(name)).not.toBe(get(name));
    get(name, {a: 1});
    expect(seen).toEqual([{}, {}, {a: 1}]);
    expect(names()[names().length - 1]).toBe(name);
  });

  it('must be estimators', () => {
    const name = 'noEstimator';
    let isWrong = true;
    if (!names().includes(name)) register(name, () => (isWrong ? stolen({kind: 'baseline'}) : get('relax')));
    expect(() => get(name)).toThrowError(
      /^estimators.get: the factory of "noEstimator" must return an estimator, got an object/,
    );
    isWrong = false; // other specs take all names
  });

  it('of the library leave what is there already, and bring the names that are usual elsewhere', () => {
    const before = names();
    registerAll({relax: () => stolen(null)}, new Map([['reinforcement', ['scoreFunction']]]));
    try {
      expect(names()).toEqual(before);
      expect(get('relax').name).toBe('relax');
      expect(() => get('Reinforcement', undefined, 'layer')).toThrowError(
        'layer: unknown estimator "Reinforcement"; did you mean "scoreFunction"?',
      );
    } finally {
      registerAll({}, estimatorsElsewhere); // as src/names.ts does
    }
  });
});
