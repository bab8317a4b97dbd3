import * as st from 'tfjs-stochastic';
import {describeBackends} from '../helpers/backends.js';
import {advantages, expectClose} from './given.js';

describeBackends(
  'constant',
  () => {
    it('subtracts its value', async () => {
      expectClose((await advantages(st.constant({value: -2}), [[1, 2, 3]])).advantages[0]!, [3, 4, 5]);
      expect(() => st.constant({value: NaN})).toThrowError(/^constant: value must be/);
    });
  },
  {inBrief: [], inNode: ['cpu']},
);
