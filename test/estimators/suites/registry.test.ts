/** The registry, the presets' data, bayesflow's names, and what factories refuse. */
import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';

const stolen = <T>(x: unknown): T => x as T; // what a JavaScript user may pass

describe('estimators', () => {
  const {get, names} = st.estimators;

  it('are registered under the preset names, usable with an empty config', () => {
    expect(names()).toEqual(
      jasmine.arrayContaining([
        'pathwise',
        'scoreFunction',
        'movingAverage',
        'nvil',
        'leaveOneOut',
        'lax',
        'relax',
        'vimco',
        'muProp',
        'rebar',
        'arm',
        'disarm',
        'arms',
        'armCategorical',
        'doubleCv',
        'rodeo',
        'raoBlackwell',
        'unorderedSet',
        'sumAndSample',
        'enumerate',
        'importance',
        'measureValued',
        'stl',
        'dreg',
        'gumbelSoftmax',
        'straightThroughGumbelSoftmax',
        'straightThrough',
        'reinMax',
        'gumbelRao',
      ]),
    );
    const biased = ['gumbelSoftmax', 'straightThroughGumbelSoftmax', 'straightThrough', 'reinMax', 'gumbelRao'];
    for (const name of biased) expect(get(name).bias).withContext(name).toBe('biased');
    for (const name of names()) {
      const estimator = get(name);
      expect(estimator.kind).toBe('estimator');
      expect(['unbiased', 'biased']).toContain(estimator.bias);
      expect(estimator.source.length).toBeGreaterThan(5);
      const {evaluations} = estimator;
      const bernoulli = new st.Bernoulli({probs: 0.3});
      const q = estimator.requires.accepts(bernoulli) ? bernoulli : new st.Normal({loc: 0, scale: 1});
      expect(typeof evaluations === 'number' ? evaluations : evaluations(q))
        .withContext(name)
        .toBeGreaterThanOrEqual(1);
      expect(estimator.requires.rule.length).toBeGreaterThan(5);
    }
    expect(
      ['pathwise', 'scoreFunction', 'movingAverage', 'nvil', 'leaveOneOut', 'lax', 'relax'].every(
        name => get(name).bias === 'unbiased',
      ),
    ).toBeTrue();
  });

  it('are made again from their name and config, which are JSON', () => {
    const configs: Record<string, object> = {
      scoreFunction: {baseline: {name: 'constant', config: {value: 2}}},
      movingAverage: {decay: 0.5},
      nvil: {units: [3, 4], decay: 0.8},
      leaveOneOut: {samples: 3},
      lax: {units: [7]},
      relax: {units: [7], temperature: 0.2},
      pathwise: {},
    };
    for (const [name, config] of Object.entries(configs)) {
      const made = get(name, stolen(config));
      expect(made.name).toBe(name);
      const again = get(made.name, stolen(JSON.parse(JSON.stringify(made.config))));
      expect(again.config).withContext(name).toEqual(made.config);
      expect(JSON.stringify(made.config)).toContain(
        JSON.stringify(Object.values(config)[0] ?? '{}')
          .slice(1, -1)
          .slice(0, 3),
      );
    }
  });

  it('with functions or tensors in their config have none', () => {
    expect(st.relax({controlVariate: z => z}).config).toBeNull();
    expect(st.lax({controlVariate: z => z}).config).toBeNull();
    expect(st.nvil({network: x => x}).config).toBeNull();
    expect(st.nvil({context: node => node.value}).config).toBeNull();
    expect(st.scoreFunction({baseline: () => tf.scalar(0)}).config).toBeNull();
  });

  it('refuse what makes no sense', () => {
    const bad: Array<[() => unknown, RegExp]> = [
      [() => get('relax', stolen(3)), /^relax: the config must be an object, got 3/],
      [() => get('relax', stolen(null)), /^relax: the config must be an object, got null/],
      [() => st.pathwise({a: 1}), /^pathwise: unknown option "a"/],
      [
        () => st.scoreFunction(stolen<object>({basline: 'none'})),
        /^scoreFunction: unknown option "basline"; did you mean "baseline"\?/,
      ],
      [
        () => st.scoreFunction({baseline: 'leaveOneout'}),
        /^scoreFunction: unknown baseline "leaveOneout"; did you mean "leaveOneOut"\?/,
      ],
      [
        () => st.scoreFunction({baseline: stolen<string>(3)}),
        /^scoreFunction: baseline must be a baseline, a function .*, got 3/,
      ],
      [
        () => st.scoreFunction({baseline: {name: 'constant', config: {value: NaN}}}),
        /^constant: value must be a finite number, got NaN/,
      ],
      [() => st.scoreFunction({baseline: 'constant'}), /^constant: value must be a finite number, got undefined/],
      [() => st.scoreFunction({baseline: {name: 'toString'}}), /^scoreFunction: unknown baseline "toString"/],
      [() => st.constant(stolen(undefined)), /^constant: the config must be an object, got undefined/],
      [() => st.constant({value: stolen('1')}), /^constant: value must be a finite number, got "1"/],
      [() => st.movingAverage({decay: 1}), /^movingAverage: decay must be a number in \[0, 1\), got 1/],
      [() => st.movingAverage({decay: NaN}), /^movingAverage: decay must be a number in \[0, 1\), got NaN/],
      [() => st.leaveOneOut({samples: 1}), /^leaveOneOut: samples must be an integer >= 2, got 1/],
      [() => st.leaveOneOut({samples: 2.5}), /^leaveOneOut: samples must be an integer >= 2, got 2.5/],
      [() => st.nvil({units: stolen(10)}), /^learned: units must be a list of integers >= 1, got 10/],
      [() => st.nvil({units: [0]}), /^learned: units must be a list of integers >= 1, got \[0\]/],
      [() => st.nvil({decay: -0.1}), /^learned: decay must be a number in \[0, 1\), got -0.1/],
      [() => st.nvil({context: stolen(3)}), /^learned: context must be a tensor or a function of the node, got 3/],
      [
        () => st.nvil({network: stolen(3)}),
        /^learned: network:? must be a function of a tensor, an object {call, variables} or a tfjs-layers model, got 3/,
      ],
      [
        () => st.nvil({network: stolen({call: (x: tf.Tensor) => x})}),
        /^learned: network:? variables must be a list of variables, got undefined/,
      ],
      [() => st.relax({temperature: 0}), /^relax: temperature must be a finite number > 0, got 0/],
      [() => st.relax({temperature: NaN}), /^relax: temperature must be a finite number > 0, got NaN/],
      [() => st.relax({relaxedCost: 1 as unknown as boolean}), /^relax: relaxedCost must be true or false, got 1/],
      [() => st.relax({units: ['a' as unknown as number]}), /^relax: units must be a list of integers >= 1/],
      [() => st.relax({controlVariate: stolen({})}), /^relax: controlVariate:? must be a function of a tensor/],
      [() => st.lax({controlVariate: stolen(null)}), /^lax: controlVariate:? must be a function of a tensor/],
      [
        () => st.advantage(stolen(3)),
        /^advantage: the argument must be a function \(node, value, cost\) => Tensor, got 3/,
      ],
      [() => st.baselineFunction(stolen(undefined)), /^baselineFunction: the argument must be a function/],
      [() => st.denseNetwork({inputSize: 0, units: []}), /^denseNetwork: inputSize must be an integer >= 1, got 0/],
      [
        () => st.denseNetwork({inputSize: 1, units: [], activation: stolen('gelu')}),
        /^denseNetwork: activation must be "tanh", "relu", "sigmoid" or "linear", got "gelu"/,
      ],
      [
        () => st.denseNetwork({inputSize: 1, units: [], activation: stolen('toString')}),
        /^denseNetwork: activation must be "tanh"/,
      ],
      [
        () => st.denseNetwork({inputSize: 1, units: [], key: stolen(3)}),
        /^denseNetwork: key must come from random.key, got 3/,
      ],
    ];
    const before = tf.memory().numTensors;
    for (const [run, message] of bad) expect(run).withContext(String(message)).toThrowError(message);
    expect(tf.memory().numTensors).toBe(before);
  });
});
