/** What a JavaScript caller may give by accident or out of malice. */
import * as tf from '@tensorflow/tfjs-core';
import type {Generator} from './generate.js';

/** What users' own functions and getters throw: it may pass through. */
export class OwnError extends Error {
  override readonly name = 'OwnError';
}

const mine = (): never => {
  throw new OwnError('mine');
};

function disposed(g: Generator): tf.Tensor {
  const t = g.keep(tf.tensor1d([1, 2, 3]));
  t.dispose();
  return t;
}

function cyclic(): unknown[] {
  const list: unknown[] = [];
  list.push(list);
  return list;
}

function deep(levels: number, leaf: unknown = 1): unknown {
  let x = leaf;
  for (let i = 0; i < levels; i++) x = [x];
  return x;
}

/** A list of lists that share their parts, 1000⁴ elements in all. */
function shared(): unknown {
  let x: unknown = new Array(1000).fill(0.5);
  for (let i = 0; i < 3; i++) x = new Array(1000).fill(x);
  return x;
}

/** An object whose every property throws. */
const throwing = (): unknown =>
  new Proxy({}, {get: mine, has: mine, ownKeys: mine, getPrototypeOf: mine, getOwnPropertyDescriptor: mine});

/** Makers of hostile values, by name. */
export const hostile: ReadonlyArray<readonly [name: string, make: (g: Generator) => unknown]> = [
  ['undefined', () => undefined],
  ['null', () => null],
  ['NaN', () => NaN],
  ['Infinity', () => Infinity],
  ['-Infinity', () => -Infinity],
  ['0', () => 0],
  ['-0', () => -0],
  ['1', () => 1],
  ['-1', () => -1],
  ['0.5', () => 0.5],
  ['1e9', () => 1e9],
  ['2**31', () => 2 ** 31],
  ['2**53', () => 2 ** 53],
  ['1e300', () => 1e300],
  ['1e-300', () => 1e-300],
  ['true', () => true],
  ['empty string', () => ''],
  ['string', () => 'abc'],
  ['numeric string', () => '3'],
  ['__proto__', () => '__proto__'],
  ['constructor', () => 'constructor'],
  ['bigint', () => 3n],
  ['symbol', () => Symbol('s')],
  ['empty list', () => []],
  ['list of numbers', () => [1, 2, 3]],
  ['list of zeros', () => [0, 0]],
  ['[NaN]', () => [NaN, 1]],
  ['[Infinity]', () => [Infinity]],
  ['list of negatives', () => [-1, -2, -3]],
  ['list of strings', () => ['a', 'b']],
  ['list of nulls', () => [null, undefined]],
  ['list with holes', () => [, 1, , 2]],
  ['list of bigints', () => [1n, 2n]],
  ['long sparse list', () => new Array<number>(2 ** 27)],
  ['ragged', () => [[0], [1, 2]]],
  ['ragged depth', () => [1, [2]]],
  ['ragged depth 2', () => [[1], 2]],
  ['deeper than its first', () => [[1], [[2]]]],
  ['cyclic', () => cyclic()],
  ['cyclic later', () => [1, cyclic()]],
  ['nested 9 deep', () => deep(9)],
  ['nested 40 deep', () => deep(40)],
  ['nested 5000 deep', () => deep(5000)],
  ['shared parts', () => shared()],
  ['huge shape', () => [1e5, 1e5, 1e5]],
  ['negative shape', () => [-1, 2]],
  ['fractional shape', () => [1.5]],
  ['shape of 9', () => [1, 1, 1, 1, 1, 1, 1, 1, 2]],
  ['shape of 40', () => new Array<number>(40).fill(1)],
  ['empty shape', () => [0]],
  ['empty shape within', () => [2, 0, 3]],
  ['Float64Array', () => new Float64Array([0.1, 0.2, 0.7])],
  ['Int8Array', () => new Int8Array([1, 2, 3])],
  ['empty Float32Array', () => new Float32Array(0)],
  ['BigInt64Array', () => new BigInt64Array(3)],
  ['DataView', () => new DataView(new ArrayBuffer(8))],
  ['ArrayBuffer', () => new ArrayBuffer(8)],
  ['list of typed arrays', () => [new Float64Array([0.1, 0.9]), new Float32Array([0.5, 0.5])]],
  ['ragged typed arrays', () => [new Float64Array(2), new Float32Array(3)]],
  ['list with a tensor', g => [g.tensor([2])]],
  ['disposed tensor', g => disposed(g)],
  ['string tensor', g => g.keep(tf.tensor1d(['a', 'b']))],
  [
    'complex tensor',
    g => g.keep(tf.getBackend() === 'cpu' ? tf.tidy(() => tf.complex([1, 2, 3], [1, 2, 3])) : tf.tensor1d(['a'])),
  ], // wasm has none
  ['bool tensor', g => g.keep(tf.tensor1d([true, false, true], 'bool'))],
  ['int32 tensor', g => g.tensor([3], 0, 2, 'int32')],
  ['scalar tensor', g => g.tensor([])],
  ['tensor [3]', g => g.tensor([3], 0.1, 0.9)],
  ['tensor [7]', g => g.tensor([7], 0.1, 0.9)],
  ['tensor [2, 3]', g => g.tensor([2, 3], 0.1, 0.9)],
  ['empty tensor', g => g.tensor([0])],
  ['empty tensor [0, 3]', g => g.tensor([0, 3])],
  ['NaN tensor', g => g.keep(tf.tensor1d([NaN, 1, Infinity]))],
  ['tensor of rank 6', g => g.tensor([1, 1, 1, 1, 1, 3])],
  ['variable', g => g.variable([3])],
  ['tensor info', () => ({dataId: {}, shape: [3], dtype: 'float32'})],
  ['tensor-like proxy', () => new Proxy({}, {get: () => 1, has: () => true})],
  ['empty object', () => ({})],
  ['object of odd keys', () => ({loc: 1, scale: 'x', length: 3})],
  ['object without prototype', () => Object.create(null) as unknown],
  ['object with inherited keys', () => Object.create({scal: 1, key: 'x'}) as unknown],
  ['object with __proto__', () => JSON.parse('{"__proto__": 1, "constructor": 2, "hasOwnProperty": 3}') as unknown],
  ['throwing getter', () => Object.defineProperty({}, 'key', {get: mine, enumerable: true})],
  ['throwing proxy', () => throwing()],
  ['list with a throwing proxy', () => [throwing()]],
  ['throwing valueOf', () => ({valueOf: mine, toString: mine, toJSON: mine})],
  ['array proxy', () => new Proxy([1, 2, 3], {})],
  ['Map', () => new Map([['key', 1]])],
  ['Set', () => new Set([1])],
  ['Date', () => new Date(0)],
  ['RegExp', () => /x/],
  ['Error', () => new Error('e')],
  ['promise', () => Promise.resolve(1)],
  [
    'rejecting promise',
    () => {
      const p = Promise.reject(new OwnError('mine'));
      p.catch(() => undefined);
      return p;
    },
  ],
  ['thenable', () => ({then: (f: (x: unknown) => void) => f(1)})],
  ['odd thenable', () => ({then: () => undefined})],
  ['function', () => () => undefined],
  ['function of NaN', () => () => NaN],
  ['function that throws', () => mine],
  ['async function', () => () => Promise.resolve(1)],
  ['identity', () => (x: unknown) => x],
  ['key without words', () => ({words: [1]})],
  ['key of odd words', () => ({words: [-1, 2 ** 33]})],
];
