/** Estimators that say that they are biased: each estimates what its paper says, and is not the gradient. */
import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {describeBackends, inBrowser, sizeFor} from '../../helpers/backends.js';
import {exactGradient, gradientMoments, sigmoid, worstZ} from '../../helpers/estimates.js';
import {
  bernoulli,
  binary,
  classes,
  column,
  drawWith,
  oneBernoulli,
  varianceOf,
  zOf,
  type AnyEstimator,
  type Problem,
} from '../problems.js';
import {
  apply,
  classSlopeGiven,
  classSlopes,
  exp,
  expectedGradient,
  hard,
  hardClasses,
  linear,
  slopeGiven,
  slopes,
  soft,
  softClasses,
  square,
  straight,
  sum,
  type Law,
  type Straight,
} from '../straightGraphs.js';

const full = process.env.FULL === '1';
const size = (): number => (full ? 100_000 : sizeFor({cpu: 3000, wasm: 40_000, webgl: 4000, webgpu: 4000}));

/** A cost that is no polynomial of second degree. */
const steep: Problem = {
  title: 'an exponential cost',
  parameters: {theta: [0.7]},
  costs: ({theta}, draw) => tf.exp(tf.mul(draw(bernoulli(column(theta!))), 2)),
  expectation: ({theta}) => sigmoid(theta![0]!) * Math.exp(2) + sigmoid(-theta![0]!),
};
straight[steep.title] = ({theta}, draw) => exp(linear([[2, draw(theta!)[0]!]]));

const weights = [0.4, -0.3, 1.6];
const steepClasses = (title: string, make: (theta: tf.Tensor) => st.Distribution): Problem => ({
  title,
  parameters: {theta: [0.3, -0.5, 0.8]},
  costs: ({theta}, draw) => tf.exp(tf.sum(tf.mul(draw(make(theta!)), weights), -1)),
  expectation: ({theta}) =>
    theta!.reduce((sum, a, k) => sum + Math.exp(a + weights[k]!), 0) / theta!.reduce((sum, a) => sum + Math.exp(a), 0),
});
const ofThree = [
  steepClasses('an exponential cost of three classes', theta => new st.OneHotCategorical({logits: theta})),
  steepClasses(
    'an exponential cost of three classes with probs',
    theta => new st.OneHotCategorical({probs: tf.softmax(theta)}),
  ),
];
for (const {title} of ofThree)
  straight[title] = ({theta}, draw) => exp(linear(draw(theta!).map((x, k) => [weights[k]!, x])));

/** The z-score of an estimator against what it should estimate. */
async function zOfLaw(
  problem: Problem,
  estimator: AnyEstimator,
  law: Law,
  n: number,
  program: Straight = straight[problem.title]!,
): Promise<number> {
  st.random.setSeed(23);
  const moments = await gradientMoments(problem.parameters, n, p => problem.costs(p, drawWith(estimator)));
  return worstZ(moments, expectedGradient(problem.parameters, program, law));
}

