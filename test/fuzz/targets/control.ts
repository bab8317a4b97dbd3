/** Environments, spaces and wrappers. */
import * as st from 'tfjs-stochastic';
import * as ctl from 'tfjs-stochastic/control';
import type {Generator} from '../generate.js';
import type {Mutate, Target} from '../judge.js';

/** Resets an environment, takes two steps in it, and begins an episode in one copy. */
function useEnvironment(env: ctl.Environment, g: Generator, m: Mutate): unknown {
  const actions = new Float32Array(env.size * env.actionSpace.size);
  const first = env.reset(...m({key: g.key()}));
  try {
    return g.pick<() => unknown>([
      () => [first, env.step(...m(actions as ctl.Actions))],
      () => {
        env.advance(...m(actions));
        env.restart(...m(0));
        return first;
      },
    ])();
  } catch (error) {
    first.dispose();
    throw error;
  }
}

const size = (g: Generator) => ({size: g.int(1, 3)});

const tasks = ['acrobot', 'cartPoleBalancing', 'doubleInvertedPendulum', 'invertedPendulum', 'mountainCar'] as const;
const variants = ['basic', 'limitedSensors', 'noisyDelayed', 'systemIdentification'] as const;

const pendulum = (g: Generator): ctl.Environment => ctl.pendulumV1(size(g));

const wrappers: Record<string, (g: Generator, m: Mutate) => ctl.Environment> = {
  clipActions: (g, m) => ctl.clipActions(...m(pendulum(g))),
  delayActions: (g, m) => ctl.delayActions(...m(pendulum(g), {steps: g.int(1, 3)})),
  limitSensors: (g, m) => ctl.limitSensors(...m(pendulum(g), {keep: [g.int(0, 2)]})),
  noisyObservations: (g, m) => ctl.noisyObservations(...m(pendulum(g), {stddev: g.real(0, 1)})),
  normalizeObservations: (g, m) => ctl.normalizeObservations(...m(pendulum(g), {clip: g.real(1, 9)})),
  normalizeRewards: (g, m) => ctl.normalizeRewards(...m(pendulum(g), {discount: g.real(0, 1)})),
  timeLimit: (g, m) => ctl.timeLimit(...m(pendulum(g), {steps: g.int(1, 3)})),
};

export const controlTargets: readonly Target[] = [
  ...tasks.map(name => ({
    name: `ctl.${name}`,
    run: (g: Generator, m: Mutate) => {
      const options = {...size(g), variant: g.pick(variants), steps: g.int(1, 5)};
      return useEnvironment(ctl[name](...m<[ctl.VariantOptions?]>(options)), g, m);
    },
  })),
  ...(['cartPoleV1', 'pendulumV1'] as const).map(name => ({
    name: `ctl.${name}`,
    run: (g: Generator, m: Mutate) =>
      useEnvironment(ctl[name](...m<[ctl.GymnasiumOptions?]>({...size(g), steps: g.int(1, 5)})), g, m),
  })),
  ...Object.entries(wrappers).map(([name, make]) => ({
    name: `ctl.${name}`,
    run: (g: Generator, m: Mutate) => useEnvironment(make(g, m), g, m),
  })),
  {
    name: 'ctl.simulate',
    run: (g, m) => {
      const task: ctl.ControlTask = {
        name: 'still',
        observationSpace: new ctl.BoxSpace([0], [1]),
        actionSpace: new ctl.DiscreteSpace(2),
        simulator: () => ({
          begin: () => undefined,
          advance: () => 0,
          isTerminated: () => false,
          observe: (out, at) => void (out[at] = 0),
        }),
      };
      return useEnvironment(ctl.simulate(...m(task, size(g))), g, m);
    },
  },
  {
    name: 'ctl.BoxSpace',
    run: (g, m) => new ctl.BoxSpace(...m([-1, 0], [1, 0.5])).sample(...m(g.int(1, 3), {key: g.key()})),
  },
  {
    name: 'ctl.DiscreteSpace',
    run: (g, m) => new ctl.DiscreteSpace(...m(g.int(1, 4))).sample(...m(g.int(1, 3), {key: g.key()})),
  },
  {
    name: 'ctl.EpisodeDraws',
    run: (g, m) => {
      const draws = new ctl.EpisodeDraws(...m(st.random.key(g.int(0, 9))));
      return [draws.uniform(0, 1), draws.normal()];
    },
  },
];
