import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {readBaseline, registerBaseline} from '../../src/baselines/registry.js';

describe('baselines by name', () => {
  it('are read from an object, a name, a name with a config, and a function', () => {
    const own = st.none();
    expect(readBaseline('A', own)).toBe(own);
    expect(readBaseline('A', 'leaveOneOut').name).toBe('leaveOneOut');
    expect(readBaseline('A', {name: 'constant', config: {value: 3}}).config).toEqual({value: 3});
    expect(readBaseline('A', () => tf.scalar(0)).name).toBe('baselineFunction');
  });

  it('say what is wrong, with the name that was meant', () => {
    const read = (x: unknown) => () => readBaseline('A', x as 'none');
    expect(read('rloo')).toThrowError('A: unknown baseline "rloo"; did you mean "leaveOneOut"?');
    expect(read(3)).toThrowError(/^A: baseline must be a baseline, .*, got 3$/);
    expect(() => registerBaseline('none', st.none)).toThrowError('registerBaseline: the name is taken, got "none"');
    expect(() => registerBaseline('', st.none)).toThrowError(/^registerBaseline: the name must be a non-empty string/);
  });
});
