import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {describeBackends} from '../../helpers/backends.js';

/** What an evaluation, a second caller or a late message may do wrong, for all optimizers that ask and tell. */
const makers: Record<string, (variables: tf.Variable[]) => st.EvolutionaryOptimizer> = {
  evolutionStrategies: variables => st.evolutionStrategies({variables, population: 8, sigma: 0.1}),
  'evolutionStrategies, ranks': variables =>
    st.evolutionStrategies({variables, population: 8, sigma: 0.1, rankShaping: true}),
  crossEntropyMethod: variables =>
    st.crossEntropyMethod({variables, population: 12, sigma: 2, eliteFraction: 0.5, extraVariance: 0.1}),
  'crossEntropyMethod, full': variables =>
    st.crossEntropyMethod({
      variables,
      population: 12,
      sigma: 2,
      covariance: 'full',
      eliteFraction: 0.5,
      extraVariance: 0.1,
    }),
  cmaEs: variables => st.cmaEs({variables}),
  'cmaEs, diagonal': variables => st.cmaEs({variables, covariance: 'diagonal'}),
};
const START = [2, -1, 0.5, 1.5];
const STEPS = 50;
const FAULTY = 5;
const keyAt = (step: number): st.random.Key => st.random.foldIn(st.random.key(3), step);

