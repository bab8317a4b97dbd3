import * as tf from '@tensorflow/tfjs-core';
import {examples} from '../../scripts/distributions/examples.js';
import {positive, real} from '../../src/constraints/numberSets.js';
import {realVector} from '../../src/constraints/vectors.js';
import * as dist from '../../src/distributions/index.js';
import type {Distribution} from '../../src/distributions/index.js';
import * as random from '../../src/random/index.js';
import {Parameterized, type Declared, type DistributionConfig} from '../../src/distributions/parameterized.js';
import type {Numbers} from '../../src/util/numbers.js';
import {describeBackends} from '../helpers/backends.js';
import {read} from '../helpers/near.js';

type Config = DistributionConfig & Partial<Record<'loc' | 'scale' | 'logScale' | 'weights' | 'extra', Numbers>>;

class Family extends Parameterized {
  constructor(config: Config, declared: Declared = {}) {
    super(
      'Family',
      config,
      {loc: real, scale: positive, logScale: real, weights: realVector},
      {
        oneOf: [['scale', 'logScale']],
        optional: ['weights'],
        ...declared,
      },
    );
  }

  protected override eventShapeOf(parameters: Readonly<Record<string, Numbers>>): number[] {
    const {weights} = parameters;
    return weights === undefined ? [] : [weights instanceof tf.Tensor ? weights.shape[weights.rank - 1]! : 3];
  }

  number(name: string): tf.Tensor {
    return this.param(name);
  }

  isGiven(name: string): boolean {
    return this.given(name);
  }
}

/** Writes NaN into every number of nested lists and typed arrays. */
function spoil(list: unknown): void {
  if (!Array.isArray(list) && !ArrayBuffer.isView(list)) return;
  const numbers = list as unknown[]; // or a typed array, which is indexed like one
  numbers.forEach((part, i) => (typeof part === 'number' ? (numbers[i] = NaN) : spoil(part)));
}

describeBackends(
  'the parameters of a family',
  () => {
    const key = random.key(5);
    /** A family that takes options by the names of its parameters. */
    type Maker = new (config: object) => Distribution;

    it('are those that it was made with, whatever is written into the arrays since', async () => {
      let arrays = 0;
      for (const [name, {curves, takes}] of Object.entries(examples)) {
        if (takes !== undefined) continue; // it is made of other distributions
        const {parameters} = Object.values(curves)[0]!;
        if (!Object.values(parameters).every(x => typeof x === 'number' || Array.isArray(x))) continue;
        const make = (dist as unknown as Record<string, Maker>)[name]!; // examples are by the names of families
        for (const ofNumbers of [(x: number): unknown => [x], (x: number): unknown => [Float64Array.of(x)]]) {
          const config = Object.fromEntries(
            Object.entries(parameters).map(([p, x]) => [p, typeof x === 'number' ? ofNumbers(x) : structuredClone(x)]),
          );
          if (Object.keys(config).length === 0) continue;
          const q = new make(config);
          const draw = (): Promise<number[]> => read(tf.tidy(() => q.sample([3], {key})));
          const before = await draw();
          Object.values(config).forEach(spoil);
          expect(await draw())
            .withContext(name)
            .toEqual(before);
          arrays++;
        }
      }
      expect(arrays).toBeGreaterThan(60);
      const scale = new Float32Array([2, 3]);
      const map = new dist.bijectors.Scale({scale});
      scale.fill(NaN);
      expect(await read(map.forward(1))).toEqual([2, 3]);
    });
  },
  {only: ['cpu'], inBrief: []},
);