interface Case {
  readonly make: () => st.Estimator;
  readonly law: (draws: number) => Law;
}
/** Values of the noise, fewer where there are more draws. */
const nodes = (draws: number): number => [2000, 500, 100, 20][draws]!;
const bernoullis: Record<string, Case> = {
  straightThrough: {make: () => st.straightThrough(), law: () => hard(slopes.mean)},
  'straightThrough, identity': {
    make: () => st.straightThrough({through: 'identity'}),
    law: () => hard(slopes.identity),
  },
  'straightThrough, hardTanh': {
    make: () => st.straightThrough({through: 'hardTanh'}),
    law: () => hard(slopes.hardTanh),
  },
  'straightThrough, hardSigmoid': {
    make: () => st.straightThrough({through: 'hardSigmoid', slope: 1.4}),
    law: () => hard(slopes.hardSigmoid(1.4)),
  },
  reinMax: {make: () => st.reinMax(), law: () => hard(slopes.reinMax(1))},
  'reinMax, temperature 2': {make: () => st.reinMax({temperature: 2}), law: () => hard(slopes.reinMax(2))},
  gumbelSoftmax: {make: () => st.gumbelSoftmax({temperature: 0.5}), law: draws => soft(0.5, nodes(draws))},
  straightThroughGumbelSoftmax: {
    make: () => st.straightThroughGumbelSoftmax({temperature: 0.4}),
    law: () => hard(slopeGiven(0.4)),
  },
  gumbelRao: {make: () => st.gumbelRao({temperature: 0.4, samples: 3}), law: () => hard(slopeGiven(0.4))},
};
const ofClasses: Record<string, {readonly make: () => st.Estimator; readonly law: Law}> = {
  straightThrough: {make: () => st.straightThrough(), law: hardClasses(classSlopes.mean)},
  reinMax: {make: () => st.reinMax(), law: hardClasses(classSlopes.reinMax(1))},
  'reinMax, temperature 2': {make: () => st.reinMax({temperature: 2}), law: hardClasses(classSlopes.reinMax(2))},
};
const relaxedClasses: typeof ofClasses = {
  gumbelSoftmax: {make: () => st.gumbelSoftmax({temperature: 0.6}), law: softClasses(0.6)},
  straightThroughGumbelSoftmax: {
    make: () => st.straightThroughGumbelSoftmax({temperature: 0.6}),
    law: hardClasses(classSlopeGiven(0.6)),
  },
  gumbelRao: {make: () => st.gumbelRao({temperature: 0.6, samples: 3}), law: hardClasses(classSlopeGiven(0.6))},
};
const onPages = ['a chain of two with a cost at each', 'an event of three', 'an event of two OneHotCategoricals'];
const here = (problems: readonly Problem[]): Problem[] =>
  problems.filter(p => straight[p.title] !== undefined && (!inBrowser || full || onPages.includes(p.title)));
/** What tells of the mathematics alone needs no GPU. */
const only = {inBrief: [], inNode: ['wasm']} as const;
const drawsOf = (problem: Problem): number => problem.parameters['theta']!.length;

describeBackends(
  'biased estimators estimate what their papers say',
  () => {
    for (const [name, {make, law}] of Object.entries(bernoullis)) {
      for (const problem of here([...binary, steep])) {
        it(`${name}: Bernoulli, ${problem.title}`, async () => {
          expect(await zOfLaw(problem, make(), law(drawsOf(problem)), size())).toBeLessThan(4.5);
        });
      }
    }
    for (const [name, {make, law}] of Object.entries(ofClasses)) {
      for (const problem of here(classes)) {
        it(`${name}: ${problem.title}`, async () =>
          expect(await zOfLaw(problem, make(), law, size())).toBeLessThan(4.5));
      }
    }
    for (const [name, {make, law}] of Object.entries({...ofClasses, ...relaxedClasses})) {
      for (const problem of inBrowser ? ofThree.slice(0, 1) : ofThree) {
        it(`${name}: ${problem.title}`, async () =>
          expect(await zOfLaw(problem, make(), law, size())).toBeLessThan(4.5));
      }
    }

    it('with several samples too, in front or merged into the batch', async () => {
      for (const {make, law} of Object.values(bernoullis)) {
        for (const valueType of [st.sampleValue(2), st.sampleValue([2, 3]), st.sampleAndReshapeValue(3)]) {
          st.random.setSeed(29);
          const moments = await gradientMoments(oneBernoulli.parameters, Math.ceil(size() / 8), p =>
            oneBernoulli.costs(p, drawWith(make(), {valueType})),
          );
          expect(
            worstZ(moments, expectedGradient(oneBernoulli.parameters, straight[oneBernoulli.title]!, law(1))),
          ).toBeLessThan(4.5);
        }
      }
    });
  },
  {inBrief: [], inNode: ['wasm']},
);

