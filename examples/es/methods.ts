/** The functions and the optimizers of the example, with the settings that the figures of others belong to. */
import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {made, type Made} from './evaluations.js';
import {rastrigin, rosenbrock, type TestFunction} from './functions.js';

export interface Problem {
  readonly name: 'rosenbrock' | 'rastrigin';
  readonly title: string;
  readonly f: TestFunction;
  /** Of each coordinate. */
  readonly start: number;
}

export const problems: Readonly<Record<Problem['name'], Problem>> = {
  rosenbrock: {name: 'rosenbrock', title: 'Rosenbrock’s function', f: rosenbrock, start: 0},
  rastrigin: {name: 'rastrigin', title: 'Rastrigin’s function', f: rastrigin, start: 3},
};

export interface Method {
  readonly make: (x: tf.Variable, problem: Problem['name']) => Made;
  /** Whether the variables, not the candidates, are to reach the target. */
  readonly atVariables: boolean;
  /** Mean evaluations to 1e-6 of other implementations with these settings (scripts/reference/evolution.py). */
  readonly reference: Readonly<
    Partial<Record<Problem['name'], {readonly evaluations: number; readonly source: string}>>
  >;
}

const byCmaes = 'the Python package cmaes 0.9.1';
const byNumpy = 'algorithm 1 of Salimans et al. 2017 in numpy';

export const methods: Readonly<Record<string, Method>> = {
  cmaEs: {
    make: (x, problem) =>
      made(st.cmaEs({variables: [x], ...(problem === 'rosenbrock' ? {sigma: 0.5} : {sigma: 2, population: 200})})),
    atVariables: false,
    reference: {rosenbrock: {evaluations: 4788, source: byCmaes}, rastrigin: {evaluations: 20275, source: byCmaes}},
  },
  'cmaEs, diagonal': {
    make: (x, problem) =>
      made(
        st.cmaEs({
          variables: [x],
          covariance: 'diagonal',
          ...(problem === 'rosenbrock' ? {sigma: 0.5} : {sigma: 2, population: 200}),
        }),
      ),
    atVariables: false,
    reference: {},
  },
  crossEntropyMethod: {
    make: x => made(st.crossEntropyMethod({variables: [x], population: 200, sigma: 3, smoothing: 0.7})),
    atVariables: false,
    reference: {},
  },
  evolutionStrategies: {
    make(x, problem) {
      const [population, sigma, optimizer] =
        problem === 'rosenbrock' ? [10, 1e-3, tf.train.momentum(1e-4, 0.9)] : [50, 5, tf.train.sgd(0.1)];
      return made(st.evolutionStrategies({variables: [x], population, sigma, optimizer}), optimizer);
    },
    atVariables: true,
    reference: {rosenbrock: {evaluations: 148605, source: byNumpy}, rastrigin: {evaluations: 10588, source: byNumpy}},
  },
};
