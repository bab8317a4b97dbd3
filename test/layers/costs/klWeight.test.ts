import * as tf from '@tensorflow/tfjs-core';
import type {LayersModel} from '@tensorflow/tfjs-layers';
import * as stl from 'tfjs-stochastic/layers';
import {describeBackends} from '../../helpers/backends.js';
import {recorder} from '../models.js';
import {EXACT, onInput, onRows, randomLayer, roundTrip, STANDARD, zeroLoss} from './shared.js';

describeBackends(
  'the weight of a divergence',
  () => {
    let x: tf.Tensor;
    let y: tf.Tensor;
    onRows((rows, targets) => ([x, y] = [rows, targets]));

    /** The losses of so many steps, in multiples of the exact divergence. */
    async function weights(model: LayersModel, steps: number): Promise<number[]> {
      const {optimizer} = recorder();
      model.compile({optimizer, loss: zeroLoss});
      const losses: number[] = [];
      for (let i = 0; i < steps; i++) losses.push(((await model.trainOnBatch(x, y)) as number) / EXACT);
      optimizer.dispose();
      return losses;
    }
    const expectClose = (found: readonly number[], expected: readonly number[]): void => {
      expect(found.length).toBe(expected.length);
      found.forEach((w, i) => expect(w).toBeCloseTo(expected[i]!, 4));
    };

    it('follows a schedule by training steps, and goes on after loading', async () => {
      const klWeight = stl.klSchedule.linear({from: 0.2, to: 1, steps: 4, delay: 1});
      const model = onInput(stl.normal({prior: STANDARD, klWeight}));
      expectClose(await weights(model, 3), [0.2, 0.2, 0.4]);
      const predicted = model.predict(x) as tf.Tensor; // no training step
      const again = await roundTrip(model);
      for (const one of [model, again]) expectClose(await weights(one, 4), [0.6, 0.8, 1, 1]);
      expect(again.countParams()).toBe(model.countParams());
      predicted.dispose();
      model.dispose();
      again.dispose();
    });

    it('follows cycles', () => {
      const cyclical = stl.klSchedule.cyclical({from: 0.5, to: 1.5, period: 8, cycles: 2});
      expectClose(
        [0, 2, 4, 7, 8, 10, 16, 17, 1000].map(step => cyclical.at(step)),
        [0.5, 1, 1.5, 1.5, 0.5, 1, 1.5, 1.5, 1.5],
      );
      expect(() => stl.klSchedule.linear({steps: 0})).toThrowError(/klSchedule.linear: steps must be an integer >= 1/);
      expect(() => stl.klSchedule.linear({steps: 5, to: -1})).toThrowError(/to must be a finite number >= 0, got -1/);
      expect(() => stl.klSchedule.cyclical({period: 5, ratio: 2})).toThrowError(/ratio must be at most 1, got 2/);
    });

    it('is a variable, whose value is saved, and which learns nothing', async () => {
      const variable = tf.tidy(() => tf.variable(tf.scalar(0.5), true, 'annealed'));
      const model = onInput(stl.normal({prior: STANDARD, klWeight: variable}));
      expectClose(await weights(model, 1), [0.5]);
      variable.assign(tf.tidy(() => tf.scalar(0.25)));
      expectClose(await weights(model, 1), [0.25]);
      const again = await roundTrip(model);
      expectClose(await weights(again, 1), [0.25]);
      const loaded = randomLayer(again).klWeight as tf.Variable;
      loaded.assign(tf.tidy(() => tf.scalar(2)));
      expectClose(await weights(again, 1), [2]);
      const third = await roundTrip(again);
      expectClose(await weights(third, 1), [2]);
      [model, again, third].forEach(m => m.dispose());
      variable.dispose();
    });

    it('is refused where the variable holds no weight, in training and in evaluation', async () => {
      const variable = tf.tidy(() => tf.variable(tf.scalar(1)));
      const model = onInput(stl.normal({prior: STANDARD, klWeight: variable, name: 'weighed'}));
      expectClose(await weights(model, 1), [1]);
      model.compile({optimizer: 'sgd', loss: zeroLoss});
      for (const bad of [NaN, Infinity, -0.5]) {
        variable.assign(tf.tidy(() => tf.scalar(bad)));
        const says = `stl layer "weighed": the variable that is its klWeight must be a finite number >= 0, got ${bad}`;
        await expectAsync(model.trainOnBatch(x, y)).toBeRejectedWithError(says);
        expect(() => model.evaluate(x, y)).toThrowError(says);
      }
      variable.dispose();
      expect(() => model.evaluate(x, y)).toThrowError(/the variable that is its klWeight must be alive/);
      model.dispose();
    });

    it('may become another kind while the model is trained, and is saved as it is then', async () => {
      const model = onInput(stl.normal({prior: STANDARD}));
      expectClose(await weights(model, 1), [1]);
      const layer = randomLayer(model);
      layer.klWeight = stl.klSchedule.linear({steps: 4});
      expectClose(await weights(model, 2), [0.25, 0.5]);
      const again = await roundTrip(model);
      expectClose(await weights(again, 1), [0.75]);
      const variable = tf.tidy(() => tf.variable(tf.scalar(3)));
      layer.klWeight = variable;
      const other = await roundTrip(model);
      expectClose(await weights(other, 1), [3]);
      layer.klWeight = {perExample: 10};
      const third = await roundTrip(model);
      expectClose(await weights(third, 1), [0.1]);
      [model, again, other, third].forEach(m => m.dispose());
      variable.dispose();
    });
  },
  {inBrief: [], inNode: ['cpu']},
);
