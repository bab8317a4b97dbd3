/**
 * What nodes of the biased estimators hold: hard or soft values, a log-probability, a temperature that may change; and
 * what they refuse.
 */
import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {describeBackends, inBrowser, sizeFor} from '../../helpers/backends.js';

const stolen = <T>(x: unknown): T => x as T; // what a JavaScript user may pass
const key = st.random.key(7);
type Made = () => st.Estimator;

const hardOnes: Record<string, Made> = {
  straightThrough: () => st.straightThrough(),
  straightThroughGumbelSoftmax: () => st.straightThroughGumbelSoftmax({temperature: 0.3}),
  reinMax: () => st.reinMax(),
  gumbelRao: () => st.gumbelRao({samples: 2}),
};
const binaryOnes: Record<string, Made> = {
  'straightThrough, identity': () => st.straightThrough({through: 'identity'}),
  'straightThrough, hardTanh': () => st.straightThrough({through: 'hardTanh'}),
  'straightThrough, hardSigmoid': () => st.straightThrough({through: 'hardSigmoid', slope: 3}),
};
const softOnes: Record<string, Made> = {gumbelSoftmax: () => st.gumbelSoftmax({temperature: 0.3})};
const all = {...hardOnes, ...softOnes};

/** The gradient of a cost with respect to variables, as numbers. */
async function gradients(variables: tf.Variable[], f: () => tf.Tensor): Promise<number[][]> {
  const {value, grads} = st.variableGrads(f, variables);
  const numbers: number[][] = [];
  for (const v of variables) numbers.push(Array.from(await grads[v.name]!.data()));
  tf.dispose([value, grads]);
  return numbers;
}

const variable = (values: number[]): tf.Variable => tf.tidy(() => tf.variable(tf.tensor1d(values)));
const everyFamily: Record<string, (w: tf.Tensor) => st.Distribution> = {
  Bernoulli: w => new st.Bernoulli({logits: w}),
  'Bernoulli with probs': w => new st.Bernoulli({probs: tf.sigmoid(w)}),
  OneHotCategorical: w => new st.OneHotCategorical({logits: w}),
  'OneHotCategorical with probs': w => new st.OneHotCategorical({probs: tf.softmax(w)}),
  'Independent of Bernoulli': w => st.independent(new st.Bernoulli({logits: w})),
  'Independent of OneHotCategorical': w =>
    st.independent(new st.OneHotCategorical({logits: tf.stack([w, tf.mul(w, -0.5)])})),
};

/** A page compiles a program for each shape, so it takes two families. */
const few = ['Bernoulli', 'Independent of OneHotCategorical'];
const families = Object.fromEntries(
  Object.entries(everyFamily).filter(([family]) => !inBrowser || process.env.FULL === '1' || few.includes(family)),
);

