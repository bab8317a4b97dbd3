import {mkdtemp, rm} from 'node:fs/promises';
import {createRequire} from 'node:module';
import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import {build} from 'esbuild';
import * as st from '../../src/index.js';
import {unfitTfjs, version} from '../../src/util/copy.js';
import {describe as describeValue} from '../../src/util/describe.js';

const root = join(import.meta.dirname, '..', '..');

describe('another copy of the library', () => {
  let folder: string;
  let other: typeof st;
  let warned: string[];

  beforeAll(async () => {
    folder = await mkdtemp(join(root, '.cache', 'copy-'));
    const outfile = join(folder, 'other.cjs');
    await build({
      entryPoints: [join(root, 'src/index.ts')],
      outfile,
      bundle: true,
      minify: true, // as it stands in pages: constructors lose their names
      format: 'cjs',
      external: ['@tensorflow/*'],
      ignoreAnnotations: true,
      logLevel: 'error',
    });
    void new st.Normal({loc: 0, scale: 1}); // this copy comes first
    await tf.setBackend('cpu');
    warned = [];
    const warn = console.warn;
    console.warn = (text: string) => void warned.push(text);
    try {
      other = createRequire(import.meta.url)(outfile) as typeof st; // built from the same source
    } finally {
      console.warn = warn;
    }
  });

  afterAll(() => rm(folder, {recursive: true, force: true}));

  it('is warned of once', () => {
    expect(warned).toEqual([
      `tfjs-stochastic: 2 copies are loaded (${version}, ${version}), which do not know each other's nodes; have all ` +
        'import one (npm ls tfjs-stochastic)',
    ]);
  });

  it('is named where its distributions and bijectors are refused', () => {
    const [own, theirs] = [new st.Normal({loc: 0, scale: 1}), new other.Normal({loc: 0, scale: 1})];
    const exp = new other.bijectors.Exp();
    const one = tf.tensor1d([1]);
    const calls: Record<string, () => unknown> = {
      'klDivergence, q': () => st.klDivergence(theirs, own),
      'klDivergence, p': () => st.klDivergence(own, theirs),
      crossEntropy: () => st.crossEntropy(own, theirs),
      DistributionTensor: () => new st.DistributionTensor(theirs),
      ObservedStochasticTensor: () => new st.ObservedStochasticTensor(theirs, one),
      independent: () => st.independent(theirs),
      'a transform’s distribution': () =>
        new st.TransformedDistribution({distribution: theirs, bijector: new st.bijectors.Exp()}),
      'a transform’s bijector': () => new st.TransformedDistribution({distribution: own, bijector: exp}),
      Invert: () => new st.bijectors.Invert(exp),
      Chain: () => new st.bijectors.Chain([exp]),
      Mixture: () => new st.Mixture({cat: new st.Categorical({logits: [0, 0]}), components: [own, theirs]}),
      MixtureSameFamily: () =>
        new st.MixtureSameFamily({
          mixtureDistribution: new other.Categorical({logits: [0, 0]}),
          componentsDistribution: new st.Normal({loc: [0, 1], scale: 1}),
        }),
      expectation: () => st.expectation(x => x, theirs),
      importance: () => st.importance({proposal: theirs}),
      stochasticVariable: () => st.stochasticVariable(theirs, own),
    };
    const sentence = new RegExp(` of another copy of tfjs-stochastic \\(${version}, and this is ${version}\\)`);
    for (const [name, call] of Object.entries(calls)) expect(call).withContext(name).toThrowError(sentence);
  });

  it('calls what it made what we call it, though its constructors are nameless, and says whose it is', () => {
    /** An object of every class, by the class. */
    const madeBy = ({bijectors, ...lib}: typeof st): Record<string, object> => {
      const distribution = new lib.Bernoulli({probs: [0.5]});
      const variables = [tf.variable(tf.scalar(1))];
      return {
        Bernoulli: distribution,
        Independent: lib.independent(distribution, 1),
        Exp: new bijectors.Exp(),
        DistributionTensor: new lib.DistributionTensor(distribution, {name: 'z'}),
        ObservedStochasticTensor: new lib.ObservedStochasticTensor(distribution, [1]),
        StochasticVariable: lib.stochasticVariable(
          new lib.Bernoulli({logits: tf.variable(tf.tensor1d([0.3]))}),
          distribution,
        ),
        StochasticOptimizer: lib.stochasticOptimizer(tf.train.sgd(1)),
        CmaEs: lib.cmaEs({variables}),
        CrossEntropyMethod: lib.crossEntropyMethod({variables}),
        EvolutionStrategies: lib.evolutionStrategies({variables}),
      };
    };
    const [ours, theirs] = [madeBy(st), madeBy(other)];
    const isBase = /^(Distribution|StochasticTensor)$/;
    const classes = Object.entries(st).filter(
      ([name, x]) =>
        typeof x === 'function' &&
        /^class/.test(String(x)) &&
        !isBase.test(name) &&
        !((x as typeof st.Normal).prototype instanceof st.Distribution),
    );
    expect(classes.map(([name]) => name).filter(name => !(name in ours))).toEqual([]);
    for (const name of Object.keys(ours)) {
      const words = `${/^[AEIO]/.test(name) ? 'an' : 'a'} ${name}`;
      expect(describeValue(ours[name])).toBe(words);
      expect(describeValue(theirs[name])).toBe(
        `${words} of another copy of tfjs-stochastic (${version}, and this is ${version})`,
      );
    }
  });

  it('keeps its nodes to itself: a gradient through them is an error here, never a zero', () => {
    const logits = tf.variable(tf.scalar(0.3));
    const theirs = () => new other.DistributionTensor(new other.Bernoulli({logits}), {estimator: other.relax()}).value;
    expect(() => st.variableGrads(() => tf.square(tf.sub(theirs(), 0.4)), [logits])).toThrowError();
  });

  it('leaves kernels as they are, so that both compute the same', async () => {
    const x = tf.tensor1d([0.3, 2.5]);
    const [a, b] = [st.math.lgamma(x), other.math.lgamma(x)];
    expect(await b.data()).toEqual(await a.data());
    const key = st.random.key(3);
    expect(await other.random.normal([5], {key}).data()).toEqual(await st.random.normal([5], {key}).data());
    const grads = tf.grad((t: tf.Tensor) => other.math.lgamma(t))(x);
    expect(await grads.data()).toEqual(
      await tf
        .grad((t: tf.Tensor) => st.math.lgamma(t))(x)
        .data(),
    );
  });
});

describe('versions', () => {
  it('of this library is that of package.json', () => {
    const {version: packaged} = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {version: string}; // npm's
    expect(st.version).toBe(packaged);
  });

  it('of tfjs that the suite has been run on are taken, others refused in one sentence', () => {
    for (const fit of ['4.20.0', '4.21.0', '4.22.0']) expect(unfitTfjs(fit)).withContext(fit).toBeNull();
    for (const unfit of ['4.19.0', '3.21.0', '4.22.1', '4.23.0', '5.0.0', '4.9.0', '14.20.0', undefined])
      expect(unfitTfjs(unfit)).toBe(
        `needs tfjs 4.20.0 to 4.22.0, loaded before it, got ${unfit}; npm install @tensorflow/tfjs@4.22.0`,
      );
  });
});
