/** A recurrent policy trained through trajectories: thousands of tiny kernels, where what surrounds each one counts. */
import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import type {BenchContext} from './context.js';
import {here, interleaved} from './measure.js';
import {controlByHand, makeControl, NOISE, type Control} from './policyByHand.js';
import {ourDraws} from './step.js';

/** A step of training through a trajectory of `steps` times. */
export function policyStep(steps: number): {ours: () => void; control: Control} {
  st.random.setSeed(1);
  const control = makeControl(steps, ourDraws);
  const optimizer = st.stochasticOptimizer(tf.train.adam(1e-4));
  const cost = (): tf.Tensor =>
    st.svgInfinity({
      dynamics: control.dynamics,
      policy: s => st.independent(new st.Normal({loc: control.mean(s), scale: NOISE}), 1),
      cost: control.cost,
      trajectory: {states: control.states, actions: control.actions},
    });
  return {ours: () => void optimizer.minimize(cost, false, control.variables), control};
}

export async function benchPolicy({report, peers, effort, quick}: BenchContext): Promise<void> {
  const steps = quick ? 2 : 20;
  const {ours, control} = policyStep(steps);
  const columns = await interleaved(
    {
      ours: here(ours),
      byHand: here(controlByHand(control)),
      plain: peers.plain?.contender(`policy ${steps}`) ?? null,
    },
    effort(15, 3),
  );
  const {kernels} = await tf.profile(ours);
  report({name: 'policy svgInfinity', size: steps, ...columns, kernels: kernels.length});
}
