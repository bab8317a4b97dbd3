import * as tf from '@tensorflow/tfjs-core';
import {describeBackends} from '../helpers/backends.js';
import {describeMultivariateNormal, families} from './multivariateNormals.js';

describeMultivariateNormal('MultivariateNormalDiag', [
  [{loc: [0, 1]}, 'MultivariateNormalDiag: scaleDiag must be given'],
  [{scaleDiag: 1}, 'MultivariateNormalDiag: scaleDiag must have at least 1 axis, got 1'],
  [{scaleDiag: []}, 'MultivariateNormalDiag: scaleDiag must have at least one element along the last axis, got []'],
  [{scaleDiag: [1, 0]}, 'MultivariateNormalDiag: scaleDiag must be > 0 along the last axis, got [1, 0]'],
  [
    {
      scaleDiag: [
        [1, 1],
        [2, -1],
      ],
    },
    'MultivariateNormalDiag: scaleDiag must be > 0 along the last axis, got [2, -1] at [1]',
  ],
  [{scaleDiag: [1, NaN]}, 'MultivariateNormalDiag: scaleDiag must be > 0 along the last axis, got [1, NaN]'],
  [
    {loc: [1, 2, 3], scaleDiag: [1, 2]},
    'MultivariateNormalDiag: the last axis of loc must have length 2, as that of scaleDiag, or 1, got 3',
  ],
  [{loc: 3, scaleDiag: [1, 2]}, 'MultivariateNormalDiag: loc must have at least 1 axis, got 3'],
  [
    {loc: [1, Infinity], scaleDiag: [1, 2]},
    'MultivariateNormalDiag: loc must be finite numbers along the last axis, got [1, Infinity]',
  ],
  [{loc: [[1], [2]], scaleDiag: [[1], [2], [3]]}, 'MultivariateNormalDiag: shapes must broadcast, got [2] and [3]'],
  [{scaleDaig: [1]}, 'MultivariateNormalDiag: unknown option "scaleDaig"; did you mean "scaleDiag"?'],
]);

describeBackends(
  'MultivariateNormalDiag with validateArgs',
  () => {
    it('reads tensors, and values', () => {
      expect(() => families.MultivariateNormalDiag({scaleDiag: tf.tensor1d([1, -1]), validateArgs: true})).toThrowError(
        /scaleDiag must be > 0/,
      );
      const strict = families.MultivariateNormalDiag({scaleDiag: [1, 1], validateArgs: true});
      expect(() => strict.logProb([0, Infinity])).toThrowError(
        /logProb: value must be finite numbers along the last axis/,
      );
      expect(() => strict.logProb([0, 1, 2])).toThrowError(
        /value must end in the event shape \[2\], got the shape \[3\]/,
      );
    });
  },
  {only: ['cpu'], inBrief: []},
);
