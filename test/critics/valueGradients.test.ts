import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {describeBackends, itInNode} from '../helpers/backends.js';
import {expectNear, read, withoutLeak} from '../helpers/near.js';

/**
 * A system of states [batch, 3] and actions [batch, 2] with noise that depends on both, a policy of variables, and
 * costs: nothing here is linear.
 */
const BATCH = 6;
const T = 4;
const DISCOUNT = 0.9;
const key = st.random.key(31);
const at = (i: number): st.random.Key => st.random.foldIn(key, i);

function problem() {
  const weights = (shape: [number, number], i: number): tf.Tensor2D =>
    tf.mul(st.random.normal(shape, {key: at(i)}), 0.5);
  const variable = (t: tf.Tensor): tf.Variable => tf.variable(t);
  const constant = tf.tidy(() => ({
    forward: weights([3, 3], 1),
    push: weights([2, 3], 2),
    judge: weights([3, 1], 3),
    mixed: weights([5, 4], 4),
  }));
  const gain = tf.tidy(() => variable(weights([3, 2], 5)));
  const logScale = tf.tidy(() => variable(tf.tensor1d([-0.5, 0.2])));
  /** A variable of everything that is to be held constant. */
  const held = tf.tidy(() => variable(tf.scalar(1.3)));
  const row = (x: tf.Tensor): tf.Tensor2D => tf.reshape(x, [-1, x.shape[x.rank - 1]!]);
  const dense = (x: tf.Tensor, w: tf.Tensor): tf.Tensor =>
    tf.reshape(tf.matMul(row(x), w as tf.Tensor2D), [...x.shape.slice(0, -1), w.shape[1]!]);
  const policy = (s: tf.Tensor): st.Distribution =>
    st.independent(new st.Normal({loc: tf.tanh(dense(s, gain)), scale: tf.exp(logScale)}));
  const dynamics = (s: tf.Tensor, a: tf.Tensor): st.Distribution => {
    const loc = tf.add(s, tf.mul(tf.tanh(tf.add(dense(s, constant.forward), dense(a, constant.push))), held));
    return st.independent(new st.Normal({loc, scale: tf.add(0.2, tf.mul(0.1, tf.square(s)))}));
  };
  const cost = (s: tf.Tensor, a: tf.Tensor): tf.Tensor =>
    tf.mul(held, tf.add(tf.sum(tf.square(tf.sub(s, 0.3)), -1), tf.mul(0.2, tf.sum(tf.square(a), -1))));
  const value = (s: tf.Tensor): tf.Tensor => tf.mul(held, tf.squeeze(tf.square(dense(s, constant.judge)), [-1]));
  const q = (s: tf.Tensor, a: tf.Tensor): tf.Tensor =>
    tf.mul(held, tf.sum(tf.square(tf.tanh(dense(tf.concat([s, a], -1), constant.mixed))), -1));
  return {
    policy,
    dynamics,
    cost,
    value,
    q,
    gain,
    logScale,
    held,
    dispose: () => tf.dispose([constant, {gain, logScale, held}]),
  };
}
type Problem = ReturnType<typeof problem>;

/** A run of the system, with the noise of each step given: what the library is not told. */
function simulate(
  {policy, dynamics, cost, value}: Problem,
  run = at(9),
): {states: tf.Tensor; actions: tf.Tensor; total: tf.Tensor} {
  let s: tf.Tensor = st.random.normal([BATCH, 3], {key: at(8)});
  const [states, actions] = [[s], [] as tf.Tensor[]];
  let total: tf.Tensor = tf.zeros([BATCH]);
  for (let t = 0; t < T; t++) {
    const [forAction, forState] = st.random.split(st.random.foldIn(run, t), 2);
    const a = policy(s).sample([], {key: forAction!});
    total = tf.add(total, tf.mul(cost(s, a), DISCOUNT ** t));
    s = dynamics(s, a).sample([], {key: forState!});
    actions.push(a);
    states.push(s);
  }
  return {states: tf.stack(states), actions: tf.stack(actions), total: tf.add(total, tf.mul(value(s), DISCOUNT ** T))};
}

/** The last transition of the run, and its cost-to-go by `value`, the noise given again. */
function lastStep(p: Problem, {states, actions}: {states: tf.Tensor; actions: tf.Tensor}) {
  const [s, a, next] = [tf.unstack(states)[T - 1]!, tf.unstack(actions)[T - 1]!, tf.unstack(states)[T]!];
  const [forAction, forState] = st.random.split(st.random.foldIn(at(9), T - 1), 2);
  const action = (): tf.Tensor => p.policy(s).sample([], {key: forAction!});
  const again = (): tf.Tensor => {
    const drawn = action();
    return tf.add(p.cost(s, drawn), tf.mul(DISCOUNT, p.value(p.dynamics(s, drawn).sample([], {key: forState!}))));
  };
  return {transitions: {states: s, actions: a, nextStates: next}, action, again};
}

