import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {describeBackends} from '../../helpers/backends.js';
import {expectNear, read, withoutLeak} from '../../helpers/near.js';

/** Two transitions: s, a, s′ of one number each. */
const make = () => ({
  states: tf.tensor2d([[1], [2]]),
  actions: tf.tensor2d([[0.5], [-1]]),
  nextStates: tf.tensor2d([[1.5], [0]]),
  costs: tf.tensor1d([3, 4]),
  logProbs: tf.tensor1d([-1, -2]),
});
const only = (x: tf.Tensor): tf.Tensor => tf.squeeze(x, [-1]);
const logNormal = (x: number, mean: number, scale: number): number =>
  -0.5 * ((x - mean) / scale) ** 2 - Math.log(scale) - 0.5 * Math.log(2 * Math.PI);

describeBackends(
  'losses of values and models',
  () => {
    let transitions: ReturnType<typeof make>;
    let w: tf.Variable;
    beforeEach(() => {
      transitions = make();
      w = tf.tidy(() => tf.variable(tf.scalar(2)));
    });
    afterEach(() => tf.dispose([transitions, w]));
    /** w·s², which is 2 and 8, and 4.5 and 0 of the next states. */
    const value = (s: tf.Tensor): tf.Tensor => tf.mul(w, only(tf.square(s)));
    /** w·s·a, which is 1 and −4. */
    const q = (s: tf.Tensor, a: tf.Tensor): tf.Tensor => tf.mul(w, only(tf.mul(s, a)));
    const slope = (f: () => tf.Tensor): tf.Tensor =>
      tf.tidy(() => tf.variableGrads(() => tf.sum(f()), [w]).grads[w.name]!);

    it('valueLoss is half the square of the temporal difference, whose target is a constant', async () => {
      const loss = (more: object = {}): tf.Tensor => st.valueLoss({value, transitions, discount: 0.5, ...more});
      // 2 − 3 − 4.5/2 and 8 − 4 − 0
      expectNear(await read(withoutLeak('valueLoss', () => loss())), [0.5 * 3.25 ** 2, 8], 'value');
      expectNear(await read(slope(loss)), [-3.25 * 1 + 4 * 4], 'gradient, of V(s) alone');
      expectNear(
        await read(loss({targetValue: (s: tf.Tensor) => tf.zerosLike(only(s))})),
        [0.5, 8],
        'a target network',
      );
      expectNear(
        await read(tf.tidy(() => loss({weights: tf.tensor1d([2, 0.5]), discount: tf.tensor1d([0, 1])}))),
        [1, 4],
        'weights and discounts',
      );
    });

    it('actionValueLoss is half the square of the temporal difference, with the policy’s next actions', async () => {
      const loss = (more: object = {}): tf.Tensor =>
        st.actionValueLoss({q, policy: s => tf.mul(s, 2), transitions, discount: 0.5, ...more});
      // next: 2·1.5·3 = 9 and 0; 1 − 3 − 4.5 and −4 − 4
      expectNear(await read(withoutLeak('actionValueLoss', () => loss())), [0.5 * 6.5 ** 2, 32], 'value');
      expectNear(await read(slope(loss)), [-6.5 * 0.5 - 8 * -2], 'gradient, of Q(s, a) alone');
      const key = st.random.key(2);
      const policy = (s: tf.Tensor): st.Distribution =>
        st.independent(new st.Normal({loc: tf.mul(s, 2), scale: [0.3]}));
      const drawn = await read(tf.tidy(() => policy(transitions.nextStates).sample([], {key})));
      const expected = [1 - 3 - 0.5 * 2 * 1.5 * drawn[0]!, -4 - 4].map(d => 0.5 * d * d);
      expectNear(await read(loss({policy, key})), expected, 'drawn actions', false, 1e-5);
      const other = await read(loss({policy, key: st.random.key(3)}));
      expect(Math.abs(other[0]! - expected[0]!)).toBeGreaterThan(1e-3);
    });

    it('dynamicsLoss is minus the log-density of what followed, or half the squared distance', async () => {
      const distribution = (s: tf.Tensor, a: tf.Tensor): st.Distribution =>
        st.independent(new st.Normal({loc: tf.mul(w, tf.add(s, a)), scale: 0.5}));
      expectNear(
        await read(withoutLeak('dynamicsLoss', () => st.dynamicsLoss({dynamics: distribution, transitions}))),
        [-logNormal(1.5, 3, 0.5), -logNormal(0, 2, 0.5)],
        'density',
        false,
        1e-5,
      );
      expectNear(
        await read(st.dynamicsLoss({dynamics: (s, a) => tf.mul(w, tf.add(s, a)), transitions})),
        [0.5 * 1.5 ** 2, 2],
        'distance',
      );
      expectNear(
        await read(slope(() => st.dynamicsLoss({dynamics: (s, a) => tf.mul(w, tf.add(s, a)), transitions}))),
        [1.5 * 1.5 + 2 * 1],
        'gradient',
      );
    });

    it('importanceWeights are ratios of densities, cut where asked, and constants', async () => {
      const policy = (s: tf.Tensor): st.Distribution => st.independent(new st.Normal({loc: tf.mul(w, s), scale: 1}));
      const ratios = [Math.exp(logNormal(0.5, 2, 1) + 1), Math.exp(logNormal(-1, 4, 1) + 2)];
      const weights = (more: object = {}): tf.Tensor => st.importanceWeights({policy, transitions, ...more});
      expectNear(await read(withoutLeak('importanceWeights', () => weights())), ratios, 'ratios', false, 1e-6);
      expectNear(
        await read(weights({maxWeight: 0.1})),
        ratios.map(r => Math.min(r, 0.1)),
        'cut',
        false,
        1e-6,
      );
      expect(
        Number.isFinite(
          (await read(tf.tidy(() => weights({transitions: {...transitions, logProbs: tf.tensor1d([-1e4, -1e4])}}))))[0],
        ),
      ).toBeTrue();
      expect(() => slope(() => tf.mul(weights(), 1))).toThrowError(
        /no dependency|does not depend|Cannot find a connection/i,
      );
    });
  },
  {inBrief: ['webgpu'], inNode: ['cpu']},
);

