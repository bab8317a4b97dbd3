/** Recorded steps beside the same steps as they are written, by hand in plain tfjs, and in the peers. */
import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {makeModel, stepNames} from './byHand.js';
import type {BenchContext} from './context.js';
import {here, interleaved, now} from './measure.js';
import {policyStep} from './policy.js';
import {library, ourDraws} from './step.js';

/** Calls until the recording is used, two at least. @returns how long they took, in times of the step as it is written */
function record(step: st.CompiledStep<[], unknown>, asWritten: () => unknown): number {
  for (let i = 0; i < 3; i++) asWritten();
  const start = now();
  for (let i = 0; i < 4; i++) asWritten();
  const middle = now();
  let calls = 0;
  while (calls < 10 && step.describe()[0]?.state !== 'recorded') {
    step();
    calls++;
  }
  return (now() - middle) / ((middle - start) / 4);
}

const kernelsOf = (step: st.CompiledStep<[], unknown>) => {
  const [found] = step.describe();
  return {kernels: found?.kernels.length ?? 0, kernelsWritten: found?.plainKernels ?? 0};
};

/** A chain of n scalar Bernoulli nodes with a cost at each: forward, surrogate loss and backward. */
function chain(n: number): () => void {
  const w = tf.variable(tf.zeros([1]));
  return () =>
    tf.dispose(
      st.variableGrads(() => {
        const costs: tf.Tensor[] = [];
        let x: tf.Tensor = w;
        for (let i = 0; i < n; i++) {
          const logits = tf.add(w, tf.mul(x, 0.1));
          x = new st.DistributionTensor(new st.Bernoulli({logits}), {estimator: 'scoreFunction'}).value;
          costs.push(tf.square(tf.sub(x, 0.3)));
        }
        return costs;
      }, [w]),
    );
}

/** Milliseconds of recorded steps, and microseconds of a recorded kernel of one number. */
export async function benchCompile({report, peers, effort, quick}: BenchContext): Promise<void> {
  const additions = quick ? 10 : 1000;
  const one = tf.scalar(1);
  const many = (x: tf.Tensor): tf.Tensor => {
    let sum = x;
    for (let i = 0; i < additions; i++) sum = tf.add(sum, x);
    return sum;
  };
  const added = st.compile(many);
  for (let i = 0; i < 4; i++) added(one).dispose();
  const kernel = await interleaved(
    {ours: here(() => added(one)), written: here(() => tf.tidy(() => many(one)))},
    effort(15, 10),
  );
  const each = Object.fromEntries(Object.entries(kernel).map(([name, ms]) => [name, (1000 * ms) / additions]));
  report({name: 'compile kernel of one number', size: additions, unit: 'microseconds', ...each});

  for (const batch of quick ? [4] : [24, 100]) {
    st.random.setSeed(1);
    const model = makeModel(batch, ourDraws);
    for (const name of stepNames) {
      const operation = `step ${name} ${batch}`;
      const written = library(model, name);
      const ours = st.compile(library(model, name));
      const recording = record(ours, written);
      const columns = await interleaved(
        {
          ours: here(() => void ours()),
          written: here(written),
          plain: peers.plain?.contender(operation) ?? null,
          jaxjs: peers.jaxjs?.contender(operation) ?? null,
          torch: peers.torch?.contender(operation) ?? null,
        },
        effort(15, 10),
      );
      report({name: `compile ${name}`, size: batch, ...columns, recording, ...kernelsOf(ours)});
      ours.dispose();
    }
  }

  const times = quick ? 2 : 20;
  const trajectory = {written: policyStep(times).ours, ours: st.compile(policyStep(times).ours)};
  const programs = [
    {name: 'compile svgInfinity', size: times, ...trajectory},
    ...(quick ? [5] : [100, 1000]).map(n => ({
      name: 'compile chain',
      size: n,
      written: chain(n),
      ours: st.compile(chain(n)),
    })),
  ];
  for (const {name, size, written, ours} of programs) {
    const recording = record(ours, written);
    const columns = await interleaved({ours: here(() => void ours()), written: here(written)}, effort(7, 1));
    report({name, size, ...columns, recording, ...kernelsOf(ours)});
    ours.dispose();
  }
}
