import {hostSimd, useHostSimd, WORTH_SIMD, type HostSimd} from '../../src/simd/current.js';

describe('the faster forms in use', () => {
  it('are those that were given, where there are numbers enough', () => {
    const before = hostSimd(WORTH_SIMD);
    const forms: HostSimd = {words: () => undefined, noise: () => undefined};
    try {
      useHostSimd(() => forms);
      expect(hostSimd(WORTH_SIMD)).toBe(forms);
      expect(hostSimd(WORTH_SIMD - 1)).toBeNull();
      useHostSimd(() => null);
      expect(hostSimd(1e6)).toBeNull();
      useHostSimd(null);
      expect(hostSimd(1e6)).toBeNull();
    } finally {
      useHostSimd(before === null ? null : () => before);
    }
  });
});
