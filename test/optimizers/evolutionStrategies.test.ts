import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {normalValues} from '../../src/random/noise.js';
import {describeBackends, sizeFor} from '../helpers/backends.js';
import {momentsOf} from '../helpers/estimates.js';
import {read} from '../helpers/near.js';

const N = 4;
const THETA = [0.7, -1.2, 0.4, 2];
/** A quadratic xᵀAx + bᵀx + c: the gradient of its smoothed form is 2Aθ + b, whatever σ. */
const A = [
  [2, 0.5, 0, -0.3],
  [0.5, 1, 0.4, 0],
  [0, 0.4, 3, 0.2],
  [-0.3, 0, 0.2, 0.5],
];
const B = [1, -2, 0.5, 0];
const quadratic = (x: ArrayLike<number>): number =>
  A.reduce((sum, row, i) => sum + x[i]! * (B[i]! + row.reduce((s, a, j) => s + a * x[j]!, 0)), 5);
const GRADIENT = A.map((row, i) => B[i]! + 2 * row.reduce((s, a, j) => s + a * THETA[j]!, 0));

/** The place of a candidate, by hand: the noise is the normal draw of its key. */
function placeOf({key, sign}: st.Candidate, sigma: number): number[] {
  const noise = normalValues(N, key);
  return THETA.map((t, i) => t + sigma * sign * noise[i]!);
}

/** Gradient estimates of `f` at THETA, one row for each of `n` generations. */
async function estimates(
  config: st.EvolutionStrategiesConfig & {sigma: number},
  n: number,
  f: (x: ArrayLike<number>) => number,
): Promise<number[]> {
  const theta = tf.tidy(() => tf.variable(tf.tensor1d(THETA)));
  const es = st.evolutionStrategies({variables: [theta], ...config});
  const rows: number[] = [];
  for (let i = 0; i < n; i++) {
    const costs = es
      .ask({key: st.random.foldIn(st.random.key(5), i)})
      .map(candidate => f(placeOf(candidate, config.sigma)));
    const {value, grads} = es.gradientFrom(costs);
    rows.push(...(await read(grads[theta.name]!)));
    value.dispose();
  }
  theta.dispose();
  return rows;
}

/** The largest z-score of the mean of the rows against the exact gradient. */
function zOf(rows: number[], exact: number[]): number {
  const {mean, standardError} = momentsOf(rows, rows.length / N);
  return Math.max(...mean.map((m, i) => Math.abs(m - exact[i]!) / standardError[i]!));
}

describeBackends(
  'evolutionStrategies as a gradient estimator',
  () => {
    // 200 generations of 1,000 evaluations: each row is the mean of 500 or 1,000 independent estimates
    const [population, rows] = [1000, 200];

    for (const antithetic of [true, false]) {
      for (const sigma of [0.05, 1]) {
        it(`is unbiased for the smoothed quadratic, with sigma ${sigma} and antithetic ${antithetic}`, async () => {
          expect(zOf(await estimates({population, sigma, antithetic}, rows, quadratic), GRADIENT)).toBeLessThan(4.5);
        });
      }
    }

    it('is unbiased for a step, which has no derivative anywhere', async () => {
      const a = [1, 0.5, -0.5, -0.4];
      const sigma = 0.6;
      const norm = Math.hypot(...a);
      const at = a.reduce((s, v, i) => s + v * THETA[i]!, 0) / (sigma * norm);
      const density = Math.exp((-at * at) / 2) / Math.sqrt(2 * Math.PI);
      // E[1(aᵀ(θ + σε) > 0)] = Φ(aᵀθ/(σ‖a‖))
      const exact = a.map(v => (density * v) / (sigma * norm));
      const step = (x: ArrayLike<number>): number => (a.reduce((s, v, i) => s + v * x[i]!, 0) > 0 ? 1 : 0);
      expect(zOf(await estimates({population, sigma}, rows, step), exact)).toBeLessThan(4.5);
    });

    it('is caught where a factor or a sign is wrong', async () => {
      const good = await estimates({population, sigma: 0.9}, rows, quadratic);
      expect(zOf(good, GRADIENT)).toBeLessThan(4.5);
      expect(
        zOf(
          good.map(g => 0.9 * g),
          GRADIENT,
        ),
      ).toBeGreaterThan(4.5); // σ left out
      expect(
        zOf(
          good.map(g => (g * population) / (population - 1)),
          GRADIENT.map(g => -g),
        ),
      ).toBeGreaterThan(4.5); // a return where a cost belongs
      const oneSign = await estimates({population, sigma: 0.9}, rows, x =>
        quadratic(THETA.map((t, i) => t + Math.abs(x[i]! - t))),
      );
      expect(zOf(oneSign, GRADIENT)).toBeGreaterThan(4.5); // noise of one sign
    });

    it('varies with antithetic pairs on a quadratic by |g|² + gᵢ² a pair, whatever sigma and the constant', async () => {
      // of one pair: ε εᵀg, so E[(εᵢ εᵀg)²] = |g|² + 2gᵢ²
      const square = GRADIENT.reduce((s, g) => s + g * g, 0);
      for (const [sigma, constant] of [
        [0.1, 0],
        [2, 100],
      ] as const) {
        const {variance} = momentsOf(
          await estimates({population: 2, sigma}, 20_000, x => quadratic(x) + constant),
          20_000,
        );
        variance.forEach((v, i) =>
          expect(v / (square + GRADIENT[i]! ** 2))
            .withContext(`sigma ${sigma}`)
            .toBeCloseTo(1, 0.7),
        );
      }
      const alone = momentsOf(
        await estimates({population: 2, sigma: 0.1, antithetic: false}, 2000, quadratic),
        2000,
      ).variance;
      expect(Math.min(...alone)).toBeGreaterThan(10 * square); // of the order f²/σ²
    });

    it('with rankShaping estimates another gradient, the same for any increasing function of the cost', async () => {
      const config = {population, sigma: 0.9, rankShaping: true};
      const shaped = await estimates(config, rows, quadratic);
      expect(zOf(shaped, GRADIENT)).toBeGreaterThan(4.5);
      const monotone = await estimates(config, 3, x => Math.exp(quadratic(x) / 10));
      monotone.forEach((g, i) => expect(g).toBeCloseTo(shaped[i]!, 5));
      const {mean} = momentsOf(shaped, rows);
      // a direction of ascent all the same
      expect(mean.reduce((s, m, i) => s + m * GRADIENT[i]!, 0)).toBeGreaterThan(0);
    });
  },
  {inNode: ['wasm'], inBrief: []},
);

