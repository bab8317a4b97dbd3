import * as tf from '@tensorflow/tfjs-core';
import {layers, sequential} from '@tensorflow/tfjs-layers';
import * as st from 'tfjs-stochastic';
import * as stl from 'tfjs-stochastic/layers';

// What a JavaScript user may pass.
type Loose = (...args: unknown[]) => stl.StochasticLayer;
const [stochastic, bernoulli, normal] = [stl.stochastic, stl.bernoulli, stl.normal] as unknown as [Loose, Loose, Loose];
const register = stl.registerDistribution as unknown as (...args: unknown[]) => void;
const options =
  'estimator, output, inference, sampleAxis, samples, seed, prior, klWeight, freeBits, klSamples, name, inputShape, batchInputShape, batchSize, dtype, trainable, weights, inputDType, ' +
  'updatable, customObjects';

function message(fn: () => unknown): string {
  try {
    fn();
  } catch (error) {
    expect(error instanceof st.errors.StochasticError)
      .withContext(String(error))
      .toBeTrue();
    return (error as Error).message;
  }
  return 'nothing was thrown';
}

describe('the arguments of random layers', () => {
  const cases: Array<[what: string, fn: () => unknown, expected: string]> = [
    ['no arguments', () => stochastic(), 'stl.stochastic: the config must be an object, got undefined'],
    ['null', () => stochastic(null), 'stl.stochastic: the config must be an object, got null'],
    ['null for a family', () => bernoulli(null), 'stl.bernoulli: the config must be an object, got null'],
    ['a number for a family', () => bernoulli(5), 'stl.bernoulli: the config must be an object, got 5'],
    ['a name for a config', () => bernoulli('relax'), 'stl.bernoulli: the config must be an object, got "relax"'],
    [
      'a misspelt option',
      () => bernoulli({estimater: 'relax'}),
      'stl.bernoulli: unknown option "estimater"; did you mean "estimator"?',
    ],
    [
      'a family with a distribution',
      () => bernoulli({distribution: 'normal'}),
      `stl.bernoulli: unknown option "distribution"; known: ${options}`,
    ],
    [
      'no distribution',
      () => stochastic({name: 'a'}),
      'stl layer "a": distribution must be a name, {name, config} or a function of the inputs, got undefined',
    ],
    [
      'a distribution object',
      () => stochastic({name: 'a', distribution: new st.Normal({loc: 0, scale: 1})}),
      'stl layer "a": distribution must be a name, {name, config} or a function of the inputs, got a Normal',
    ],
    [
      'an unknown distribution',
      () => stochastic({name: 'a', distribution: 'normel'}),
      'stl layer "a": unknown distribution "normel"; did you mean "normal"?',
    ],
    [
      'an unknown estimator',
      () => bernoulli({name: 'a', estimator: 'relux'}),
      'stl layer "a": unknown estimator "relux"; did you mean "relax"?',
    ],
    [
      'a number as estimator',
      () => bernoulli({name: 'a', estimator: 7}),
      'stl layer "a": estimator must be an estimator, a name, {name, config} or a function (node, value, cost) => Tensor, got 7',
    ],
    [
      'null as estimator',
      () => bernoulli({name: 'a', estimator: null}),
      'stl layer "a": estimator must be an estimator, a name, {name, config} or a function (node, value, cost) => Tensor, got null',
    ],
    [
      'something like an estimator',
      () => bernoulli({name: 'a', estimator: {kind: 'estimator', name: 'relax'}}),
      'stl layer "a": estimator: unknown option "kind"; known: name, config',
    ],
    [
      'an estimator without a name',
      () => bernoulli({name: 'a', estimator: {config: {}}}),
      'stl layer "a": estimator must be an estimator, a name, {name, config} or a function (node, value, cost) => Tensor, got an object with keys config',
    ],
    [
      'a misspelt field of the estimator',
      () => bernoulli({name: 'a', estimator: {name: 'relax', confg: {}}}),
      'stl layer "a": estimator: unknown option "confg"; did you mean "config"?',
    ],
    [
      'a misspelt option of the estimator',
      () => bernoulli({estimator: {name: 'relax', config: {unit: [3]}}}),
      'relax: unknown option "unit"; did you mean "units"?',
    ],
    [
      'a number as the estimator’s config',
      () => bernoulli({estimator: {name: 'relax', config: 3}}),
      'relax: the config must be an object, got 3',
    ],
    [
      'a misspelt baseline',
      () => bernoulli({estimator: {name: 'scoreFunction', config: {baseline: 'leaveOneOutt'}}}),
      'scoreFunction: unknown baseline "leaveOneOutt"; did you mean "leaveOneOut"?',
    ],
    [
      'an unknown inference',
      () => bernoulli({name: 'a', inference: 'median'}),
      'stl layer "a": inference must be "mean", "mode", "sample" or a number of draws from 1 to 1000000, got "median"',
    ],
    [
      'a fraction as seed',
      () => bernoulli({name: 'a', seed: 1.5}),
      'stl layer "a": seed must be a safe integer, got 1.5',
    ],
    ['NaN as seed', () => bernoulli({name: 'a', seed: NaN}), 'stl layer "a": seed must be a safe integer, got NaN'],
    ['text as seed', () => bernoulli({name: 'a', seed: '3'}), 'stl layer "a": seed must be a safe integer, got "3"'],
    [
      'a number as prior',
      () => bernoulli({name: 'a', prior: 3}),
      'stl layer "a": prior must be a distribution or {name, config}, got 3',
    ],
    [
      'a name as prior',
      () => bernoulli({name: 'a', prior: 'Normal'}),
      'stl layer "a": prior must be a distribution or {name, config}, got "Normal"',
    ],
    [
      'a misspelt prior',
      () => bernoulli({name: 'a', prior: {name: 'Bernouli', config: {probs: 0.5}}}),
      'stl layer "a": prior: unknown family "Bernouli"; did you mean "Bernoulli"?',
    ],
    [
      'a prior out of range',
      () => bernoulli({name: 'a', prior: {name: 'Bernoulli', config: {probs: 2}}}),
      'Bernoulli: probs must be in [0, 1], got 2',
    ],
    [
      'a prior without config',
      () => bernoulli({name: 'a', prior: {name: 'Bernoulli'}}),
      'Bernoulli: the config must be an object, got undefined',
    ],
    [
      'a misspelt field of the prior',
      () => bernoulli({name: 'a', prior: {name: 'Bernoulli', confg: {}}}),
      'stl layer "a": prior: unknown option "confg"; did you mean "config"?',
    ],
    [
      'NaN as klWeight',
      () => bernoulli({name: 'a', klWeight: NaN}),
      'stl layer "a": klWeight must be a finite number >= 0, got NaN',
    ],
    [
      'text as klWeight',
      () => bernoulli({name: 'a', klWeight: '1'}),
      'stl layer "a": klWeight must be a number, a scalar tf.Variable, a schedule, \'perExample\' or {perExample: the number ' +
        'of examples}, got "1"',
    ],
    [
      'a negative klWeight',
      () => bernoulli({name: 'a', prior: {name: 'Bernoulli', config: {probs: 0.5}}, klWeight: -1}),
      'stl layer "a": klWeight must be a finite number >= 0, got -1',
    ],
    [
      'a klWeight that weighs nothing',
      () => bernoulli({name: 'a', klWeight: 0.5}),
      'stl layer "a": klWeight is about the divergence from a prior, and there is none',
    ],
    [
      'an unknown schedule',
      () =>
        bernoulli({name: 'a', prior: {name: 'Bernoulli', config: {probs: 0.5}}, klWeight: {name: 'liner', config: {}}}),
      'stl layer "a": klWeight: unknown schedule "liner"; did you mean "linear"?',
    ],
    [
      'free bits below 0',
      () => bernoulli({name: 'a', prior: {name: 'Bernoulli', config: {probs: 0.5}}, freeBits: -1}),
      'stl layer "a": freeBits must be a finite number >= 0, got -1',
    ],
    ['a name with blanks', () => register('a b', {}), 'registerDistribution: the name must be in camelCase, got "a b"'],
    [
      'a name with underscores',
      () => register('my_normal', {}),
      'registerDistribution: the name must be in camelCase, got "my_normal"',
    ],
    [
      'a maker without functions',
      () => register('mine', {}),
      'registerDistribution: the maker must have functions make and outputShape, got an object with keys none',
    ],
    [
      'no maker',
      () => register('mine'),
      'registerDistribution: the maker must have functions make and outputShape, got undefined',
    ],
    [
      'a name that is taken',
      () => register('normal', {make: () => null, outputShape: () => null}),
      'registerDistribution: the name is taken, got "normal"',
    ],
  ];
  for (const [what, fn, expected] of cases)
    it(`say what is wrong with ${what}`, () => expect(message(fn)).toBe(expected));
});

