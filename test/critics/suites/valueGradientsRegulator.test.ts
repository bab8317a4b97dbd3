import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {expectedCost, type Matrix, type Regulator} from '../../../examples/svg/lqr.js';
import {describeBackends, sizeFor} from '../../helpers/backends.js';
import {exactGradient, gradientMoments, MANY, worstZ} from '../../helpers/estimates.js';

/** A regulator of horizon 3: its expected cost under any gains is known, and so is the policy gradient. */
const system: Regulator = {
  a: [
    [0.9, 0.3],
    [-0.2, 0.8],
  ],
  b: [
    [0.1, 0],
    [0.4, 0.3],
  ],
  q: [
    [1, 0],
    [0, 0.5],
  ],
  r: [
    [0.3, 0],
    [0, 0.4],
  ],
  noise: 0.3,
  horizon: 3,
};
const SCALE = 0.5;
/** For each time the gains [[k₀₀, k₀₁], [k₁₀, k₁₁]] in one list. */
const parameters = {k0: [-0.5, -0.4, 0.1, 0.2], k1: [0.3, -0.6, -0.2, 0.1], k2: [-0.1, 0.2, -0.4, 0]};
const names = ['k0', 'k1', 'k2'] as const;
const exact = exactGradient(parameters, p =>
  expectedCost(
    system,
    names.map((name): Matrix => [p[name]!.slice(0, 2), p[name]!.slice(2)]),
    SCALE,
  ),
);

const timesRows = (x: tf.Tensor, m: Matrix): tf.Tensor =>
  tf.matMul(x, tf.transpose(tf.tensor2d(m.map(row => [...row]))));
const quadratic = (x: tf.Tensor, m: Matrix): tf.Tensor => tf.sum(tf.mul(timesRows(x, m), x), -1);
const model = (s: tf.Tensor, a: tf.Tensor): tf.Tensor => tf.add(timesRows(s, system.a), timesRows(a, system.b));
const cost = (s: tf.Tensor, a: tf.Tensor): tf.Tensor => tf.add(quadratic(s, system.q), quadratic(a, system.r));
const terminalCost = (s: tf.Tensor): tf.Tensor => quadratic(s, system.q);
/** a ~ N(K_t s, SCALE²), each row with gains of its own. */
const policyOf =
  (gains: Record<string, tf.Tensor>) =>
  (s: tf.Tensor, t: number): st.Distribution =>
    st.independent(
      new st.Normal({
        loc: tf.sum(tf.mul(tf.reshape(gains[names[t]!]!, [-1, 2, 2]), tf.expandDims(s, 1)), -1),
        scale: SCALE,
      }),
    );

/** What the true system does: constants, which no gradient passes. */
function record(gains: Record<string, tf.Tensor>, n: number, key: st.random.Key): st.Trajectory {
  const [states, actions] = [[st.random.normal([n, 2], {key: st.random.foldIn(key, 0)})], [] as tf.Tensor[]];
  names.forEach((_, t) => {
    const [forAction, forState] = st.random.split(st.random.foldIn(key, t + 1), 2);
    actions.push(policyOf(gains)(states[t]!, t).sample([], {key: forAction!}));
    states.push(
      tf.add(model(states[t]!, actions[t]!), tf.mul(st.random.normal([n, 2], {key: forState!}), system.noise)),
    );
  });
  return {states: st.stopGradient(tf.stack(states)), actions: st.stopGradient(tf.stack(actions))};
}

