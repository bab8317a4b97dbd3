/**
 * RODEO: its operator has mean 0 by enumeration, its estimates are unbiased however H is trained, and their variance is
 * the least of its kind.
 */
import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {gibbs, gibbsScore, neighboursOf} from '../../src/estimators/shared/stein.js';
import {describeBackends, inBrowser, sizeFor} from '../helpers/backends.js';
import {binary, classes, oneBernoulli, varianceOf, zOf} from './problems.js';
import {refuseSampleMisuse, settles, smooth} from './sampleSuite.js';

const full = process.env.FULL === '1';
const size = (): number => sizeFor({cpu: 3000, wasm: full ? 100_000 : 20_000, webgl: 1000, webgpu: 1000});

const families: Record<string, {size: number; make: (logits: tf.Tensor) => st.Distribution}> = {
  'three bits': {size: 3, make: logits => st.independent(new st.Bernoulli({logits: tf.reshape(logits, [3])}))},
  'three bits by probabilities': {
    size: 3,
    make: logits => st.independent(new st.Bernoulli({probs: tf.sigmoid(tf.reshape(logits, [3]))})),
  },
  'two one-hot vectors': {
    size: 6,
    make: logits => st.independent(new st.OneHotCategorical({logits: tf.reshape(logits, [2, 3])})),
  },
  'one one-hot vector': {size: 4, make: logits => new st.OneHotCategorical({logits: tf.reshape(logits, [4])})},
};

describeBackends(
  'the Gibbs operator',
  () => {
    const logits = [0.4, -1.1, 0.9, 0.2, -0.3, 1.3];
    const slope = [0.7, -1.9, 0.3, 1.1, -0.4, 0.6];
    /** Any function, given the inner product of its argument with `slope`. */
    const h = (l: tf.Tensor): tf.Tensor => tf.add(tf.mul(tf.sin(tf.mul(l, 1.7)), 2), tf.square(tf.add(l, 0.3)));

    for (const [title, {size: n, make}] of Object.entries(families)) {
      /** For every value x of the support: (A h)(x), a term with the gradient of (A h ∂log p)(x), and log p(x). */
      const operate = (q: st.Distribution) => {
        const support = q.enumerateSupport();
        const k = support.shape[0];
        const values = tf.reshape(tf.cast(support, 'float32'), [k, 1, n]);
        const means = tf.broadcastTo(tf.reshape(q.mean(), [1, 1, n]), [k, 1, n]);
        const neighbours = neighboursOf(q, {values, means});
        const direction = tf.broadcastTo(tf.tensor1d(slope.slice(0, n)), [k, 1, n]);
        const l = tf.sum(tf.mul(values, direction), -1);
        const atNeighbours = h(tf.add(tf.expandDims(l, -1), neighbours.change(direction)));
        const logProb = tf.reshape(q.logProb(support), [k, 1]);
        return {
          support,
          l,
          logProb,
          plain: gibbs(neighbours, atNeighbours, h(l)),
          score: gibbsScore(neighbours, logProb, atNeighbours, h(l)),
        };
      };

      it(`has expectation 0, with the score and without: ${title}`, async () => {
        const theta = tf.tensor1d(logits.slice(0, n));
        const means = tf.tidy(() => {
          const weighted =
            (pick: 'plain' | 'score') =>
            (t: tf.Tensor): tf.Tensor => {
              const {logProb, [pick]: result} = operate(make(t));
              return tf.sum(tf.mul(st.stopGradient(tf.exp(logProb)), result));
            };
          const size = tf.max(tf.abs(operate(make(theta)).plain));
          return [weighted('plain')(theta), tf.grad(weighted('score'))(theta), size] as const;
        });
        const [mean, score, largest] = await Promise.all(means.map(async t => Array.from(await t.data())));
        tf.dispose([theta, ...means]);
        expect(largest![0]).toBeGreaterThan(0.3);
        for (const x of [...mean!, ...score!]) expect(Math.abs(x)).toBeLessThan(2e-6);
      });

      it(`is what its definition says: ${title}`, async () => {
        const theta = tf.tensor1d(logits.slice(0, n));
        const [found, scores, logProbs, support, l] = tf.tidy<[tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor]>(
          () => {
            const {plain, support: all, l: products} = operate(make(theta));
            const k = all.shape[0];
            const rows = Array.from({length: k}, (_, i) => i);
            const row = (pick: 'score' | 'logProb', i: number) =>
              tf.grad(t => tf.slice(operate(make(t))[pick], [i, 0], [1, 1]))(theta);
            return [
              plain,
              tf.stack(rows.map(i => row('score', i))),
              tf.stack(rows.map(i => row('logProb', i))),
              tf.reshape(tf.cast(all, 'float32'), [k, n]),
              h(products),
            ];
          },
        );
        const numbers = async (t: tf.Tensor): Promise<number[]> => Array.from(await t.data());
        const [plain, score, d, x, values] = [
          await numbers(found),
          await numbers(scores),
          await numbers(logProbs),
          await numbers(support),
          await numbers(l),
        ];
        const mean = await numbers(tf.tidy(() => make(theta).mean()));
        tf.dispose([theta, found, scores, logProbs, support, l]);
        const one = title.includes('one-hot') ? (title.includes('two') ? 3 : 4) : 1; // elements of one coordinate
        const differing = (a: number, b: number): number[] => [
          ...new Set(
            Array.from({length: n}, (_, i) => i)
              .filter(i => x[a * n + i] !== x[b * n + i])
              .map(i => Math.floor(i / one)),
          ),
        ];
        for (let a = 0; a < values.length; a++) {
          let [wanted, wantedScore] = [0, new Array<number>(n).fill(0)];
          for (let b = 0; b < values.length; b++) {
            const where = differing(a, b);
            if (where.length !== 1) continue;
            const elements = Array.from({length: one}, (_, i) => where[0]! * one + i);
            const q =
              one === 1
                ? x[b * n + elements[0]!] === 1
                  ? mean[elements[0]!]!
                  : 1 - mean[elements[0]!]!
                : elements.reduce((sum, e) => sum + x[b * n + e]! * mean[e]!, 0);
            wanted += q * (values[b]! - values[a]!);
            wantedScore = wantedScore.map((s, i) => s + q * (values[b]! * d[b * n + i]! - values[a]! * d[a * n + i]!));
          }
          expect(plain[a]!).toBeCloseTo(wanted, 4);
          wantedScore.forEach((s, i) => expect(score[a * n + i]!).toBeCloseTo(s, 4));
        }
      });
    }
  },
  {inBrief: [], inNode: ['wasm']},
);

