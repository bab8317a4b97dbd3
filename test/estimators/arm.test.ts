/**
 * ARM, DisARM and ARMS: unbiased on every graph, with wrong variants caught, and of less variance than what they
 * improve on.
 */
import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {describeBackends, sizeFor} from '../helpers/backends.js';
import {MANY} from '../helpers/estimates.js';
import {bernoulli, binary, column, oneBernoulli, square, varianceOf, zOf, type Problem} from './problems.js';

const stolen = <T>(x: unknown): T => x as T; // what a JavaScript user may pass
const estimators: Record<string, () => st.Estimator> = {
  arm: () => st.arm(),
  disarm: () => st.disarm(),
  'disarm, 4 samples': () => st.disarm({samples: 4}),
  'arms, 2 samples': () => st.arms({samples: 2}),
  'arms, 3 samples': () => st.arms({samples: 3}),
  arms: () => st.arms(),
};
const full = process.env.FULL === '1';
/** Independent estimates; all problems in Node, two on a page with its software GPU. */
const size = (): number => sizeFor({cpu: 5000, wasm: MANY, webgl: 3000, webgpu: 3000});
/**
 * The costs of these problems multiply short lists with tensors of rank 5, which tfjs gets wrong on webgpu, where there
 * are two such axes.
 */
const sampleTypes = (): st.ValueType[] => [
  st.sampleValue(3),
  ...sizeFor({cpu: [[2, 2]], wasm: [[2, 2]], webgl: [[2, 2]], webgpu: []}).map(shape => st.sampleValue(shape)),
  st.sampleAndReshapeValue(3),
];
const chosen = (): Problem[] =>
  sizeFor({cpu: binary, wasm: binary, webgl: [binary[2]!, binary[6]!], webgpu: [binary[2]!, binary[6]!]});
/** Layers of nodes multiply the samples, and numbers of samples other than the default take fewer estimates. */
const estimatesOf = (problem: Problem, name: string, samples: number): number =>
  full
    ? size()
    : Math.ceil(size() / (/chain|layers/.test(problem.title) ? samples : 1) / (name.includes('samples') ? 4 : 1));

describeBackends(
  'antithetic estimators of binary variables are unbiased',
  () => {
    for (const [name, make] of Object.entries(estimators)) {
      it(`${name} on graphs of every shape`, async () => {
        for (const problem of chosen()) {
          const estimator = make();
          expect(await zOf(problem, estimator, {n: estimatesOf(problem, name, estimator.samples as number)}))
            .withContext(problem.title)
            .toBeLessThan(4.5);
        }
      });

      it(`${name} with sample axes of the value type`, async () => {
        const n = size() / (full ? 1 : 8);
        for (const valueType of sampleTypes()) {
          const several = valueType.kind === 'sample' ? [oneBernoulli, binary[6]!] : [oneBernoulli];
          for (const problem of several)
            expect(await zOf(problem, make(), {n}, {valueType}))
              .withContext(problem.title)
              .toBeLessThan(4.5);
        }
      });
    }

    it('with values of any dtype, and nodes in parallel with different numbers of samples', async () => {
      for (const dtype of ['int32', 'bool'] as const) {
        const typed: Problem = {
          ...oneBernoulli,
          costs: ({theta}, draw) => {
            const b = draw(new st.Bernoulli({logits: column(theta!), dtype}));
            expect(b.dtype).toBe(dtype);
            return oneBernoulli.costs({theta: theta!}, () => tf.cast(b, 'float32'));
          },
        };
        for (const name of ['arm', 'disarm', 'arms'])
          expect(await zOf(typed, estimators[name]!(), {n: size() / 4}))
            .withContext(name)
            .toBeLessThan(4.5);
      }
      const parallel: Problem = {
        ...binary[4]!,
        costs({theta}) {
          const a = new st.DistributionTensor(bernoulli(column(theta!)), {estimator: st.disarm()}).value;
          // An axis of size 1 behind its own three samples: the two samples of the other node run along it.
          const b = new st.DistributionTensor(bernoulli(column(theta!, 1)), {
            estimator: st.arms({samples: 3}),
            valueType: st.sampleValue(1),
          }).value;
          return square(tf.add(a, tf.mul(b, 2)), 0.7);
        },
      };
      expect(await zOf(parallel, st.arm(), {n: size() / 4})).toBeLessThan(4.5);
    });
  },
  {inBrief: [], inNode: ['wasm']},
);

