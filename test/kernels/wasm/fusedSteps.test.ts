import * as tf from '@tensorflow/tfjs';
import {disableFastKernels, enableFastKernels} from '../../../src/kernels/index.js';
import {describeBackends} from '../../helpers/backends.js';

const numbers = (n: number, seed: number): Float32Array =>
  Float32Array.from({length: n}, (_, i) => Math.sin(seed + 1.7 * i) * (1 + (i % 7) / 3));

const optimizers: Record<string, () => tf.Optimizer> = {
  'adam with its defaults': () => tf.train.adam(0.01),
  'adam with numbers of its own': () => tf.train.adam(0.1, 0.7, 0.99, 1e-3),
  adamax: () => tf.train.adamax(0.05),
  'adamax that decays': () => tf.train.adamax(0.05, 0.8, 0.9, 1e-5, 0.1),
  rmsprop: () => tf.train.rmsprop(0.01),
  'rmsprop with momentum': () => tf.train.rmsprop(0.01, 0.8, 0.5, 1e-4),
  'rmsprop that is centered': () => tf.train.rmsprop(0.01, 0.8, 0.5, -0.02, true),
  momentum: () => tf.train.momentum(0.02, 0.9),
  'momentum of Nesterov': () => tf.train.momentum(0.02, 0.9, true),
  sgd: () => tf.train.sgd(0.1),
  adagrad: () => tf.train.adagrad(0.1, 0.3),
};

/** Lengths around a vector's four numbers, and shapes; the second has no gradient at every third step. */
const shapes = [[1], [2], [3], [4], [5], [], [7, 9]];

