/** The four learners on the regulator. Each step acts, records and learns; the system itself they never see. */
import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {atOnce} from '../job/interrupt.js';
import {makeModel, makePolicy, makeQuadratic, type Model, type Policy} from './agent.js';
import {expectedCost, regulator, solve} from './lqr.js';
import {makeSystem, type System} from './system.js';
import {Trainer} from './trainer.js';

export interface LearnConfig {
  /** Default: as many as suffice to come within 2 % of the optimum. */
  readonly steps?: number;
  readonly seed: number;
  /** Trajectories that are recorded in each step; default 32. */
  readonly batch?: number;
  /** Points of the curve after the first; at most one a step. */
  readonly points: number;
}

export interface LearnResult {
  /**
   * The exact expected cost of the policy without its noise over the least possible one, from before the first step to
   * after the last.
   */
  readonly curve: readonly {step: number; ratio: number}[];
  readonly seconds: number;
}

/** Steps in which the policy waits for models and values to become better than nothing. */
const HEAD_START = 20;

/** Steps of a value for each step of the policy. */
const VALUE_STEPS = 2;

interface Learner {
  readonly policy: Policy;
  /** The standard deviation of the policy's noise. */
  readonly scale: number;
  /** Fits models and values to new trajectories. `rate` falls from 1. */
  readonly update: (trajectory: st.Trajectory, rate: number, key: st.random.Key) => void;
  /** Improves the policy by the same trajectories. */
  readonly improve: (trajectory: st.Trajectory, rate: number) => void;
  readonly dispose: () => void;
}

export function learn(method: Method, config: LearnConfig): LearnResult {
  return atOnce(learnSteps(method, config, () => false));
}

/**
 * The same, with a pause after each step, in which it tells the cost of the policy over the least one wherever it is
 * measured; it ends early once `stop` says so.
 */
export function* learnSteps(
  method: Method,
  {steps = sufficient[method], seed, batch = 32, points}: LearnConfig,
  stop: () => boolean,
): Generator<number | null, LearnResult, void> {
  const start = performance.now();
  const system = makeSystem(regulator);
  const optimum = solve(regulator).cost;
  const {policy, scale, update, improve, dispose} = makers[method](system);
  const key = st.random.key(seed);
  const curve: {step: number; ratio: number}[] = [];
  const measure = (step: number): number => {
    const ratio = expectedCost(regulator, policy.matrices()) / optimum;
    curve.push({step, ratio});
    return ratio;
  };
  measure(0);
  for (let step = 0; step < steps && !stop(); step++) {
    const [forRecord, forUpdate] = st.random.split(st.random.foldIn(key, step), 2) as [st.random.Key, st.random.Key];
    // in the second half the rates fall, by equal factors, to a thirtieth
    const rate = 30 ** -Math.max(0, (2 * step) / steps - 1);
    tf.tidy(() => {
      const trajectory = system.record(policy.gains, scale, batch, forRecord);
      update(trajectory, rate, forUpdate);
      if (step >= HEAD_START) improve(trajectory, rate);
    });
    const done = ((step + 1) * points) / steps;
    yield Math.floor(done) > Math.floor((step * points) / steps) ? measure(step + 1) : null;
  }
  dispose();
  system.dispose();
  return {curve, seconds: (performance.now() - start) / 1000};
}

const makers = {
  svgInfinity(system: System): Learner {
    const scale = 0.5;
    const [policy, model] = [makePolicy(system, scale), makeModel(system)];
    const [actor, modeller] = [new Trainer(0.03, 0.95), new Trainer(0.1, 0.99)];
    return {
      policy,
      scale,
      update: (trajectory, rate) => fitModel(modeller, model, transitionsOf(trajectory, system), rate),
      improve(trajectory, rate) {
        actor.minimize(
          () => {
            const gains = tf.unstack(policy.gains);
            return st.svgInfinity({
              dynamics: model.call,
              policy: (s, t) => policy.at(s, gains[t]!),
              cost: system.cost,
              terminalCost: system.terminalCost,
              trajectory,
            });
          },
          policy.variables,
          rate,
        );
      },
      dispose: () => disposeAll([policy, model], [actor, modeller]),
    };
  },
  svg1(system: System): Learner {
    const scale = 0.5;
    const [policy, model, value] = [
      makePolicy(system, scale),
      makeModel(system),
      makeQuadratic(system, system.sizes[0]),
    ];
    const target = st.targetNetwork(
      {call: (s: tf.Tensor) => value.next(s, s), variables: value.variables},
      {decay: 0.9},
    );
    const [actor, modeller, critic] = [new Trainer(0.02, 0.95), new Trainer(0.1, 0.99), new Trainer(0.4, 0.99)];
    return {
      policy,
      scale,
      update(trajectory, rate) {
        const transitions = transitionsOf(trajectory, system);
        fitModel(modeller, model, transitions, rate);
        for (let i = 0; i < VALUE_STEPS; i++) {
          critic.minimize(
            () => st.valueLoss({value: value.call, targetValue: s => target.call(s), transitions}),
            value.variables,
            rate,
          );
          target.update();
        }
      },
      improve(trajectory, rate) {
        actor.minimize(
          () =>
            st.svg1({
              dynamics: model.call,
              policy: s => policy.call(s),
              cost: system.cost,
              value: s => value.next(s, s),
              transitions: transitionsOf(trajectory, system),
            }),
          policy.variables,
          rate,
        );
      },
      dispose: () => disposeAll([policy, model, value], [actor, modeller, critic, target]),
    };
  },
  svg0: (system: System): Learner =>
    actorCritic(system, {
      actions: (policy, s) => policy.next.call(s),
      objective: (policy, q, trajectory) =>
        st.svg0({policy: s => policy.call(s), q, transitions: transitionsOf(trajectory, system)}),
    }),
  deterministicPolicyGradient: (system: System): Learner =>
    actorCritic(system, {
      actions: (policy, s) => policy.next.mean(s),
      objective: (policy, q, trajectory) =>
        st.deterministicPolicyGradient({
          policy: s => policy.mean(s),
          q,
          states: transitionsOf(trajectory, system).states,
        }),
    }),
};

