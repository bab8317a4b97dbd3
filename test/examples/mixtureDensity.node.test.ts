import {leastLoss} from '../../examples/mixtureDensity.js';
import {runHere} from './helpers.js';

describe('the mixture density network', () => {
  // numpy: 200,000 values of t in order, 60,000 of x
  it('knows the least possible loss', () => expect(leastLoss()).toBeCloseTo(-1.28235, 2));

  it('follows the branches where one Normal cannot', async () => {
    const {report} = await runHere('mixture-density', ['--steps', '250', '--examples', '400']);
    const [one, mixture] = report!.comparisons.map(({here}) => here);
    expect(mixture).toBeLessThan(one! - 0.3);
    expect(mixture).toBeGreaterThan(leastLoss());
  });
});