describeBackends(
  'biased estimators in a chain with unbiased ones',
  () => {
    const chain = binary.find(p => p.title === 'a chain of two with a cost at each')!;
    /** The z-score with one estimator for the first draw and another for the second. */
    const zOfTwo = async (estimators: readonly AnyEstimator[], wanted: number[]): Promise<number> => {
      st.random.setSeed(41);
      const moments = await gradientMoments(chain.parameters, size(), p => {
        let at = 0;
        return chain.costs(p, q => drawWith(estimators[at++]!)(q));
      });
      return worstZ(moments, {theta: wanted});
    };
    const exact = exactGradient(chain.parameters, chain.expectation)['theta']!;
    // E of the second cost
    const below = (logit: number): number => 2 * (1.96 * sigmoid(logit) + 0.16 * sigmoid(-logit));

    it('downstream they leave the estimate above them unbiased', async () => {
      for (const name of ['straightThrough', 'straightThroughGumbelSoftmax', 'gumbelRao']) {
        const {make, law} = bernoullis[name]!;
        const own = expectedGradient(chain.parameters, straight[chain.title]!, law(2))['theta']![1]!;
        expect(await zOfTwo([st.scoreFunction(), make()], [exact[0]!, own]))
          .withContext(name)
          .toBeLessThan(4.5);
      }
    });

    it('upstream they pass on what the surrogate terms below say of their value', async () => {
      const slope = (logit: number): number => 3.6 * sigmoid(logit) * sigmoid(-logit);
      const program: Straight = ({theta}, draw) => {
        const a = draw([theta![0]!])[0]!;
        return sum(
          square(a, 0.2),
          apply(
            below,
            slope,
            linear(
              [
                [1, theta![1]!],
                [1.5, a],
              ],
              -0.5,
            ),
          ),
        );
      };
      for (const [name, {make, law}] of Object.entries(bernoullis)) {
        const wanted = expectedGradient(chain.parameters, program, law(1))['theta']!;
        if (!name.startsWith('gumbelSoftmax')) expect(wanted[1]!).toBeCloseTo(exact[1]!, 5);
        expect(await zOfTwo([make(), st.scoreFunction()], wanted))
          .withContext(name)
          .toBeLessThan(4.5);
      }
    });
  },
  {inBrief: [], inNode: ['wasm']},
);

describeBackends(
  'biased estimators are caught',
  () => {
    const n = (): number => Math.max(size(), sizeFor({cpu: 20_000, wasm: 100_000, webgl: 20_000, webgpu: 20_000}));
    for (const [name, {make}] of Object.entries(bernoullis)) {
      it(`${name} against the gradient of an exponential cost`, async () => {
        expect(make().bias).toBe('biased');
        expect(await zOf(steep, make(), {n: n()})).toBeGreaterThan(4.5);
      });
    }
    for (const [name, {make}] of Object.entries({...ofClasses, ...relaxedClasses})) {
      it(`${name} against that of three classes`, async () =>
        expect(await zOf(ofThree[0]!, make(), {n: n()})).toBeGreaterThan(4.5));
    }

    it('but reinMax is exact where the cost is quadratic, and straightThrough where it is linear', async () => {
      for (const title of [
        'one node',
        'one node with probs',
        'two nodes in parallel with a joint cost',
        'a batch of different elements',
        'an event of three',
      ]) {
        expect(
          await zOf(
            binary.find(p => p.title === title)!,
            st.reinMax(),
            {n: size()},
          ),
        )
          .withContext(title)
          .toBeLessThan(4.5);
      }
      for (const title of ['one OneHotCategorical', 'an event of two OneHotCategoricals']) {
        expect(
          await zOf(
            classes.find(p => p.title === title)!,
            st.reinMax(),
            {n: size()},
          ),
        )
          .withContext(title)
          .toBeLessThan(4.5);
      }
      const flat: Problem = {
        ...oneBernoulli,
        costs: ({theta}, draw) => tf.mul(draw(bernoulli(column(theta!))), 1.7),
        expectation: ({theta}) => 1.7 * sigmoid(theta![0]!),
      };
      expect(await zOf(flat, st.straightThrough(), {n: size()})).toBeLessThan(4.5);
    });

    it('gumbelSoftmax the less the lower its temperature', async () => {
      const parameters = {theta: [-0.5]};
      const exact = sigmoid(0.5) * sigmoid(-0.5) * (Math.exp(2) - 1);
      const bias: number[] = [];
      for (const temperature of [1, 0.5, 0.2]) {
        st.random.setSeed(31);
        const {theta} = await gradientMoments(parameters, n(), p =>
          steep.costs(p, drawWith(st.gumbelSoftmax({temperature}))),
        );
        bias.push(Math.abs(theta!.mean[0]! - exact));
      }
      // 0.617, 0.321 and 0.107 by quadrature
      expect(bias[1]!).toBeLessThan(0.7 * bias[0]!);
      expect(bias[2]!).toBeLessThan(0.7 * bias[1]!);
    });
  },
  only,
);

