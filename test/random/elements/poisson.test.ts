import {HostStream, type ElementStream} from '../../../src/keys/elementStream.js';
import {nextExponential} from '../../../src/random/elements/noise.js';
import {nextPoisson} from '../../../src/random/elements/poisson.js';

/** The count by its definition: exponential times between arrivals, added up. */
function byTimes(stream: ElementStream, rate: number): number {
  let time = nextExponential(stream);
  let k = 0;
  while (time <= rate && k < 200) {
    k++;
    time += nextExponential(stream);
  }
  return k;
}

/** A stream of given words, then of zeros. */
const given = (words: number[]): ElementStream => ({next: () => words.shift() ?? 0});

describe('counts of arrivals', () => {
  it('are those of added times', () => {
    const stream = new HostStream([3, 4]);
    for (const rate of [-Infinity, -1, 0, 1e-20, 1e-10, 0.01, 1, 8, 10.02]) {
      for (let i = 0; i < 3000; i++) {
        const counts = [byTimes, nextPoisson].map(count => (stream.restart(i), count(stream, rate)));
        if (counts[0] !== counts[1]) fail(`rate ${rate}, element ${i}: ${counts.join()}`);
      }
    }
    expect().nothing();
  });

  it('tell a time from the number next to it', () => {
    const words = [0x80000000, 0xf0000000, 5, 0x40000000, 0xffffffff, 0xffffffff];
    const times = given([...words]);
    const time = [0, 1, 2].reduce(sum => sum + nextExponential(times), 0);
    expect(nextPoisson(given([...words]), time)).toBe(3);
    expect(nextPoisson(given([...words]), time * (1 - 2 ** -52))).toBe(2);
    expect(nextPoisson(given([...words]), time * (1 + 2 ** -52))).toBe(3);
  });

  it('end where words are 0 for ever', () => expect(nextPoisson(given([]), 1)).toBe(200));
});
