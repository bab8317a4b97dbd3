import {mendMethod} from '../../layers/mendMethod.js';

class Counter {
  constructor(readonly start: number) {}
  count(by: number): number {
    return this.start + by;
  }
}
type Count = (this: Counter, by: number) => number;

describe('a method that is mended', () => {
  it('is replaced once, and calls the one in place with the instance', () => {
    const twice = () =>
      mendMethod<Count>(
        Counter,
        'count',
        original =>
          function (by) {
            return 10 * original.call(this, by);
          },
      );
    twice();
    twice();
    expect(new Counter(1).count(2)).toBe(30);
    expect(new Counter(5).count(0)).toBe(50);
  });
});