describeBackends(
  'gumbelRao',
  () => {
    it('has less variance than straightThroughGumbelSoftmax, the less the more it averages, and the same mean', async () => {
      const [n, temperature] = [Math.min(size(), 20_000), 0.2];
      for (const problem of [steep, ofThree[0]!]) {
        const plain = await varianceOf(problem, st.straightThroughGumbelSoftmax({temperature}), {n});
        const few = await varianceOf(problem, st.gumbelRao({temperature, samples: 2}), {n});
        const many = await varianceOf(problem, st.gumbelRao({temperature, samples: 10}), {n});
        expect(few).toBeLessThan(0.75 * plain);
        expect(many).toBeLessThan(0.5 * few);
        const meanOf = async (estimator: st.Estimator): Promise<Record<'mean' | 'standardError', number[]>> =>
          (await gradientMoments(problem.parameters, n, p => problem.costs(p, drawWith(estimator))))['theta']!;
        st.random.setSeed(37);
        const [one, other] = [
          await meanOf(st.straightThroughGumbelSoftmax({temperature})),
          await meanOf(st.gumbelRao({temperature, samples: 10})),
        ];
        one.mean.forEach((mean, i) => {
          expect(Math.abs(mean - other.mean[i]!)).toBeLessThan(
            4.5 * Math.hypot(one.standardError[i]!, other.standardError[i]!),
          );
        });
      }
    });
  },
  only,
);

