import {StochasticError} from '../../src/util/errors.js';
import {tellOutOfMemory} from '../../src/util/outOfMemory.js';

describe('running out of memory', () => {
  const tell = (error: unknown) => () => tellOutOfMemory('A', error, () => 'in b of shape [2]', 8);

  it('is told with what was going on, and keeps its cause', () => {
    const cause = new RangeError('Array buffer allocation failed');
    expect(tell(cause)).toThrowError(
      StochasticError,
      /^A: ran out of memory \(RangeError: Array buffer allocation failed\) .* in b of shape \[2\], with 8 bytes held/,
    );
    const inner = new Error('kernel failed', {cause: new RangeError('Invalid typed array length: 123456789')});
    expect(tell(inner)).not.toThrow(); // another error, whatever it was caused by
    const passed = new StochasticError('B: failed', {cause});
    expect(tell(passed)).toThrowError(/^A: ran out of memory/);
  });

  it('leaves any other error alone', () => {
    for (const other of [
      new RangeError('Invalid typed array length: -1'),
      new TypeError('out of memory'),
      new Error('x'),
      null,
      'out of memory',
    ])
      expect(tell(other)).not.toThrow();
  });
});
