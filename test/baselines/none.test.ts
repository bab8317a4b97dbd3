import * as st from 'tfjs-stochastic';
import {describeBackends} from '../helpers/backends.js';
import {advantages, expectClose} from './given.js';

describeBackends(
  'none',
  () => {
    it('subtracts nothing', async () => {
      expectClose((await advantages(st.none(), [[1, 2, 3]])).advantages[0]!, [1, 2, 3]);
    });
  },
  {inBrief: [], inNode: ['cpu']},
);