describeBackends(
  'evolutionStrategies',
  () => {
    const make = (
      config: st.EvolutionStrategiesConfig = {},
    ): {a: tf.Variable; b: tf.Variable; es: st.EvolutionStrategies; dispose: () => void} => {
      const [a, b] = tf.tidy(() => [
        tf.variable(
          tf.tensor2d([
            [1, 2],
            [3, -1],
          ]),
        ),
        tf.variable(tf.scalar(0.5)),
      ]) as [tf.Variable, tf.Variable];
      const es = st.evolutionStrategies({variables: [a, b], population: 6, sigma: 0.1, ...config});
      return {
        a,
        b,
        es,
        dispose: () => {
          es.dispose();
          tf.dispose([a, b]);
        },
      };
    };
    const key = st.random.key(3);

    it('is the formula of Salimans et al., by hand', async () => {
      for (const [antithetic, weightDecay] of [
        [true, 0],
        [false, 0.3],
      ] as const) {
        const {a, b, es, dispose} = make({antithetic, weightDecay});
        const candidates = es.ask({key});
        const costs = [3, 1, 4, 1, 5, 9];
        const {value, grads} = es.gradientFrom(costs);
        const expected = [1, 2, 3, -1, 0.5].map(theta => weightDecay * theta);
        for (const [i, candidate] of candidates.entries()) {
          const noise = await read(st.random.normal([5], {key: candidate.key}));
          noise.forEach((e, j) => (expected[j]! += (candidate.sign * e * costs[i]!) / (6 * 0.1)));
        }
        expect(grads[a.name]!.shape).toEqual([2, 2]);
        const found = [...(await read(grads[a.name]!)), ...(await read(grads[b.name]!))];
        found.forEach((g, j) => expect(g).toBeCloseTo(expected[j]!, 3));
        expect((await read(value))[0]).toBeCloseTo(23 / 6, 5);
        expect(candidates.map(c => c.sign)).toEqual(antithetic ? [1, -1, 1, -1, 1, -1] : [1, 1, 1, 1, 1, 1]);
        dispose();
      }
    });

    it('shapes ranks evenly over [−1/2, 1/2], with equal costs sharing theirs', async () => {
      const gradient = async (costs: number[], config: st.EvolutionStrategiesConfig): Promise<number[]> => {
        const {a, b, es, dispose} = make({antithetic: false, ...config});
        es.ask({key});
        const {value, grads} = es.gradientFrom(costs);
        const found = [...(await read(grads[a.name]!)), ...(await read(grads[b.name]!))];
        value.dispose();
        dispose();
        return found;
      };
      const shaped = await gradient([30, -1, 4, 4, Infinity, 0], {rankShaping: true});
      const byHand = await gradient([0.3, -0.5, 0, 0, 0.5, -0.3], {});
      shaped.forEach((g, i) => expect(g).toBeCloseTo(byHand[i]!, 5));
    });

    it('gives gradients that any tf.Optimizer applies', async () => {
      for (const optimizer of [tf.train.sgd(0.05), tf.train.momentum(0.02, 0.5), tf.train.adam(0.1)]) {
        const {a, b, es, dispose} = make({population: 20});
        const distance = (): tf.Scalar => tf.add(tf.sum(tf.square(tf.sub(a, 1))), tf.square(tf.add(b, 1)));
        for (let i = 0; i < sizeFor({cpu: 60, wasm: 60, webgl: 15, webgpu: 15}); i++) {
          const costs = es.ask({key: st.random.foldIn(key, i)}).map(candidate => {
            const values = es.perturb(candidate);
            const cost = tf.tidy(() =>
              tf.add(tf.sum(tf.square(tf.sub(values[0]!, 1))), tf.square(tf.add(values[1]!, 1))),
            );
            tf.dispose(values);
            return cost;
          });
          const list: number[] = [];
          for (const cost of costs) list.push(...(await read(cost)));
          const {value, grads} = es.gradientFrom(list);
          optimizer.applyGradients(Object.entries(grads).map(([name, tensor]) => ({name, tensor})));
          tf.dispose([value, ...Object.values(grads)]);
        }
        // 11.25 at the start
        expect((await read(tf.tidy(distance)))[0]).toBeLessThan(sizeFor({cpu: 0.5, wasm: 0.5, webgl: 7, webgpu: 7}));
        optimizer.dispose();
        dispose();
      }
    });

    it('applies them itself with the optimizer that it is given, and does not dispose that', async () => {
      const optimizer = tf.train.sgd(0.5);
      const {a, b, es, dispose} = make({optimizer});
      es.ask({key});
      const {value, grads} = es.gradientFrom([1, 2, 3, 4, 5, 6]);
      const expected = await read(tf.sub(a, tf.mul(grads[a.name]!, 0.5)));
      es.tell([1, 2, 3, 4, 5, 6]);
      (await Promise.all([a.data()]))[0].forEach((v, i) => expect(v).toBeCloseTo(expected[i]!, 4));
      tf.dispose([value, ...Object.values(grads)]);
      es.dispose();
      optimizer.applyGradients([{name: b.name, tensor: b}]);
      optimizer.dispose();
      dispose();
    });

    it('takes the gradient of a network with respect to all trainable variables where none are named', () => {
      tf.disposeVariables(); // of other specs
      const w = tf.tidy(() => tf.variable(tf.tensor1d([1, 2])));
      const fixed = tf.tidy(() => tf.variable(tf.scalar(1), false));
      const before = tf.memory().numTensors;
      const {value, grads} = st.evolutionStrategies({population: 4}).gradient(() => 1);
      expect(Object.keys(grads)).toContain(w.name); // models of other suites may have some too
      expect(Object.keys(grads)).not.toContain(fixed.name);
      tf.dispose([value, ...Object.values(grads)]);
      expect(tf.memory().numTensors).toBe(before);
      tf.dispose([w, fixed]);
    });

    it('says what is wrong', () => {
      const {a, es, dispose} = make();
      const bad: Array<[object, string]> = [
        [{population: 1}, 'evolutionStrategies: population must be an integer >= 2, got 1'],
        [{population: 5}, 'evolutionStrategies: population must be even with antithetic, got 5'],
        [{population: 2.5, antithetic: false}, 'evolutionStrategies: population must be an integer >= 2, got 2.5'],
        [{sigma: 0}, 'evolutionStrategies: sigma must be a finite number > 0, got 0'],
        [{sigma: NaN}, 'evolutionStrategies: sigma must be a finite number > 0, got NaN'],
        [{antithetic: 1}, 'evolutionStrategies: antithetic must be true or false, got 1'],
        [{rankShaping: 'yes'}, 'evolutionStrategies: rankShaping must be true or false, got "yes"'],
        [{weightDecay: -1}, 'evolutionStrategies: weightDecay must be a finite number >= 0, got -1'],
        [{optimizer: 'adam'}, 'evolutionStrategies: optimizer must be a tf.Optimizer, got "adam"'],
        [{sigmas: 1}, 'evolutionStrategies: unknown option "sigmas"; did you mean "sigma"?'],
        [{variables: []}, 'evolutionStrategies: needs at least one variable, got []'],
        [{variables: [a, a]}, `evolutionStrategies: variables must be distinct, got ["${a.name}", "${a.name}"]`],
        [
          {variables: a},
          'evolutionStrategies: variables must be a list of tf.Variable, got a float32 tensor of shape [2,2]',
        ],
      ];
      for (const [config, message] of bad) expect(() => st.evolutionStrategies(config)).toThrowError(message);
      es.ask();
      expect(() => es.tell([1, 2, Infinity, 4, 5, 6])).toThrowError(
        'evolutionStrategies: costs must be finite without rankShaping; the cost of candidate 2 is not, got Infinity',
      );
      dispose();
    });
  },
  {inBrief: ['webgpu'], inNode: ['cpu']},
);
