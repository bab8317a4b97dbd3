import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {describeBackends} from '../helpers/backends.js';

const q = (): st.Bernoulli =>
  new st.Bernoulli({
    logits: [
      [0.1, 0.2, 0.3],
      [0.4, 0.5, 0.6],
    ],
  });
const shapeOf = (valueType: st.ValueType, d: st.Distribution = q()): number[] =>
  tf.tidy(() => new st.DistributionTensor(d, {valueType}).value).shape;

describe('value types', () => {
  it('hold their shape and whether they stop the gradient', () => {
    expect(st.sampleValue()).toEqual({kind: 'sample', shape: [], stopGradient: false});
    expect(st.sampleValue(4)).toEqual({kind: 'sample', shape: [4], stopGradient: false});
    expect(st.sampleValue([2, 3], {stopGradient: true})).toEqual({kind: 'sample', shape: [2, 3], stopGradient: true});
    expect(st.meanValue()).toEqual({kind: 'mean', stopGradient: false});
    expect(st.sampleAndReshapeValue()).toEqual({kind: 'sampleAndReshape', n: 1, stopGradient: false});
  });

  it('refuse what makes no sense', () => {
    for (const shape of [-1, 1.5, NaN, [2, -1], 'a', [1.5]]) {
      expect(() => st.sampleValue(shape as number)).toThrowError(
        /^sampleValue: a shape must be a list of integers >= 0, got /,
      );
    }
    for (const n of [0, -1, 1.5, NaN, '2', null]) {
      expect(() => st.sampleAndReshapeValue(n as number)).toThrowError(
        /^sampleAndReshapeValue: n must be an integer >= 1, got /,
      );
    }
    expect(() => st.sampleValue(1, {stopGradients: true} as object)).toThrowError(
      'sampleValue: unknown option "stopGradients"; did you mean "stopGradient"?',
    );
    expect(() => st.meanValue({stopGradient: 1} as object)).toThrowError(
      'meanValue: stopGradient must be true or false, got 1',
    );
  });
});

describe('the context of a value type', () => {
  it('is what currentValueType gives; without one it throws', () => {
    expect(() => st.currentValueType()).toThrowError(
      'currentValueType: no value type is set; call it inside withValueType',
    );
    const mean = st.meanValue();
    expect(st.withValueType(mean, () => st.currentValueType())).toBe(mean);
    expect(() => st.currentValueType()).toThrowError();
  });

  it('nests, and ends with its function though that throws', () => {
    const [outer, inner] = [st.sampleValue(2), st.meanValue()];
    st.withValueType(outer, () => {
      expect(st.withValueType(inner, () => st.currentValueType())).toBe(inner);
      expect(st.currentValueType()).toBe(outer);
      expect(() =>
        st.withValueType(inner, () => {
          throw new Error('mine');
        }),
      ).toThrowError('mine');
      expect(st.currentValueType()).toBe(outer);
    });
    expect(() => st.currentValueType()).toThrowError();
  });

  it('refuses anything but a value type and a synchronous function', () => {
    expect(() => st.withValueType(null as unknown as st.ValueType, () => 1)).toThrowError(
      /^withValueType: valueType must come from/,
    );
    expect(() => st.withValueType({kind: 'other'} as unknown as st.ValueType, () => 1)).toThrowError(
      /^withValueType: valueType must come from/,
    );
    expect(() => st.withValueType(st.meanValue(), 3 as unknown as () => number)).toThrowError(
      /^withValueType: the second argument must be a function, got 3/,
    );
    expect(() => st.withValueType(st.meanValue(), () => Promise.resolve(1))).toThrowError(
      /^withValueType: the function must be synchronous/,
    );
    expect(() => st.currentValueType()).toThrowError();
  });
});

describeBackends(
  'the value of a node',
  () => {
    it('has the shape that the value type says', () => {
      expect(shapeOf(st.sampleValue())).toEqual([2, 3]);
      expect(shapeOf(st.sampleValue(1))).toEqual([1, 2, 3]);
      expect(shapeOf(st.sampleValue([5, 4]))).toEqual([5, 4, 2, 3]);
      expect(shapeOf(st.sampleAndReshapeValue(5))).toEqual([10, 3]);
      expect(shapeOf(st.sampleAndReshapeValue(5), st.independent(q()))).toEqual([10, 3]);
      expect(shapeOf(st.sampleAndReshapeValue(5), st.independent(q(), 2))).toEqual([5, 2, 3]);
      expect(shapeOf(st.sampleAndReshapeValue(5), new st.Bernoulli({probs: 0.5}))).toEqual([5]);
      expect(shapeOf(st.meanValue())).toEqual([2, 3]);
    });

    it('of sampleAndReshapeValue varies slowest in the sample, and has parameters to match', async () => {
      const [value, mean, logProb] = tf.tidy(() => {
        const node = new st.DistributionTensor(
          new st.Bernoulli({
            probs: [
              [0, 1],
              [1, 0],
            ],
          }),
          {valueType: st.sampleAndReshapeValue(3)},
        );
        return [node.value, node.mean(), node.logProb()];
      });
      expect(Array.from(await value.data())).toEqual([0, 1, 1, 0, 0, 1, 1, 0, 0, 1, 1, 0]);
      expect(mean.shape).toEqual([6, 2]);
      expect(logProb.shape).toEqual([6, 2]);
      tf.dispose([value, mean, logProb]);
    });

    it('is that of the context, unless the node says otherwise', () => {
      tf.tidy(() => {
        const [inContext, own] = st.withValueType(st.sampleValue(7), () => [
          new st.DistributionTensor(q()).value.shape,
          new st.DistributionTensor(q(), {valueType: st.meanValue()}).value.shape,
        ]);
        expect(inContext).toEqual([7, 2, 3]);
        expect(own).toEqual([2, 3]);
      });
    });

    it('is the mean, with its derivative, or without where it is stopped', async () => {
      const w = tf.variable(tf.tensor1d([0.3, -0.4]));
      const gradient = (valueType: st.ValueType): tf.Tensor =>
        tf.tidy(
          () =>
            tf.variableGrads(
              () =>
                tf.add(
                  tf.sum(new st.DistributionTensor(new st.Bernoulli({logits: w}), {valueType}).value),
                  tf.sum(tf.mul(w, 2)),
                ),
              [w],
            ).grads[w.name]!,
        );
      const [through, stopped] = [gradient(st.meanValue()), gradient(st.meanValue({stopGradient: true}))];
      const p = [0.3, -0.4].map(x => 1 / (1 + Math.exp(-x)));
      (await through.data()).forEach((g, i) => expect(g).toBeCloseTo(2 + p[i]! * (1 - p[i]!), 5));
      expect(Array.from(await stopped.data())).toEqual([2, 2]);
      tf.dispose([w, through, stopped]);
    });
  },
  {inBrief: [], inNode: ['cpu']},
);