/** `estimator` with its surrogate term multiplied by a factor of the logits. */
const scaled = (estimator: st.Estimator, factor: (logits: tf.Tensor) => tf.Tensor | number): st.Estimator => ({
  ...estimator,
  combine: (node, cost, downstream) => {
    const logits = st.stopGradient(Object.values(node.distribution.tensors())[0]!);
    return {surrogate: tf.mul(estimator.combine(node, cost, downstream).surrogate, factor(logits))};
  },
});

describeBackends(
  'these tests can fail',
  () => {
    const n = sizeFor({cpu: 20_000, wasm: 50_000, webgl: 10_000, webgpu: 10_000});
    /** 1 − ρ of four draws, ρ = (J − q²)/(q(1 − q)). */
    const oneMinusRho = (logits: tf.Tensor): tf.Tensor => {
      const q = tf.sigmoid(tf.neg(tf.abs(logits)));
      const joint = tf.pow(tf.relu(tf.sub(tf.mul(tf.pow(q, 1 / 3), 2), 1)), 3);
      return tf.sub(1, tf.div(tf.sub(joint, tf.square(q)), tf.mul(q, tf.sub(1, q))));
    };
    const wrong: Record<string, () => st.Estimator> = {
      'arm with the wrong sign': () => scaled(st.arm(), () => -1),
      'arm twice as large': () => scaled(st.arm(), () => 2),
      'arm with a second draw of its own': () => ({
        ...st.arm(),
        draw: (q, shape, key) => {
          const {value, memo} = st.arm().draw!(q, shape, key);
          return {
            value: tf.concat([tf.split(value, 2, 0)[0]!, q.sample([1], {key: st.random.foldIn(key, 1)})], 0),
            memo: memo!,
          };
        },
      }),
      'disarm with the wrong sign': () => scaled(st.disarm(), () => -1),
      'disarm without ½': () => scaled(st.disarm(), () => 2),
      'disarm without σ(|φ|)': () => scaled(st.disarm(), logits => tf.div(1, tf.sigmoid(tf.abs(logits)))),
      'disarm with σ(φ) for σ(|φ|)': () =>
        scaled(st.disarm(), logits => tf.div(tf.sigmoid(tf.neg(logits)), tf.sigmoid(tf.abs(logits)))),
      'disarm of independent draws': () => ({
        ...st.disarm(),
        draw: (q, shape, key) => ({value: q.sample(shape, {key})}),
      }),
      'arms with the wrong sign': () => scaled(st.arms(), () => -1),
      'arms without 1/(1 − ρ)': () => scaled(st.arms(), oneMinusRho),
      'arms with a baseline that includes the draw itself': () => scaled(st.arms(), () => 3 / 4),
      'arms of independent draws': () => ({...st.arms(), draw: (q, shape, key) => ({value: q.sample(shape, {key})})}),
    };
    for (const [name, make] of Object.entries(wrong)) {
      it(name, async () => expect(await zOf(oneBernoulli, make(), {n})).toBeGreaterThan(4.5));
    }

    it('but the factors that they change are those of the paper', async () => {
      expect(
        await zOf(
          oneBernoulli,
          scaled(st.arms(), logits => tf.div(oneMinusRho(logits), oneMinusRho(logits))),
          {n},
        ),
      ).toBeLessThan(4.5);
    });
  },
  {inBrief: [], inNode: ['wasm']},
);