/** ∂ mean f along the policy's variables, in one list. */
const gradient = (f: () => tf.Tensor, {gain, logScale}: Problem): tf.Tensor =>
  tf.tidy(() => {
    const {grads} = tf.variableGrads(
      () => tf.add<tf.Scalar>(tf.mean(f()), tf.mul(0, tf.sum(logScale))),
      [gain, logScale],
    );
    return tf.concat([gain, logScale].map(v => tf.reshape(grads[v.name]!, [-1])));
  });

describeBackends(
  'value gradients',
  () => {
    let p: Problem;
    let run: {states: tf.Tensor; actions: tf.Tensor; total: tf.Tensor};
    beforeAll(() => {
      p = problem();
      run = tf.tidy(() => simulate(p));
    });
    afterAll(() => {
      tf.dispose(run);
      p.dispose();
    });
    const infinite = (more: object = {}): tf.Tensor =>
      st.svgInfinity({
        dynamics: p.dynamics,
        policy: p.policy,
        cost: p.cost,
        trajectory: run,
        terminalCost: p.value,
        discount: DISCOUNT,
        ...more,
      });
    const single = (more: object = {}): tf.Tensor =>
      st.svg1({
        dynamics: p.dynamics,
        policy: p.policy,
        cost: p.cost,
        value: p.value,
        transitions: lastStep(p, run).transitions,
        discount: DISCOUNT,
        ...more,
      });

    it('svgInfinity is the cost of the record, with the derivatives of the very run that it is of', async () => {
      expectNear(
        await read(withoutLeak('svgInfinity', () => infinite())),
        Array.from(await run.total.data()),
        'value',
        false,
        1e-5,
      );
      const exact = await read(gradient(() => simulate(p).total, p));
      const inferred = await read(gradient(infinite, p));
      expectNear(inferred, exact, 'gradient', false, 1e-4);
      // with noise drawn anew in place of the inferred, the gradient on this record is another
      const resampled = await read(gradient(() => simulate(p, at(77)).total, p));
      expect(Math.max(...resampled.map((g, i) => Math.abs(g - exact[i]!)))).toBeGreaterThan(0.05);
    });

    it('svgInfinity without terminal cost and discount is the plain sum', async () => {
      const costs = tf.tidy(() =>
        tf.sum(tf.stack(tf.unstack(run.actions).map((a, t) => p.cost(tf.unstack(run.states)[t]!, a))), 0),
      );
      expectNear(await read(infinite({terminalCost: undefined, discount: 1})), await read(costs), 'value', false, 1e-5);
    });

    itInNode('svgInfinity is not fooled by a model that is off by a constant', async () => {
      const off = (s: tf.Tensor, a: tf.Tensor): tf.Tensor => tf.add(p.dynamics(s, a).mean(), 5);
      const exact = (s: tf.Tensor, a: tf.Tensor): tf.Tensor => p.dynamics(s, a).mean();
      expectNear(
        await read(gradient(() => infinite({dynamics: off}), p)),
        await read(gradient(() => infinite({dynamics: exact}), p)),
        'gradient',
        false,
        1e-4,
      );
    });

    it('svgInfinity tells the functions the time', () => {
      const times: Record<string, number[]> = {policy: [], dynamics: [], cost: []};
      infinite({
        policy: (s: tf.Tensor, t: number) => (times['policy']!.push(t), p.policy(s)),
        dynamics: (s: tf.Tensor, a: tf.Tensor, t: number) => (times['dynamics']!.push(t), p.dynamics(s, a)),
        cost: (s: tf.Tensor, a: tf.Tensor, t: number) => (times['cost']!.push(t), p.cost(s, a)),
      }).dispose();
      expect(times).toEqual({policy: [0, 1, 2, 3, 0, 1, 2, 3], dynamics: [0, 1, 2, 3], cost: [0, 1, 2, 3]});
    });

    it('svg1 is one step of the record and the value of where it led, with the derivatives of that step', async () => {
      expectNear(
        await read(tf.tidy(() => single())),
        await read(tf.tidy(() => lastStep(p, run).again())),
        'value',
        false,
        1e-5,
      );
      expectNear(
        await read(gradient(single, p)),
        await read(gradient(() => lastStep(p, run).again(), p)),
        'gradient',
        false,
        1e-4,
      );
    });

    itInNode('svg1 takes a discount and a weight for each transition', async () => {
      const discount = tf.tensor1d([1, 0, 0.5, 1, 0, 0.2]);
      const weights = tf.tensor1d([1, 2, 0, 0.5, 1, 3]);
      const direct = await read(tf.tidy(() => single({discount: 0})));
      const both = await read(tf.tidy(() => single({discount: 1})));
      const [gamma, w] = [Array.from(await discount.data()), Array.from(await weights.data())];
      const expected = direct.map((c, i) => w[i]! * (c + gamma[i]! * (both[i]! - c)));
      expectNear(await read(tf.tidy(() => single({discount, weights}))), expected, 'value', false, 1e-5);
      const slopes = await Promise.all(
        [0, 1].map(async gammaOf => read(gradient(() => tf.slice(single({discount: gammaOf}), 0, 1), p))),
      );
      expectNear(
        await read(gradient(() => tf.slice(single({discount}), 0, 1), p)),
        slopes[1]!,
        'gradient of the first, discounted by 1',
        false,
        1e-5,
      );
      expectNear(
        await read(gradient(() => tf.slice(single({discount, weights}), 5, 1), p)),
        (await read(gradient(() => tf.slice(single({discount: 0.2}), 5, 1), p))).map(g => 3 * g),
        'gradient of the last, weighed by 3',
        false,
        1e-5,
      );
      tf.dispose([discount, weights]);
    });

    it('svg0 is Q of the recorded action, with the derivatives of the draw that it was', async () => {
      const made = (): tf.Tensor =>
        tf.tidy(() => st.svg0({policy: p.policy, q: p.q, transitions: lastStep(p, run).transitions}));
      const again = (): tf.Tensor =>
        tf.tidy(() => {
          const {transitions, action} = lastStep(p, run);
          return p.q(transitions.states, action());
        });
      expectNear(await read(withoutLeak('svg0', made)), await read(again()), 'value', false, 1e-5);
      expectNear(await read(gradient(made, p)), await read(gradient(again, p)), 'gradient', false, 1e-4);
    });

    it('deterministicPolicyGradient is Q of the policy’s own action, of a tensor or of a distribution’s mean', async () => {
      const states = tf.tidy(() => tf.clone(lastStep(p, run).transitions.states));
      const mean = (s: tf.Tensor): tf.Tensor => p.policy(s).mean();
      const made = (policy: st.ControlPolicy): tf.Tensor => st.deterministicPolicyGradient({policy, q: p.q, states});
      expectNear(
        await read(withoutLeak('deterministicPolicyGradient', () => made(p.policy))),
        await read(tf.tidy(() => p.q(states, mean(states)))),
        'value',
        false,
        1e-5,
      );
      const exact = await read(gradient(() => p.q(states, mean(states)), p));
      for (const policy of [p.policy, mean])
        expectNear(await read(gradient(() => made(policy), p)), exact, 'gradient', false, 1e-5);
      states.dispose();
    });

    it('takes noise about a tensor as added, whatever it was', async () => {
      const mean = (s: tf.Tensor): tf.Tensor => p.policy(s).mean();
      const added = (): tf.Tensor =>
        tf.tidy(() => {
          const {
            transitions: {states, actions},
          } = lastStep(p, run);
          return p.q(states, tf.add(mean(states), st.stopGradient(tf.sub(actions, mean(states)))));
        });
      const made = (): tf.Tensor =>
        tf.tidy(() => st.svg0({policy: mean, q: p.q, transitions: lastStep(p, run).transitions}));
      expectNear(await read(gradient(made, p)), await read(gradient(added, p)), 'gradient', false, 1e-5);
    });

    itInNode('serves several batch axes', async () => {
      const [s, a, next] = tf.tidy<[tf.Tensor, tf.Tensor, tf.Tensor]>(() => [
        tf.slice(run.states, 0, T),
        tf.clone(run.actions),
        tf.slice(run.states, 1, T),
      ]);
      const all = await read(single({transitions: {states: s, actions: a, nextStates: next}}));
      const last = await read(tf.tidy(() => single()));
      expectNear(all.slice(-BATCH), last, 'the last step of all', false, 1e-6);
      expect(all.length).toBe(T * BATCH);
      tf.dispose([s, a, next]);
    });

    itInNode('moves the policy’s variables alone, and leaves no tensor behind', () => {
      const objectives: Record<string, () => tf.Tensor> = {
        svgInfinity: infinite,
        svg1: single,
        svg0: () => st.svg0({policy: p.policy, q: p.q, transitions: lastStep(p, run).transitions}),
        deterministicPolicyGradient: () =>
          st.deterministicPolicyGradient({policy: p.policy, q: p.q, states: lastStep(p, run).transitions.states}),
      };
      for (const [name, f] of Object.entries(objectives)) {
        const before = tf.memory().numTensors;
        const {value, grads} = st.variableGrads(f);
        expect(Object.keys(grads).sort())
          .withContext(name)
          .toEqual((name === 'deterministicPolicyGradient' ? [p.gain] : [p.gain, p.logScale]).map(v => v.name).sort());
        tf.dispose([value, grads]);
        expect(tf.memory().numTensors).withContext(name).toBe(before);
      }
    });
  },
  {inBrief: ['webgpu'], inNode: ['wasm']},
);
