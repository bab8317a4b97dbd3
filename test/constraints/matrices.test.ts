import * as tf from '@tensorflow/tfjs-core';
import {lowerTriangularPositive, positiveDefinite} from '../../src/constraints/matrices.js';
import {describeBackends} from '../helpers/backends.js';

describeBackends(
  'constraints of matrices',
  () => {
    const matrices = {
      'a factor': [1, 0, -3, 2],
      symmetric: [2, 1, 1, 2],
      indefinite: [1, 2, 2, 1],
      upper: [1, 3, 0, 2],
      'not positive': [1, 0, 1, 0],
    };
    const good = {lowerTriangularPositive: ['a factor'], positiveDefinite: ['symmetric']};

    it('hold of numbers as they say', () => {
      for (const [name, values] of Object.entries(matrices)) {
        for (const constraint of [lowerTriangularPositive, positiveDefinite])
          expect(constraint.check(values, [2, 2]))
            .withContext(`${name} ${constraint.name}`)
            .toBe(good[constraint.name as keyof typeof good].includes(name));
      }
      expect(lowerTriangularPositive.check([1, 0, 0, 1, 0, 0], [2, 3])).toBeFalse();
      expect(positiveDefinite.check(1)).toBeFalse();
      expect(positiveDefinite.check([NaN, 0, 0, 1], [2, 2])).toBeFalse();
    });

    it('hold of tensors the same, but for what only a factorisation finds, and settle on the identity', async () => {
      const x = tf.tensor(Object.values(matrices).flat(), [5, 2, 2]);
      const found = tf.tidy(() => [
        lowerTriangularPositive.contains(x),
        positiveDefinite.contains(x),
        lowerTriangularPositive.settle!(x),
      ]);
      const [lower, definite, settled] = await Promise.all(found.map(async t => Array.from(await t.data(), Number)));
      expect(lower).toEqual([1, 0, 0, 0, 0]);
      expect(definite).toEqual([0, 1, 1, 0, 0]);
      expect(settled).toEqual([1, 0, -3, 2, ...[1, 2, 3, 4].flatMap(() => [1, 0, 0, 1])]);
      tf.dispose([x, ...found]);
    });
  },
  {inBrief: [], inNode: ['cpu']},
);
