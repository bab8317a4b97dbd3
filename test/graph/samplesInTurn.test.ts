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

    // on steps [time, batch, features] of which the first counts; each of them leaves that step what it was
    const stepwise: Record<string, (steps: tf.Tensor) => tf.Tensor> = {
      'a sequence of one step that is reversed': h => tf.reverse(tf.slice(h, 0, 1), 0),
      'one whose sums are taken': h => tf.cumsum(tf.slice(h, 0, 1), 0),
      'a softmax of one class': h => {
        const [first] = tf.split(h, 2, 0) as [tf.Tensor];
        return tf.add(first, tf.sub(tf.reshape(tf.softmax(tf.reshape(first, [1, 2, 2, 1])), [1, 2, 2]), 1));
      },
      'a sequence that is reversed twice': h => tf.reverse(tf.reverse(h, 0), 0),
      'running sums of which the first counts': h => tf.cumsum(h, 0),
    };
    for (const [name, f] of Object.entries(stepwise)) {
      it(`are told apart behind ${name}`, async () => {
        const program = (between: (h: tf.Tensor) => tf.Tensor) => (): tf.Tensor => {
          const z = tf.mul(draw('in turn', a, 'leaveOneOut', 0), c);
          const steps = tf.tile(tf.transpose(tf.reshape(z, [2, 1, 2]), [1, 0, 2]), [2, 1, 1]);
          return costOf(tf.unstack(between(steps), 0)[0]!);
        };
        expectClose(await numbers(program(f)), await numbers(program(h => h)), 1e-4);
        expectClose(
          await numbers(program(f)),
          await numbers(() => costOf(tf.mul(draw('side by side', a, 'leaveOneOut', 0), c))),
          1e-4,
        );
      });
    }

    it('give the exact gradient of a chain whose nodes are enumerated', async () => {
      const expected = await numbers(chain('side by side', ['enumerate', 'enumerate']));
      expectClose(await numbers(chain('in turn', ['enumerate', 'enumerate'])), expected, 1e-4);
      const scalar = (): tf.Tensor => tf.mul(tf.sum(chain('in turn', ['enumerate', 'enumerate'])()), 0.5);
      expectClose(await numbers(scalar), expected, 1e-4);
    });

    /** Nodes that do not depend on each other. */
    const parallel =
      (mode: Mode, estimators: readonly st.EstimatorName[], count: (pass: tf.Tensor) => void = () => undefined) =>
      (): tf.Tensor => {
        const z = estimators.map((estimator, i) => draw(mode, tf.mul(a, i + 1), estimator, i));
        const cost = costOf(
          z.map((one, i) => tf.mul(one, tf.mul(c, i + 1))).reduce((x, y) => tf.mul(tf.add(x, 0.3), y)),
        );
        count(cost);
        return cost;
      };

    for (const estimator of ['leaveOneOut', 'disarm', 'arms', 'vimco', 'arm'] as const) {
      it(`change together where nodes of ${estimator} do not depend on each other, as they do side by side`, async () => {
        let passes = 0;
        const alike = [estimator, estimator, estimator];
        const expected = await numbers(parallel('side by side', alike));
        expectClose(await numbers(parallel('in turn', alike, () => passes++)), expected, 1e-4);
        expect(passes).toBe(estimator === 'leaveOneOut' || estimator === 'vimco' || estimator === 'arms' ? 4 : 2);
        expectClose(await numbers(() => tf.mean(parallel('in turn', alike)())), expected, 1e-4);
      });
    }

    it('meet all of those of another node where samples mean something only together', async () => {
      let passes = 0;
      const both = ['enumerate', 'leaveOneOut'] as const;
      await numbers(parallel('in turn', both, () => passes++));
      expect(passes).toBe(16);
      const exact = await numbers(parallel('side by side', ['enumerate', 'enumerate']));
      expectClose(await numbers(parallel('in turn', ['enumerate', 'enumerate'])), exact, 1e-4);
    });

    it('change together only where nothing that was drawn in between bears on the second node', async () => {
      /** Passes where the second node depends on the first through `link`, and the cost on both. */
      const passesWith = async (link: (z: tf.Tensor) => tf.Tensor): Promise<number> => {
        let passes = 0;
        const f = (): tf.Tensor => {
          passes++;
          const z = draw('in turn', a, 'leaveOneOut', 0);
          return costOf(tf.add(z, draw('in turn', link(z), 'leaveOneOut', 1)));
        };
        await numbers(() => tf.add(f(), tf.sum(tf.mul(c, 0))));
        return passes;
      };
      const free = (z: tf.Tensor): tf.Tensor => tf.mul(a, tf.scalar(z.rank));
      expect(await passesWith(free)).toBe(4);
      expect(await passesWith(z => tf.add(a, z)))
        .withContext('linked')
        .toBe(16);
      expect(await passesWith(z => tf.add(a, st.stopGradient(z))))
        .withContext('a constant')
        .toBe(16);
      expect(await passesWith(() => new st.DistributionTensor(new st.Normal({loc: a, scale: 1})).value))
        .withContext('another node')
        .toBe(16);
      expect(await passesWith(() => tf.add(a, tf.randomNormal([2, 2]))))
        .withContext('noise')
        .toBe(16);
      if (backend !== 'webgpu')
        expect(await passesWith(z => tf.add(a, tf.tensor(z.dataSync(), [2, 2]))))
          .withContext('by way of the host')
          .toBe(16);
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
        costOf(
          Array.from({length: 6}).reduce<tf.Tensor>((z, _, i) => tf.add(draw('in turn', z, 'leaveOneOut', i), z), a),
        );
      expect(() => st.variableGrads(many, [a])).toThrowError(
        /^node "z5": its 4 samples and those of the nodes before it, on which it depends, would make more than 1024 passes/,
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
