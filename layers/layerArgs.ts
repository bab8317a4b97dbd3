/** The arguments that every layer of tfjs has. */
import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';

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
    const isShape = Array.isArray(x) && x.every(d => d === null || (Number.isInteger(d) && d >= 0));
    st.extension.check(isShape, who, `${name} must be a list of integers >= 0 and null`, x);
  });
  read(['weights'], (name, x) => {
    const isList = Array.isArray(x) && x.every(w => w instanceof tf.Tensor);
    st.extension.check(isList, who, `${name} must be a list of tensors`, x);
  });
}
