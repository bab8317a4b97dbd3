/** The random words of one element on GPUs; src/keys/elementStream.ts makes the same on hosts. */
import {ELEMENT} from '../../keys/key.js';
import type {ShaderFunction} from './definition.js';

const rotate = (r: number) => `a = a + b; b = ((b << ${r}u) | (b >> ${32 - r}u)) ^ a;`;
const quad = (rounds: number[], k: string, l: string, n: number) =>
  `${rounds.map(rotate).join(' ')} a = a + ${k}; b = b + ${l} + ${n}u;`;
const [EVEN, ODD] = [
  [13, 15, 26, 6],
  [17, 29, 16, 24],
];

/** `streamNext()`, the next word; the program calls streamStart first. */
export const shaderStream: ShaderFunction = {
  name: 'streamNext',
  source: () => `
var<private> streamKey0: u32;
var<private> streamKey1: u32;
var<private> streamIndex: u32;
var<private> streamBlock: u32;
var<private> streamSpare: u32;
var<private> streamHasSpare: bool;

fn streamStart(key0: u32, key1: u32, index: u32) -> bool {
  streamKey0 = key0;
  streamKey1 = key1;
  streamIndex = index;
  streamBlock = 0u;
  streamHasSpare = false;
  return true;
}

fn streamNext() -> u32 {
  if (streamHasSpare) {
    streamHasSpare = false;
    return streamSpare;
  }
  let k2: u32 = streamKey0 ^ streamKey1 ^ 466688986u;
  var a: u32 = streamIndex + streamKey0;
  var b: u32 = ${ELEMENT}u + streamBlock + streamKey1;
  ${quad(EVEN, 'streamKey1', 'k2', 1)}
  ${quad(ODD, 'k2', 'streamKey0', 2)}
  ${quad(EVEN, 'streamKey0', 'streamKey1', 3)}
  ${quad(ODD, 'streamKey1', 'k2', 4)}
  ${quad(EVEN, 'k2', 'streamKey0', 5)}
  streamBlock = streamBlock + 1u;
  streamSpare = b;
  streamHasSpare = true;
  return a;
}`,
};