describeBackends(
  'the value of a biased estimator',
  () => {
    const n = sizeFor({cpu: 2000, wasm: 10_000, webgl: 500, webgpu: 500});

    for (const [name, make] of Object.entries({...hardOnes, ...binaryOnes})) {
      it(`is hard, and drawn from the distribution: ${name}`, async () => {
        for (const [family, distribution] of Object.entries(families)) {
          if (name in binaryOnes && family.includes('OneHot')) continue;
          const w = variable([0.7, -1.1, 0.2]);
          let value: tf.Tensor = tf.scalar(0);
          const mean = tf.tidy(() => tf.keep(distribution(w).mean()));
          await gradients([w], () => {
            const q = distribution(w);
            const node = new st.DistributionTensor(q, {estimator: make(), valueType: st.sampleValue([n]), key});
            value.dispose();
            value = tf.keep(tf.clone(node.value));
            return tf.mean(node.value);
          });
          const [found, p] = [await value.data(), await mean.data()];
          expect(found.every(x => x === 0 || x === 1))
            .withContext(family)
            .toBeTrue();
          p.forEach((wanted, i) => {
            let sum = 0;
            for (let j = i; j < found.length; j += p.length) sum += found[j]!;
            expect(Math.abs(sum / n - wanted))
              .withContext(family)
              .toBeLessThan(4.5 * Math.sqrt((wanted * (1 - wanted)) / n));
          });
          if (family.includes('OneHot')) {
            for (let j = 0; j < found.length; j += 3) expect(found[j]! + found[j + 1]! + found[j + 2]!).toBe(1);
          }
          tf.dispose([w, value, mean]);
        }
      });
    }

    it('is soft with gumbelSoftmax: between 0 and 1, one-hot vectors adding up to 1, and the harder the lower the temperature', async () => {
      const softness = async (temperature: number, family: string): Promise<number> => {
        const w = variable([0.7, -1.1, 0.2]);
        const value = tf.tidy(
          () =>
            new st.DistributionTensor(everyFamily[family]!(w), {
              estimator: st.gumbelSoftmax({temperature}),
              valueType: st.sampleValue([n]),
              key,
            }).value,
        );
        const found = Array.from(await value.data());
        expect(found.every(x => x >= 0 && x <= 1)).toBeTrue();
        if (family.includes('OneHot'))
          for (let j = 0; j < found.length; j += 3) expect(found[j]! + found[j + 1]! + found[j + 2]!).toBeCloseTo(1, 5);
        tf.dispose([w, value]);
        return found.reduce((sum, x) => sum + x * (1 - x), 0) / found.length;
      };
      for (const family of ['Bernoulli', 'OneHotCategorical']) {
        const [high, low] = [await softness(1, family), await softness(0.1, family)];
        expect(low).toBeLessThan(0.4 * high);
        expect(low).toBeGreaterThan(0);
      }
    });

    it('has the layout of the distribution’s values with any sample axes, and is the same inside and outside a gradient scope', async () => {
      for (const [name, make] of Object.entries(all)) {
        for (const distribution of Object.values(families)) {
          const w = variable([0.7, -1.1, 0.2]);
          const options = (valueType: st.ValueType): st.DistributionTensorOptions => ({
            estimator: make(),
            valueType,
            key,
          });
          const outside = tf.tidy(
            () => new st.DistributionTensor(distribution(w), options(st.sampleValue([2, 4]))).value,
          );
          let inside: tf.Tensor = tf.scalar(0);
          await gradients([w], () => {
            const q = distribution(w);
            const {value} = new st.DistributionTensor(q, options(st.sampleValue([2, 4])));
            expect(value.shape).toEqual([2, 4, ...q.batchShape, ...q.eventShape]);
            if (q.batchShape.length > 0) {
              const merged = new st.DistributionTensor(q, options(st.sampleAndReshapeValue(4))).value;
              expect(merged.shape).toEqual([4 * q.batchShape[0]!, ...q.eventShape]);
            }
            inside.dispose();
            inside = tf.keep(tf.clone(value));
            return tf.mean(value);
          });
          expect(Array.from(await outside.data()))
            .withContext(name)
            .toEqual(Array.from(await inside.data()));
          tf.dispose([w, outside, inside]);
        }
      }
    });

    it('leaves no surrogate term, takes no stopped gradient, and gives way to the mean', () => {
      for (const [name, make] of Object.entries(all)) {
        tf.tidy(() => {
          const q = new st.Bernoulli({logits: [0.3, -0.4]});
          expect(make().differentiable).toBeTrue();
          expect(
            () => new st.DistributionTensor(q, {estimator: make(), valueType: st.sampleValue(3, {stopGradient: true})}),
          ).toThrowError(
            `DistributionTensor: estimator "${name}" needs the gradient that the value type stops; leave stopGradient out or choose another estimator`,
          );
          const w = tf.variable(tf.tensor1d([0.3, -0.4]));
          tf.variableGrads(() => {
            const node = new st.DistributionTensor(new st.Bernoulli({logits: w}), {estimator: make()});
            expect(node.loss(tf.tensor1d([1, 2]))).toBeNull();
            expect(() => node.reinforce([1, 2])).toThrowError(/needs an estimator with a surrogate term/);
            return tf.mean(node.value);
          }, [w]);
          w.dispose();
          const {value} = new st.DistributionTensor(q, {estimator: make(), valueType: st.meanValue()});
          expect(value.shape).toEqual([2]);
        });
      }
    });

    it('has a log-probability that continues the formula: exact where hard, finite and differentiable where soft', async () => {
      for (const [family, distribution] of Object.entries(families)) {
        const w = variable([0.7, -1.1, 0.2]);
        const kept: tf.Tensor[] = [];
        for (const make of [() => st.straightThrough(), () => st.gumbelSoftmax({temperature: 0.7})]) {
          const [slope] = await gradients([w], () => {
            const q = distribution(w);
            const node = new st.DistributionTensor(q, {estimator: make(), valueType: st.sampleValue([3]), key});
            const logProb = node.logProb();
            kept.push(tf.keep(tf.clone(logProb)), tf.keep(q.logProb(node.value)));
            return tf.sum(logProb);
          });
          expect(slope!.every(Number.isFinite)).withContext(family).toBeTrue();
          expect(slope!.some(g => g !== 0))
            .withContext(family)
            .toBeTrue();
        }
        const [ofHard, exact, ofSoft] = [await kept[0]!.data(), await kept[1]!.data(), await kept[2]!.data()];
        exact.forEach((x, i) => expect(ofHard[i]!).withContext(family).toBeCloseTo(x, 5));
        expect(ofSoft.every(x => Number.isFinite(x) && x <= 0))
          .withContext(family)
          .toBeTrue();
        tf.dispose([w, kept]);
      }
    });

    it('and its gradient are finite with logits of ±30, at a temperature of 0.1 too', async () => {
      const makers: Made[] = [
        ...Object.values(all),
        () => st.gumbelSoftmax({temperature: 0.1}),
        () => st.straightThroughGumbelSoftmax({temperature: 0.1}),
        () => st.reinMax({temperature: 0.1}),
        () => st.gumbelRao({temperature: 0.1}),
      ];
      for (const logits of [
        [30, -30, 0],
        [-30, -30, 30],
      ]) {
        for (const [family, distribution] of Object.entries(families)) {
          for (const make of [...makers, ...(family.includes('OneHot') ? [] : Object.values(binaryOnes))]) {
            const w = variable(logits);
            let node: tf.Tensor | null = null;
            const [slope] = await gradients([w], () => {
              const {value} = new st.DistributionTensor(distribution(w), {
                estimator: make(),
                valueType: st.sampleValue([50]),
                key,
              });
              tf.dispose(node ?? []);
              node = tf.keep(tf.clone(value));
              return tf.mean(tf.square(tf.sub(value, 0.3)));
            });
            const found = await node!.data();
            expect([...found, ...slope!].every(Number.isFinite))
              .withContext(`${family}, ${make().name}`)
              .toBeTrue();
            tf.dispose([w, node!]);
          }
        }
      }
    });
  },
  {inBrief: [], inNode: ['wasm']},
);

