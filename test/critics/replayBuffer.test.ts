/** Transitions that are kept on the device, and drawn again. */
import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {describeBackends} from '../helpers/backends.js';

const stolen = <T>(x: unknown): T => x as T; // what a JavaScript user may pass
const key = st.random.key(4);
/** Rows i, …, i + n − 1: a column of the number, and a vector [i, −i]. */
const rows = (i: number, n: number): {x: tf.Tensor; pair: tf.Tensor} => {
  const numbers = Array.from({length: n}, (_, j) => i + j);
  return {x: tf.tensor1d(numbers, 'int32'), pair: tf.tensor2d(numbers.map(v => [v, -v]))};
};

describeBackends(
  'a replay buffer',
  () => {
    it('draws rows alike from the latest of its capacity, each row whole', async () => {
      const buffer = st.replayBuffer({capacity: 7, key});
      for (let i = 0; i < 20; i += 2) tf.tidy(() => buffer.add(rows(i, 2)));
      expect(buffer.size).toBe(7);
      const {x, pair} = buffer.sample(7000);
      expect(x!.shape).toEqual([7000]);
      expect(x!.dtype).toBe('int32');
      const [numbers, pairs] = [await x!.data(), await pair!.data()];
      const counts = new Map<number, number>();
      numbers.forEach((v, i) => {
        counts.set(v, (counts.get(v) ?? 0) + 1);
        if (pairs[2 * i] !== v || pairs[2 * i + 1] !== -v) fail(`row ${i} holds ${v} and ${pairs[2 * i]}`);
      });
      expect([...counts.keys()].sort((a, b) => a - b)).toEqual([13, 14, 15, 16, 17, 18, 19]);
      for (const [v, count] of counts)
        expect(Math.abs(count - 1000))
          .withContext(`${v}`)
          .toBeLessThan(4.5 * Math.sqrt((1000 * 6) / 7));
      tf.dispose([x!, pair!]);
      buffer.dispose();
    });

    it('holds more rows than lie in one tensor, and additions of any size', async () => {
      const buffer = st.replayBuffer({capacity: 3000, key});
      tf.tidy(() => buffer.add(rows(0, 5000)));
      expect(buffer.size).toBe(3000);
      for (let i = 5000; i < 7000; i += 500) tf.tidy(() => buffer.add(rows(i, 500)));
      expect(buffer.size).toBe(3000);
      const {x, pair} = buffer.sample(500);
      const numbers = await x!.data();
      expect(Math.min(...numbers)).toBeGreaterThanOrEqual(4000);
      expect(Math.min(...numbers)).toBeLessThan(4200);
      expect(Math.max(...numbers)).toBeGreaterThan(6800);
      tf.dispose([x!, pair!]);
      buffer.dispose();
    });

    it('draws the same with the same key, and others with the next of its own', async () => {
      const buffer = st.replayBuffer({capacity: 100, key});
      tf.tidy(() => buffer.add(rows(0, 100)));
      const draw = async (k?: st.random.Key): Promise<string> => {
        const found = buffer.sample(8, k);
        const text = (await found['x']!.data()).join();
        tf.dispose(found);
        return text;
      };
      expect(await draw(st.random.key(1))).toBe(await draw(st.random.key(1)));
      expect(await draw()).not.toBe(await draw());
      buffer.dispose();
    });

    it('keeps constants through gradient scopes, and leaves nothing behind', async () => {
      const before = tf.memory().numTensors;
      const buffer = st.replayBuffer({capacity: 4, key});
      const w = tf.tidy(() => tf.variable(tf.scalar(2)));
      const step = (): void =>
        tf.dispose(
          tf.variableGrads(() => {
            buffer.add({y: tf.mul(w, tf.ones([3]))});
            return tf.add<tf.Scalar>(tf.mean(tf.square(w)), tf.mean(buffer.sample(2)['y']!));
          }, [w]),
        );
      for (let i = 0; i < 3; i++) step();
      const settled = tf.memory().numTensors;
      for (let i = 0; i < 5; i++) step();
      expect(tf.memory().numTensors).toBe(settled);
      const grads = tf.grad((x: tf.Tensor) => {
        buffer.add({y: tf.mul(x, tf.ones([3]))});
        return tf.add(x, tf.sum(buffer.sample(50)['y']!));
      })(tf.scalar(1));
      expect((await grads.data())[0]).toBe(1);
      tf.dispose([w, grads]);
      buffer.dispose();
      expect(buffer.size).toBe(0);
      expect(tf.memory().numTensors).toBe(before + 1); // the scalar that was given to tf.grad
    });

    it('refuses what makes no sense', () => {
      const buffer = st.replayBuffer({capacity: 3, key});
      const [x, y] = [tf.ones([2, 3]), tf.ones([3])];
      const bad: Array<[() => unknown, string | RegExp]> = [
        [() => st.replayBuffer({capacity: 0}), 'replayBuffer: capacity must be an integer >= 1, got 0'],
        [() => st.replayBuffer({capacity: 2.5}), 'replayBuffer: capacity must be an integer >= 1, got 2.5'],
        [() => st.replayBuffer(stolen({})), 'replayBuffer: capacity must be an integer >= 1, got undefined'],
        [() => st.replayBuffer(stolen({capacity: 3, size: 2})), /^replayBuffer: unknown option "size"/],
        [() => buffer.sample(2), 'replayBuffer.sample: needs rows, got an empty buffer'],
        [() => buffer.sample(0), 'replayBuffer.sample: n must be an integer >= 1, got 0'],
        [() => buffer.add({}), /^replayBuffer.add: needs at least one tensor by name/],
        [
          () => buffer.add({x: stolen(3)}),
          'replayBuffer.add: x must be a tensor of shape [rows, …] with at least one row, got 3',
        ],
        [
          () => buffer.add({x, y}),
          'replayBuffer.add: all tensors must have as many rows, got a float32 tensor of shape [3]',
        ],
      ];
      for (const [run, message] of bad) expect(run).withContext(String(message)).toThrowError(message);
      buffer.add({x});
      expect(() => buffer.add({x: y})).toThrowError(
        'replayBuffer.add: x must be float32 of shape [rows,3] as before, got a float32 tensor of shape [3]',
      );
      expect(() => buffer.add({z: y})).toThrowError(/^replayBuffer.add: unknown option "z"/);
      expect(buffer.size).toBe(2);
      buffer.dispose();
      tf.dispose([x, y]);
    });
  },
  {inBrief: [], inNode: ['cpu']},
);
