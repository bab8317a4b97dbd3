/** A gradient scope of one variable. */
import * as tf from '@tensorflow/tfjs-core';

/** Runs `fn` in a gradient scope with a variable of shape [3]; gives what `fn` kept. */
export async function inScope(
  fn: (w: tf.Variable) => tf.Tensor | tf.Tensor[],
  options: {vary?: (w: tf.Variable) => tf.Tensor} = {},
): Promise<{kept: number[][]; gradient: number[]}> {
  const w = tf.variable(tf.tensor1d([0.3, -0.4, 0.9]));
  const kept: tf.Tensor[] = [];
  const {value, grads} = tf.variableGrads(() => {
    const made = fn(w);
    kept.push(...(Array.isArray(made) ? made : [made]).map(t => tf.keep(tf.clone(t))));
    return tf.mean(options.vary?.(w) ?? kept[0]!);
  }, [w]);
  const numbers: number[][] = [];
  for (const t of kept) numbers.push(Array.from(await t.data()));
  const gradient = Array.from(await grads[w.name]!.data());
  tf.dispose([w, kept, value, grads]);
  return {kept: numbers, gradient};
}
