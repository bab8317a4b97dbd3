import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {ensureKernels} from '../../../src/kernels/index.js';
import {describeBackends} from '../../helpers/backends.js';

describeBackends('casts to float32', () => {
  beforeAll(() => ensureKernels());

  /** A tensor whose data is where the backend computes; tfjs keeps small ones on the processor otherwise. */
  const onDevice = (): tf.Tensor =>
    tf.sqrt(tf.square(tf.relu(tf.tensor3d([1, 5, 1, 5, 1, 1, 1, 5, 1, 1, 5, 1], [2, 3, 2]))));

  it('convert booleans and integers for whatever reads them next', async () => {
    const [transposed, summed, integers] = tf.tidy((): tf.Tensor[] => {
      const a = onDevice();
      return [
        tf.transpose(tf.cast(tf.less(a, 2), 'float32'), [1, 0, 2]),
        tf.sum(tf.cast(tf.less(a, 2), 'float32'), 0),
        tf.transpose(tf.cast(tf.cast(a, 'int32'), 'float32'), [2, 0, 1]),
      ];
    });
    expect([...(await transposed!.data())]).toEqual([1, 0, 1, 0, 1, 0, 1, 1, 1, 1, 0, 1]);
    expect([...(await summed!.data())]).toEqual([2, 0, 2, 1, 1, 2]);
    expect([...(await integers!.data())]).toEqual([1, 1, 1, 1, 1, 5, 5, 5, 1, 5, 1, 1]);
    tf.dispose([transposed!, summed!, integers!]);
  });

  it('leave one tensor and hold no data of their own', async () => {
    const x = tf.tidy(() => tf.less(onDevice(), 2));
    const before = {tensors: tf.memory().numTensors, data: tf.engine().backend.numDataIds()};
    const y = tf.cast(x, 'float32');
    await y.data();
    expect(tf.memory().numTensors).toBe(before.tensors + 1);
    y.dispose();
    expect(tf.engine().backend.numDataIds()).toBe(before.data);
    x.dispose();
  });

  it('serve samples of discrete distributions, whatever reads them next', async () => {
    const q = new st.Bernoulli({logits: tf.zeros([2, 3000])});
    const key = st.random.key(4);
    const [exact, summed] = tf.tidy((): tf.Tensor[] => [
      tf.sum(tf.mul(q.sample([], {key}), 1), 0),
      tf.sum(q.sample([], {key}), 0),
    ]);
    const values = await exact!.data();
    expect(await summed!.data()).toEqual(values);
    expect(values.includes(1)).toBeTrue();
    tf.dispose([exact!, summed!, q.tensors()]);
  });
});
