/** The programs in the documentation run as they stand. */
import {readFileSync} from 'node:fs';
import * as tf from '@tensorflow/tfjs';
import * as st from 'tfjs-stochastic';
import * as ctl from 'tfjs-stochastic/control';
import * as stl from 'tfjs-stochastic/layers';
import {layerArgNames} from '../../layers/layerArgs.js';
import {layerOptions} from '../../layers/stochasticLayer.js';
import {optionNames} from '../../layers/variational/args.js';
import * as core from '../../src/core.js';
import {describeBackends} from '../helpers/backends.js';

type Program = (...args: unknown[]) => Promise<unknown>;

/** The constructor of functions of text, as `new Function`, of those that may wait. */
const AsyncFunction = (async () => {
  await Promise.resolve();
}).constructor as new (...text: string[]) => Program;

const text = (file: string): string => readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');

/** The blocks of a file by the heading above them, without their imports. */
function programs(file: string): Array<[string, string]> {
  return text(file)
    .split(/^##* /m)
    .slice(1)
    .flatMap(part =>
      [...part.matchAll(/```ts\n(.*?)```/gs)].map((match): [string, string] => [
        part.split('\n')[0]!,
        match[1]!.replace(/^import .*\n/gm, ''),
      ]),
    );
}

/** Runs a block, with what it takes from elsewhere by name. */
function run(program: string, given: Record<string, unknown> = {}): Promise<unknown> {
  const names = Object.keys(given).filter(
    name => !new RegExp(`(const|let|function) (\\{[^}]*)?\\b${name}\\b`).test(program),
  );
  return new AsyncFunction('tf', 'st', 'stl', 'ctl', ...names, program)(
    tf,
    st,
    stl,
    ctl,
    ...names.map(name => given[name]),
  );
}

describeBackends(
  'docs/recipes.md',
  () => {
    const found = programs('docs/recipes.md');

    it('has a program under each heading', () => {
      expect(found.length).toBeGreaterThan(10);
      expect(found.map(([heading]) => heading)).toEqual(
        text('docs/recipes.md')
          .split('\n')
          .filter(line => line.startsWith('## '))
          .map(line => line.slice(3)),
      );
    });

    it('links to its own headings', () => {
      const anchors = found.map(([heading]) =>
        heading
          .toLowerCase()
          .replace(/[^a-z ]/g, '')
          .replaceAll(' ', '-'),
      );
      const links = [...text('docs/recipes.md').matchAll(/\]\(#([a-z-]+)\)/g)].map(match => match[1]!);
      expect([...links].sort()).toEqual([...anchors].sort());
    });

    for (const [heading, program] of found) {
      it(`runs: ${heading}`, async () => {
        const warn = spyOn(console, 'warn');
        await run(program);
        expect(warn).not.toHaveBeenCalled();
        tf.disposeVariables();
      });
    }
  },
  {inNode: ['wasm']},
);

describeBackends(
  'the programs in',
  () => {
    const batch = 4;
    /** A dense layer for any number of sample axes. */
    const dense = (units: number): ((x: tf.Tensor) => tf.Tensor) => {
      const layer = tf.layers.dense({units});
      return x =>
        tf.reshape(layer.apply(tf.reshape(x, [-1, x.shape[x.rank - 1]!])) as tf.Tensor, [
          ...x.shape.slice(0, -1),
          units,
        ]);
    };
    const pixels = (): tf.Tensor => tf.tidy(() => tf.cast(tf.greater(tf.randomUniform([batch, 784]), 0.5), 'float32'));

    /** What each file takes from elsewhere, and how its blocks end. */
    const files: Record<
      string,
      {given: () => Record<string, unknown>; wrap: (program: string, heading: string) => string}
    > = {
      'README.md': {
        given: () => ({images: pixels(), ...core, stl}),
        wrap: program => `${program.replace('epochs: 10', 'epochs: 1, verbose: 0').replace('samples: 1000', 'samples: 20').replace('console.log', '').replace('step < 200', 'step < 2').replace('print()', 'dispose()')}
          if (typeof step === 'function') step(images);`,
      },
      'docs/layers.md': {
        given: () => ({}),
        // what is printed is claimed beside it
        wrap: (program, heading) =>
          heading === 'Bayesian regression'
            ? program.replace(/console\.log\((.*)\);/, 'if (!($1 >= 3)) throw new Error("outside, inside");')
            : program,
      },
      'docs/policyGradient.md': {given: () => ({}), wrap: program => program},
      'docs/control.md': {given: () => ({}), wrap: program => program},
      'docs/beliefNetworks.md': {given: () => ({}), wrap: program => program},
      // the suite has chosen the backend
      'docs/performance.md': {given: () => ({}), wrap: program => program.replace(/await tf.setBackend.*\n/, '')},
      'docs/objectives.md': {
        given: () => ({
          x: pixels(),
          encode1: dense(5),
          encode2: dense(3),
          decode1: dense(784),
          decode2: dense(5),
          decoder: {apply: dense(784)},
          units2: 3,
          examples: 100,
          optimizer: st.stochasticOptimizer(tf.train.sgd(0.1)),
          loc: tf.variable(tf.zeros([batch, 20])),
          scale: tf.variable(tf.ones([batch, 20])),
          q: new st.Bernoulli({logits: tf.zeros([3])}),
          f: (x: tf.Tensor) => tf.square(x),
          logits: tf.tensor1d([0.2, -1]),
          vector: tf.tensor1d([1, 0]),
        }),
        wrap: (program, heading) =>
          heading === 'registerPrior'
            ? `optimizer.minimize(() => { ${program} });`
            : `${program} if (typeof step === 'function') step(x, tf.oneHot(tf.zeros([${batch}], 'int32'), 10));`,
      },
    };

    for (const [file, {given, wrap}] of Object.entries(files)) {
      for (const [i, [heading, program]] of programs(file).entries()) {
        it(`${file} run: ${i}, ${heading}`, async () => {
          const warn = spyOn(console, 'warn');
          await run(wrap(program, heading), given());
          expect(warn).not.toHaveBeenCalled();
          tf.disposeVariables();
        });
      }
    }
  },
  {inNode: ['wasm']},
);

describe('docs/layers.md', () => {
  const shown = programs('docs/layers.md')
    .map(([, program]) => program)
    .join('\n');
  const missing = (names: readonly string[], before: string): string[] =>
    names.filter(name => !new RegExp(`${before}${name}\\b`).test(shown));

  it('calls each function of the layers', () => {
    const functions = Object.entries<unknown>({...stl}).filter(([name]) => /^[a-z]/.test(name));
    expect(functions.length).toBeGreaterThan(30);
    expect(
      missing(
        functions.map(([name]) => name),
        '\\bstl\\.',
      ),
    ).toEqual([]);
  });

  it('gives each option of random layers and of random weights', () => {
    const options = [...layerOptions, ...optionNames].filter(name => !layerArgNames.includes(name));
    expect(options.length).toBeGreaterThan(12);
    expect(missing(options, '\\b')).toEqual([]);
  });
});
