/** What every layer of tfjs is given: its arguments, and its inputs. */
import * as tf from '@tensorflow/tfjs-core';
import {SymbolicTensor} from '@tensorflow/tfjs-layers';
import * as st from 'tfjs-stochastic';
import type {LayerShape} from './families/distributionMaker.js';

const dtypes: readonly tf.DataType[] = ['float32', 'int32', 'bool', 'complex64', 'string'];

/** The names of those that tfjs layers take in this version. */
export const layerArgNames: readonly string[] = [
  'name',
  'inputShape',
  'batchInputShape',
  'batchSize',
  'dtype',
  'trainable',
  'weights',
  'inputDType',
  'updatable',
  'customObjects',
];

/** Throws where one of them is wrong, which tfjs itself would take as it comes; saved models write null for what is not set. */
export function checkLayerArgs(base: Readonly<Record<string, unknown>>, who = 'stl.stochastic'): void {
  const read = (names: readonly string[], check: (name: string, value: unknown) => void): void => {
    for (const name of names) if (base[name] !== undefined && base[name] !== null) check(name, base[name]);
  };
  read(['name'], (name, x) => st.extension.checkText(who, name, x));
  read(['trainable', 'updatable'], (name, x) => st.extension.checkBoolean(who, name, x));
  read(['batchSize'], (name, x) => st.extension.checkCount(who, name, x, 1));
  read(['dtype', 'inputDType'], (name, x) => st.extension.checkOneOf(who, name, x, dtypes));
  read(['customObjects'], (name, x) => st.extension.checkObject(who, name, x));
  read(['inputShape', 'batchInputShape'], (name, x) => {
    st.extension.check(isShape(x), who, `${name} must be a list of integers >= 0 and null`, x);
  });
  read(['weights'], (name, x) => {
    const isList = Array.isArray(x) && x.every(w => w instanceof tf.Tensor);
    st.extension.check(isList, who, `${name} must be a list of tensors`, x);
  });
}

/** More inputs than any layer takes. */
const MOST_INPUTS = 4096;

/** More axes than any tensor has. */
const MOST_AXES = 64;

const isShape = (x: unknown): x is LayerShape =>
  Array.isArray(x) && x.length <= MOST_AXES && Array.from(x).every(d => d === null || (Number.isInteger(d) && d >= 0));

/** One shape, or a list of shapes, as a list; throws in the name of `who` unless it is one of these. */
export function readShapes(who: string, given: LayerShape | LayerShape[]): LayerShape[] {
  const isList = Array.isArray(given) && Array.isArray(given[0]);
  const shapes = (isList ? given : [given]) as unknown[];
  const fits = shapes.length <= MOST_INPUTS && shapes.every(x => isShape(x) && x.length > 0);
  st.extension.check(
    fits,
    who,
    'an input shape must be a list of integers >= 0 and null, or a list of such lists',
    given,
  );
  return shapes as LayerShape[]; // as checked
}

/** Throws in the name of `who` unless a layer is applied to tensors, or to symbolic ones, at least one. */
export function checkApplied(who: string, given: unknown): void {
  const list: unknown[] = Array.isArray(given) ? given : [given];
  st.extension.check(list.length > 0, who, 'needs at least one input', given);
  const isSymbolic = list[0] instanceof SymbolicTensor;
  for (const x of list) {
    st.extension.check(
      isSymbolic ? x instanceof SymbolicTensor : x instanceof tf.Tensor,
      who,
      'inputs must be tensors, or all be symbolic tensors',
      x,
    );
  }
}

/** The inputs of a call as a list; throws in the name of `who` unless they can be computed with. */
export function realInputs(who: string, inputs: tf.Tensor | tf.Tensor[]): tf.Tensor[] {
  const list = Array.isArray(inputs) ? inputs : [inputs];
  for (const x of list) {
    const isReal = x instanceof tf.Tensor && !x.isDisposed && x.dtype !== 'string' && x.dtype !== 'complex64';
    st.extension.check(isReal, who, 'inputs must be tensors of real numbers that are alive', x);
  }
  return list;
}