for (const [name, make] of Object.entries(makers)) {
  describeBackends(
    `faults of ${name}`,
    () => {
      let [a, b]: tf.Variable[] = [];
      let optimizer: st.EvolutionaryOptimizer;
      let tensors = 0;
      const begin = (): void => {
        [a, b] = tf.tidy(() => [tf.variable(tf.tensor1d(START.slice(0, 3))), tf.variable(tf.scalar(START[3]!))]);
        optimizer = make([a, b]);
      };
      const end = (): void => {
        optimizer.dispose();
        tf.dispose([a!, b!]);
      };
      beforeEach(() => {
        tensors = tf.memory().numTensors;
        begin();
      });
      afterEach(() => {
        end();
        expect(tf.memory().numTensors).withContext('tensors left').toBe(tensors);
      });
      const place = (): number[] => [...a!.dataSync(), ...b!.dataSync()];
      const cost = (): number => place().reduce((sum, v, i) => sum + (i + 1) * (v - i) ** 2, 0);
      const later = async (): Promise<number> => {
        await Promise.resolve();
        return cost();
      };
      /** Where the variables are after each of `STEPS` steps; `fault` takes the place of step `FAULTY`. */
      const path = async (fault: () => unknown): Promise<number[][]> => {
        const places: number[][] = [];
        for (let step = 0; step < STEPS; step++) {
          if (step === FAULTY) await fault();
          else optimizer.minimize(cost, {key: keyAt(step)});
          places.push(place());
        }
        return places;
      };
      /** `f`, but another thing in the third evaluation. */
      const thirdTime = <C>(f: () => C, other: () => C): (() => C) => {
        let calls = 0;
        return () => (++calls === 3 ? other() : f());
      };
      const key = keyAt(FAULTY);
      const raise = (): never => {
        throw new Error('out of order');
      };
      const minimize = (f: () => unknown): unknown => optimizer.minimize(f as () => number, {key});

      const refused: Record<string, () => unknown> = {
        'f throws': () => expect(() => minimize(thirdTime(cost, raise))).toThrowError('out of order'),
        'f gives NaN': () =>
          expect(() => minimize(thirdTime(cost, () => NaN))).toThrowError(
            /count a failed evaluation as .*Infinity.*: costs must be numbers; the cost of candidate 2 is not, got NaN$/,
          ),
        'f gives NaN in a tensor': () =>
          expect(() => minimize(thirdTime<unknown>(cost, () => tf.scalar(NaN)))).toThrowError(
            /the cost of candidate 2 is not, got NaN$/,
          ),
        'f gives text': () =>
          expect(() => minimize(thirdTime<unknown>(cost, () => 'high'))).toThrowError(/f must return a number/),
        'f rejects': () =>
          expectAsync(
            minimize(thirdTime(later, () => Promise.reject(new Error('no answer')))) as Promise<unknown>,
          ).toBeRejectedWithError('no answer'),
        'f promises NaN': () =>
          expectAsync(minimize(thirdTime(later, () => Promise.resolve(NaN))) as Promise<unknown>).toBeRejectedWithError(
            /got NaN$/,
          ),
        'f calls the optimizer': () => {
          expect(() => minimize(thirdTime(cost, () => optimizer.minimize(cost).best))).toThrowError(
            /another evaluation is not over yet: await it first$/,
          );
          expect(() => minimize(thirdTime(cost, () => optimizer.tell([]).best))).toThrowError(
            /another evaluation is not over yet/,
          );
          expect(() => minimize(thirdTime(cost, () => optimizer.ask().length))).toThrowError(
            /another evaluation is not over yet/,
          );
        },
        'the costs told are too few, or no numbers': () => {
          const costs = optimizer.ask({key}).map((_, i) => i);
          expect(() => optimizer.tell(costs.slice(1))).toThrowError(/needs one cost for each/);
          expect(() => optimizer.tell(costs.map(c => (c === 2 ? NaN : c)))).toThrowError(/got NaN$/);
          expect(() => optimizer.tell(costs.map(c => (c === 2 ? undefined : c)) as number[])).toThrowError(
            /got undefined$/,
          );
        },
        'it is disposed while f is under way': async () => {
          if (name.startsWith('evolutionStrategies')) return; // its moments are gone then
          const running = minimize(later) as Promise<unknown>;
          optimizer.dispose();
          await expectAsync(running).toBeRejectedWithError(/was disposed before the evaluation was over$/);
        },
      };
      let whole: number[][];
      const skipping = async (): Promise<number[][]> => {
        if (whole === undefined) {
          whole = await path(() => undefined);
          end();
          begin();
        }
        return whole;
      };
      for (const [what, fault] of Object.entries(refused)) {
        it(`go on as if the step had not been where ${what}`, async () => {
          const expected = await skipping();
          expect(await path(fault)).toEqual(expected);
          expect(optimizer.generations).toBe(STEPS - 1);
        });
      }

      it('let nobody else in while a generation is under way', async () => {
        const expected = await path(() => minimize(later));
        end();
        begin();
        const calls: Array<() => unknown> = [
          () => optimizer.minimize(later),
          () => optimizer.minimize(cost),
          () => optimizer.ask(),
          () => optimizer.ask({key: keyAt(99)}),
          () => optimizer.tell(new Array<number>(optimizer.population).fill(1)),
          () => optimizer.evaluate({key, sign: 1}, cost),
        ];
        if (optimizer instanceof st.EvolutionStrategies)
          calls.push(
            () => (optimizer as st.EvolutionStrategies).gradient(cost),
            () => (optimizer as st.EvolutionStrategies).gradientFrom([1]),
          );
        else calls.push(() => (optimizer as st.CmaEs).useBest());
        const found = await path(async () => {
          const running = minimize(later) as Promise<unknown>;
          for (const call of calls) {
            expect(call).toThrowError(/another evaluation is not over yet: await it first$/);
            await Promise.resolve();
          }
          await running;
        });
        expect(found).toEqual(expected);
      });

      it('take nothing from the default stream where they refuse', async () => {
        const draw = (): number => tf.tidy(() => st.random.uniform([1]).dataSync()[0]!);
        st.random.setSeed(5);
        const expected = draw();
        const running = minimize(later) as Promise<unknown>;
        st.random.setSeed(5);
        expect(() => optimizer.minimize(cost)).toThrowError(/not over yet/);
        expect(() => optimizer.minimize(3 as never)).toThrowError(/f must be a function/);
        expect(() => optimizer.minimize(cost, {kye: 1} as never)).toThrowError(/unknown option/);
        expect(draw()).toBe(expected);
        await running;
      });

      it('leave a generation that was asked for by hand as it was where another one fails', () => {
        const candidates = optimizer.ask({key});
        const costs = candidates.map(candidate => optimizer.evaluate(candidate, cost));
        expect(() => minimize(raise)).toThrowError('out of order');
        optimizer.tell(costs);
        const told = place();
        end();
        begin();
        minimize(cost);
        expect(told).toEqual(place());
      });

      it('take costs of the generation that was asked for last, never silently of an older one', () => {
        const older = optimizer.ask({key: keyAt(0)});
        const costs = older.map((_, i) => i);
        const latest = optimizer.ask({key: keyAt(1)});
        expect(() => optimizer.tell(costs)).toThrowError(
          /may be the costs of an earlier generation, .*: name the candidates, tell\(costs, \{candidates\}\)$/,
        );
        expect(() => optimizer.tell(costs, {candidates: older})).toThrowError(
          /candidates must be those that were asked for last/,
        );
        for (const wrong of [
          [],
          [null],
          latest.slice(1),
          [...latest].reverse(),
          latest.map(({key: k}) => ({key: k, sign: -1})),
          'all',
          latest.map(() => ({})),
        ]) {
          expect(() => optimizer.tell(costs, {candidates: wrong as never})).toThrowError(
            /candidates must be those that were asked for last/,
          );
        }
        expect(place()).toEqual(START);
        optimizer.tell(costs, {candidates: JSON.parse(JSON.stringify(latest)) as st.Candidate[]});
        const told = place();
        end();
        begin();
        optimizer.ask({key: keyAt(1)});
        optimizer.ask({key: keyAt(1)}); // the same again
        optimizer.tell(costs);
        expect(place()).toEqual(told);
        expect(() => optimizer.tell(costs)).toThrowError(/tell needs candidates: call ask first$/);
      });

      it('take no late costs for those of a generation that came after a minimize', () => {
        const costs = optimizer.ask({key: keyAt(0)}).map((_, i) => i);
        optimizer.minimize(cost, {key: keyAt(1)});
        expect(() => optimizer.tell(costs)).toThrowError(/call ask first$/);
        optimizer.ask({key: keyAt(2)});
        expect(() => optimizer.tell(costs)).toThrowError(/may be the costs of an earlier generation/);
      });

      it('say that a variable is gone before anything has changed', () => {
        const costs = optimizer.ask({key}).map((_, i) => i);
        b!.dispose();
        expect(() => optimizer.tell(costs)).toThrowError(/variable ".*" was disposed$/);
        expect(() => minimize(() => 1)).toThrowError(/variable ".*" was disposed$/);
        expect([...a!.dataSync()]).toEqual(START.slice(0, 3));
        expect(optimizer.generations).toBe(0);
      });

      it('say so as well where it went before the first generation', () => {
        b!.dispose();
        expect(() => minimize(() => 1)).toThrowError(/variable ".*" was disposed$/);
      });

      if (name === 'evolutionStrategies') {
        it('refuse Infinity, and estimates beyond float32', async () => {
          const expected = await skipping();
          expect(
            await path(() => {
              expect(() => minimize(thirdTime(cost, () => Infinity))).toThrowError(
                /costs must be finite without rankShaping; the cost of candidate 2 is not, got Infinity$/,
              );
              expect(() => minimize(thirdTime(cost, () => 1e300))).toThrowError(
                /the estimate must be finite in float32: scale the costs down, or use rankShaping/,
              );
              expect(() =>
                (optimizer as st.EvolutionStrategies).gradient(
                  thirdTime(cost, () => -1e39),
                  {key},
                ),
              ).toThrowError(/must be finite in float32/);
            }),
          ).toEqual(expected);
        });
      } else {
        it('count Infinity as the worst of costs', async () => {
          const worst = await path(() => minimize(thirdTime(cost, () => 1e30)));
          end();
          begin();
          expect(await path(() => minimize(thirdTime(cost, () => Infinity)))).toEqual(worst);
        });
      }
    },
    {inBrief: []},
  );
}