export const sufficient: Record<Method, number> = {
  svgInfinity: 150,
  svg1: 250,
  svg0: 300,
  deterministicPolicyGradient: 250,
};

export type Method = keyof typeof makers;
export const methods = Object.keys(makers) as Method[]; // the keys of a constant record

interface ActorCritic {
  /** What follows on the next states. */
  actions: (policy: Policy, s: tf.Tensor) => st.Prediction;
  objective: (policy: Policy, q: st.ActionValue, trajectory: st.Trajectory) => tf.Tensor;
}

/** A policy that learns from Q, and Q from steps of the past. */
function actorCritic(system: System, {actions, objective}: ActorCritic): Learner {
  const scale = 1;
  const [policy, quadratic] = [makePolicy(system, scale), makeQuadratic(system, system.sizes[0] + system.sizes[1])];
  const q = (s: tf.Tensor, a: tf.Tensor): tf.Tensor => quadratic.call(tf.concat([s, a], -1));
  const target = st.targetNetwork<[tf.Tensor]>(
    {
      call: (s: tf.Tensor, a: tf.Tensor) => quadratic.next(tf.concat([s, a], -1), s),
      variables: quadratic.variables,
    },
    {decay: 0.9},
  );
  const replay = st.replayBuffer({capacity: 2000});
  const [actor, critic] = [new Trainer(0.02, 0.95), new Trainer(0.4, 0.99)];
  return {
    policy,
    scale,
    update(trajectory, rate, key) {
      replay.add(swapped(trajectory)); // a row of the buffer is a trajectory
      for (let i = 0; i < VALUE_STEPS; i++) {
        const [forRows, forActions] = st.random.split(st.random.foldIn(key, i), 2) as [st.random.Key, st.random.Key];
        const {states, actions: taken} = replay.sample(trajectory.states.shape[1]!, forRows);
        const transitions = transitionsOf(swapped({states: states!, actions: taken!}), system);
        critic.minimize(
          () =>
            st.actionValueLoss({
              q,
              targetQ: (s, a) => target.call(s, a),
              policy: s => actions(policy, s),
              transitions,
              key: forActions,
            }),
          quadratic.variables,
          rate,
        );
        target.update();
      }
    },
    improve(trajectory, rate) {
      actor.minimize(() => objective(policy, q, trajectory), policy.variables, rate);
    },
    dispose: () => disposeAll([policy, quadratic], [actor, critic, target, replay]),
  };
}

function fitModel(trainer: Trainer, model: Model, transitions: ReturnType<typeof transitionsOf>, rate: number): void {
  trainer.minimize(() => st.dynamicsLoss({dynamics: model.call, transitions}), model.variables, rate);
}

/** Time and rows in each other's place. */
function swapped({states, actions}: st.Trajectory): st.Trajectory {
  return {states: tf.transpose(states, [1, 0, 2]), actions: tf.transpose(actions, [1, 0, 2])};
}

/** Each step of trajectories as a transition, time first. */
function transitionsOf({states, actions}: st.Trajectory, system: System) {
  const steps = actions.shape[0];
  const s = tf.slice(states, 0, steps);
  return {states: s, actions, nextStates: tf.slice(states, 1, steps), costs: system.cost(s, actions)};
}

function disposeAll(learned: readonly {variables: tf.Variable[]}[], others: readonly {dispose(): void}[]): void {
  tf.dispose(learned.map(({variables}) => variables));
  others.forEach(other => other.dispose());
}
