/** Costs that arrive late: a critic stands in for them, training goes on, and what goes wrong is reported. */
import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {describeBackends, sizeFor} from '../helpers/backends.js';

const later = (ms: number): Promise<void> => new Promise(resolve => setTimeout(resolve, ms));
/** Waits until promises and copies to the host have had their turns: those of a software GPU take long. */
const settle = (): Promise<void> => later(sizeFor({cpu: 20, wasm: 20, webgl: 500, webgpu: 500}));
/** Waits until all costs that come have come: until the number of tensors has stayed the same for a while. */
async function idle(): Promise<void> {
  const pause = sizeFor({cpu: 10, wasm: 10, webgl: 400, webgpu: 400});
  for (let [last, same] = [-1, 0]; same < 10; await later(pause)) {
    const now = tf.memory().numTensors;
    same = now === last ? same + 1 : 0;
    last = now;
  }
}

describeBackends(
  'a late cost',
  () => {
    /** A training run on bits whose reward, −|x − target|, a world outside gives. */
    const setup = (config: Partial<st.CriticConfig> = {}, n = 8) => {
      const w = tf.tidy(() => tf.variable(tf.zeros([n])));
      const critic = st.critic({target: 'monteCarlo', units: [8], ...config});
      const optimizer = st.stochasticOptimizer(tf.train.sgd(0.5 * n), {controlVariateOptimizer: tf.train.adam(0.05)});
      /** One step; `answer` gives the promise of the costs from the values. */
      const step = (
        answer: (x: Promise<Float32Array>) => Promise<tf.Tensor | tf.TensorLike>,
        onError?: (error: Error) => void,
      ): void => {
        let handOver: (x: tf.Tensor) => void = () => undefined;
        const values = new Promise<tf.Tensor>(resolve => (handOver = resolve)).then(async t => {
          const numbers = await t.data<'float32'>();
          t.dispose();
          return numbers;
        });
        let kept: tf.Tensor | null = null;
        try {
          optimizer.minimize(
            () => {
              const node = new st.DistributionTensor(new st.Bernoulli({logits: w}), {estimator: critic, name: 'bit'});
              kept = tf.keep(tf.clone(node.value));
              return st.cost(answer(values), {
                dependsOn: node,
                name: 'reward',
                ...(onError === undefined ? {} : {onError}),
              });
            },
            false,
            [w],
          );
        } finally {
          handOver(kept!);
        }
      };
      const dispose = (): void => {
        optimizer.dispose();
        critic.dispose!();
        w.dispose();
      };
      return {w, critic, step, dispose};
    };
    /** 1 for a bit that is 0, 0 for one that is 1. */
    const costsOf = (x: Float32Array): number[] => Array.from(x, b => 1 - b);

    it('may come out of order or never: training goes on, learns from those that came, and leaves no tensor behind', async () => {
      const before = tf.memory().numTensors;
      const {w, step, dispose} = setup();
      const steps = sizeFor({cpu: 60, wasm: 60, webgl: 20, webgpu: 20});
      let settled = 0;
      for (let i = 0; i < steps; i++) {
        step(async x => {
          const costs = costsOf(await x);
          if (i % 4 === 3) return new Promise<number[]>(() => undefined);
          await later((i * 17) % 50);
          return costs;
        });
        await later(2);
        if (i === 3 || i === 5) {
          // by step 5 the optimizer has met every network
          await idle();
          settled = tf.memory().numTensors;
        }
      }
      await idle();
      expect(tf.memory().numTensors).toBe(settled);
      const logits = await w.data();
      // bits of 1 cost less
      expect(Math.min(...logits)).toBeGreaterThan(sizeFor({cpu: 0.3, wasm: 0.3, webgl: -0.1, webgpu: -0.1}));
      dispose();
      expect(tf.memory().numTensors).toBe(before);
    });

    it('is one for everything, or a tensor of its promise’s owner', async () => {
      const before = tf.memory().numTensors;
      const answers: Array<(x: Float32Array) => tf.Tensor | number> = [
        x => costsOf(x).reduce((a, b) => a + b, 0) / x.length,
        x => tf.tensor1d(costsOf(x)),
      ];
      for (const answer of answers) {
        const {w, step, dispose} = setup({}, 2);
        for (let i = 0; i < sizeFor({cpu: 80, wasm: 80, webgl: 20, webgpu: 20}); i++) {
          step(x => {
            const promise = x.then(answer);
            void settle().then(async () => tf.dispose((await promise) as tf.Tensor)); // which takes numbers too
            return promise;
          });
          await later(1);
        }
        await idle();
        const logits = await w.data();
        expect((logits[0]! + logits[1]!) / 2).toBeGreaterThan(sizeFor({cpu: 0.3, wasm: 0.3, webgl: 0, webgpu: 0}));
        dispose();
      }
      expect(tf.memory().numTensors).toBe(before);
    });

    it('that fails is reported in its name by the next step, or to onError', async () => {
      const before = tf.memory().numTensors;
      const failures: Array<[() => Promise<tf.TensorLike>, RegExp]> = [
        [
          () => Promise.reject(new Error('the server is gone')),
          /^cost "reward": the promise was rejected: the server is gone$/,
        ],
        [() => Promise.resolve(new Array<number>(8).fill(NaN)), /^cost "reward": .*finite numbers, got NaN$/],
        [
          () => Promise.resolve([1, 2, 3]),
          /^cost "reward": the promise must give a cost of shape \[8\] or \[\], got a float32 tensor of shape \[3\]$/,
        ],
        [() => Promise.resolve('seven' as unknown as number), /^cost "reward": /],
      ];
      for (const [answer, message] of failures) {
        const {step, dispose} = setup();
        step(answer);
        await settle();
        expect(() => step(async () => Promise.resolve(0)))
          .withContext(String(message))
          .toThrowError(message);
        await settle();
        expect(() => step(async () => Promise.resolve(0))).not.toThrow();
        await settle();
        const heard: string[] = [];
        step(answer, error => heard.push(error.message));
        await settle();
        expect(heard.length).toBe(1);
        expect(heard[0]).toMatch(message);
        expect(() => step(async () => Promise.resolve(0))).not.toThrow();
        await settle();
        dispose();
      }
      const nan = tf.tensor1d(new Array<number>(8).fill(NaN));
      const {step, dispose} = setup();
      step(() => Promise.resolve(nan));
      await settle();
      expect(() => step(async () => Promise.resolve(0))).toThrowError(
        /^cost "reward": the promise must give finite numbers, got NaN$/,
      );
      await settle();
      dispose();
      nan.dispose();
      expect(tf.memory().numTensors).toBe(before);
    });

    it('that comes after the critic is gone is forgotten, and frozen state asks for none', async () => {
      const before = tf.memory().numTensors;
      const {step, dispose} = setup();
      let resolve: (x: number) => void = () => undefined;
      step(() => new Promise(r => (resolve = r)));
      dispose();
      resolve(1);
      await settle();
      expect(tf.memory().numTensors).toBe(before);
      const other = setup();
      st.withFrozenState(() => other.step(() => Promise.reject(new Error('unheard'))));
      await settle();
      expect(() => other.step(async () => Promise.resolve(0))).not.toThrow();
      await settle();
      other.dispose();
      expect(tf.memory().numTensors).toBe(before);
    });

    it('needs a critic among the nodes that it depends on', () => {
      const w = tf.tidy(() => tf.variable(tf.zeros([2])));
      const make = (estimator: string) => () =>
        st.cost(Promise.resolve(1), {
          dependsOn: new st.DistributionTensor(new st.Bernoulli({logits: w}), {estimator, name: 'bit'}),
          name: 'reward',
        });
      expect(() => st.variableGrads(make('scoreFunction'), [w])).toThrowError(
        /^cost "reward": a promise needs something that stands in for it: a node with a critic in dependsOn/,
      );
      w.dispose();
    });
  },
  {inBrief: [], inNode: ['cpu']},
); // on a page of software GPUs they wait for minutes