describe('search distributions that leave float32', () => {
  beforeAll(() => tf.setBackend('cpu'));
  const searches: Record<string, (variables: tf.Variable[], sigma: number) => st.NormalSearch> = {
    cmaEs: (variables, sigma) => st.cmaEs({variables, sigma}),
    'cmaEs, diagonal': (variables, sigma) => st.cmaEs({variables, sigma, covariance: 'diagonal'}),
    crossEntropyMethod: (variables, sigma) =>
      st.crossEntropyMethod({variables, sigma, population: 20, extraVariance: g => 100 ** g}),
  };
  for (const [name, make] of Object.entries(searches)) {
    it(`are an error of ${name}, which leaves the variables finite`, () => {
      const x = tf.variable(tf.tensor1d([1, 2]));
      const search = make([x], 1);
      let [seen, error] = [true, ''];
      for (let i = 0; i < 2000 && error === ''; i++) {
        try {
          search.minimize(
            () => {
              // falls for ever
              const v = x.dataSync();
              seen &&= v.every(Number.isFinite);
              return -v[0]! - v[1]!;
            },
            {key: keyAt(i)},
          );
        } catch (e) {
          error = (e as Error).message;
        }
        if (!x.dataSync().every(Number.isFinite)) seen = false;
      }
      expect(error).toMatch(
        /: (the search distribution has grown without bound: (a candidate|the mean) must be finite|the result of extraVariance must be a finite number >= 0) in float32, got -?[\d.e+]+$/,
      );
      expect(seen).withContext('all values were finite').toBeTrue();
      expect([...search.mean].every(v => Number.isFinite(Math.fround(v)))).toBeTrue();
      x.dispose();
    });
  }

  it('are refused at the first candidate where sigma is too large', () => {
    const x = tf.variable(tf.tensor1d([1, 2]));
    expect(() => st.cmaEs({variables: [x], sigma: 1e39}).minimize(() => 1)).toThrowError(
      /^cmaEs: sigma must be a finite number > 0 in float32, got 1e\+39/,
    );
    expect([...x.dataSync()]).toEqual([1, 2]);
    x.dispose();
  });

  it('have no best candidate while all have failed', () => {
    const x = tf.variable(tf.tensor1d([1, 2]));
    const search = st.cmaEs({variables: [x]});
    expect(search.minimize(() => Infinity)).toEqual({mean: Infinity, best: Infinity});
    expect(search.best).toBeNull();
    expect(() => search.useBest()).toThrowError(
      'cmaEs: useBest needs a candidate that did not fail: all costs were Infinity',
    );
    search.minimize(() => 3);
    expect(search.best!.cost).toBe(3);
    x.dispose();
  });
});