describeBackends(
  'value gradients of a regulator',
  () => {
    const n = sizeFor({cpu: 20_000, wasm: MANY, webgl: 5000, webgpu: 5000});
    const key = st.random.key(12);
    /** For what is wrong fewer will do. */
    const few = sizeFor({cpu: 4000, wasm: 20_000, webgl: 1000, webgpu: 1000});
    const zOf = async (program: (gains: Record<string, tf.Tensor>) => tf.Tensor, rows = n): Promise<number> =>
      worstZ(await gradientMoments(parameters, rows, program), exact);
    const infinity = (gains: Record<string, tf.Tensor>, changes: object = {}): tf.Tensor =>
      st.svgInfinity({
        dynamics: model,
        policy: policyOf(gains),
        cost,
        terminalCost,
        trajectory: record(gains, gains['k0']!.shape[0], key),
        ...changes,
      });

    it('svgInfinity has the exact policy gradient as its mean', async () =>
      expect(await zOf(gains => infinity(gains))).toBeLessThan(4.5));

    it('svgInfinity has it with a model that is off by a constant too, where a simulation of that model has not', async () => {
      const off = (s: tf.Tensor, a: tf.Tensor): tf.Tensor => tf.add(model(s, a), 0.3);
      expect(await zOf(gains => infinity(gains, {dynamics: off}))).toBeLessThan(4.5);
      // noise drawn anew, so that states are where the model thinks
      const simulated = (gains: Record<string, tf.Tensor>): tf.Tensor => {
        let s: tf.Tensor = st.random.normal([few, 2], {key: st.random.foldIn(key, 0)});
        let total: tf.Tensor = tf.zeros([few]);
        names.forEach((_, t) => {
          const [forAction, forState] = st.random.split(st.random.foldIn(key, t + 1), 2);
          const a = policyOf(gains)(s, t).sample([], {key: forAction!});
          total = tf.add(total, cost(s, a));
          s = tf.add(off(s, a), tf.mul(st.random.normal([few, 2], {key: forState!}), system.noise));
        });
        return tf.add(total, terminalCost(s));
      };
      expect(await zOf(simulated, few)).toBeGreaterThan(4.5);
    });

    it('svgInfinity has another one where the path through later actions is cut, the sign is turned or the last cost is left out', async () => {
      expect(
        await zOf(
          gains => infinity(gains, {policy: (s: tf.Tensor, t: number) => policyOf(gains)(st.stopGradient(s), t)}),
          few,
        ),
      ).toBeGreaterThan(4.5);
      expect(await zOf(gains => tf.neg(infinity(gains)), few)).toBeGreaterThan(4.5);
      expect(await zOf(gains => infinity(gains, {terminalCost: undefined}), few)).toBeGreaterThan(4.5);
    });

    it('svg1 and svg0 have the part of the last gains as their mean, with the value that is known there', async () => {
      const last = ({states, actions}: st.Trajectory) => ({
        states: tf.squeeze(tf.slice(states, 2, 1), [0]),
        actions: tf.squeeze(tf.slice(actions, 2, 1), [0]),
        nextStates: tf.squeeze(tf.slice(states, 3, 1), [0]),
      });
      const ofLast = async (
        program: (policy: st.ControlPolicy, transitions: ReturnType<typeof last>) => tf.Tensor,
        rows = few,
      ): Promise<number> => {
        const moments = await gradientMoments(parameters, rows, gains =>
          program(s => policyOf(gains)(s, 2), last(record(gains, rows, key))),
        );
        return worstZ({k2: moments['k2']!}, {k2: exact['k2']!});
      };
      const q = (s: tf.Tensor, a: tf.Tensor): tf.Tensor => tf.add(cost(s, a), terminalCost(model(s, a)));
      const fresh = (policy: st.ControlPolicy, states: tf.Tensor): tf.Tensor =>
        st.stopGradient((policy(states) as st.Distribution).sample([], {key}));
      expect(
        await ofLast(
          (policy, transitions) => st.svg1({dynamics: model, policy, cost, value: terminalCost, transitions}),
          n,
        ),
      ).toBeLessThan(4.5);
      expect(await ofLast((policy, transitions) => st.svg0({policy, q, transitions}), n)).toBeLessThan(4.5);
      expect(
        await ofLast((policy, {states}) => st.svg0({policy, q, transitions: {states, actions: fresh(policy, states)}})),
      ).toBeLessThan(4.5);
      expect(await ofLast((policy, {states}) => st.deterministicPolicyGradient({policy, q, states})))
        .withContext('Q is quadratic')
        .toBeLessThan(4.5);
      expect(
        await ofLast((policy, transitions) =>
          st.svg1({dynamics: model, policy, cost, value: terminalCost, transitions, discount: 0.8}),
        ),
      ).toBeGreaterThan(4.5);
    });

    it('importance weights give it from the actions of another policy', async () => {
      // the behaviour of the last step: actions about 0 with a wider scale
      const behaviour = st.independent(new st.Normal({loc: [0, 0], scale: 1}));
      const weighted = async (useWeights: boolean, rows: number): Promise<number> => {
        const moments = await gradientMoments(parameters, rows, gains => {
          const states = st.stopGradient(tf.squeeze(tf.slice(record(gains, rows, key).states, 2, 1), [0]));
          const actions = behaviour.sample([rows], {key});
          const transitions = {states, actions, logProbs: behaviour.logProb(actions)};
          const policy = (s: tf.Tensor): st.Distribution => policyOf(gains)(s, 2);
          const q = (s: tf.Tensor, a: tf.Tensor): tf.Tensor => tf.add(cost(s, a), terminalCost(model(s, a)));
          return st.svg0({
            policy,
            q,
            transitions,
            ...(useWeights ? {weights: st.importanceWeights({policy, transitions})} : {}),
          });
        });
        return worstZ({k2: moments['k2']!}, {k2: exact['k2']!});
      };
      expect(await weighted(true, n)).toBeLessThan(4.5);
      expect(await weighted(false, few)).toBeGreaterThan(4.5);
    });
  },
  {inBrief: [], inNode: ['wasm']},
);
