import * as tf from '@tensorflow/tfjs-core';
import {scoped, seeded} from '../../examples/frame/scope.js';
import {adversaries, coverage} from '../../examples/gan.js';
import {parzen} from '../../examples/gan/parzen.js';
import {runHere} from './helpers.js';

describe('the adversarial network', () => {
  it('counts the modes that are met, and the points that lie at one', () =>
    scoped(() => {
      const at = (mode: number, off: number): number[] => {
        const angle = (mode * Math.PI) / 4;
        return [2 * Math.cos(angle), 2 * Math.sin(angle) + off];
      };
      const points = [0, 1, 2, 3, 4].flatMap(mode => [at(mode, 0.29), at(mode, -0.2)]);
      const {modes, share} = coverage(tf.tensor2d([...points, at(5, 0.31), [0, 0]]), 0.1);
      expect(modes).toBe(5);
      expect(share).toBeCloseTo(1000 / 12, 3);
      const rare = [...new Array<number[]>(200).fill(at(0, 0)), at(1, 0)];
      expect(coverage(tf.tensor2d(rare), 0.1).modes).toBe(1);
      // three deviations reach from a mode to the next
      expect(coverage(tf.tensor2d([at(0, 0), at(1, 0), [9, 9]]), 1).share).toBeCloseTo(200 / 3, 3);
    }));

  it('weighs images by windows as wide as suits others best', () =>
    scoped(() => {
      const images = tf.tensor2d([
        [0.1, 0.9, 0.4],
        [0.7, 0.2, 0.5],
      ]);
      const centres = tf.tensor2d([
        [0, 1, 0.5],
        [1, 0, 0.5],
        [0.5, 0.5, 0],
      ]);
      // SciPy: mixtures of multivariate normals, of widths 0.2 and 0.3
      const held = (...rows: number[][]): tf.Tensor2D => tf.tensor2d(rows);
      for (const [others, expected] of [
        [held([0.2, 0.8, 0.4], [0.8, 0.3, 0.4]), -0.0038128],
        [held([0.4, 0.6, 0.4], [0.6, 0.5, 0.4]), -0.5355879],
      ] as const)
        expect(parzen(images, centres, others)).toBeCloseTo(expected, 4);
    }));

  it('moves points to where the real ones are', async () => {
    await tf.setBackend('wasm');
    await seeded(1, () =>
      scoped(() => {
        const {step, imagine} = adversaries(2, 8, 2, 'linear');
        const z = tf.randomNormal([200, 2]);
        const off = (): number => tf.tidy(() => tf.norm(tf.sub(tf.mean(imagine(z), 0), [1, -1])).dataSync()[0]!);
        const before = off();
        for (let i = 0; i < 150; i++)
          tf.tidy(() => void step(tf.add(tf.randomNormal([32, 2], 0, 0.1), [1, -1]), 0.1, 1));
        expect(off()).toBeLessThan(before / 3);
      }),
    );
  });

  if (process.env.FULL === '1') {
    it('meets seven modes of eight, with four points of five at one', async () => {
      const {report} = await runHere('gan', ['--problems', 'ring']);
      const [modes, share] = report!.comparisons.map(({here}) => here);
      expect(modes).toBeGreaterThanOrEqual(7);
      expect(share).toBeGreaterThanOrEqual(80);
    });
  }
});
