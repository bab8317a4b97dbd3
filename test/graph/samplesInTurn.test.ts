import * as tf from '@tensorflow/tfjs-core';
import {sampleInTurn} from '../../src/graph/samplesInTurn.js';
import * as st from '../../src/index.js';
import {describeBackends} from '../helpers/backends.js';
import {read} from '../helpers/near.js';

const expectClose = (found: readonly number[], expected: readonly number[], within: number): void => {
  expect(found.length).toBe(expected.length);
  found.forEach((x, i) =>
    expect(Math.abs(x - expected[i]!))
      .withContext(`number ${i}`)
      .toBeLessThan(within),
  );
};

type Mode = 'in turn' | 'side by side';

describeBackends(
  'samples in turn',
  backend => {
    const key = st.random.key(5);
    let a: tf.Variable;
    let c: tf.Variable;
    beforeEach(() => {
      [a, c] = tf.tidy(() => [
        tf.variable(
          tf.tensor2d([
            [0.3, -0.4],
            [1, 0.2],
          ]),
        ),
        tf.variable(tf.tensor1d([0.5, -0.7])),
      ]);
    });
    afterEach(() => tf.dispose([a, c]));

    const draw = (mode: Mode, logits: tf.Tensor, estimator: st.EstimatorName, at: number): tf.Tensor => {
      const make = (): st.DistributionTensor =>
        new st.DistributionTensor(st.independent(new st.Bernoulli({logits}), 1), {
          estimator,
          key: st.random.foldIn(key, at),
          name: `z${at}`,
        });
      return mode === 'in turn' ? sampleInTurn(make).value : make().value;
    };
    const costOf = (z: tf.Tensor): tf.Tensor =>
      tf.sum(
        tf.square(
          tf.sub(
            z,
            tf.tensor2d([
              [0.45, 0.1],
              [0.7, -0.2],
            ]),
          ),
        ),
        -1,
      );
    /** The second node is given the first one; the cost is of both. */
    const chain = (mode: Mode, estimators: readonly st.EstimatorName[]) => (): tf.Tensor => {
      const z = draw(mode, a, estimators[0]!, 0);
      const h = tf.add(tf.mul(z, c), tf.mul(tf.reverse(z, -1), 0.3));
      const y = estimators.length > 1 ? draw(mode, h, estimators[1]!, 1) : h;
      return costOf(tf.add(y, tf.mul(z, [0.3, 0.9])));
    };
    const numbers = async (f: () => tf.Tensor): Promise<number[]> => {
      const {value, grads} = st.variableGrads(f, [a, c]);
      const list = [
        ...(await read(value)),
        ...(await read(grads[a.name] ?? tf.zeros([4]))),
        ...(await read(grads[c.name]!)),
      ];
      tf.dispose([value, grads]);
      return list;
    };

    for (const estimator of ['leaveOneOut', 'disarm', 'arms', 'doubleCv', 'enumerate', 'vimco', 'arm'] as const) {
      it(`give with ${estimator} what samples side by side give, for costs of examples and for scalars`, async () => {
        const expected = await numbers(chain('side by side', [estimator]));
        expectClose(await numbers(chain('in turn', [estimator])), expected, 1e-4);
        expectClose(await numbers(() => tf.mean(chain('in turn', [estimator])())), expected, 1e-4);
      });
    }

    it('give the exact gradient of a chain whose nodes are enumerated', async () => {
      const expected = await numbers(chain('side by side', ['enumerate', 'enumerate']));
      expectClose(await numbers(chain('in turn', ['enumerate', 'enumerate'])), expected, 1e-4);
      const scalar = (): tf.Tensor => tf.mul(tf.sum(chain('in turn', ['enumerate', 'enumerate'])()), 0.5);
      expectClose(await numbers(scalar), expected, 1e-4);
    });

    // these read while the program runs, which webgpu cannot do
    if (backend !== 'webgpu')
      it('leave what was drawn before a node as it was, in all of its passes', () => {
        const seen: Array<[plain: number, noise: number, one: number, two: number]> = [];
        const {value, grads} = st.variableGrads(() => {
          const plain = new st.DistributionTensor(new st.Normal({loc: 0, scale: 1}), {estimator: null});
          const noise = st.random.normal([]);
          const one = sampleInTurn(
            () => new st.DistributionTensor(new st.Normal({loc: tf.sum(a), scale: 1}), {estimator: 'scoreFunction'}),
          ).value;
          const two = draw('in turn', a, 'enumerate', 1);
          const after = st.random.normal([]);
          seen.push([plain.value, noise, one, after].map(t => t.dataSync()[0]!) as (typeof seen)[number]);
          return tf.add(costOf(two), tf.mul(one, tf.add(plain.value, noise)));
        }, [a]);
        tf.dispose([value, grads]);
        expect(seen.length).toBe(4);
        for (const row of seen) expect(row).toEqual(seen[0]!);
      });

    if (backend !== 'webgpu')
      it('draw anew what comes behind another sample', () => {
        const seen: number[] = [];
        const {value, grads} = st.variableGrads(() => {
          const z = draw('in turn', a, 'leaveOneOut', 0);
          const noise = sampleInTurn(
            () => new st.DistributionTensor(new st.Normal({loc: 0, scale: 1}), {estimator: null, key}),
          ).value;
          seen.push(noise.dataSync()[0]!);
          return tf.add(costOf(z), noise);
        }, [a]);
        tf.dispose([value, grads]);
        expect(new Set(seen).size).toBe(4);
      });

    it('leave the default stream where one pass leaves it, so that steps differ', async () => {
      const step = (): Promise<number[]> =>
        numbers(() => {
          const z = sampleInTurn(
            () =>
              new st.DistributionTensor(st.independent(new st.Bernoulli({logits: a}), 1), {estimator: 'leaveOneOut'}),
          ).value;
          return tf.add(costOf(z), tf.mul(tf.sum(c), st.random.normal([2])));
        });
      expect(await step()).not.toEqual(await step());
    });

    it('serve estimators that ask for the cost at other values', async () => {
      const z = (): tf.Tensor => chain('in turn', ['leaveOneOut', 'relax'])();
      const {value, grads} = st.variableGrads(z, [a, c]);
      const found = await read(grads[c.name]!);
      expect(found.every(Number.isFinite)).toBeTrue();
      tf.dispose([value, grads]);
    });

    it('are refused where they would make more passes than anybody waits for, and where passes differ', () => {
      const many = (): tf.Tensor =>
        costOf(Array.from({length: 6}, (_, i) => draw('in turn', a, 'leaveOneOut', i)).reduce((x, y) => tf.add(x, y)));
      expect(() => st.variableGrads(many, [a])).toThrowError(
        /^node "z5": its 4 samples and those of the nodes before it would make more than 1024 passes/,
      );
      let calls = 0;
      expect(() =>
        st.variableGrads(() => (calls++ === 0 ? costOf(draw('in turn', a, 'leaveOneOut', 0)) : tf.sum(a)), [a]),
      ).toThrowError(/^variableGrads: the function that gives the costs runs once for each sample of its nodes/);
    });

    it('leave no tensor behind', () => {
      const before = tf.memory().numTensors;
      for (let i = 0; i < 2; i++) {
        const {value, grads} = st.variableGrads(
          () => tf.mean(chain('in turn', ['leaveOneOut', 'enumerate'])()),
          [a, c],
        );
        tf.dispose([value, grads]);
      }
      expect(tf.memory().numTensors).toBe(before);
    });

    it('stand side by side in a scope whose code cannot run again', () => {
      tf.tidy(() => {
        const {value} = tf.variableGrads(() => {
          const z = draw('in turn', a, 'leaveOneOut', 0);
          expect(z.shape).toEqual([4, 2, 2]);
          return tf.mean(st.surrogateLoss([costOf(z)]));
        }, [a]);
        value.dispose();
      });
    });
  },
  {inBrief: ['webgpu'], inNode: ['cpu']},
);
