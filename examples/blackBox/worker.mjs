/** A thread that is asked for costs, and answers late: a plain script, since it could be anything that gives numbers. */
import {parentPort, workerData} from 'node:worker_threads';

const {target, noise, delay, seed} = workerData;

/** Stairs that lead down to 0, ⌊10 ‖x − target‖²⌋ / 10: the derivative is 0 wherever there is one. */
function stairs(x) {
  if (x.length !== target.length || !x.every(Number.isFinite))
    throw new Error(`it takes ${target.length} finite numbers, got ${x.join(', ')}`);
  return Math.floor(10 * x.reduce((sum, value, i) => sum + (value - target[i]) ** 2, 0)) / 10;
}

parentPort.on('message', ({id, candidates, isExact}) => {
  const uniform = generator(seed + id);
  const costs = candidates.map(x => stairs(x) + (isExact ? 0 : noise * normal(uniform)));
  setTimeout(() => parentPort.postMessage({id, costs}), delay * uniform());
});

/** Numbers on (0, 1] that depend on the seed alone (Steele, Lea and Flood 2014, with the mixer of MurmurHash3). */
function generator(seed) {
  let state = seed;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let x = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
    x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
    return (((x ^ (x >>> 16)) >>> 0) + 1) / 0x100000000;
  };
}

/** By Box and Muller. */
function normal(uniform) {
  return Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
}
