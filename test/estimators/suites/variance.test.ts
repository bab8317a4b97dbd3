/** What estimators are for: less variance than the plain score function, with a margin. */
import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {describeBackends, sizeFor} from '../../helpers/backends.js';
import {bernoulli, column, oneBernoulli, square, varianceOf, type Problem} from '../problems.js';

const large: Problem = {
  ...oneBernoulli,
  costs: (p, draw) => tf.add(oneBernoulli.costs(p, draw) as tf.Tensor, 50),
  expectation: p => oneBernoulli.expectation(p) + 50,
};
const toy: Problem = {
  title: 'the toy problem of RELAX',
  parameters: {theta: [0]},
  costs: ({theta}, draw) => square(draw(bernoulli(column(theta!))), 0.499),
  expectation: () => 0,
};

describeBackends(
  'the variance of one estimate',
  () => {
    const n = 2000;
    const plain = (problem: Problem): Promise<number> => varianceOf(problem, st.scoreFunction(), {n});

    it('falls with leave-one-out, beyond what more samples give', async () => {
      for (const k of [2, 4]) {
        const loo = await varianceOf(oneBernoulli, st.scoreFunction({baseline: st.leaveOneOut({samples: k})}), {n});
        const averaged = await varianceOf(oneBernoulli, st.scoreFunction(), {n}, {valueType: st.sampleValue(k)});
        expect(loo).toBeLessThan(0.7 * averaged);
      }
    });

    it('falls with a moving average and with nvil where costs have a large constant', async () => {
      const wanted = 0.02 * (await plain(large));
      const average = st.scoreFunction({baseline: st.movingAverage({decay: 0.9})});
      expect(await varianceOf(large, average, {n, warmup: 10})).toBeLessThan(wanted);
      const learned = st.nvil({units: [5]});
      expect(
        await varianceOf(large, learned, {n, warmup: sizeFor({cpu: 40, wasm: 40, webgl: 10, webgpu: 10})}),
      ).toBeLessThan(wanted);
      average.dispose!();
      learned.dispose!();
    });

    it('falls with relax on its toy problem, by a lot, and on the way', async () => {
      const relax = st.relax({units: [10]});
      const few = await varianceOf(toy, relax, {n, warmup: sizeFor({cpu: 60, wasm: 60, webgl: 40, webgpu: 40})});
      expect(few).toBeLessThan(0.1 * (await plain(toy)));
      const many = sizeFor({cpu: 250, wasm: 250, webgl: 0, webgpu: 0});
      if (many > 0) expect(await varianceOf(toy, relax, {n, warmup: many})).toBeLessThan(0.02 * (await plain(toy)));
      relax.dispose!();
    });

    it('falls with lax', async () => {
      const normal: Problem = {
        title: 'a Normal',
        parameters: {theta: [0.6]},
        expectation: () => 0,
        costs: ({theta}, draw) => tf.add(square(draw(new st.Normal({loc: column(theta!), scale: 0.7})), 0.3), 3),
      };
      const lax = st.lax({units: [10]});
      const trained = await varianceOf(normal, lax, {n, warmup: sizeFor({cpu: 200, wasm: 200, webgl: 60, webgpu: 60})});
      expect(trained).toBeLessThan(0.2 * (await plain(normal)));
      lax.dispose!();
    });
  },
  {inBrief: [], inNode: ['wasm']},
);