describeBackends(
  'steps of optimizers by the code of assembly/',
  () => {
    let variables: tf.Variable[] = [];
    beforeEach(
      () =>
        (variables = shapes.map((shape, i) =>
          tf.variable(
            tf.tensor(
              numbers(
                Math.max(
                  1,
                  shape.reduce((a, b) => a * b, 1),
                ),
                i,
              ),
              shape,
            ),
          ),
        )),
    );
    afterEach(() => {
      enableFastKernels();
      tf.dispose(variables);
    });

    /** One step, as `minimize` with a list of variables does it, or by names. */
    function step(optimizer: tf.Optimizer, at: number, byName = false): void {
      tf.tidy(() => {
        const list = variables.map((v, i) => ({
          name: v.name,
          tensor:
            i === 1 && at % 3 === 2 ? (null as unknown as tf.Tensor) : tf.tensor(numbers(v.size, at + 10 * i), v.shape),
        }));
        optimizer.applyGradients(byName ? Object.fromEntries(list.map(({name, tensor}) => [name, tensor])) : list);
      });
    }

    /** The variables and what the optimizer keeps after some steps. */
    async function after(make: () => tf.Optimizer, isFast: boolean, steps: number): Promise<number[][]> {
      if (isFast) enableFastKernels();
      else disableFastKernels();
      const start = variables.map(v => v.dataSync().slice());
      const optimizer = make();
      step(optimizer, 0);
      const {numTensors} = tf.memory();
      const data = tf.engine().backend.numDataIds();
      const held = variables.map(v => tf.clone(v));
      const then = variables.map(v => Array.from(v.dataSync()));
      for (let i = 1; i < steps; i++) step(optimizer, i, i % 2 === 0);
      // what a user holds of the variables is theirs
      held.forEach((clone, i) => expect(Array.from(clone.dataSync())).toEqual(then[i]!));
      tf.dispose(held);
      expect(tf.memory().numTensors).toBe(numTensors);
      expect(tf.engine().backend.numDataIds()).toBe(data);
      const weights = optimizer.getClassName() === 'Adamax' ? [] : await optimizer.getWeights(); // tfjs cannot
      const out = [...variables.map(v => v.dataSync()), ...weights.map(({tensor}) => tensor.dataSync())].map(x =>
        Array.from(x),
      );
      optimizer.dispose();
      weights.forEach(({tensor}) => tensor.isDisposed || tensor.dispose());
      variables.forEach((v, i) => tf.tidy(() => v.assign(tf.tensor(start[i]!, v.shape))));
      return out;
    }

    for (const [name, make] of Object.entries(optimizers)) {
      it(`${name}: the numbers of tfjs, to rounding, and no tensor more`, async () => {
        const stock = await after(make, false, 25);
        const fast = await after(make, true, 25);
        expect(fast.length).toBe(stock.length);
        stock.forEach((row, i) =>
          row.forEach((x, j) =>
            expect(Math.abs(fast[i]![j]! - x) <= 2e-6 * Math.max(1, Math.abs(x)) || Object.is(fast[i]![j], x))
              .withContext(`list ${i}, element ${j}: ${fast[i]![j]}, tfjs ${x}`)
              .toBeTrue(),
          ),
        );
      });
    }

    it('is what runs: one pass has no kernel of tfjs', async () => {
      const optimizer = tf.train.sgd(0.1);
      const {kernelNames} = await tf.profile(() => step(optimizer, 0));
      expect(kernelNames).toEqual([]);
      disableFastKernels();
      const stock = await tf.profile(() => step(optimizer, 0));
      expect(stock.kernelNames).toContain('Multiply');
    });

    it('leaves variables without elements as they are, and takes the others in one pass', async () => {
      const empty = tf.variable(tf.zeros([0, 3]));
      for (const make of Object.values(optimizers)) {
        const optimizer = make();
        const give = () =>
          tf.tidy(() =>
            optimizer.applyGradients([
              {name: empty.name, tensor: tf.zeros([0, 3])},
              {name: variables[3]!.name, tensor: tf.ones([4])},
            ]),
          );
        give(); // makes what is kept
        const before = variables[3]!.dataSync()[0]!;
        const {kernelNames} = await tf.profile(give);
        expect(kernelNames).not.toContain('Sqrt');
        expect(kernelNames.length).withContext(kernelNames.join()).toBeLessThanOrEqual(3); // of powers and counts
        expect(variables[3]!.dataSync()[0]).toBeLessThan(before);
        expect(empty.shape).toEqual([0, 3]);
        optimizer.dispose();
      }
      empty.dispose();
    });

    it('takes a variable that is given twice one after the other, as tfjs does', () => {
      const results = [disableFastKernels, enableFastKernels].map(use => {
        use();
        const v = tf.variable(tf.tensor1d([1, 2]));
        const optimizer = tf.train.adam(0.1);
        for (let i = 0; i < 3; i++)
          tf.tidy(() => optimizer.applyGradients([1, 2].map(k => ({name: v.name, tensor: tf.tensor1d([k, -k])}))));
        const values = Array.from(v.dataSync());
        optimizer.dispose();
        v.dispose();
        return values;
      });
      results[0]!.forEach((x, i) => expect(results[1]![i]).toBeCloseTo(x, 5));
    });

    it('computes with what tfjs computes with, whatever is set between steps and how', () => {
      type Set = (optimizer: Record<string, (x: number) => void> & Record<'learningRate' | 'momentum', number>) => void;
      const settings: Record<string, Set> = {
        'the field learningRate': o => (o.learningRate = 0.5),
        setLearningRate: o => o['setLearningRate']?.(0.4),
        'the field momentum': o => (o.momentum = 0.3),
        setMomentum: o => o['setMomentum']?.(0.2),
      };
      const start = variables.map(v => v.dataSync().slice());
      for (const [name, make] of Object.entries(optimizers)) {
        for (const [how, set] of Object.entries(settings)) {
          const results = [disableFastKernels, enableFastKernels].map(use => {
            use();
            variables.forEach((v, i) => tf.tidy(() => v.assign(tf.tensor(start[i]!, v.shape))));
            const optimizer = make();
            for (let i = 0; i < 6; i++) {
              if (i === 3) set(optimizer as unknown as Parameters<Set>[0]); // as users do, past tfjs's types
              step(optimizer, i);
            }
            optimizer.dispose();
            return variables.flatMap(v => Array.from(v.dataSync()));
          });
          results[0]!.forEach((x, i) =>
            expect(Math.abs(results[1]![i]! - x) <= 2e-6 * Math.max(1, Math.abs(x)))
              .withContext(`${name}, ${how}, number ${i}: ${results[1]![i]}, tfjs ${x}`)
              .toBeTrue(),
          );
        }
      }
    });

    it('goes on from a state that was saved, in either form', async () => {
      for (const [from, to] of [
        [enableFastKernels, disableFastKernels],
        [disableFastKernels, enableFastKernels],
      ] as const) {
        const start = variables.map(v => v.dataSync().slice());
        const [whole, first, second] = [tf.train.adam(0.1), tf.train.adam(0.1), tf.train.adam(0.1)];
        for (let i = 0; i < 6; i++) step(whole, i);
        const wanted = variables.map(v => Array.from(v.dataSync()));
        variables.forEach((v, i) => tf.tidy(() => v.assign(tf.tensor(start[i]!, v.shape))));
        from();
        for (let i = 0; i < 3; i++) step(first, i);
        await second.setWeights(await first.getWeights());
        to();
        for (let i = 3; i < 6; i++) step(second, i);
        variables.forEach((v, i) => v.dataSync().forEach((x, j) => expect(x).toBeCloseTo(wanted[i]![j]!, 5)));
        expect(second.iterations).toBe(6);
        variables.forEach((v, i) => tf.tidy(() => v.assign(tf.tensor(start[i]!, v.shape))));
        [whole, first, second].forEach(optimizer => optimizer.dispose());
      }
    });

    it('takes what is not finite as tfjs does', () => {
      const v = tf.variable(tf.tensor1d([1, 2, 3]));
      for (const set of [disableFastKernels, enableFastKernels]) {
        set();
        v.assign(tf.tensor1d([1, 2, 3]));
        const optimizer = tf.train.adam(0.1);
        for (let i = 0; i < 2; i++) optimizer.applyGradients([{name: v.name, tensor: tf.tensor1d([NaN, Infinity, 1])}]);
        const [a, b, c] = v.dataSync();
        expect([a, b]).toEqual([NaN, NaN]);
        expect(c).toBeCloseTo(2.8, 4);
        optimizer.dispose();
      }
      v.dispose();
    });
  },
  {only: ['wasm'], inBrief: ['wasm']},
);