describeBackends(
  'the parameters of a distribution',
  () => {
    it('are read by name, broadcast to a batch without the axes of events, and kept as they were given', () => {
      const scale = tf.tensor2d([[1], [2]]);
      const d = new Family({loc: [1, 2, 3], scale});
      expect([d.name, d.batchShape, d.eventShape, d.dtype, d.validateArgs]).toEqual([
        'Family',
        [2, 3],
        [],
        'float32',
        false,
      ]);
      expect(d.parameters).toEqual({loc: [1, 2, 3], scale});
      expect(d.tensors()).toEqual({scale});
      expect(d.tensorRanks()).toEqual({scale: 0});
      expect(['loc', 'scale', 'logScale', 'weights'].map(name => d.isGiven(name))).toEqual([true, true, false, false]);
      expect(d.number('scale')).toBe(scale);
      const vector = new Family({loc: 0, scale: 1, weights: tf.zeros([4, 3])});
      expect([vector.batchShape, vector.eventShape, vector.tensorRanks()]).toEqual([[4], [3], {weights: 1}]);
      expect(new Family({loc: 0, scale: 1}, {dtype: 'int32'}).dtype).toBe('int32');
      expect(d.alternatives).toEqual([['scale', 'logScale']]);
      expect(Object.keys(d.parameterConstraints)).toEqual(['loc', 'scale', 'logScale', 'weights']);
      tf.dispose([scale, ...Object.values(vector.tensors())]);
    });

    it('are checked: all that must be given, one of a group, each in its set, and no other name', () => {
      const cases: Array<[Config, string | RegExp]> = [
        [{scale: 1}, 'Family: loc must be given'],
        [{loc: 0}, 'Family: give exactly one of scale and logScale, got neither'],
        [{loc: 0, scale: 1, logScale: 0}, 'Family: give exactly one of scale and logScale, got both'],
        [{loc: 0, scale: [1, -1]}, 'Family: scale must be > 0, got -1 at [1]'],
        [{loc: 0, scale: 1, extra: 1}, /^Family: unknown option "extra"/],
        [{loc: 0, scale: 1, validateArgs: 1 as never}, 'Family: validateArgs must be true or false, got 1'],
        [{loc: [0, 1], scale: [1, 2, 3]}, 'Family: shapes must broadcast, got [2] and [3]'],
      ];
      for (const [config, message] of cases) expect(() => new Family(config)).toThrowError(message as string);
      expect(() => new Family({loc: 0, scale: 1, extra: 1}, {options: ['extra']})).not.toThrow();
      const bad = tf.tensor1d([1, -1]);
      expect(() => new Family({loc: 0, scale: bad})).not.toThrow();
      expect(() => new Family({loc: 0, scale: bad, validateArgs: true})).toThrowError(
        'Family: scale must be > 0, got -1 at [1]',
      );
      bad.dispose();
    });

    it('are replaced by tensors by name, and shapes follow; the class and the rest stay', () => {
      const d = new Family({loc: 0, logScale: [1, 2]});
      const loc = tf.zeros([3, 1]);
      const e = d.withTensors({loc});
      expect(e).toBeInstanceOf(Family);
      expect([e.batchShape, e.parameters]).toEqual([[3, 2], {loc, logScale: [1, 2]}]);
      expect([d.batchShape, d.parameters]).toEqual([[2], {loc: 0, logScale: [1, 2]}]);
      const weights = tf.zeros([5]);
      const v = new Family({loc: 0, scale: 1, weights: [1, 2, 3]}).withTensors({weights});
      expect(v.eventShape).toEqual([5]);
      expect(() => d.withTensors({scale: loc})).toThrowError(/^Family.withTensors: unknown parameter "scale"/);
      expect(() => d.withTensors({loc: 3 as never})).toThrowError('Family.withTensors: loc must be a tensor, got 3');
      tf.dispose([loc, weights]);
    });

    it('grow to leading axes, the leading index varying slowest, merged into the batch or in front of it', async () => {
      const d = new Family({loc: [1, 2], scale: 3});
      const e = d.expand([2]);
      expect([e.batchShape, Object.keys(e.tensors())]).toEqual([[2, 2], ['loc']]); // the number stays a number
      expect(e.parameters['scale']).toBe(3);
      expect(await read(e.tensors()['loc']!)).toEqual([1, 2, 1, 2]);
      const merged = d.expand([3], {merge: true});
      expect(merged.batchShape).toEqual([6]);
      expect(await read(merged.tensors()['loc']!)).toEqual([1, 2, 1, 2, 1, 2]);
      const numbers = new Family({loc: 1, scale: 2}).expand([2]);
      expect([numbers.batchShape, Object.keys(numbers.tensors())]).toEqual([[2], ['loc', 'scale']]);
      expect(await read(numbers.tensors()['scale']!)).toEqual([2, 2]);
      expect(new Family({loc: 1, scale: 2}).expand([]).tensors()).toEqual({});
      const vector = new Family({loc: 0, scale: 1, weights: [[1, 2, 3]]}).expand([2], {merge: true});
      expect([vector.batchShape, vector.eventShape, vector.tensors()['weights']!.shape]).toEqual([[2], [3], [2, 3]]);
      expect(await read(vector.tensors()['weights']!)).toEqual([1, 2, 3, 1, 2, 3]);
      tf.dispose([Object.values(numbers.tensors())[0]!]);
    });

    it('broadcast to a batch shape that they fit', async () => {
      const d = new Family({loc: [[1], [2]], scale: 3});
      const full = d.broadcastBatch([2, 2]);
      expect(await read(full.tensors()['loc']!)).toEqual([1, 1, 2, 2]);
      const merged = d.broadcastBatch([3, 2, 1], true);
      expect([merged.batchShape, merged.tensors()['loc']!.shape]).toEqual([
        [6, 1],
        [6, 1],
      ]);
      expect(await read(merged.tensors()['loc']!)).toEqual([1, 2, 1, 2, 1, 2]);
      const who = 'Family.broadcastBatch: ';
      const cases: Array<[() => unknown, string | RegExp]> = [
        [() => d.broadcastBatch([3, 2]), `${who}the batch shape [2,1] must broadcast to the shape, got [3, 2]`],
        [() => d.broadcastBatch([1]), `${who}the batch shape [2,1] must broadcast to the shape, got [1]`],
        [() => d.broadcastBatch([2, -1]), `${who}a shape must be a list of integers >= 0, got [2, -1]`],
        [() => d.broadcastBatch([2, 1], 1 as never), `${who}merge must be true or false, got 1`],
        [() => new Family({loc: 0, scale: 1}).broadcastBatch([], true), `${who}merge needs an axis, got []`],
        [() => d.expand([1.5]), /^Family.expand: a shape must be a list of integers >= 0/],
        [() => d.expand([2], {merged: true} as never), /^Family.expand: unknown option "merged"; did you mean "merge"/],
      ];
      for (const [run, message] of cases) expect(run).toThrowError(message as string);
    });
  },
  {only: ['cpu'], inBrief: []},
);