describeBackends(
  'what value gradients refuse',
  () => {
    let t: ReturnType<typeof make>;
    beforeAll(() => {
      t = make();
    });
    afterAll(() => tf.dispose(t));
    const dynamics = (s: tf.Tensor, a: tf.Tensor): tf.Tensor => tf.add(s, a);
    const policy = (s: tf.Tensor): tf.Tensor => tf.mul(s, 2);
    const cost = (s: tf.Tensor, a: tf.Tensor): tf.Tensor => only(tf.add(tf.square(s), tf.square(a)));
    const value = (s: tf.Tensor): tf.Tensor => only(tf.square(s));
    const q = cost;
    const one = (changes: object): tf.Tensor => st.svg1({dynamics, policy, cost, value, transitions: t, ...changes});
    const zero = (changes: object): tf.Tensor => st.svg0({policy, q, transitions: t, ...changes});
    const determined = (changes: object): tf.Tensor =>
      st.deterministicPolicyGradient({policy, q, states: t.states, ...changes});
    const all = (changes: object): tf.Tensor =>
      st.svgInfinity({
        dynamics,
        policy,
        cost,
        trajectory: {states: tf.zeros([3, 2, 1]), actions: tf.zeros([2, 2, 1])},
        ...changes,
      });
    const cases: Record<string, [() => unknown, RegExp]> = {
      'svg1 without a value': [() => one({value: undefined}), /^svg1: value must be a function, got undefined$/],
      'svg1 with another option': [
        () => one({values: value}),
        /^svg1: unknown option "values"; did you mean "value"\?$/,
      ],
      'svg1 with a value of another shape': [
        () => one({value: tf.square}),
        /^svg1: value must return a float32 tensor of shape \[2\], got a float32 tensor of shape \[2,1\]$/,
      ],
      'svg1 with a value that is a constant': [
        () => one({value: (s: tf.Tensor) => st.stopGradient(value(s))}),
        /^svg1: value must be differentiable in what it is given \(a target network/,
      ],
      'svg1 with a cost of another shape': [
        () => one({cost: () => tf.scalar(1)}),
        /^svg1: cost must return a float32 tensor of shape \[2\], got a float32 tensor of shape \[\]$/,
      ],
      'svg1 with dynamics of another shape': [
        () => one({dynamics: () => tf.zeros([2, 3])}),
        /^svg1: dynamics must return a float32 tensor of shape \[2,1\], got a float32 tensor of shape \[2,3\]$/,
      ],
      'svg1 with dynamics of no tensor': [
        () => one({dynamics: () => 1}),
        /^svg1: dynamics must return a tensor or a distribution, got 1$/,
      ],
      'svg1 without next states': [
        () => one({transitions: {states: t.states, actions: t.actions}}),
        /^svg1: transitions\.nextStates must be a float32 tensor of shape \[batch…, n\], with the states of shape \[2,1\], got undefined$/,
      ],
      'svg1 with a discount above 1': [
        () => one({discount: 1.1}),
        /^svg1: discount must be a number in \[0, 1\] or a float32 tensor that broadcasts to the batch \[2\], got 1\.1$/,
      ],
      'svg1 with weights of another shape': [
        () => one({weights: tf.zeros([3])}),
        /^svg1: weights must be a float32 tensor that broadcasts to the batch \[2\], got a float32 tensor of shape \[3\]$/,
      ],
      'svg0 without transitions': [
        () => zero({transitions: undefined}),
        /^svg0: transitions must be an object of tensors, got undefined$/,
      ],
      'svg0 with actions of another batch': [
        () => zero({transitions: {...t, actions: tf.zeros([3, 1])}}),
        /^svg0: transitions\.actions must be a float32 tensor of shape \[batch…, m\], with the states of shape \[2,1\], got/,
      ],
      'svg0 with whole numbers': [
        () => zero({transitions: {...t, states: tf.zeros([2, 1], 'int32')}}),
        /^svg0: transitions\.states must be a float32 tensor of shape \[batch…, n\], got an int32/,
      ],
      'svg0 with a policy of batches': [
        () => zero({policy: (s: tf.Tensor) => new st.Normal({loc: s, scale: 1})}),
        /^svg0: policy must return a distribution of batch shape \[2\] and event shape \[1\] \(independent\(\) makes events of axes\), got/,
      ],
      'svg0 with noise that cannot be inferred': [
        () => zero({policy: () => st.independent(new st.Uniform({low: [0], high: [1]}))}),
        /^svg0: policy must return a distribution whose noise can be inferred \(Normal .*\), got "Independent\(Uniform\)"$/,
      ],
      'deterministicPolicyGradient without Q': [
        () => determined({q: null}),
        /^deterministicPolicyGradient: q must be a function, got null$/,
      ],
      'deterministicPolicyGradient with Q of the state alone': [
        () => determined({q: value}),
        /^deterministicPolicyGradient: q must be differentiable/,
      ],
      'deterministicPolicyGradient with actions of another batch': [
        () => determined({policy: () => tf.zeros([3, 1])}),
        /^deterministicPolicyGradient: policy must return a float32 tensor of shape \[2,1\], got/,
      ],
      'svgInfinity without a policy': [
        () => all({policy: undefined}),
        /^svgInfinity: policy must be a function, got undefined$/,
      ],
      'svgInfinity with as many states as actions': [
        () => all({trajectory: {states: tf.zeros([2, 2, 1]), actions: tf.zeros([2, 2, 1])}}),
        /^svgInfinity: trajectory\.actions must be a float32 tensor of shape \[T, batch…, m\], with the states of shape \[2,2,1\], got/,
      ],
      'svgInfinity with a list of states': [
        () => all({trajectory: {states: [t.states], actions: t.actions}}),
        /^svgInfinity: trajectory\.states must be a float32 tensor of shape \[T \+ 1, batch…, n\], got/,
      ],
      'svgInfinity with a discount below 0': [
        () => all({discount: -0.1}),
        /^svgInfinity: discount must be a number in \[0, 1\], got -0\.1$/,
      ],
      'valueLoss with a value of another shape': [
        () => st.valueLoss({value: tf.square, transitions: t}),
        /^valueLoss: targetValue must return a float32 tensor of shape \[2\]/,
      ],
      'actionValueLoss without costs': [
        () => st.actionValueLoss({q, policy, transitions: {...t, costs: undefined} as never}),
        /^actionValueLoss: transitions\.costs must be a float32 tensor of shape \[batch…\]/,
      ],
      'dynamicsLoss without dynamics': [
        () => st.dynamicsLoss({transitions: t} as never),
        /^dynamicsLoss: dynamics must be a function, got undefined$/,
      ],
      'importanceWeights of a policy that gives tensors': [
        () => st.importanceWeights({policy, transitions: t}),
        /^importanceWeights: policy must return a distribution, got/,
      ],
      'importanceWeights cut to 0': [
        () => st.importanceWeights({policy, transitions: t, maxWeight: 0}),
        /^importanceWeights: maxWeight must be a finite number > 0, got 0$/,
      ],
    };
    for (const [what, [make, message]] of Object.entries(cases)) {
      it(`is ${what}, with one clear error and no tensor left`, () => {
        const before = tf.memory().numTensors;
        expect(() => tf.tidy(() => void make())).toThrowError(message);
        expect(tf.memory().numTensors).toBe(before);
      });
    }
  },
  {inBrief: [], inNode: ['cpu']},
);
