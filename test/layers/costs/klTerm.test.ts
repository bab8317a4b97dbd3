import * as tf from '@tensorflow/tfjs-core';
import {
  input,
  layers,
  model as functional,
  sequential,
  type LayersModel,
  type SymbolicTensor,
} from '@tensorflow/tfjs-layers';
import * as stl from 'tfjs-stochastic/layers';
import {describeBackends} from '../../helpers/backends.js';
import {recorder, seeded} from '../models.js';
import {onRows, EACH, EXACT, roundTrip, STANDARD, zeroLoss} from './shared.js';

describeBackends(
  'the divergence of a layer, its uses and its weight',
  () => {
    let x: tf.Tensor;
    let y: tf.Tensor;
    onRows((rows, targets) => ([x, y] = [rows, targets]));
    beforeEach(() => spyOn(console, 'warn'));

    /** Loss and reported divergence of two steps of training and of `evaluate`, with and without `withCosts`. */
    async function counted(make: () => LayersModel, target: tf.Tensor = y): Promise<Array<[number, number]>> {
      const found: Array<[number, number]> = [];
      for (const isWith of [false, true]) {
        const {optimizer} = recorder();
        const model = make();
        const costs = stl.withCosts(zeroLoss, model);
        model.compile({optimizer, ...(isWith ? costs : {loss: zeroLoss, metrics: costs.metrics})});
        for (let i = 0; i < 2; i++) {
          // behind the loss its own passes have theirs
          const [loss, , kl] = (await model.trainOnBatch(x, target)) as number[];
          found.push([loss!, kl!]);
        }
        const evaluated = model.evaluate(x, target, {batchSize: 1}) as tf.Scalar[];
        const [loss, , kl] = await Promise.all(evaluated.map(async t => (await t.data())[0]!));
        found.push(isWith ? [loss!, kl!] : [kl!, kl!]); // tfjs-layers itself leaves it out
        tf.dispose(evaluated);
        model.dispose();
        optimizer.dispose();
      }
      return found;
    }
    const expectAll = (found: ReadonlyArray<[number, number]>, exact: number): void =>
      found.flat().forEach((value, i) => {
        expect(value).withContext(String(i)).toBeCloseTo(exact, 3);
      });
    const apply = (layer: layers.Layer, ...to: SymbolicTensor[]): SymbolicTensor =>
      layer.apply(to.length === 1 ? to[0]! : to) as SymbolicTensor; // of symbolic tensors

    /** Something to train that gives out what it is given. */
    const passing = (): layers.Layer => layers.dense({units: 4, kernelInitializer: 'identity'});

    it('of units counts each use of a layer', async () => {
      const found = await counted(() => {
        const here = input({shape: [4]});
        const shared = stl.normal({prior: STANDARD});
        const h = apply(passing(), here);
        return functional({inputs: here, outputs: apply(layers.add(), apply(shared, h), apply(shared, h))});
      });
      expectAll(found, 2 * EXACT);
    });

    for (const prior of [STANDARD, 'scaleMixture'] as const) {
      it(`of weights counts once a step, under the prior ${JSON.stringify(prior)}`, async () => {
        let weights: stl.VariationalLayer;
        const make = (): LayersModel => {
          const here = input({shape: [4]});
          weights = stl.denseReparameterization({
            units: 2,
            prior,
            seed: 5,
            exact: prior !== 'scaleMixture',
            ...seeded(3),
          });
          return functional({inputs: here, outputs: apply(layers.add(), apply(weights, here), apply(weights, here))});
        };
        const found = await counted(make);
        const kl = tf.tidy(() => (make(), weights.kl()));
        const [exact] = await kl.data();
        kl.dispose();
        for (const [loss, reported] of found) {
          expect(loss).toBeCloseTo(reported, 3);
          if (prior === STANDARD) expect(reported).toBeCloseTo(exact!, 3);
        }
      });
    }

    it('counts once where the model runs for each sample of an estimator, and is then that of all passes', async () => {
      const bits = {estimator: 'leaveOneOut', prior: {name: 'Bernoulli', config: {probs: 0.2}}} as const;
      const klOfBits = 4 * (0.5 * Math.log(0.5 / 0.2) + 0.5 * Math.log(0.5 / 0.8));
      const found = await counted(() => {
        const here = input({shape: [4]});
        const logits = layers.dense({units: 4, kernelInitializer: 'zeros'});
        const random = apply(stl.bernoulli(bits), apply(logits, here));
        const z = apply(stl.normal({prior: STANDARD}), here);
        return functional({inputs: here, outputs: apply(layers.add(), z, apply(layers.dense({units: 2}), random))});
      });
      expectAll(found, EXACT + klOfBits);
    });

    it('is not weighed by class weights where it is that of all examples', async () => {
      const make = (layer: layers.Layer): LayersModel => {
        const here = input({shape: [4]});
        return functional({inputs: here, outputs: apply(layer, apply(passing(), here))});
      };
      const classes = tf.tidy(() => tf.eye(2));
      for (const isWith of [false, true]) {
        const {optimizer} = recorder();
        const weights = stl.denseReparameterization({units: 2, klWeight: 0.5});
        const units = stl.normal({prior: STANDARD});
        const losses: number[] = [];
        for (const model of [make(weights), make(units)]) {
          model.compile({optimizer, ...(isWith ? stl.withCosts(zeroLoss, model) : {loss: zeroLoss})});
          const {history} = await model.fit(x, classes, {epochs: 1, verbose: 0, classWeight: {0: 3, 1: 1}});
          losses.push(history['loss']![0] as number);
        }
        const kl = weights.kl();
        expect(losses[0]).toBeCloseTo((await kl.data())[0]! / 2, 3);
        const each = EACH.map(row => row.reduce((a, b) => a + b));
        expect(losses[1]).toBeCloseTo(isWith ? (3 * each[0]! + each[1]!) / 2 : EXACT, 3);
        kl.dispose();
        optimizer.dispose();
      }
      classes.dispose();
    });

    it('of weights follows schedules and variables, which are saved, and goes on after loading', async () => {
      const {optimizer} = recorder();
      const layer = stl.denseReparameterization({
        units: 2,
        inputShape: [4],
        klWeight: stl.klSchedule.linear({steps: 4}),
      });
      const model = sequential({layers: [layer]});
      const kl = layer.kl();
      const [exact] = await kl.data();
      const follows = async (one: LayersModel, weights: readonly number[]): Promise<void> => {
        one.compile({optimizer, loss: zeroLoss});
        for (const weight of weights) {
          const loss = (await one.trainOnBatch(x, y)) as number;
          expect(loss / exact!).toBeCloseTo(weight, 4);
        }
      };
      await follows(model, [0, 0.25]);
      const again = await roundTrip(model);
      await follows(again, [0.5, 0.75, 1, 1]);
      const variable = tf.tidy(() => tf.variable(tf.scalar(3)));
      layer.klWeight = variable;
      await follows(model, [3]);
      variable.assign(tf.tidy(() => tf.scalar(2)));
      const third = await roundTrip(model);
      await follows(third, [2]);
      layer.klWeight = {perExample: 10};
      await follows(model, [0.1]);
      tf.dispose([kl, variable]);
      [model, again, third].forEach(m => m.dispose());
      optimizer.dispose();
    });

    it('says what is wrong with a weight, when it is given and when it is set', () => {
      for (const layer of [stl.normal({prior: STANDARD, name: 'z'}), stl.denseFlipout({units: 2, name: 'z'})]) {
        for (const wrong of [-1, NaN, Infinity, null, 'often', {perExample: 0}, {perExample: 2.5}, {name: 'linear'}])
          expect(() => (layer.klWeight = wrong as never))
            .withContext(JSON.stringify(wrong))
            .toThrowError(/^stl layer "z":? .*|stl.klSchedule/);
        expect(layer.klWeight).toBe(1);
      }
      for (const wrong of [-1, NaN, null, 'often'])
        expect(() => stl.denseReparameterization({units: 2, klWeight: wrong as never})).toThrowError(/klWeight/);
    });
  },
  {inBrief: [], inNode: ['cpu']},
);
