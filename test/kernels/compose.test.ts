import * as tf from '@tensorflow/tfjs-core';
import {compose, share, withShape} from '../../src/kernels/compose.js';
import {describeBackends} from '../helpers/backends.js';

describeBackends('compose', () => {
  const build = (make: Parameters<typeof compose>[2]): tf.TensorInfo => compose(tf.getBackend(), tf.backend(), make);
  const buffers = (): number => tf.backend().numDataIds();
  const toTensor = (x: tf.TensorInfo): tf.Tensor => tf.engine().makeTensorFromTensorInfo(x);

  it('gives what kernels make of one another, and frees what they leave on the way', async () => {
    const x = tf.tensor1d([1, 2, 3]);
    const before = buffers();
    const out = build(({run, fill}) => {
      const twice = run(tf.Multiply, {a: x, b: fill([], 2)});
      return run(tf.Add, {a: twice, b: fill([3], 0.5)});
    });
    expect(buffers()).toBe(before + 1);
    const sum = toTensor(out);
    expect(Array.from(await sum.data())).toEqual([2.5, 4.5, 6.5]);
    tf.dispose([x, sum]);
  });

  it('frees all that was made where a kernel fails', () => {
    const before = buffers();
    expect(() =>
      build(({run, fill}) => {
        fill([2], 1);
        return run('NoSuchKernel', {});
      }),
    ).toThrow();
    expect(buffers()).toBe(before);
  });

  it('keeps the output though it has the data of something else that was made, in another shape', async () => {
    const before = buffers();
    const out = build(({fill}) => withShape(fill([4], 3), [2, 2]));
    expect(buffers()).toBe(before + 1);
    const square = toTensor(out);
    expect(square.shape).toEqual([2, 2]);
    expect(Array.from(await square.data())).toEqual([3, 3, 3, 3]);
    square.dispose();
  });

  it('shares a tensor without a copy: the data lives on until both are disposed', async () => {
    const x = tf.tensor1d([7, 8]);
    const before = buffers();
    const second = toTensor(share(x, tf.backend()));
    expect(buffers()).toBe(before);
    x.dispose();
    expect(Array.from(await second.data())).toEqual([7, 8]);
    second.dispose();
  });
});
