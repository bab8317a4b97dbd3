/** From one task to an environment. */
import * as st from 'tfjs-stochastic';
import * as ctl from 'tfjs-stochastic/control';

/** A task that gives NaN where it is asked to. */
const faulty = (what: 'reward' | 'observation'): ctl.ControlTask => ({
  name: 'faulty',
  observationSpace: new ctl.BoxSpace([0, 0], [1, 1]),
  actionSpace: new ctl.DiscreteSpace(2),
  simulator: () => {
    let isBad = false;
    return {
      begin: () => void (isBad = false),
      advance: action => {
        isBad = action[0] === 1;
        return isBad && what === 'reward' ? Infinity : 0;
      },
      isTerminated: () => false,
      observe: (out, at) => out.set([0, isBad && what === 'observation' ? NaN : 0], at),
    };
  },
});

describe('a simulation', () => {
  it('names the task, the copy and the step of what is not finite', () => {
    for (const [what, message] of [
      ['observation', 'faulty: the observation must be finite, got NaN at [2,1] after step 4 of its episode'],
      ['reward', 'faulty: the reward must be finite, got Infinity at [2] after step 4 of its episode'],
    ] as const) {
      const env = ctl.simulate(faulty(what), {size: 3});
      env.begin(st.random.key(0));
      for (let t = 0; t < 3; t++) env.advance([0, 0, 0]);
      expect(() => env.advance([0, 0, 1])).toThrowError(message);
      // and goes on after a reset
      env.begin();
      env.advance([0, 0, 0]);
      expect(env.buffers.rewards).toEqual(new Float32Array(3));
    }
  });

  it('refuses what is no task', () => {
    const task = faulty('reward');
    const refused = (x: unknown, message: RegExp): void => {
      expect(() => ctl.simulate(x as ctl.ControlTask)).toThrowError(message); // whatever a caller gives
    };
    refused(null, /^ctl\.simulate: the task must be an object, got null/);
    refused({...task, name: ''}, /the name must be a non-empty string/);
    refused({...task, observationSpace: [1]}, /observationSpace must be a BoxSpace/);
    refused({...task, actionSpace: 2}, /actionSpace must be a BoxSpace or a DiscreteSpace, got 2/);
    refused({...task, simulator: {}}, /simulator must be a function/);
    expect(() => ctl.simulate(task, {size: 0})).toThrowError('ctl.simulate: size must be an integer >= 1, got 0');
    expect(() => ctl.simulate(task, {sise: 2} as object)).toThrowError(/unknown option "sise"; did you mean "size"\?/);
  });
});
