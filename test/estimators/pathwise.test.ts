/** Pathwise gradients of every reparameterised family, also of those whose samples are differentiated implicitly. */
import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {examples} from '../../scripts/distributions/examples.js';
import {reparameterized} from '../../src/estimators/shared/requirements.js';
import {describeBackends, inBrowser, sizeFor} from '../helpers/backends.js';
import {column, square, zOf, type Problem} from './problems.js';

describe('the rule of reparameterised distributions', () => {
  it('names families that pathwise serves, and every continuous one but Mixture is served', () => {
    for (const name of reparameterized.rule.match(/[A-Z]\w+/g)!) {
      for (const q of Object.values(examples[name]?.curves ?? {}))
        expect(reparameterized.accepts(q))
          .withContext(name)
          .toBe(name !== 'Mixture');
    }
    for (const [name, {curves}] of Object.entries(examples)) {
      const [q] = Object.values(curves);
      if (!q!.isDiscrete)
        expect(reparameterized.accepts(q!))
          .withContext(name)
          .toBe(name !== 'Mixture');
    }
  });
});

/** E (X − t)². */
const about = (mean: number, variance: number, t: number): number => variance + (mean - t) ** 2;

/** I₁(κ) / I₀(κ), from the series. */
function besselRatio(kappa: number): number {
  let [zero, one, term] = [0, 0, 1];
  for (let k = 0; k < 40; k++) {
    zero += term;
    one += (term * kappa) / (2 * (k + 1));
    term *= (kappa / 2) ** 2 / (k + 1) ** 2;
  }
  return one / zero;
}

/** ψ′(x) by recurrence and its asymptotic series. */
const trigamma = (x: number): number =>
  x < 8
    ? trigamma(x + 1) + 1 / x ** 2
    : 1 / x + 1 / (2 * x ** 2) + 1 / (6 * x ** 3) - 1 / (30 * x ** 5) + 1 / (42 * x ** 7);

const problems: Problem[] = [
  {
    title: 'Gamma',
    parameters: {theta: [1.7, 1.4]},
    costs: ({theta}, draw) => square(draw(new st.Gamma({concentration: column(theta!), rate: column(theta!, 1)})), 0.8),
    expectation: ({theta}) => about(theta![0]! / theta![1]!, theta![0]! / theta![1]! ** 2, 0.8),
  },
  {
    title: 'Beta',
    parameters: {theta: [1.6, 2.3]},
    costs: ({theta}, draw) =>
      square(draw(new st.Beta({concentration1: column(theta!), concentration0: column(theta!, 1)})), 0.9),
    expectation({theta}) {
      const [a, b] = theta as [number, number]; // two parameters
      return about(a / (a + b), (a * b) / ((a + b) ** 2 * (a + b + 1)), 0.9);
    },
  },
  {
    title: 'Dirichlet',
    parameters: {theta: [1.5, 0.9, 2.2]},
    costs: ({theta}, draw) =>
      square(tf.sum(tf.mul(draw(new st.Dirichlet({concentration: theta!})), [1, -2, 0.5]), -1), 0.3),
    expectation({theta}) {
      const total = theta!.reduce((x, y) => x + y);
      const c = [1, -2, 0.5];
      const mean = theta!.reduce((sum, a, i) => sum + (c[i]! * a) / total, 0);
      const second = theta!.reduce((sum, a, i) => sum + (c[i]! ** 2 * a) / total, 0);
      return about(mean, (second - mean ** 2) / (total + 1), 0.3);
    },
  },
  {
    title: 'StudentT',
    parameters: {theta: [9, 0.4, 0.8]},
    costs: ({theta}, draw) =>
      square(draw(new st.StudentT({df: column(theta!), loc: column(theta!, 1), scale: column(theta!, 2)})), -0.5),
    expectation: ({theta}) => about(theta![1]!, (theta![2]! ** 2 * theta![0]!) / (theta![0]! - 2), -0.5),
  },
  {
    // Costs are functions of the angle, so that the cut at ±π is no step.
    title: 'VonMises',
    parameters: {theta: [0.6, 1.8]},
    costs: ({theta}, draw) =>
      tf.cos(tf.sub(draw(new st.VonMises({loc: column(theta!), concentration: column(theta!, 1)})), 1.1)),
    expectation: ({theta}) => besselRatio(theta![1]!) * Math.cos(theta![0]! - 1.1),
  },
];

/** A control variate that is neither zero nor good. */
const bad = (x: tf.Tensor): tf.Tensor => tf.sub(tf.mul(tf.tanh(tf.add(tf.mul(x, 1.3), 0.4)), 1.8), 0.7);
/** Independent estimates of one test. */
const size = (): number =>
  process.env.FULL === '1' ? 100_000 : sizeFor({cpu: 2000, wasm: 10_000, webgl: 1500, webgpu: 1500});

describeBackends(
  'pathwise, lax and stl on implicitly reparameterised families',
  () => {
    const n = size();
    const steps = sizeFor({cpu: 10, wasm: 20, webgl: 0, webgpu: 0});
    const makes: Record<string, () => st.Estimator> = {
      pathwise: () => st.pathwise(),
      stl: () => st.stl(),
      lax: () =>
        st.lax({
          controlVariate: (x, node) =>
            bad(
              x.rank > node.shape.length
                ? tf.sum(tf.mul(x, [1, 2, 3]), -1)
                : node.distribution.isPeriodic
                  ? tf.sin(x)
                  : x,
            ),
        }),
      'lax, its default control variate,': () => st.lax({units: [5]}),
    };
    for (const problem of problems) {
      for (const [name, make] of Object.entries(makes)) {
        if (inBrowser && name !== 'pathwise') continue;
        it(`${name} on ${problem.title}`, async () => {
          const estimator = make();
          expect(await zOf(problem, estimator, {n, warmup: name.includes('default') ? steps : 0})).toBeLessThan(4.5);
          estimator.dispose?.();
        });
      }
    }

    it('stl has the gradient of the entropy of a Gamma variable, without the score', async () => {
      const estimator = st.stl();
      const entropy: Problem = {
        title: 'E ln q',
        parameters: {theta: [1.7, 1.4]},
        costs: ({theta}) =>
          new st.DistributionTensor<st.Distribution>(
            new st.Gamma({concentration: column(theta!), rate: column(theta!, 1)}),
            {estimator},
          ).logProb(),
        // −H = −a + ln b − ln Γ(a) − (1 − a) ψ(a) has the derivatives −1 − (1 − a) ψ′(a) and 1/b; linear in a, that is
        // this.
        expectation: ({theta}) => Math.log(theta![1]!) + (-1 + 0.7 * trigamma(1.7)) * theta![0]!,
      };
      expect(await zOf(entropy, estimator, {n})).toBeLessThan(4.5);
    });
  },
  {inBrief: [], inNode: ['wasm']},
);

/** What a careless control variate would do, and a wrong factor. */
describeBackends(
  'these tests of implicit families can fail',
  () => {
    const n = size();

    it('a jump of a control variate at the end of the circle is caught, and so is a wrong factor', async () => {
      const wrong: Problem = {
        ...problems[0]!,
        costs: (p, draw) => problems[0]!.costs({theta: tf.mul(p['theta']!, 1.4)}, draw),
      };
      expect(await zOf(wrong, st.pathwise(), {n})).toBeGreaterThan(4.5);
      expect(await zOf(problems[4]!, st.lax({controlVariate: bad}), {n})).toBeGreaterThan(4.5);
    });
  },
  {inBrief: [], inNode: ['wasm']},
);
