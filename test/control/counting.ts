/** A task so small that what surrounds it is seen. */
import * as ctl from 'tfjs-stochastic/control';

interface Counting {
  /** How many steps an episode has; default no end. */
  readonly end?: number;
  /** Actions are in [−bound, bound]; default 2. */
  readonly bound?: number;
  /** Of the step, counted from 1, and its action; default the action. */
  readonly reward?: (count: number, action: number) => number;
}

/** Counts its steps: the observation is [steps taken, last action]. */
export const counting = ({
  end = Infinity,
  bound = 2,
  reward = (_, action) => action,
}: Counting = {}): ctl.ControlTask => ({
  name: 'counting',
  observationSpace: new ctl.BoxSpace([0, -bound], [Infinity, bound]),
  actionSpace: new ctl.BoxSpace([-bound], [bound]),
  simulator: () => {
    let [count, last] = [0, 0];
    return {
      begin: () => void (count = last = 0),
      advance: action => {
        count++;
        last = action[0]!;
        return reward(count, last);
      },
      isTerminated: () => count >= end,
      observe: (out, at) => out.set([count, last], at),
    };
  },
});
