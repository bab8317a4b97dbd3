import * as tf from '@tensorflow/tfjs-core';
import {bijectors as b, type Param} from '../../../src/distributions/index.js';
import {describeBackends} from '../../helpers/backends.js';
import {expectDerivative} from '../../helpers/derivatives.js';
import {expectNear, read, withoutLeak} from '../../helpers/near.js';

interface NumberMap {
  name: string;
  make: () => b.Bijector;
  x: number[];
  forward: (x: number) => number;
  /** ln |g′(x)|. */
  logSlope: (x: number) => number;
}

const softplus = (x: number) => Math.log1p(Math.exp(-Math.abs(x))) + Math.max(x, 0);
const numbers = [-3, -0.5, 0, 1e-3, 0.7, 2, 8];
const maps: NumberMap[] = [
  {name: 'Exp', make: () => new b.Exp(), x: [-60, ...numbers, 60], forward: Math.exp, logSlope: x => x},
  {
    name: 'Sigmoid',
    make: () => new b.Sigmoid(),
    x: [-60, ...numbers],
    forward: x => 1 / (1 + Math.exp(-x)),
    logSlope: x => -softplus(x) - softplus(-x),
  },
  {
    name: 'Softplus',
    make: () => new b.Softplus(),
    x: [-60, ...numbers, 60],
    forward: softplus,
    logSlope: x => -softplus(-x),
  },
  {
    name: 'Tanh',
    make: () => new b.Tanh(),
    x: [-3, ...numbers.slice(0, -1)],
    forward: Math.tanh,
    logSlope: x => 2 * (Math.LN2 - x - softplus(-2 * x)),
  },
  {name: 'Shift', make: () => new b.Shift({shift: 1.5}), x: numbers, forward: x => x + 1.5, logSlope: () => 0},
  {name: 'Scale', make: () => new b.Scale({scale: -2}), x: numbers, forward: x => -2 * x, logSlope: () => Math.LN2},
  {
    name: 'Scale',
    make: () => new b.Scale({logScale: 0.5}),
    x: numbers,
    forward: x => Math.exp(0.5) * x,
    logSlope: () => 0.5,
  },
  {
    name: 'Affine',
    make: () => new b.Affine({scale: 0.5, shift: -1}),
    x: numbers,
    forward: x => 0.5 * x - 1,
    logSlope: () => -Math.LN2,
  },
  {
    name: 'Chain',
    make: () => new b.Chain([new b.Exp(), new b.Affine({scale: 2, shift: 1})]),
    x: numbers,
    forward: x => Math.exp(2 * x + 1),
    logSlope: x => Math.LN2 + 2 * x + 1,
  },
  {
    name: 'Invert',
    make: () => new b.Invert(new b.Exp()),
    x: [0.3, 0.5, 1, 7],
    forward: Math.log,
    logSlope: x => -Math.log(x),
  },
];