describeBackends(
  'rodeo',
  () => {
    const cases: Record<string, st.RodeoConfig & {warmup?: number}> = {
      untrained: {},
      trained: {units: [6], warmup: 15},
      'trained, 3 samples': {samples: 3, units: [4], warmup: 10},
    };
    // A chain, an event, probabilities, a fork, one-hot classes alone and in an event.
    const problems = [binary[1]!, binary[2]!, binary[3]!, binary[6]!, classes[2]!, classes[5]!];
    for (const [title, {warmup = 0, ...config}] of Object.entries(cases)) {
      it(`has the exact gradient as its mean: ${title}`, async () => {
        for (const problem of full ? problems : [binary[2]!, binary[6]!, classes[2]!]) {
          const estimator = st.rodeo(config);
          expect(await zOf(problem, estimator, {n: size() / 2, warmup}))
            .withContext(problem.title)
            .toBeLessThan(4.5);
          estimator.dispose!();
        }
      });
    }

    it('stays unbiased at every stage of training', async () => {
      const estimator = st.rodeo({units: [6]});
      for (const warmup of inBrowser ? [2] : [0, 1, 5, 40]) {
        expect(await zOf(oneBernoulli, estimator, {n: size(), warmup})).toBeLessThan(4.5);
      }
      estimator.dispose!();
    });

    it('starts as leave-one-out', async () => {
      const n = 200;
      const estimator = st.rodeo({samples: 3});
      const loo = await varianceOf(smooth, st.scoreFunction({baseline: st.leaveOneOut({samples: 3})}), {n});
      expect((await varianceOf(smooth, estimator, {n})) / loo).toBeCloseTo(1, 4);
      estimator.dispose!();
    });

    it('has less variance than DisARM and leave-one-out with as many samples, and with two than double control variates, once trained', async () => {
      const n = sizeFor({cpu: 1000, wasm: 4000, webgl: 500, webgpu: 500});
      const warmup = sizeFor({cpu: 60, wasm: 60, webgl: 40, webgpu: 40});
      for (const samples of full ? [2, 4] : [2]) {
        const estimator = st.rodeo({samples});
        const found = await varianceOf(smooth, estimator, {n, warmup});
        estimator.dispose!();
        expect(found)
          .withContext(`${samples} samples, leave-one-out`)
          .toBeLessThan(0.5 * (await varianceOf(smooth, st.scoreFunction({baseline: st.leaveOneOut({samples})}), {n})));
        expect(found)
          .withContext(`${samples} samples, DisARM`)
          .toBeLessThan(0.6 * (await varianceOf(smooth, st.disarm({samples}), {n})));
        if (samples > 2) continue; // with four samples they differ by a tenth, as much as these measurements do
        const doubleCv = st.doubleCv({samples});
        expect(found)
          .withContext('doubleCv')
          .toBeLessThan(0.9 * (await varianceOf(smooth, doubleCv, {n, warmup})));
        doubleCv.dispose!();
      }
    });

    it('evaluates the cost once, however many bits there are', () => {
      const w = tf.tidy(() => tf.variable(tf.zeros([5, 200])));
      const estimator = st.rodeo();
      let [runs, rows] = [0, 0];
      tf.dispose(
        st.variableGrads(() => {
          const x = new st.DistributionTensor(st.independent(new st.Bernoulli({logits: w})), {estimator}).value;
          runs++;
          rows = x.size / 200;
          return tf.sum(tf.square(tf.sub(x, 0.3)), -1);
        }, [w]),
      );
      expect([runs, rows]).toEqual([1, 10]);
      estimator.dispose!();
      w.dispose();
    });

    it('learns a function of its own for each node, and frees it', () => {
      const before = tf.memory().numTensors;
      const estimator = st.rodeo({units: [3]});
      const w = tf.tidy(() => tf.variable(tf.tensor1d([0.3, -0.2])));
      tf.dispose(
        st.variableGrads(
          () =>
            ['a', 'b'].map(name =>
              tf.square(tf.sub(new st.DistributionTensor(new st.Bernoulli({logits: w}), {estimator, name}).value, 0.2)),
            ),
          [w],
        ),
      );
      const made = tf.memory().numTensors - before - 1;
      expect(made).toBe(2 * 5); // two layers of weights and biases, and the linear part
      w.dispose();
      estimator.dispose!();
      expect(tf.memory().numTensors).toBe(before);
    });

    it('leaves no tensor behind over many steps, and stays finite at the extremes', async () => {
      await settles(() => st.rodeo({units: [5]}));
    });

    it('refuses what it cannot serve', () => {
      refuseSampleMisuse('rodeo', config => st.rodeo(config));
      expect(() => st.rodeo({units: [0]})).toThrowError('rodeo: units must be a list of integers >= 1, got [0]');
      expect(st.estimators.get('rodeo', {samples: 3, units: [7]}).config).toEqual({samples: 3, units: [7]});
    });
  },
  {inBrief: [], inNode: ['wasm']},
);