describe('the inputs of random layers', () => {
  const training = {training: true};
  const apply = (layer: stl.StochasticLayer, shapes: number[][]): string =>
    message(() =>
      tf.tidy(() => {
        const inputs = shapes.map(s => tf.zeros(s));
        layer.apply(inputs.length === 1 ? inputs[0]! : inputs, training);
      }),
    );

  it('must have the right number and shape', () => {
    const before = tf.memory().numTensors;
    const rule =
      'needs one input whose last axis is a multiple of 2 (locations, then raw scales), or 2 inputs of one shape';
    const located = normal({name: 'a'});
    expect(apply(located, [[2, 3]])).toBe(`stl layer "a": normal ${rule}, got one of [2,3]`);
    expect(
      apply(normal({name: 'a'}), [
        [2, 3],
        [2, 4],
      ]),
    ).toBe(`stl layer "a": normal ${rule}, got 2 of [2,3], [2,4]`);
    expect(
      apply(normal({name: 'a'}), [
        [2, 3],
        [2, 3],
        [2, 3],
      ]),
    ).toContain('got 3 of [2,3], [2,3], [2,3]');
    expect(
      apply(bernoulli({name: 'a'}), [
        [2, 3],
        [2, 3],
      ]),
    ).toBe('stl layer "a": bernoulli needs one input, got 2 of [2,3], [2,3]');
    expect(tf.memory().numTensors).toBe(before);
  });

  it('are checked when the model is built', () => {
    expect(message(() => sequential({layers: [layers.dense({units: 3, inputShape: [2]}), stl.normal()]}))).toContain(
      'normal needs one input whose last axis is a multiple of 2',
    );
  });

  it('must suit the estimator', () => {
    expect(apply(stl.bernoulli({estimator: 'pathwise'}), [[2, 3]])).toMatch(
      /estimator "pathwise" needs a reparameterised distribution.*, got /,
    );
    expect(apply(stl.normal({estimator: 'relax'}), [[2, 4]])).toMatch(
      /estimator "relax" needs a distribution with a continuous relaxation.*, got /,
    );
  });

  it('must suit the function', () => {
    const of = (distribution: unknown): stl.StochasticLayer => stochastic({name: 'mine', distribution});
    expect(
      apply(
        of(() => 5),
        [[2, 3]],
      ),
    ).toBe('stl layer "mine": the function must return a distribution, got 5');
    expect(
      apply(
        of(() => new st.Normal({loc: 0, scale: 1})),
        [[2, 3]],
      ),
    ).toBe('stl layer "mine": the distribution must have values of shape [2,3], got []');
    expect(
      apply(
        of(([a]: tf.Tensor[]) => new st.Normal({loc: tf.slice(a!, [0, 0], [2, 1]), scale: 1})),
        [[2, 3]],
      ),
    ).toBe('stl layer "mine": the distribution must have values of shape [2,3], got [2,1]');
  });

  it('must suit the prior', () => {
    const before = tf.memory().numTensors;
    expect(apply(stl.bernoulli({name: 'a', prior: new st.Normal({loc: 0, scale: 1})}), [[2, 3]])).toMatch(
      /^stl layer "a": prior: klDivergence: no closed form for \(Bernoulli, Normal\)/,
    );
    expect(apply(stl.bernoulli({name: 'a', prior: new st.Bernoulli({probs: [0.5, 0.5]})}), [[2, 3]])).toBe(
      'stl layer "a": prior must broadcast to the batch shape [2,3] of the layer\'s distribution, got [2]',
    );
    const vector = st.independent(new st.Bernoulli({probs: [0.5, 0.5]}));
    expect(apply(stl.bernoulli({name: 'a', prior: vector}), [[2, 3]])).toMatch(/^stl layer "a": prior: klDivergence:/);
    const wide = new st.Bernoulli({probs: [[[0.5, 0.5, 0.5]], [[0.1, 0.1, 0.1]]]});
    expect(apply(stl.bernoulli({name: 'a', prior: wide}), [[2, 3]])).toBe(
      'stl layer "a": prior must broadcast to the batch shape [2,3] of the layer\'s distribution, got [2, 1, 3]',
    );
    expect(
      apply(
        stl.stochastic({distribution: 'bernoulli', prior: st.independent(new st.Bernoulli({probs: [0.5, 0.5, 0.5]}))}),
        [[2, 3]],
      ),
    ).toBe('nothing was thrown');
    expect(tf.memory().numTensors).toBe(before);
  });
});
