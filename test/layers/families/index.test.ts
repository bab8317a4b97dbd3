import * as tf from '@tensorflow/tfjs-core';
import {layers, sequential} from '@tensorflow/tfjs-layers';
import * as st from 'tfjs-stochastic';
import * as stl from 'tfjs-stochastic/layers';
import * as families from '../../../layers/families/index.js';
import {describeBackends} from '../../helpers/backends.js';

describeBackends(
  'a family of layers',
  () => {
    it('says how many parameters values of a size need, and gives values of that size for as many', () => {
      for (const [layer, expected] of [
        [stl.bernoulli(), 3],
        [stl.oneHotCategorical(), 3],
        [stl.exponential(), 3],
        [stl.normal(), 6],
        [stl.laplace(), 6],
        [stl.logistic(), 6],
        [stl.gumbel(), 6],
      ] as const) {
        expect(layer.paramsSize(3)).withContext(layer.distribution!.name).toBe(expected);
        expect(layer.computeOutputShape([null, expected]))
          .withContext(layer.distribution!.name)
          .toEqual([null, 3]);
      }
      expect(() => stl.normal({name: 'a'}).paramsSize(0)).toThrowError(
        'stl layer "a": size must be an integer >= 1, got 0',
      );
      const own = stl.stochastic({name: 'b', distribution: ([loc]) => new st.Normal({loc: loc!, scale: 1})});
      expect(() => own.paramsSize(1)).toThrowError(
        'stl layer "b": the distribution does not say how many parameters it needs',
      );
    });

    it('may be given by name and options, and is a layer as its function makes it', () => {
      const layer = stl.stochastic({distribution: {name: 'normal', config: {}}, name: 'a'});
      expect(layer.getConfig()).toEqual(stl.normal({name: 'a'}).getConfig());
      expect(stl.stochastic({distribution: 'normal', name: 'a'}).getConfig()).toEqual(layer.getConfig());
      expect(() => stl.stochastic({distribution: {name: 'normal', config: {components: 3}}, name: 'a'})).toThrowError(
        'stl layer "a": normal takes no options, got an object with keys components',
      );
      // @ts-expect-error: no name
      expect(() => stl.stochastic({distribution: {config: {}}, name: 'a'})).toThrowError(
        /^stl layer "a": unknown distribution undefined/,
      );
    });
  },
  {inBrief: [], inNode: ['cpu']},
);

/**
 * Input, target and −ln p of it for each family, from SciPy 1.17.1: softplus, exp and the triangle as the docs say.
 */
const X = [0.3, -0.5, 0.8, 0.2];
const MIXED = [0.4, -0.2, ...X, -0.7, 0.9, 0.1, -0.3];
const CASES: Array<
  [layer: (args: {output: 'distribution'}) => stl.StochasticLayer, x: number[], y: number[], nll: number]
> = [
  [stl.bernoulli, X.slice(0, 2), [1, 0], 1.028432],
  [stl.oneHotCategorical, X, [0, 0, 1, 0], 0.887016],
  [stl.categorical, X, [2], 0.887016],
  [stl.normal, X, [0.1, 1.2], 4.053286],
  [stl.laplace, X, [0.1, 1.2], 3.6195],
  [stl.logistic, X, [0.1, 1.2], 3.680593],
  [stl.gumbel, X, [0.1, 1.2], 3.196719],
  [stl.beta, X, [0.25, 0.6], 0.290997],
  [stl.gamma, X, [0.5, 2], 3.145232],
  [stl.exponential, X.slice(0, 2), [0.5, 2], 2.279125],
  [stl.poisson, X.slice(0, 2), [2, 0], 2.049537],
  [stl.negativeBinomial, X, [2, 0], 2.354135],
  [stl.vonMises, X, [0.1, 1.2], 3.101456],
  [stl.studentT, [...X, -0.4, 0.6], [0.1, 1.2], 2.913449],
  [stl.multivariateNormalDiag, X, [0.1, 1.2], 4.053286],
  [stl.multivariateNormalTriL, [...X, -0.4], [0.1, 1.2], 2.55684],
  [args => stl.mixtureNormal({...args, components: 2}), MIXED, [0.1, 1.2], 2.557825],
  [args => stl.mixtureLogistic({...args, components: 2}), MIXED, [0.1, 1.2], 2.915741],
  [args => stl.mixtureOf({...args, components: 2, component: stl.gamma()}), MIXED, [0.5, 2], 2.83749],
  [stl.relaxedBernoulli, X.slice(0, 2), [0.2, 0.7], 1.208831],
  [stl.relaxedOneHotCategorical, X, [0.1, 0.2, 0.3, 0.4], 0.249937],
];

