/**
 * tfjs takes initial weights, dropout masks and shuffled orders from Math.random, and so does the default stream of
 * this library before it has a seed. Under this helper each spec sees the same numbers, whatever ran before it.
 */
import * as random from '../../src/random/index.js';

let state = 0;

/** Marsaglia's xorshift with 32 bits: 2³² − 1 different numbers, which is plenty for weights and orders. */
function next(): number {
  state ^= state << 13;
  state ^= state >>> 17;
  state ^= state << 5;
  return (state >>> 0) / 2 ** 32;
}

function restart(): void {
  state = 20_260_101;
  random.setSeed(20_260_101);
}

/** From here on, Math.random and the default stream start anew with each suite and each spec. */
export function fixRandomNumbers(): void {
  Math.random = next;
  restart();
  jasmine.getEnv().addReporter({suiteStarted: restart, specStarted: restart});
}
