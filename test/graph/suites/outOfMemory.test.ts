import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {describeBackends} from '../../helpers/backends.js';

/** What engines and backends throw where an allocation fails. */
const named = (name: string, message: string): Error => Object.assign(new Error(message), {name});
const FAILED = [
  new RangeError('Array buffer allocation failed'),
  new RangeError('Invalid typed array length: 8589934592'),
  new RangeError('WebAssembly.Memory(): could not allocate memory: out of memory'),
];
const TRAPS = ['Aborted(). Build with -sASSERTIONS for more info.', 'memory access out of bounds', 'unreachable'].map(
  text => named('RuntimeError', text),
);
const OTHERS = [
  new Error('mine'),
  new RangeError('Invalid typed array length: -1'),
  new RangeError('Invalid array length'),
  new TypeError('allocation failed'),
  new st.errors.StochasticError('out of memory, mine'),
];

describeBackends(
  'running out of memory',
  backend => {
    let failure: unknown = null;
    let v: tf.Variable;
    let tensors = 0;
    beforeAll(() =>
      tf.registerKernel({
        kernelName: 'TestExhausted',
        backendName: backend,
        kernelFunc: () => {
          throw failure as Error;
        },
      }),
    );
    afterAll(() => tf.unregisterKernel('TestExhausted', backend));
    beforeEach(() => {
      tensors = tf.memory().numTensors;
      v = tf.tidy(() => tf.variable(tf.zeros([5])));
    });
    afterEach(() => {
      v.dispose();
      expect(tf.memory().numTensors).withContext('tensors left').toBe(tensors);
    });

    const exhaust = (x: tf.Tensor): tf.Tensor => tf.engine().runKernel<tf.Tensor>('TestExhausted', {x});
    const node = (name = 'z', estimator = 'scoreFunction'): st.DistributionTensor =>
      new st.DistributionTensor(new st.Bernoulli({logits: v}), {name, estimator});
    const caught = (f: () => unknown): Error => {
      try {
        f();
      } catch (error) {
        return error as Error;
      }
      throw new Error('nothing was thrown');
    };
    const optimize = (inner: tf.Optimizer, use: (optimizer: st.StochasticOptimizer) => unknown): void => {
      const optimizer = st.stochasticOptimizer(inner);
      try {
        use(optimizer);
      } finally {
        optimizer.dispose();
      }
    };
    const steps: Record<string, (costs: () => tf.Tensor) => unknown> = {
      variableGrads: costs => st.variableGrads(costs, [v]),
      minimize: costs => optimize(tf.train.sgd(1), sgd => sgd.minimize(costs, false, [v])),
      computeGradients: costs => optimize(tf.train.sgd(1), sgd => sgd.computeGradients(costs, [v])),
    };
    const all = backend === 'wasm' ? [...FAILED, ...TRAPS] : FAILED;

    for (const [name, step] of Object.entries(steps)) {
      it(`names nodes, estimators, shape and bytes where ${name} dies of it, and keeps the cause`, () => {
        for (failure of all) {
          const error = caught(() =>
            step(() => {
              const a = node('a');
              const b = node('b', 'disarm');
              return exhaust(tf.add(a.value, b.value));
            }),
          );
          expect(error).toBeInstanceOf(st.errors.StochasticError);
          expect(error.cause).toBe(failure);
          expect(error.message).toMatch(
            /^variableGrads: ran out of memory .* on backend ".*" in a step with the nodes "a" \(estimator "scoreFunction"\), "b" \(estimator "disarm"\), the largest of shape \[2,5\], with [1-9][0-9]* bytes/,
          );
          expect(error.message.includes('this process cannot go on with the backend "wasm"')).toBe(backend === 'wasm');
        }
      });
    }

    it('is told of the backward pass, of a repetition and of a draw as well', () => {
      failure = FAILED[0];
      const backward = tf.customGrad(x => ({value: tf.clone(x as tf.Tensor), gradFunc: dy => exhaust(dy)}));
      expect(caught(() => st.variableGrads(() => tf.add(backward(v), node().value), [v])).message).toMatch(
        /ran out of memory .*"z" \(estimator "scoreFunction"\), of shape \[5\], with/,
      );
      let calls = 0;
      expect(
        caught(() =>
          st.variableGrads(
            () => (calls++ > 0 ? exhaust(node('z', 'measureValued').value) : node('z', 'measureValued').value),
            [v],
          ),
        ).message,
      ).toMatch(/ran out of memory .*"z" \(estimator "measureValued"\)/);
      class Large extends st.Normal {
        protected override _sample(): tf.Tensor {
          return exhaust(this.param('loc'));
        }
      }
      const large = new Large({loc: v, scale: 1});
      expect(caught(() => large.sample([3])).message).toMatch(
        /^Normal\.sample: ran out of memory .* on the way to a result of shape \[3,5\]/,
      );
      const drawing = caught(() =>
        st.variableGrads(() => new st.DistributionTensor(large, {name: 'y', estimator: 'scoreFunction'}).value, [v]),
      );
      expect(drawing.message).toMatch(
        /^variableGrads: ran out of memory .*"y" \(estimator "scoreFunction"\), of shape \[5\], while "y" was drawn/,
      );
      expect(drawing.cause).toBe(failure);
    });

    it('is told of the optimizer', () => {
      class Greedy extends tf.SGDOptimizer {
        override applyGradients(): void {
          exhaust(v);
        }
      }
      failure = FAILED[1];
      const error = caught(() =>
        optimize(new Greedy(1), greedy => greedy.minimize(() => node().logProb(), false, [v])),
      );
      expect(error.message).toMatch(
        /^stochasticOptimizer: ran out of memory .* when it applied the gradients in a step with the node "z" \(estimator "scoreFunction"\)/,
      );
    });

    it('leaves every other error as it is', () => {
      const others = backend === 'wasm' ? OTHERS : [...OTHERS, ...TRAPS];
      for (const [name, step] of Object.entries(steps)) {
        for (failure of others)
          expect(caught(() => step(() => exhaust(node().value))) as unknown)
            .withContext(name)
            .toBe(failure);
      }
      const large = new st.Normal({loc: v, scale: 1});
      failure = OTHERS[0];
      spyOn(large as unknown as {_sample: () => tf.Tensor}, '_sample').and.callFake(() => {
        throw failure as Error;
      });
      expect(caught(() => large.sample()) as unknown).toBe(failure);
    });
  },
  {inBrief: []},
);