describeBackends(
  'a layer whose output is a distribution',
  () => {
    for (const [make, x, y, expected] of CASES) {
      const layer = make({output: 'distribution'});
      const {name} = layer.distribution!;
      const identity = (): tf.Tensor => tf.tidy(() => tf.eye(x.length));

      it(`has the likelihood that its doc says, is trained, saved and sampled, and leaks nothing: ${name}`, async () => {
        const eye = identity();
        const model = sequential({
          layers: [layers.dense({units: x.length, inputShape: [x.length], useBias: false, weights: [eye]}), layer],
        });
        eye.dispose();
        const optimizer = tf.train.sgd(0.01);
        model.compile({optimizer, loss: stl.negativeLogLikelihood});
        const [input, target] = [tf.tensor2d([x, x, x]), tf.tensor2d([y, y, y])];
        const first = model.evaluate(input, target) as tf.Scalar;
        expect((await first.data())[0]).toBeCloseTo(expected, 4);
        await model.trainOnBatch(input, target);
        const before = tf.memory().numTensors;
        const after = (await model.trainOnBatch(input, target)) as number;
        expect(after).toBeLessThan(expected);
        const predicted = model.predict(input) as tf.Tensor;
        expect(predicted.shape).toEqual([3, y.length]);
        expect(layer.computeOutputShape([null, x.length])).toEqual([null, y.length]);
        const again = stl.StochasticLayer.fromConfig(
          stl.StochasticLayer,
          JSON.parse(JSON.stringify(layer.getConfig())) as tf.serialization.ConfigDict,
        );
        expect(again.getConfig()).toEqual(layer.getConfig());
        if (layer.inference !== 'sample') {
          const [p, q] = [layer, again as stl.StochasticLayer].map(l => l.apply(input) as tf.Tensor);
          expect(await p!.data()).toEqual(await q!.data());
          tf.dispose([p!, q!]);
        }
        predicted.dispose();
        const shapeOfNone = tf.tidy(() => {
          const none = stl.distributionOf(model, tf.zeros([0, x.length]));
          return none.logProb(tf.zeros([0, y.length])).shape;
        });
        expect(shapeOfNone).toEqual([0]);
        expect(tf.memory().numTensors).toBe(before);
        tf.dispose([first, input, target]);
        model.dispose();
      });
    }

    it('is judged here for each family', () => {
      const judged = CASES.map(([make]) => make({output: 'distribution'}).distribution!.name);
      expect(judged.sort()).withContext('a family needs a line in CASES').toEqual(Object.keys(families).sort());
    });

    it('gives targets of one number an axis, and indices and counts as integers', () => {
      const model = sequential({
        layers: [layers.dense({units: 3, inputShape: [2]}), stl.categorical({output: 'distribution'})],
      });
      model.compile({optimizer: 'sgd', loss: stl.negativeLogLikelihood});
      const x = tf.ones([2, 2]);
      const scores = [tf.tensor1d([2, 0], 'int32'), tf.tensor2d([[2], [0]])].map(y => {
        const loss = model.evaluate(x, y) as tf.Scalar;
        const value = loss.dataSync()[0];
        tf.dispose([loss, y]);
        return value;
      });
      expect(scores[0]).toBe(scores[1]);
      x.dispose();
      model.dispose();
    });
  },
  {inNode: ['cpu'], inBrief: []},
);

