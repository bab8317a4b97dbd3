/**
 * Double control variates: unbiased for every coefficient, exact on linear costs, and below its neighbours in variance.
 */
import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {describeBackends, inBrowser, sizeFor} from '../helpers/backends.js';
import {gradientMoments, MANY} from '../helpers/estimates.js';
import {binary, classes, counts, oneBernoulli, varianceOf, zOf} from './problems.js';
import {refuseSampleMisuse, settles, smooth} from './sampleSuite.js';

const full = process.env.FULL === '1';
const size = (): number => sizeFor({cpu: 4000, wasm: MANY, webgl: 1000, webgpu: 1000});

describeBackends(
  'doubleCv',
  () => {
    const cases: Record<string, st.DoubleCvConfig & {warmup?: number}> = {
      untrained: {},
      'trained, 3 samples': {samples: 3, warmup: 10},
      'a coefficient of 1': {coefficient: 1},
      'a coefficient that makes it worse': {samples: 3, coefficient: -1.3},
    };
    // A chain, an event, probabilities, a fork, one-hot classes, a count.
    const problems = [binary[1]!, binary[2]!, binary[3]!, binary[6]!, classes[5]!, counts[0]!];
    for (const [title, {warmup = 0, ...config}] of Object.entries(cases)) {
      it(`has the exact gradient as its mean: ${title}`, async () => {
        for (const problem of full ? problems : [binary[2]!, binary[6]!, counts[0]!]) {
          const estimator = st.doubleCv(config);
          expect(await zOf(problem, estimator, {n: size() / 2, warmup}))
            .withContext(problem.title)
            .toBeLessThan(4.5);
          estimator.dispose!();
        }
      });
    }

    it('stays unbiased at every stage of training', async () => {
      const estimator = st.doubleCv();
      for (const warmup of inBrowser ? [2] : [0, 1, 5, 40]) {
        expect(await zOf(oneBernoulli, estimator, {n: size(), warmup})).toBeLessThan(4.5);
      }
      estimator.dispose!();
    });

    it('has no variance where the cost is linear and the coefficient is 1', async () => {
      const slopes = [1.5, -2, 0.7];
      const logits = [0.4, -1, 2];
      const moments = await gradientMoments({logits}, 50, p => {
        const x = new st.DistributionTensor(st.independent(new st.Bernoulli({logits: p['logits']!})), {
          estimator: st.doubleCv({coefficient: 1}),
          key: st.random.key(1),
        }).value;
        return tf.add(tf.sum(tf.mul(x, slopes), -1), 100);
      });
      slopes.forEach((slope, i) => {
        const mean = 1 / (1 + Math.exp(-logits[i]!));
        expect(moments['logits']!.mean[i]!).toBeCloseTo(slope * mean * (1 - mean), 4);
        expect(moments['logits']!.variance[i]!).toBeLessThan(1e-8);
      });
    });

    it('has less variance than DisARM and leave-one-out with as many samples, once trained', async () => {
      const n = sizeFor({cpu: 1000, wasm: 4000, webgl: 500, webgpu: 500});
      const warmup = sizeFor({cpu: 60, wasm: 60, webgl: 40, webgpu: 40});
      for (const samples of full ? [2, 4] : [2]) {
        const estimator = st.doubleCv({samples});
        const found = await varianceOf(smooth, estimator, {n, warmup});
        estimator.dispose!();
        expect(found)
          .withContext(`${samples} samples, leave-one-out`)
          .toBeLessThan(0.7 * (await varianceOf(smooth, st.scoreFunction({baseline: st.leaveOneOut({samples})}), {n})));
        expect(found)
          .withContext(`${samples} samples, DisARM`)
          .toBeLessThan(0.8 * (await varianceOf(smooth, st.disarm({samples}), {n})));
      }
    });

    it('learns a coefficient of its own for each node, and frees it', () => {
      const before = tf.memory().numTensors;
      const estimator = st.doubleCv();
      const w = tf.tidy(() => tf.variable(tf.tensor1d([0.3, -0.2])));
      const {value, grads} = st.variableGrads(
        () =>
          ['a', 'b'].map(name =>
            tf.square(tf.sub(new st.DistributionTensor(new st.Bernoulli({logits: w}), {estimator, name}).value, 0.2)),
          ),
        [w],
      );
      expect(Object.keys(grads).length).toBe(3);
      tf.dispose([value, grads, w]);
      estimator.dispose!();
      expect(tf.memory().numTensors).toBe(before);
    });

    it('leaves no tensor behind over many steps, and stays finite at the extremes', async () => {
      await settles(() => st.doubleCv({samples: 3}));
    });

    it('refuses what it cannot serve', () => {
      refuseSampleMisuse('doubleCv', config => st.doubleCv(config));
      expect(() => st.doubleCv({coefficient: NaN})).toThrowError(
        'doubleCv: coefficient must be a finite number, got NaN',
      );
      tf.tidy(() => {
        const values = tf.tensor2d([[0.3, 1]]);
        for (const moved of [
          new st.Deterministic({loc: values}),
          new st.Empirical({samples: values}),
          st.independent(new st.Empirical({samples: values})),
        ]) {
          expect(st.doubleCv().requires.accepts(moved)).withContext(moved.familyName).toBeFalse();
        }
      });
      expect(st.estimators.get('doubleCv', {samples: 3, coefficient: 0.5}).config).toEqual({
        samples: 3,
        coefficient: 0.5,
      });
    });
  },
  {inBrief: [], inNode: ['wasm']},
);

/** What a careless implementation would do; each must be caught. */
describeBackends(
  'the tests of doubleCv can fail',
  () => {
    const n = sizeFor({cpu: 5000, wasm: 30_000, webgl: 5000, webgpu: 5000});
    for (const mistake of ['ownSlope', 'noExpectation', 'ownCost'] as const) {
      it(mistake, async () => expect(await zOf(oneBernoulli, byHand(mistake), {n})).toBeGreaterThan(4.5));
    }

    it('but put together rightly it passes', async () =>
      expect(await zOf(oneBernoulli, byHand('none'), {n})).toBeLessThan(4.5));
  },
  {inBrief: [], inNode: ['wasm']},
);

/** Three samples of one Bernoulli, coefficient 0.8, with one mistake. */
function byHand(mistake: 'ownSlope' | 'noExpectation' | 'ownCost' | 'none'): st.Estimator {
  const others = (x: tf.Tensor): tf.Tensor => tf.div(tf.sub(tf.sum(x, 0, true), x), 2);
  return {
    ...st.doubleCv({samples: 3}),
    config: null,
    name: 'byHand',
    combine(node, {total: cost}, downstream) {
      const slope = downstream.gradient();
      const v = mistake === 'ownSlope' ? slope : others(slope);
      const mean = tf.broadcastTo(node.distribution.mean(), node.shape);
      const f = tf.sub(cost, tf.mul(0.8, tf.mul(v, tf.sub(node.value, st.stopGradient(mean)))));
      const baseline = mistake === 'ownCost' ? tf.mean(f, 0, true) : others(f);
      const score = tf.mul(node.logProb(), st.stopGradient(tf.sub(f, baseline)));
      return {surrogate: mistake === 'noExpectation' ? score : tf.add(score, tf.mul(0.8, tf.mul(v, mean)))};
    },
  };
}