describeBackends(
  'the temperature of a relaxed value',
  () => {
    it('may be a variable, which is trained where the value depends on it', async () => {
      const w = variable([0.7, -1.1]);
      const makers: Record<string, (temperature: tf.Tensor) => st.Estimator> = {
        gumbelSoftmax: temperature => st.gumbelSoftmax({temperature}),
        straightThroughGumbelSoftmax: temperature => st.straightThroughGumbelSoftmax({temperature}),
        gumbelRao: temperature => st.gumbelRao({temperature}),
      };
      for (const [name, make] of Object.entries(makers)) {
        const temperature = tf.tidy(() => tf.variable(tf.scalar(0.7)));
        const estimator = make(temperature);
        expect(estimator.config).toBeNull();
        const cost = (e: st.Estimator): tf.Tensor =>
          tf.square(
            tf.sub(new st.DistributionTensor(new st.Bernoulli({logits: w}), {estimator: e, key}).value, [0.3, 0.9]),
          );
        const [slope, own] = await gradients([w, temperature], () => cost(estimator));
        const [plain] = await gradients([w], () => cost(st.estimators.get(name, {temperature: 0.7})));
        slope!.forEach((g, i) => expect(g).withContext(name).toBeCloseTo(plain![i]!, 5));
        expect(own![0]).withContext(name).not.toBe(0);
        if (name === 'gumbelSoftmax') {
          const at = async (t: number): Promise<number> => {
            const value = tf.tidy(() => tf.mean(cost(st.gumbelSoftmax({temperature: t}))));
            const [x] = await value.data();
            value.dispose();
            return x!;
          };
          expect(own![0]).toBeCloseTo(((await at(0.72)) - (await at(0.68))) / 0.04, 3);
        }
        temperature.dispose();
      }
      // a function of a variable stays positive
      const log = tf.tidy(() => tf.variable(tf.scalar(-0.4)));
      const [own] = await gradients(
        [log],
        () =>
          new st.DistributionTensor(new st.Bernoulli({logits: w}), {
            estimator: st.gumbelSoftmax({temperature: tf.exp(log)}),
            key,
          }).value,
      );
      expect(own![0]).not.toBe(0);
      // constant in ReinMax's π₁
      const [slope] = await gradients(
        [w],
        () =>
          new st.DistributionTensor(new st.Bernoulli({logits: w}), {
            estimator: st.reinMax({temperature: tf.scalar(2)}),
            key,
          }).value,
      );
      const [plain] = await gradients(
        [w],
        () =>
          new st.DistributionTensor(new st.Bernoulli({logits: w}), {estimator: st.reinMax({temperature: 2}), key})
            .value,
      );
      expect(slope).toEqual(plain);
      tf.dispose([w, log]);
    });

    it('may follow a schedule of the gradient scopes in which the estimator drew', async () => {
      const w = variable([0.7, -1.1]);
      let seen: number[] = [];
      const estimator = st.gumbelSoftmax({
        temperature: step => {
          seen.push(step);
          return 1 / (1 + step);
        },
      });
      expect(estimator.config).toBeNull();
      const draw = (): tf.Tensor => new st.DistributionTensor(new st.Bernoulli({logits: w}), {estimator, key}).value;
      const steps = async (run: () => Promise<unknown>): Promise<number[]> => {
        seen = [];
        await run();
        return seen;
      };
      const scope = (f: () => tf.Tensor): Promise<number[]> => steps(() => gradients([w], f));
      expect(await scope(draw)).toEqual([0]);
      expect(await scope(draw)).toEqual([1]);
      expect(await scope(() => tf.add(draw(), draw()))).toEqual([2, 2]); // two nodes of one scope
      // outside: that of the next, and it stays
      expect(await steps(() => Promise.resolve(tf.tidy(() => void draw())))).toEqual([3]);
      expect(await steps(() => gradients([w], () => st.withFrozenState(draw)))).toEqual([3]);
      expect(await scope(draw)).toEqual([3]);
      // MuProp has the function of the costs run again
      const twice = (): tf.Tensor => {
        const a = new st.DistributionTensor(new st.Bernoulli({logits: w}), {estimator: 'muProp'}).value;
        return tf.mul(a, new st.DistributionTensor(new st.Bernoulli({logits: tf.add(a, w)}), {estimator}).value);
      };
      expect(await scope(twice)).toEqual([4, 4]);
      expect(await scope(twice)).toEqual([5, 5]);
      // scopes of tfjs itself
      expect(
        await steps(() => {
          tf.dispose(tf.variableGrads(() => tf.mean(st.surrogateLoss(draw())), [w]));
          return Promise.resolve();
        }),
      ).toEqual([6]);
      estimator.dispose!();
      expect(await scope(draw)).toEqual([0]);
      // the value follows
      const [early, late] = [await gradients([w], draw), await gradients([w], draw)];
      const [, plain] = [
        0,
        await gradients(
          [w],
          () =>
            new st.DistributionTensor(new st.Bernoulli({logits: w}), {
              estimator: st.gumbelSoftmax({temperature: 1 / 3}),
              key,
            }).value,
        ),
      ];
      expect(late).toEqual(plain);
      expect(late).not.toEqual(early);
      st.disposeSharedEstimators();
      w.dispose();
    });

    it('anneals the slope of a hard sigmoid, which may be a tensor as well', async () => {
      const w = variable([0.3, -0.4, 1.5]);
      const annealed = st.straightThrough({through: 'hardSigmoid', slope: step => 1 + step});
      const draw = (estimator: st.Estimator): tf.Tensor =>
        new st.DistributionTensor(new st.Bernoulli({logits: w}), {estimator, key}).value;
      const slopes: number[][] = [];
      for (let i = 0; i < 3; i++) slopes.push((await gradients([w], () => tf.mul(draw(annealed), 3)))[0]!);
      const near = (found: number[], wanted: number[]): void =>
        found.forEach((g, i) => expect(g).toBeCloseTo(wanted[i]!, 5));
      near(slopes[0]!, [0.5, 0.5, 0]);
      near(slopes[1]!, [1, 1, 0]);
      near(slopes[2]!, [1.5, 0, 0]); // 3·(−0.4) lies below −1
      const slope = tf.tidy(() => tf.variable(tf.scalar(2)));
      const [, own] = await gradients([w, slope], () =>
        tf.mul(draw(st.straightThrough({through: 'hardSigmoid', slope})), 3),
      );
      expect(own![0]).toBeCloseTo((0.3 - 0.4) / 2, 5); // Σ α/2 inside
      tf.dispose([w, slope]);
    });

    it('leaves no tensor behind, fixed, trained or scheduled', () => {
      const before = tf.memory().numTensors;
      const w = variable([0.7, -1.1]);
      const temperature = tf.tidy(() => tf.variable(tf.scalar(0.7)));
      const estimators = [
        st.gumbelSoftmax({temperature}),
        st.gumbelRao({temperature: step => 1 / (1 + step), samples: 5}),
        st.straightThroughGumbelSoftmax({temperature: step => 2 / (1 + step)}),
        st.reinMax({temperature}),
        st.straightThrough({through: 'hardSigmoid', slope: step => 1 + step}),
        st.gumbelRao({temperature}),
      ];
      const optimizer = st.stochasticOptimizer(tf.train.sgd(0.001));
      const step = (): void => {
        for (const estimator of estimators) {
          optimizer.minimize(
            () => tf.square(tf.sub(new st.DistributionTensor(new st.Bernoulli({logits: w}), {estimator}).value, 0.3)),
            false,
            [w, temperature],
          );
        }
      };
      step();
      const settled = tf.memory().numTensors;
      for (let i = 0; i < sizeFor({cpu: 30, wasm: 50, webgl: 3, webgpu: 3}); i++) step();
      expect(tf.memory().numTensors).toBe(settled);
      optimizer.dispose();
      tf.dispose([w, temperature]);
      expect(tf.memory().numTensors).toBe(before);
    });
  },
  {inBrief: ['webgpu'], inNode: ['cpu']},
);

