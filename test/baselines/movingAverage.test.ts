import * as st from 'tfjs-stochastic';
import {describeBackends} from '../helpers/backends.js';
import {advantages, expectClose} from './given.js';

describeBackends(
  'movingAverage',
  () => {
    it('is the mean of earlier costs, corrected for its start', async () => {
      const baseline = st.movingAverage({decay: 0.9});
      const {advantages: got} = await advantages(baseline, [
        [1, 2, 3],
        [4, 4, 4],
        [0, 0, 3],
      ]);
      expectClose(got[0]!, [1, 2, 3]);
      expectClose(got[1]!, [2, 2, 2]);
      const second = (0.9 * 0.1 * 2 + 0.1 * 4) / (1 - 0.81);
      expectClose(got[2]!, [-second, -second, 3 - second]);
      baseline.dispose!();
    });

    it('with decay 0 is the mean of the last step', async () => {
      const baseline = st.movingAverage({decay: 0});
      expectClose(
        (
          await advantages(baseline, [
            [1, 2, 3],
            [4, 4, 4],
            [0, 0, 3],
          ])
        ).advantages[2]!,
        [-4, -4, -1],
      );
      baseline.dispose!();
    });
  },
  {inBrief: [], inNode: ['cpu']},
);
