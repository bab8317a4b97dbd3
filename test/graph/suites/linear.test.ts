/**
 * The cost of the machinery grows with nodes plus costs, counted in records on the tape, and nothing recurses along a
 * chain.
 */
import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {describeBackends, sizeFor} from '../../helpers/backends.js';

/** Kernels recorded so far in the open gradient scope. */
function recorded(): number {
  return (tf.engine().state.activeTape as unknown[]).length;
}

const bernoulli = (logits: tf.Tensor, estimator: st.Estimator = st.scoreFunction()): tf.Tensor =>
  new st.DistributionTensor(new st.Bernoulli({logits}), {estimator}).value;

const graphs: Record<string, (n: number, w: tf.Tensor) => tf.Tensor[]> = {
  'a chain with a cost at each node'(n, w) {
    const costs: tf.Tensor[] = [];
    let x: tf.Tensor = w;
    for (let i = 0; i < n; i++) costs.push(tf.mul((x = bernoulli(tf.mul(w, x))), 0.5));
    return costs;
  },
  'a chain whose nodes each see all earlier ones'(n, w) {
    const costs: tf.Tensor[] = [];
    let state: tf.Tensor = w;
    for (let i = 0; i < n; i++) {
      const x = bernoulli(tf.mul(w, state));
      state = tf.add(state, x);
      costs.push(tf.mul(x, 0.5));
    }
    return costs;
  },
  'a chain by dice, whose baseline meets all earlier nodes'(n, w) {
    const estimator = st.dice({baseline: st.constant({value: 0.4})});
    const costs: tf.Tensor[] = [];
    let x: tf.Tensor = w;
    for (let i = 0; i < n; i++) costs.push(tf.mul((x = bernoulli(tf.mul(w, x), estimator)), 0.5));
    return costs;
  },
  'a fork: one node, then separate ones, each with a cost'(n, w) {
    const root = bernoulli(w);
    return Array.from({length: n}, () => tf.mul(bernoulli(tf.mul(w, root)), 0.5));
  },
  'many nodes, one cost of all'(n, w) {
    return [tf.addN(Array.from({length: n}, () => bernoulli(w)))];
  },
  'a grid: two chains that see each other'(n, w) {
    const costs: tf.Tensor[] = [];
    let [x, y]: [tf.Tensor, tf.Tensor] = [w, w];
    for (let i = 0; i < n / 2; i++) {
      [x, y] = [bernoulli(tf.add(x, y)), bernoulli(tf.sub(x, y))];
      costs.push(tf.mul(x, 0.5), tf.mul(y, 2));
    }
    return costs;
  },
  'two chains with a common cost at each step'(n, w) {
    const costs: tf.Tensor[] = [];
    let [x, y]: [tf.Tensor, tf.Tensor] = [w, w];
    for (let i = 0; i < n / 2; i++) {
      [x, y] = [bernoulli(tf.mul(x, w)), bernoulli(tf.mul(y, w))];
      costs.push(tf.mul(x, 0.5), tf.mul(x, y));
    }
    return costs;
  },
};

/** Records that `surrogateLoss` adds on a graph of n nodes. */
function added(n: number, build: (n: number, w: tf.Tensor) => tf.Tensor[]): number {
  let count = 0;
  const w = tf.variable(tf.tensor1d([0.3, -0.2]));
  tf.tidy(() => {
    tf.variableGrads(() => {
      const costs = build(n, w);
      const before = recorded();
      const loss = st.surrogateLoss(costs);
      count = recorded() - before;
      return tf.mean(loss);
    }, [w]);
  });
  w.dispose();
  return count;
}

describeBackends(
  'surrogateLoss on large graphs',
  () => {
    const [small, large] = sizeFor<[number, number]>({
      cpu: process.env.FULL === '1' ? [100, 1000] : [40, 400],
      wasm: [100, 1000],
      webgl: [20, 200],
      webgpu: [20, 200],
    });

    for (const [title, build] of Object.entries(graphs)) {
      it(`adds ten times the kernels for ten times the graph: ${title}`, () => {
        const [few, many] = [added(small, build), added(large, build)];
        expect(few).toBeGreaterThan(small); // at least one record a node
        expect(many).toBeLessThan(10.5 * few);
      });
    }

    /** Kernels of one step of st.variableGrads on a scalar loss that is put together step by step. */
    function kernelsOfScalar(n: number, accumulate: (total: tf.Tensor, cost: tf.Tensor) => tf.Tensor): number {
      let count = 0;
      const w = tf.variable(tf.tensor1d([0.3, -0.2]));
      tf.tidy(() => {
        const run = (): void => {
          st.variableGrads(() => {
            let [x, total]: [tf.Tensor, tf.Tensor] = [w, tf.scalar(0)];
            for (let i = 0; i < n; i++) {
              x = bernoulli(tf.mul(w, x));
              total = accumulate(total, tf.mean(tf.mul(x, 0.5)));
            }
            return total;
          }, [w]);
        };
        const outer = tf.variableGrads(() => {
          // the outer scope keeps the tape, so that it can be counted
          const before = recorded();
          run();
          count = recorded() - before;
          return tf.mean(w);
        }, [w]);
        outer.value.dispose();
      });
      w.dispose();
      return count;
    }

    for (const [title, accumulate] of Object.entries<(total: tf.Tensor, cost: tf.Tensor) => tf.Tensor>({
      'a running sum': (total, cost) => tf.add(total, cost),
      'a running sum the other way round': (total, cost) => tf.add(cost, total),
      'a discounted sum': (total, cost) => tf.add(cost, tf.mul(total, 0.99)),
    })) {
      it(`takes a scalar loss apart in linear cost: ${title}`, () => {
        const [few, many] = [kernelsOfScalar(small, accumulate), kernelsOfScalar(large, accumulate)];
        expect(many).toBeLessThan(10.5 * few);
      });
    }

    it('takes a scalar loss of thousands of steps apart without recursing along it', () => {
      expect(() =>
        kernelsOfScalar(sizeFor({cpu: 2000, wasm: 2000, webgl: 300, webgpu: 300}), (total, cost) =>
          tf.add(total, cost),
        ),
      ).not.toThrow();
    });
  },
  {inBrief: [], inNode: ['cpu']},
);