describeBackends(
  'biased estimators refuse',
  () => {
    it('distributions without soft values, naming those that have them', () => {
      tf.tidy(() => {
        const soft =
          /needs a distribution whose values can be softened \(Bernoulli or OneHotCategorical of dtype float32, or Independent of one.*got (.*)$/;
        const wrong: st.Distribution[] = [
          new st.Categorical({logits: [0, 1]}),
          new st.Categorical({logits: [0, 1], dtype: 'float32'}),
          new st.Normal({loc: 0, scale: 1}),
          new st.Bernoulli({logits: 0, dtype: 'int32'}),
          new st.OneHotCategorical({logits: [0, 1], dtype: 'int32'}),
          new st.Poisson({rate: 1}),
          st.independent(new st.Categorical({logits: [[0, 1]]})),
        ];
        for (const [name, make] of Object.entries(all)) {
          for (const q of wrong) {
            expect(() => new st.DistributionTensor(q, {estimator: make()}))
              .withContext(name)
              .toThrowError(soft);
            expect(() => new st.DistributionTensor(q, {estimator: make()})).toThrowError(
              new RegExp(`got ${q.familyName.replace(/[()]/g, '\\$&')}$`),
            );
          }
        }
        for (const make of Object.values(binaryOnes)) {
          for (const q of [...wrong, new st.OneHotCategorical({logits: [0, 1]})]) {
            expect(() => new st.DistributionTensor(q, {estimator: make()})).toThrowError(
              /"straightThrough" needs a Bernoulli distribution of dtype float32, or Independent of one, got/,
            );
          }
        }
        expect(() => {
          // @ts-expect-error: a Normal variable has no relaxation
          return new st.DistributionTensor(new st.Normal({loc: 0, scale: 1}), {estimator: st.gumbelSoftmax()});
        }).toThrowError(soft);
        new st.DistributionTensor(new st.Bernoulli({logits: 0}), {estimator: st.gumbelSoftmax()});
      });
    });

    it('what makes no sense', () => {
      const rule = 'must be a finite number > 0, or a scalar float32 tensor or a function \\(step\\) => number, got';
      const vector = tf.tensor1d([1]);
      const whole = tf.scalar(1, 'int32');
      const bad: Array<[() => unknown, RegExp]> = [
        [() => st.gumbelSoftmax({temperature: 0}), new RegExp(`^gumbelSoftmax: temperature ${rule} 0$`)],
        [() => st.gumbelSoftmax({temperature: -0.5}), new RegExp(`^gumbelSoftmax: temperature ${rule} -0.5$`)],
        [
          () => st.straightThroughGumbelSoftmax({temperature: NaN}),
          new RegExp(`^straightThroughGumbelSoftmax: temperature ${rule} NaN$`),
        ],
        [() => st.reinMax({temperature: Infinity}), new RegExp(`^reinMax: temperature ${rule} Infinity$`)],
        [() => st.gumbelRao({temperature: stolen('1')}), new RegExp(`^gumbelRao: temperature ${rule} "1"$`)],
        [() => st.gumbelRao({temperature: stolen(null)}), new RegExp(`^gumbelRao: temperature ${rule} null$`)],
        [
          () => st.gumbelSoftmax({temperature: vector}),
          new RegExp(`^gumbelSoftmax: temperature ${rule} a float32 tensor of shape \\[1\\]$`),
        ],
        [
          () => st.gumbelSoftmax({temperature: whole}),
          new RegExp(`^gumbelSoftmax: temperature ${rule} an int32 tensor of shape \\[\\]$`),
        ],
        [() => st.gumbelSoftmax(stolen({tau: 1})), /^gumbelSoftmax: unknown option "tau"/],
        [() => st.gumbelRao({samples: 0}), /^gumbelRao: samples must be an integer >= 1, got 0$/],
        [() => st.gumbelRao({samples: 2.5}), /^gumbelRao: samples must be an integer >= 1, got 2.5$/],
        [
          () => st.straightThrough({through: stolen('logits')}),
          /^straightThrough: unknown through "logits"; known: mean, identity, hardTanh, hardSigmoid/,
        ],
        [() => st.straightThrough({through: stolen('toString')}), /^straightThrough: unknown through "toString"/],
        [
          () => st.straightThrough({slope: 2}),
          /^straightThrough: slope belongs to through: "hardSigmoid", got "mean"$/,
        ],
        [
          () => st.straightThrough({through: 'hardSigmoid', slope: stolen(null)}),
          new RegExp(`^straightThrough: slope ${rule} null$`),
        ],
        [
          () => st.straightThrough({through: 'hardSigmoid', slope: 0}),
          new RegExp(`^straightThrough: slope ${rule} 0$`),
        ],
      ];
      for (const [name, given] of [
        ['a number of 0', 0],
        ['NaN', NaN],
        ['no number', undefined],
      ] as const) {
        const estimator = st.gumbelSoftmax({temperature: step => (step < 1 ? 1 : stolen(given))});
        tf.tidy(() => {
          const w = tf.variable(tf.scalar(0.3));
          const step = (): unknown =>
            st.variableGrads(() => new st.DistributionTensor(new st.Bernoulli({logits: w}), {estimator}).value, [w]);
          step();
          expect(step)
            .withContext(name)
            .toThrowError(`gumbelSoftmax: temperature at step 1 must be a finite number > 0, got ${given}`);
          w.dispose();
        });
      }
      const before = tf.memory().numTensors;
      for (const [run, message] of bad) expect(run).withContext(String(message)).toThrowError(message);
      expect(tf.memory().numTensors).toBe(before);
      tf.dispose([vector, whole]);
    });

    it('nothing that their own configuration says', () => {
      const configs: Record<string, object> = {
        gumbelSoftmax: {temperature: 0.3},
        straightThroughGumbelSoftmax: {temperature: 0.2},
        reinMax: {temperature: 1.5},
        gumbelRao: {samples: 4, temperature: 0.1},
        straightThrough: {through: 'hardSigmoid', slope: 2},
      };
      for (const [name, config] of Object.entries(configs)) {
        const made = st.estimators.get(name, stolen(config));
        expect(made.bias).toBe('biased');
        expect(stolen<object>(made.config)).toEqual(config);
        expect(st.estimators.get(name, stolen(JSON.parse(JSON.stringify(made.config)))).config).toEqual(made.config);
        const plain = st.estimators.get(name);
        expect(st.estimators.get(name, plain.config!).config).toEqual(plain.config);
      }
      expect(stolen<object>(st.straightThrough().config)).toEqual({through: 'mean'});
      expect(st.straightThrough({through: 'hardSigmoid', slope: () => 1}).config).toBeNull();
    });
  },
  {inBrief: [], inNode: ['cpu']},
);
