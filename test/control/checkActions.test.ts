import {BoxSpace, DiscreteSpace} from 'tfjs-stochastic/control';
import {checkActionCount, checkActions} from '../../control/checkActions.js';

describe('what is done', () => {
  const box = new BoxSpace([-0.1, 0], [0.1, 2]);
  const three = new DiscreteSpace(3);

  it('may be what the space has, bounds that were rounded among it', () => {
    expect(() => checkActions('env', box, [0.1, 2, Math.fround(0.1), 0], 2)).not.toThrow();
    expect(() => checkActions('env', box, new Float32Array([-0.1, 1]), 1)).not.toThrow();
    expect(() => checkActions('env', three, [0, 2, 1], 3)).not.toThrow();
  });

  it('is refused outside of it, with the place and the step', () => {
    expect(() => checkActions('env', box, [0, 1, 0, 2.5], 2, [4, 7])).toThrowError(
      'env: actions must be in [0, 2], got 2.5 at [1,1] in step 8 of its episode; ctl.clipActions clips them',
    );
    expect(() => checkActions('env', box, [NaN, 1], 1)).toThrowError(
      'env: actions must be in [-0.1, 0.1], got NaN at [0,0]',
    );
    expect(() => checkActions('env', three, [0, 3], 2)).toThrowError(
      'env: actions must be whole numbers from 0 to 2, got 3 at [1]',
    );
    expect(() => checkActions('env', three, [0.5], 1)).toThrowError(/got 0.5 at \[0\]/);
  });

  it('must be as many numbers as there are', () => {
    expect(() => checkActionCount('env', [1, 2], 2)).not.toThrow();
    expect(() => checkActionCount('env', [1], 2)).toThrowError('env: there must be 2 numbers of actions, got 1');
    expect(() => checkActionCount('env', 'ab' as never, 2)).toThrowError(/env: actions must be a list of numbers/);
  });
});