describeBackends(
  'bijectors',
  () => {
    for (const {name, make, x, forward, logSlope} of maps) {
      it(`${name}: maps, inverts, and has the logarithm of its slope both ways`, async () => {
        const g = make();
        expect(g.name).toBe(name);
        const at = tf.tensor1d(x);
        const y = withoutLeak('forward', () => g.forward(at));
        expectNear(await y.data(), x.map(forward), 'forward', false, 1e-6);
        const back = await read(withoutLeak('inverse', () => g.inverse(y)));
        // what float32 keeps of y tells x so well, and no better
        x.forEach((v, i) => {
          const lost = 3e-6 * Math.max(Math.abs(v), Math.abs(forward(v)) / Math.exp(logSlope(v)), 0.1);
          if (!(Math.abs(back[i]! - Math.fround(v)) <= lost * 10)) fail(`inverse of ${forward(v)}: ${back[i]}`);
        });
        expectNear(
          await read(withoutLeak('forwardLogDetJacobian', () => g.forwardLogDetJacobian(at))),
          x.map(logSlope),
          'forwardLogDetJacobian',
        );
        const inverse = await read(withoutLeak('inverseLogDetJacobian', () => g.inverseLogDetJacobian(y)));
        x.forEach((v, i) => {
          if (Math.abs(v) <= 3)
            expect(Math.abs(inverse[i]! + logSlope(v)))
              .withContext(`at ${v}`)
              .toBeLessThan(1e-4 * (1 + Math.abs(logSlope(v))));
        });
        await expectDerivative(t => g.forward(t), tf.tensor1d(x.filter(v => Math.abs(v) < 3)), `${name} by x`);
        const grid = tf.reshape(tf.tensor1d(x.slice(0, 4)), [2, 2]);
        expect(g.forwardLogDetJacobian(grid, 1).shape).toEqual([2]);
        expectNear(
          await read(g.forwardLogDetJacobian(grid, 2)),
          [x.slice(0, 4).reduce((s, v) => s + logSlope(v), 0)],
          'summed',
        );
      });
    }

    it('Affine with a matrix maps vectors', async () => {
      const g = new b.Affine({
        scaleTril: [
          [2, 0],
          [1, 3],
        ],
        shift: [1, -1],
      });
      const y = withoutLeak('forward', () =>
        g.forward([
          [1, 1],
          [0, 2],
        ]),
      );
      expectNear(await y.data(), [3, 3, 1, 5], 'forward');
      expectNear(await read(withoutLeak('inverse', () => g.inverse(y))), [1, 1, 0, 2], 'inverse');
      expectNear(
        await read(
          g.forwardLogDetJacobian([
            [1, 1],
            [0, 2],
          ]),
        ),
        [Math.log(6), Math.log(6)],
        'log det',
      );
      expect(g.isConstantJacobian).toBe(true);
    });

    it('SoftmaxCentered maps onto the simplex with the volume of its first coordinates', async () => {
      const g = new b.SoftmaxCentered();
      const x = [
        [0.5, -1],
        [0, 0],
      ];
      const y = withoutLeak('forward', () => g.forward(x));
      expect(y.shape).toEqual([2, 3]);
      const rows = x.map(([p, q]) => {
        const e = [Math.exp(p!), Math.exp(q!), 1];
        const total = e[0]! + e[1]! + e[2]!;
        return e.map(v => v / total);
      });
      expectNear(await y.data(), rows.flat(), 'forward');
      expectNear(await read(g.inverse(y)), x.flat(), 'inverse');
      // det of ∂(y1, y2)/∂x by hand: y1 y2 y3
      const exact = rows.map(r => Math.log(r[0]! * r[1]! * r[2]!));
      expectNear(await read(g.forwardLogDetJacobian(x)), exact, 'forward log det');
      expectNear(
        await read(g.inverseLogDetJacobian(y)),
        exact.map(v => -v),
        'inverse log det',
      );
      expect(g.forwardShape([5, 2])).toEqual([5, 3]);
      expect(g.inverseShape([5, 3])).toEqual([5, 2]);
    });

    it('FillScaleTriL fills the triangle as TensorFlow Probability does', async () => {
      const g = new b.FillScaleTriL();
      const x = [1, 2, 3, 4, 5, 6];
      const y = withoutLeak('forward', () => g.forward(x));
      const d = (v: number) => softplus(v) + 1e-5;
      expectNear(await y.data(), [d(4), 0, 0, 6, d(5), 0, 3, 2, d(1)], 'forward');
      expectNear(await read(withoutLeak('inverse', () => g.inverse(y))), x, 'inverse', false, 1e-5);
      expectNear(await read(g.forwardLogDetJacobian(x)), [-softplus(-4) - softplus(-5) - softplus(-1)], 'log det');
      expectNear(
        await read(g.inverseLogDetJacobian(y)),
        [softplus(-4) + softplus(-5) + softplus(-1)],
        'inverse log det',
        false,
        1e-5,
      );
      expect(() => g.forward([1, 2])).toThrowError('FillScaleTriL: the vector must have n (n + 1) / 2 elements, got 2');
      await expectDerivative(
        t => tf.sum(g.forward(t), [-1, -2]),
        tf.tensor2d([
          [0.3, -0.2, 1],
          [1, 0, -1],
        ]),
        'FillScaleTriL',
      );
    });

    it('Chain sums over the axes that its maps need', async () => {
      const g = new b.Chain([new b.SoftmaxCentered(), new b.Scale({scale: 2})]);
      expect([g.inputRank, g.outputRank]).toEqual([1, 1]);
      const x = [
        [0.5, -1],
        [0, 0],
      ];
      const inner = new b.SoftmaxCentered();
      const exact = await read(tf.add(inner.forwardLogDetJacobian(tf.mul(x, 2)), 2 * Math.LN2));
      expectNear(await read(withoutLeak('log det', () => g.forwardLogDetJacobian(x))), exact, 'log det');
      expectNear(
        await read(tf.tidy(() => g.inverseLogDetJacobian(g.forward(x)))),
        exact.map(v => -v),
        'inverse log det',
        false,
        1e-5,
      );
    });

    it('says what is wrong', () => {
      const bad = (f: () => unknown, message: string | RegExp) => expect(f).toThrowError(message as string);
      bad(() => new b.Scale({scale: 0}), 'Scale: scale must be a finite number other than 0, got 0');
      bad(() => new b.Scale({} as {scale: Param}), 'Scale: give exactly one of scale and logScale, got neither');
      bad(() => new b.Shift({shft: 1} as unknown as {shift: Param}), /unknown option "shft"; did you mean "shift"\?/);
      bad(() => new b.Chain([]), /^Chain: must be given a list of bijectors, at least one/);
      bad(() => new b.Invert(3 as unknown as b.Bijector), 'Invert: must be given a bijector, got 3');
      bad(() => new b.FillScaleTriL({diagShift: -1}), 'FillScaleTriL: diagShift must be a finite number >= 0, got -1');
      bad(() => new b.Exp().forward('x'), 'Exp.forward: value must be a number, an array or a tensor, got "x"');
      bad(
        () => new b.SoftmaxCentered().forwardLogDetJacobian([0], 0),
        'SoftmaxCentered.forwardLogDetJacobian: eventRank must be an integer >= 1, got 0',
      );
    });
  },
  {inBrief: ['webgpu']},
);