/** What a careless implementation would do; each must be caught. */
describeBackends(
  'the tests of rodeo can fail',
  () => {
    const n = sizeFor({cpu: 5000, wasm: 30_000, webgl: 5000, webgpu: 5000});
    for (const mistake of ['ownPoint', 'ownProbability', 'noScoreOfNeighbour', 'ownCost'] as const) {
      it(mistake, async () => expect(await zOf(oneBernoulli, byHand(mistake), {n})).toBeGreaterThan(4.5));
    }

    it('but put together rightly it passes', async () =>
      expect(await zOf(oneBernoulli, byHand('none'), {n})).toBeLessThan(4.5));
  },
  {inBrief: [], inNode: ['wasm']},
);

/** Two samples of one Bernoulli given by logits, with h = 1.4 l + 0.5 f and h̃ = 0.6 l + f, and one mistake. */
function byHand(mistake: 'ownPoint' | 'ownProbability' | 'noScoreOfNeighbour' | 'ownCost' | 'none'): st.Estimator {
  const other = (x: tf.Tensor): tf.Tensor => tf.reverse(x, 0);
  return {
    ...st.rodeo(),
    config: null,
    name: 'byHand',
    combine(node, {total: cost}, downstream) {
      const own = downstream.gradient();
      // The expansion about the sample itself, in the place of one about the other.
      const [f, slope, from] =
        mistake === 'ownPoint' ? [cost, own, node.value] : [other(cost), other(own), other(node.value)];
      const l = (x: tf.Tensor): tf.Tensor => tf.mul(slope, tf.sub(x, from));
      const h = (x: tf.Tensor): tf.Tensor => tf.add(tf.mul(1.4, l(x)), tf.mul(0.5, f));
      const hTilde = (x: tf.Tensor): tf.Tensor => tf.add(tf.mul(0.6, l(x)), f);
      const flipped = tf.sub(1, node.value);
      const mean = st.stopGradient(tf.broadcastTo(node.distribution.mean(), node.shape));
      const flip = tf.abs(tf.sub(node.value, mean));
      const q = mistake === 'ownProbability' ? tf.sub(1, flip) : flip;
      const controlled = tf.add(cost, tf.mul(q, tf.sub(h(flipped), h(node.value))));
      const baseline = mistake === 'ownCost' ? tf.mean(controlled, 0, true) : other(controlled);
      const score = (x: tf.Tensor, factor: tf.Tensor): tf.Tensor =>
        tf.mul(node.distribution.logProb(x), st.stopGradient(factor));
      const atNeighbour = score(mistake === 'noScoreOfNeighbour' ? node.value : flipped, tf.mul(q, hTilde(flipped)));
      return {
        surrogate: tf.add(
          score(node.value, tf.sub(tf.sub(cost, baseline), tf.mul(q, hTilde(node.value)))),
          atNeighbour,
        ),
      };
    },
  };
}
