import * as tf from '@tensorflow/tfjs-core';
import {checkTape, outlive} from '../../src/graph/tape.js';
import {describeBackends} from '../helpers/backends.js';

describe('the form of the tape', () => {
  const t = {id: 1};
  const record = {kernelName: 'Add', inputs: {a: t}, outputs: [t], saved: []};

  it('that tfjs-core 4.22.0 writes is accepted', () => {
    expect(checkTape('test', [], '4.22.0')).toEqual([]);
    expect(checkTape('test', [record], '4.22.0').length).toBe(1);
  });

  it('that is any other is refused in one sentence', () => {
    const others: unknown[] = [
      undefined,
      null,
      {},
      [null],
      [3],
      [{...record, kernelName: 3}],
      [{...record, inputs: null}],
      [{...record, outputs: t}],
      [{...record, outputs: [{}]}],
      [{...record, saved: undefined}],
      [record, {}],
    ];
    for (const tape of others) {
      expect(() => checkTape('surrogateLoss', tape, '9.9.9')).toThrowError(
        /^surrogateLoss: needs the tape of tfjs-core 4\.20\.0 to 4\.22\.0; version 9\.9\.9 has another form/,
      );
    }
  });
});

describeBackends(
  'tensors that outlive a tidy',
  () => {
    it('last until the outermost one ends, or a gradient scope does', async () => {
      const x = tf.tensor1d([3, 4]);
      const before = tf.memory().numTensors;
      let copies: tf.Tensor[] | null = null;
      const inner = (): void =>
        void tf.tidy(() => {
          copies = outlive([x, tf.square(x)]);
        });
      tf.tidy(() => {
        tf.tidy(inner);
        expect(copies!.map(t => t.isDisposed)).toEqual([false, false]);
        expect(Array.from(copies![1]!.dataSync())).toEqual([9, 16]);
      });
      expect(copies!.map(t => t.isDisposed)).toEqual([true, true]);
      inner(); // nothing is around it
      expect(copies).toBeNull();
      const slope = tf.grad((t: tf.Tensor) => {
        const square = tf.tidy(() => {
          copies = outlive([tf.square(t)]);
          return tf.scalar(0);
        });
        return tf.add(tf.sum(copies![0]!), square);
      })(x);
      expect(Array.from(await slope.data())).toEqual([6, 8]);
      slope.dispose();
      expect(copies![0]!.isDisposed).toBeTrue();
      expect(tf.memory().numTensors).toBe(before);
      x.dispose();
    });
  },
  {inBrief: [], inNode: ['cpu']},
);
