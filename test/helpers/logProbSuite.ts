/** What every logProb must hold: derivatives, finite where it is, and no more kernels than by hand. */
import * as tf from '@tensorflow/tfjs-core';
import {inBrief, inBrowser} from './backends.js';
import type {DistributionSpec, Value} from './distributionSuite.js';
import {expectDerivative, expectSecondDerivative} from './derivatives.js';
import {columns, read} from './near.js';

/** Of the reference, the first `settings` are taken. */
export function describeLogProb(name: string, spec: DistributionSpec, settings: number): void {
  it('has the right derivatives of logProb, first and second', async () => {
    if (name === 'Deterministic') return; // it jumps
    const {parameters, x} = spec.gradients;
    const of = (p: Record<string, tf.Tensor>, at: tf.Tensor) => spec.create(p).logProb(at);
    const inputs: Record<string, Value[]> = spec.isDiscrete ? {...parameters} : {...parameters, x};
    for (const input of Object.keys(inputs)) {
      if (spec.constants?.includes(input)) continue;
      const rest = tf.tidy(() => columns({...parameters, x}));
      const {x: at, ...others} = rest as {x: tf.Tensor} & Record<string, tf.Tensor>; // columns keeps the names
      const f = (t: tf.Tensor) => (input === 'x' ? of(others, t) : of({...others, [input]: t}, at));
      await expectDerivative(f, rest[input]!, `logProb by ${input}`);
      await expectSecondDerivative(f, rest[input]!, `logProb by ${input}`);
      tf.dispose(rest);
    }
  });

  it('has finite derivatives by its parameters wherever logProb is finite', async () => {
    if (name === 'Deterministic') return;
    for (const {config, x, logProb} of spec.reference.slice(0, settings)) {
      const inside = x.filter((_, i) => Math.abs(logProb[i]!) < 1e30); // beyond, the derivative need not be a float32
      const names = Object.keys(config).filter(k => !spec.constants?.includes(k));
      if (inside.length === 0 || names.length === 0) continue;
      const values = names.map(k => tf.tensor(config[k] as tf.TensorLike, undefined, 'float32'));
      const at = tf.tensor(inside, undefined, 'float32');
      const f = (...ts: tf.Tensor[]) =>
        tf.sum(spec.create({...config, ...Object.fromEntries(names.map((k, i) => [k, ts[i]!]))}).logProb(at));
      const gradients = tf.grads(f)(values);
      for (const [i, gradient] of gradients.entries()) {
        const numbers = await read(gradient);
        if (!numbers.every(Number.isFinite))
          fail(`logProb of ${JSON.stringify(config)} by ${names[i]}: ${numbers.join(', ')}`);
      }
      tf.dispose([...values, at]);
    }
  });

  const {handwritten} = spec;
  if (handwritten === undefined || inBrief) return; // the number of kernels is the same on every backend
  it('takes at most 1.3 times the kernels of a formula by hand, and allocates only its result', async () => {
    const n = inBrowser ? 1000 : 100_000; // the count does not depend on it
    const parameters = Object.fromEntries(
      Object.entries(handwritten.config).map(([k, v]) => [k, tf.tensor(v as tf.TensorLike, undefined, 'float32')]),
    );
    const d = spec.create(parameters);
    const x = d.sample(n);
    const before = tf.memory().numTensors;
    const ours = d.logProb(x);
    expect(tf.memory().numTensors).toBe(before + 1);
    const counts: number[] = [];
    for (const f of [() => d.logProb(x), () => handwritten.logProb(x, parameters)]) {
      const {kernels} = (await tf.profile(() => tf.tidy(f))) as {kernels: unknown[]}; // a profile lists kernels
      counts.push(kernels.length);
    }
    expect(counts[0])
      .withContext(
        `kernels of logProb, against ${counts[1]} by hand: use fewer, or one function (src/functions/families)`,
      )
      .toBeLessThanOrEqual(1.3 * counts[1]!);
    tf.dispose([...Object.values(parameters), x, ours]);
  });
}
