import * as st from 'tfjs-stochastic';
import 'tfjs-stochastic/layers'; // which give priors their names
import {namePriors, priorConfig, readPrior} from '../../layers/prior.js';

describe('the prior of a layer', () => {
  it('is a distribution, or one that names and numbers make', () => {
    const given = new st.Normal({loc: 0, scale: 2});
    expect(readPrior('x', given)).toBe(given);
    const made = readPrior('x', {name: 'Normal', config: {loc: [0, 1], scale: 2}});
    expect(made).toBeInstanceOf(st.Normal);
    expect(made.batchShape).toEqual([2]);
  });

  it('is read by the names that layers have given, or that the reader brings, and by no others', () => {
    const config = {loc: 0, scale: 1};
    for (const name of ['Normal', 'Laplace', 'Logistic', 'Gumbel']) {
      expect(readPrior('x', {name, config}).name).toBe(name);
    }
    expect(readPrior('x', {name: 'Uniform', config: {low: 0, high: 1}})).toBeInstanceOf(st.Uniform);
    expect(() => readPrior('x', {name: 'Cauchy', config})).toThrowError(/^x: prior: unknown family "Cauchy"/);
    expect(readPrior('x', {name: 'Cauchy', config}, {Cauchy: st.Cauchy})).toBeInstanceOf(st.Cauchy);
    expect(readPrior('x', {name: 'Normal', config}, {Normal: st.Laplace})).toBeInstanceOf(st.Laplace);
    namePriors({ofThisSpec: st.Cauchy});
    expect(readPrior('x', {name: 'ofThisSpec', config})).toBeInstanceOf(st.Cauchy);
  });

  it('has a JSON form that makes it again', () => {
    const config = priorConfig('x', new st.Normal({loc: new Float32Array([0, 1]), scale: 2}));
    const read = JSON.parse(JSON.stringify(config)) as typeof config;
    expect(read.name).toBe('Normal');
    expect(read.config['loc']).toEqual([0, 1]);
    expect(priorConfig('x', readPrior('x', read))).toEqual(config);
  });

  it('is refused in a sentence where it is none, unknown, or cannot be saved', () => {
    expect(() => readPrior('x', 3 as unknown as st.Distribution)).toThrowError(
      'x: prior must be a distribution or {name, config}, got 3',
    );
    expect(() => readPrior('x', {name: 'constructor', config: {}})).toThrowError(
      /^x: prior: unknown family "constructor"/,
    );
    expect(() => readPrior('x', {name: 'Normal', config: {}, more: 1} as never)).toThrowError(
      /^x: prior: unknown .*"more"/,
    );
    expect(() => priorConfig('x', new st.Dirichlet({concentration: [1, 1]}))).toThrowError(
      /^x: a prior can be saved if its parameters are numbers or arrays, got a Dirichlet/,
    );
  });
});
