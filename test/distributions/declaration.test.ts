import * as tf from '@tensorflow/tfjs-core';
import {positive, real} from '../../src/constraints/numberSets.js';
import {lowerTriangularPositive} from '../../src/constraints/matrices.js';
import {positiveVector} from '../../src/constraints/vectors.js';
import {batchShapeOf, checkParameters, checkReplacements} from '../../src/distributions/declaration.js';
import {describeBackends} from '../helpers/backends.js';

describeBackends(
  'what a family declares',
  () => {
    const declared = {loc: real, scale: positive, weights: positiveVector, tril: lowerTriangularPositive};
    const checked =
      (parameters: Record<string, tf.Tensor | tf.TensorLike>, readTensors = false) =>
      () =>
        checkParameters('A', declared, parameters, readTensors);

    it('gives the batch shape without the axes of events', () => {
      expect(batchShapeOf('A', declared, {loc: [[1], [2]], scale: [1, 2, 3]})).toEqual([2, 3]);
      expect(
        batchShapeOf('A', declared, {
          loc: 0,
          weights: [
            [1, 2],
            [3, 4],
            [5, 6],
          ],
        }),
      ).toEqual([3]);
      expect(batchShapeOf('A', declared, {})).toEqual([]);
      expect(() => batchShapeOf('A', declared, {loc: [1, 2], scale: [1, 2, 3]})).toThrowError(
        'A: shapes must broadcast, got [2] and [3]',
      );
    });

    it('is what parameters are held to; tensors only where they are read', () => {
      expect(checked({loc: 0, scale: [1, 2]})).not.toThrow();
      expect(checked({scale: [1, -2]})).toThrowError('A: scale must be > 0, got -2 at [1]');
      expect(checked({weights: 1})).toThrowError('A: weights must have at least 1 axis, got 1');
      expect(checked({weights: [[]]})).toThrowError(/^A: weights must have at least one element along the last axis/);
      expect(checked({tril: [1]})).toThrowError('A: tril must have at least 2 axes, got [1]');
      expect(
        checked({
          tril: [
            [1, 0, 0],
            [1, 1, 0],
          ],
        }),
      ).toThrowError(/^A: tril must be square in its last two axes/);
      const bad = tf.scalar(-1);
      expect(checked({scale: bad})).not.toThrow();
      expect(checked({scale: bad}, true)).toThrowError('A: scale must be > 0, got -1');
      bad.dispose();
    });

    it('names what tensors may take the place of', () => {
      const t = tf.scalar(1);
      expect(() => checkReplacements('A', {loc: t}, ['loc', 'scale'])).not.toThrow();
      expect(() => checkReplacements('A', {lco: t}, ['loc', 'scale'])).toThrowError(
        'A: unknown parameter "lco"; did you mean "loc"?',
      );
      expect(() => checkReplacements('A', {loc: 1}, ['loc'])).toThrowError('A: loc must be a tensor, got 1');
      expect(() => checkReplacements('A', null, [])).toThrowError('A: needs tensors by name, got null');
      t.dispose();
    });
  },
  {only: ['cpu'], inBrief: []},
);
