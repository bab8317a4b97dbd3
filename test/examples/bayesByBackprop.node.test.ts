import * as tf from '@tensorflow/tfjs-core';
import {misfit, prune, regression} from '../../examples/bayesByBackprop.js';
import {scoped, seeded} from '../../examples/frame/scope.js';

describe('the ELBO of the regression', () => {
  it('counts the whole of −ln p(y)', () =>
    scoped(() => {
      // (0.2/0.1)²/2 + ln 0.1 + ln(2π)/2
      expect(misfit(tf.tensor2d([[0.3]]), tf.tensor2d([[0.1]])).dataSync()[0]).toBeCloseTo(0.616353, 5);
    }));
});

describe('pruning by signal to noise', () => {
  it('sets the share of weights with the least |m|/σ to 0, and no others', async () => {
    await tf.setBackend('cpu');
    await seeded(1, () =>
      scoped(() => {
        const model = regression(3);
        const [first, second] = model.layers as [(typeof model.layers)[0], (typeof model.layers)[0]]; // two were made
        const set = (layer: typeof first, end: string, values: number[]): void => {
          const weight = layer.weights.find(({originalName}) => originalName.endsWith(end))!;
          weight.write(tf.tensor(values, weight.shape as number[]));
        };
        const rho = (sigma: number): number => Math.log(Math.expm1(sigma));
        set(first, 'kernel', [1, -2, 0.1]);
        set(first, 'kernel_rho', [rho(1), rho(0.5), rho(0.01)]); // ratios 1, 4, 10
        set(second, 'kernel', [3, -0.2, 0.5]);
        set(second, 'kernel_rho', [rho(6), rho(0.1), rho(5)]); // ratios 0.5, 2, 0.1
        const kernels = (): number[][] =>
          [first, second].map(layer =>
            Array.from(
              layer.weights
                .find(w => w.originalName.endsWith('kernel'))!
                .read()
                .dataSync(),
            ),
          );
        expect(prune(model, 0)).toBe(6);
        expect(prune(model, 0.5)).toBe(3);
        [
          [0, -2, 0.1],
          [0, -0.2, 0],
        ].forEach((row, i) => row.forEach((value, j) => expect(kernels()[i]![j]).toBeCloseTo(value, 6)));
      }),
    );
  });
});