describeBackends(
  'the variance of one estimate',
  () => {
    const n = sizeFor({cpu: 4000, wasm: 20_000, webgl: 2000, webgpu: 2000});
    const event = binary[6]!;
    const variance = (problem: Problem, estimator: st.Estimator): Promise<number> =>
      varianceOf(problem, estimator, {n});
    const leaveOneOut = (samples: number): st.Estimator => st.scoreFunction({baseline: st.leaveOneOut({samples})});

    it('of disarm lies below that of arm and of leave-one-out with two samples', async () => {
      for (const problem of [event, binary[4]!]) {
        const own = await variance(problem, st.disarm());
        expect(own)
          .withContext(problem.title)
          .toBeLessThan(0.95 * (await variance(problem, st.arm())));
        expect(own)
          .withContext(problem.title)
          .toBeLessThan(0.75 * (await variance(problem, leaveOneOut(2))));
      }
    });

    it('of arms lies below that of disarm and of leave-one-out with as many samples', async () => {
      for (const k of [4, 8]) {
        for (const problem of [event, binary[4]!]) {
          const own = await variance(problem, st.arms({samples: k}));
          expect(own)
            .withContext(`${problem.title}, ${k} samples`)
            .toBeLessThan(0.95 * (await variance(problem, st.disarm({samples: k}))));
          expect(own)
            .withContext(`${problem.title}, ${k} samples`)
            .toBeLessThan(0.9 * (await variance(problem, leaveOneOut(k))));
        }
      }
    });

    it('of arms with two samples is that of disarm', async () => {
      const ratio = (await variance(event, st.arms({samples: 2}))) / (await variance(event, st.disarm()));
      expect(ratio).toBeGreaterThan(0.85);
      expect(ratio).toBeLessThan(1.15);
    });
  },
  {inBrief: [], inNode: ['wasm']},
);

describe('antithetic estimators of binary variables', () => {
  it('state their facts', () => {
    for (const make of Object.values(estimators)) {
      const e = make();
      expect([e.bias, e.coupling, e.evaluations]).toEqual(['unbiased', 'coupled', e.samples as number]);
      expect(st.estimators.get(e.name, stolen(e.config)).config).toEqual(e.config);
    }
    expect(st.disarm({samples: 6}).config).toEqual({samples: 6});
  });

  it('refuse what makes no sense', () => {
    const w = tf.tidy(() => tf.variable(tf.zeros([3, 2])));
    const node = (q: st.Distribution, estimator: string): st.DistributionTensor =>
      new st.DistributionTensor(q, {estimator});
    const bad: Array<[() => unknown, string | RegExp]> = [
      [() => st.disarm({samples: 3}), 'disarm: samples must be even, got 3'],
      [() => st.disarm({samples: 0}), 'disarm: samples must be an integer >= 2, got 0'],
      [() => st.disarm({samples: NaN}), 'disarm: samples must be an integer >= 2, got NaN'],
      [() => st.disarm({samples: stolen('2')}), 'disarm: samples must be an integer >= 2, got "2"'],
      [() => st.arms({samples: 1}), 'arms: samples must be an integer >= 2, got 1'],
      [() => st.arms({samples: 2.5}), 'arms: samples must be an integer >= 2, got 2.5'],
      [() => st.arms(stolen({sample: 3})), 'arms: unknown option "sample"; did you mean "samples"?'],
      [() => st.arm(stolen({samples: 2})), /^arm: unknown option "samples"/],
      [() => st.disarm(stolen(null)), 'disarm: the config must be an object, got null'],
      [
        () => node(new st.Normal({loc: 0, scale: 1}), 'arm'),
        'DistributionTensor: estimator "arm" needs a Bernoulli distribution, or Independent of one, got Normal',
      ],
      [
        () => node(new st.Categorical({logits: [0, 1]}), 'disarm'),
        /^DistributionTensor: estimator "disarm" needs a Bernoulli distribution, or Independent of one, got Categorical/,
      ],
      [
        () => node(new st.RelaxedBernoulli({logits: 0, temperature: 1}), 'arms'),
        /^DistributionTensor: estimator "arms" needs a Bernoulli distribution/,
      ],
      ...['arm', 'disarm', 'arms'].map((name): [() => unknown, RegExp] => [
        () =>
          st.variableGrads(() => tf.mean(node(st.independent(new st.Bernoulli({logits: w})), name).value, [0, 2]), [w]),
        /at node "Independent": the costs must keep the sample axis of size [24], so that each sample has its own cost, got a float32 tensor of shape \[/,
      ]),
    ];
    const before = tf.memory().numTensors;
    for (const [run, message] of bad) expect(run).withContext(String(message)).toThrowError(message);
    expect(tf.memory().numTensors).toBe(before);
    st.disposeSharedEstimators();
    w.dispose();
  });
});