describe('the options of families', () => {
  const made =
    (config: unknown): (() => unknown) =>
    () =>
      stl.StochasticLayer.fromConfig(stl.StochasticLayer, {
        name: 'a',
        distribution: config,
      } as tf.serialization.ConfigDict);

  it('are checked where they are written, and where they are read from JSON', () => {
    const normal = {name: 'normal'};
    const nest = (depth: number): object =>
      depth === 0 ? normal : {name: 'mixtureOf', config: {components: 2, component: nest(depth - 1)}};
    const cases: Array<[unknown, string | RegExp]> = [
      [{name: 'mixtureNormal'}, 'stl layer "a": components must be an integer >= 1, got undefined'],
      [
        {name: 'mixtureNormal', config: {components: '3'}},
        'stl layer "a": components must be an integer >= 1, got "3"',
      ],
      [
        {name: 'mixtureNormal', config: {components: 1e12}},
        'stl layer "a": components must be at most 2^24, got 1000000000000',
      ],
      [{name: 'mixtureNormal', config: []}, /^stl layer "a": mixtureNormal: config must be an object/],
      [
        {name: 'mixtureNormal', config: {components: 3, extra: 1}},
        /^stl layer "a": mixtureNormal: unknown option "extra"/,
      ],
      [{name: '__proto__'}, /^stl layer "a": unknown distribution "__proto__"/],
      [{name: 'constructor', config: {}}, /^stl layer "a": unknown distribution "constructor"/],
      [{name: 'normal', more: 1}, /^stl layer "a": distribution: unknown option "more"/],
      [{name: 'categorical', config: {classes: 0}}, 'stl layer "a": classes must be an integer >= 1, got 0'],
      [
        {name: 'relaxedBernoulli', config: {temperature: 0}},
        'stl layer "a": temperature must be a finite number > 0, got 0',
      ],
      [nest(4), 'stl layer "a": mixtures may be nested 4 deep at most'],
      [nest(2000), 'stl layer "a": mixtures may be nested 4 deep at most'],
      [
        {name: 'mixtureOf', config: {components: 2, component: 3}},
        /^stl layer "a": component must be an object with a name/,
      ],
    ];
    for (const [config, expected] of cases)
      expect(made(config))
        .withContext(JSON.stringify(config).slice(0, 99))
        .toThrowError(expected as string);
    expect(made(nest(3))).not.toThrow();
  });

  it('say which inputs fit', () => {
    const shapes = (layer: stl.StochasticLayer, last: number) => () => layer.computeOutputShape([null, last]);
    expect(shapes(stl.mixtureNormal({name: 'a', components: 3}), 8)).toThrowError(
      'stl layer "a": mixtureNormal of 3 components needs an input whose last axis has 3 logits and then the parameters of each component, got [batch,8]',
    );
    expect(shapes(stl.multivariateNormalTriL({name: 'a'}), 6)).toThrowError(
      /n \+ n \(n \+ 1\) \/ 2 elements .*, got \[batch,6\]$/,
    );
    expect(shapes(stl.categorical({name: 'a', classes: 4}), 6)).toThrowError(
      /the logits of 4 classes, got \[batch,6\]$/,
    );
    expect(shapes(stl.categorical({name: 'a', classes: 4}), 8)()).toEqual([null, 2]);
    expect(stl.multivariateNormalTriL().paramsSize(3)).toBe(9);
    expect(
      stl.mixtureOf({component: {name: 'mixtureNormal', config: {components: 2}}, components: 3}).paramsSize(1),
    ).toBe(21);
    const x = tf.ones([2, 3]);
    const of = stl.relaxedBernoulli({name: 'a', inference: 'mean'});
    expect(() => of.apply(x)).toThrowError(
      'stl layer "a": a RelaxedBernoulli has no mean; choose another inference than "mean"',
    );
    x.dispose();
  });
});
