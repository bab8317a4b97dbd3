/** Measure-valued derivatives: the cost at draws from the positive and the negative part of the derivative of the law. */
import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {describeBackends, inBrowser, sizeFor} from '../helpers/backends.js';
import {exactGradient, gradientMoments, sigmoid, worstZ} from '../helpers/estimates.js';
import {bernoulli, binary, classes, column, counts, oneBernoulli, positive, real, square, varianceOf, zOf, type Draw, type Problem} from './problems.js';

const n = (): number => sizeFor({cpu: 8000, wasm: 100_000, webgl: 4000, webgpu: 4000});
const onPages = ['an event of three', 'a Bernoulli given a Categorical', 'an event of two OneHotCategoricals', 'one Normal', 'an event of two Poissons', 'one Gamma', 'one Weibull, its concentration learnt'];

/** ln Γ(x), x > 0, by Stirling's series above 8. */
const lgamma = (x: number): number => (x < 8 ? lgamma(x + 1) - Math.log(x) :
  (x - 0.5) * Math.log(x) - x + 0.5 * Math.log(2 * Math.PI) + 1 / (12 * x) - 1 / (360 * x ** 3) + 1 / (1260 * x ** 5));
const gammaOf = (x: number): number => Math.exp(lgamma(x));
/** E (X^a − t)² from E X^a and E X^2a. */
const powerAbout = (one: number, two: number, t: number): number => two - 2 * t * one + t * t;

const more: Problem[] = [
  {
    title: 'one Normal with a jump in the cost',
    parameters: {theta: [0.6, 0.8]},
    costs: ({theta}, draw) => tf.cast(tf.greater(draw(new st.Normal({loc: column(theta!), scale: column(theta!, 1)})), 0.3), 'float32'),
    expectation: ({theta}) => 1 - normalCdf((0.3 - theta![0]!) / theta![1]!),
  },
  {
    title: 'an event of two Normals, the scales learnt too',
    parameters: {theta: [0.7, -0.5], eta: [0.5, 0.9]},
    costs: ({theta, eta}, draw) => square(tf.sum(draw(st.independent(new st.Normal({loc: theta!, scale: eta!}))), -1), 0.4),
    expectation: ({theta, eta}) => (theta![0]! + theta![1]! - 0.4) ** 2 + eta![0]! ** 2 + eta![1]! ** 2,
  },
  {
    title: 'one Gamma of small concentration with ln rate, a root as the cost',
    parameters: {theta: [0.4, 0.3]},
    costs: ({theta}, draw) => square(tf.sqrt(draw(new st.Gamma({concentration: column(theta!), logRate: column(theta!, 1)}))), 0.5),
    expectation({theta}) {
      const [a, b] = theta as [number, number]; // two parameters
      return powerAbout(gammaOf(a + 0.5) / gammaOf(a) * Math.exp(-b / 2), a * Math.exp(-b), 0.5);
    },
  },
  {
    title: 'one Exponential with a jump in the cost',
    parameters: {theta: [1.3]},
    costs: ({theta}, draw) => tf.cast(tf.greater(draw(new st.Exponential({rate: column(theta!)})), 0.7), 'float32'),
    expectation: ({theta}) => Math.exp(-0.7 * theta![0]!),
  },
  {
    title: 'one Weibull, its concentration learnt',
    parameters: {theta: [1.7, 1.2]},
    costs: ({theta}, draw) => square(draw(new st.Weibull({concentration: column(theta!), scale: column(theta!, 1)})), 0.7),
    expectation({theta}) {
      const [k, s] = theta as [number, number]; // two parameters
      return powerAbout(s * gammaOf(1 + 1 / k), s * s * gammaOf(1 + 2 / k), 0.7);
    },
  },
  {
    title: 'one Poisson with ln rate',
    parameters: {theta: [0.4]},
    costs: ({theta}, draw) => square(draw(new st.Poisson({logRate: column(theta!)})), 1.3),
    expectation: ({theta}) => Math.exp(theta![0]!) + (Math.exp(theta![0]!) - 1.3) ** 2,
  },
  {
    title: 'one Poisson of integers',
    parameters: {theta: [1.4]},
    costs: ({theta}, draw) => square(tf.cast(draw(new st.Poisson({rate: column(theta!), dtype: 'int32'})), 'float32'), 1.3),
    expectation: ({theta}) => theta![0]! + (theta![0]! - 1.3) ** 2,
  },
  {
    title: 'one Bernoulli of truth values',
    parameters: {theta: [0.4]},
    costs: ({theta}, draw) => square(tf.cast(draw(new st.Bernoulli({logits: column(theta!), dtype: 'bool'})), 'float32'), 0.3),
    expectation: ({theta}) => sigmoid(theta![0]!) * 0.49 + (1 - sigmoid(theta![0]!)) * 0.09,
  },
];
const problems: Problem[] = [...binary, ...classes, ...real, ...counts.filter(p => p.title.includes('Poisson')), ...positive, ...more]
    .filter(p => !p.title.includes('autoencoder') && (!inBrowser || onPages.includes(p.title)));

/** Φ(x), by its series. */
function normalCdf(x: number): number {
  let [term, sum] = [x, x];
  for (let k = 1; k < 60; k++) sum += (term *= -x * x * (2 * k - 1) / (2 * k * (2 * k + 1)));
  return 0.5 + sum / Math.sqrt(2 * Math.PI);
}

describeBackends('measureValued is unbiased', () => {
  for (const problem of problems) {
    it(`on ${problem.title}`, async () => {
      expect(await zOf(problem, 'measureValued', {n: n()})).toBeLessThan(4.5);
    });
  }
});