/** What a careless implementation would do; each must be caught by the laws above. */
describeBackends(
  'wrong variants of the biased estimators are caught',
  () => {
    const n = sizeFor({cpu: 20_000, wasm: 30_000, webgl: 10_000, webgpu: 10_000});
    type Value = (q: st.Distribution, shape: number[], key: st.random.Key) => tf.Tensor;
    const broken = (value: Value): st.Estimator => ({
      ...st.gumbelSoftmax(),
      draw: (q, shape, key) => ({value: value(q, [...shape], key)}),
    });
    const straightened = (b: tf.Tensor, s: tf.Tensor): tf.Tensor => tf.add(b, tf.sub(s, st.stopGradient(s)));
    const wrong: Record<string, {right: string; value: Value; problem?: Problem}> = {
      'gumbelSoftmax with a temperature that scales the value only': {
        right: 'gumbelSoftmax',
        value: (q, shape, key) => {
          const z = q.relaxation!.sample(shape, {key});
          return straightened(st.stopGradient(tf.sigmoid(tf.div(z, 0.5))), tf.sigmoid(z));
        },
      },
      'gumbelSoftmax with a hard value': {
        right: 'gumbelSoftmax',
        value: (q, shape, key) => st.straightThroughGumbelSoftmax({temperature: 0.5}).draw!(q, shape, key).value,
        problem: steep,
      },
      'straightThroughGumbelSoftmax with other noise in the soft value': {
        right: 'straightThroughGumbelSoftmax',
        value: (q, shape, key) =>
          straightened(
            q.sample(shape, {key: st.random.foldIn(key, 1)}),
            tf.sigmoid(tf.div(q.relaxation!.sample(shape, {key}), 0.4)),
          ),
      },
      'straightThroughGumbelSoftmax with a soft value': {
        right: 'straightThroughGumbelSoftmax',
        value: (q, shape, key) => tf.sigmoid(tf.div(q.relaxation!.sample(shape, {key}), 0.4)),
        problem: steep,
      },
      'gumbelRao with a derivative through the noise': {
        right: 'gumbelRao',
        value: (q, shape, key) => {
          const b = q.sample(shape, {key});
          return straightened(
            b,
            tf.sigmoid(tf.div(q.relaxation!.conditional(b, {key: st.random.foldIn(key, 1)}), 0.4)),
          );
        },
      },
      'reinMax without −½π': {
        right: 'reinMax',
        value: (q, shape, key) => {
          const b = q.sample(shape, {key});
          const middle = st.stopGradient(tf.mul(tf.add(b, q.mean()), 0.5));
          return straightened(b, tf.mul(tf.mul(tf.mul(middle, tf.sub(1, middle)), 2), q.relaxation!.location()));
        },
      },
      'straightThrough with the gradient of the logits': {
        right: 'straightThrough',
        value: (q, shape, key) => straightened(q.sample(shape, {key}), q.relaxation!.location()),
      },
      'straightThrough with the value of the mean': {right: 'straightThrough', value: q => q.mean(), problem: steep},
      'straightThrough, hardTanh, without its ends': {
        right: 'straightThrough, hardTanh',
        value: (q, shape, key) => straightened(q.sample(shape, {key}), q.relaxation!.location()),
      },
    };
    const batch = binary.find(p => p.title === 'a batch of different elements')!;
    for (const [title, {right, value, problem = batch}] of Object.entries(wrong)) {
      it(title, async () =>
        expect(await zOfLaw(problem, broken(value), bernoullis[right]!.law(drawsOf(problem)), n)).toBeGreaterThan(4.5),
      );
    }

    it('reinMax of classes with the temperature in its Jacobian', async () => {
      const value: Value = (q, shape, key) => {
        const b = q.sample(shape, {key});
        const theta = q.relaxation!.location();
        const middle = st.stopGradient(tf.mul(tf.add(b, tf.softmax(tf.div(theta, 2))), 0.5));
        const centred = tf.sub(theta, tf.sum(tf.mul(middle, theta), -1, true));
        return straightened(b, tf.sub(tf.mul(middle, centred), tf.mul(q.mean(), 0.5)));
      };
      expect(await zOfLaw(ofThree[0]!, broken(value), ofClasses['reinMax, temperature 2']!.law, n)).toBeGreaterThan(
        4.5,
      );
    });

    it('but the expectations that they are held against tell no rounding from a mistake', () => {
      const gradient = (law: Law): number =>
        expectedGradient(steep.parameters, straight[steep.title]!, law)['theta']![0]!;
      expect(gradient(soft(0.5, 100))).toBeCloseTo(gradient(soft(0.5, 5000)), 3);
      expect(gradient(soft(0.5, 20))).toBeCloseTo(gradient(soft(0.5, 5000)), 2);
      expect(gradient(hard(slopeGiven(0.4)))).toBeCloseTo(gradient(hard(slopeGiven(0.4, 20_000))), 4);
      const three = (law: Law): number[] =>
        expectedGradient(ofThree[0]!.parameters, straight[ofThree[0]!.title]!, law)['theta']!;
      three(softClasses(0.6)).forEach((g, i) => expect(g).toBeCloseTo(three(softClasses(0.6, 0.5))[i]!, 6));
      three(hardClasses(classSlopeGiven(0.6))).forEach((g, i) =>
        expect(g).toBeCloseTo(three(hardClasses(classSlopeGiven(0.6, 0.8)))[i]!, 5),
      );
      expect(square({x: 2, d: [1]}, 0.5, 3)).toEqual({x: 6.75, d: [9]});
    });
  },
  only,
);
