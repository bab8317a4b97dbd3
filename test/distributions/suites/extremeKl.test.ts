import * as tf from '@tensorflow/tfjs-core';
import * as dist from '../../../src/distributions/index.js';
import {klDivergence, type Distribution} from '../../../src/distributions/index.js';
import {describeBackends, gpuOf, inBrief} from '../../helpers/backends.js';
import {read, slack, withoutLeak} from '../../helpers/near.js';
import {extremes} from '../reference/kl.js';

// each reference names a family
const families = dist as unknown as Record<string, new (config: object) => Distribution>;

type Value = number | number[];
const column = (rows: Value[][], i: number): tf.Tensor =>
  tf.tensor(
    rows.map(row => row[i]!),
    undefined,
    'float32',
  );

/** Below the normal numbers of float32 there is no telling. */
const near = (actual: number, exact: number, allowed: number): boolean => Math.abs(actual - exact) <= allowed + 2e-38;

describeBackends(
  'klDivergence of distributions that are far apart, almost the same or at the ends of float32',
  () => {
    for (const {family, names, rows} of extremes) {
      const parameters = (values: tf.Tensor[]) => Object.fromEntries(names.map((name, i) => [name, values[i]!]));
      const make = (values: tf.Tensor[]) => new families[family]!(parameters(values));
      const inputs = () => [
        ...names.map((_, i) =>
          column(
            rows.map(r => r[0]),
            i,
          ),
        ),
        ...names.map((_, i) =>
          column(
            rows.map(r => r[1]),
            i,
          ),
        ),
      ];
      const kl = (ts: tf.Tensor[]) => klDivergence(make(ts.slice(0, names.length)), make(ts.slice(names.length)));

      it(`is exact for ${family} by ${names.join(' and ')}`, async () => {
        const at = inputs();
        const actual = await read(withoutLeak('klDivergence', () => kl(at)));
        rows.forEach(([q, p, exact], i) => {
          const here = `${JSON.stringify(q)} from ${JSON.stringify(p)}: ${actual[i]} is not near ${exact}`;
          if (exact === Infinity ? actual[i] !== Infinity : !near(actual[i]!, exact, 1e-5 * slack() * exact))
            fail(here);
        });
        tf.dispose(at);
      });

      if (inBrief) continue; // derivatives are made of kernels with tests of their own
      it(`has the derivatives of ${family} by ${names.join(' and ')}`, async () => {
        const at = inputs();
        const moving = [...at.keys()].filter(i => names[i % names.length] !== 'totalCount');
        const f = (...ts: tf.Tensor[]) =>
          tf.sum(kl(at.map((t, i) => (moving.includes(i) ? ts[moving.indexOf(i)]! : t))));
        const gradients = tf.grads(f)(moving.map(i => at[i]!));
        for (const [k, gradient] of gradients.entries()) {
          const j = moving[k]!;
          const name = names[j % names.length]!;
          const scaleAt = name === 'loc' ? j + 1 : j;
          const [actual, sizes] = [await read(gradient), Array.from(await at[scaleAt]!.data())];
          const width = actual.length / rows.length;
          rows.forEach(([q, p, exact, slopes], i) => {
            if (slopes.length === 0 || exact === Infinity) return;
            [slopes[j]!].flat().forEach((slope, k) => {
              // an error that the parameter's size makes no larger than one of the divergence
              const size = name.startsWith('log') ? 1 : Math.abs(sizes[i * width + k]!);
              const logarithms = name.startsWith('concentration') ? 3e-7 : 0; // of which the slope by p is a difference
              const allowed = 1e-4 * slack() * (Math.abs(slope) + exact / size) + logarithms;
              const got = actual[i * width + k]!;
              if (Math.abs(slope) > 3.4e38 ? Number.isFinite(got) : !Number.isNaN(slope) && !near(got, slope, allowed))
                fail(
                  `by ${name} of ${j < names.length ? 'q' : 'p'}, ${JSON.stringify(q)} from ${JSON.stringify(p)}: ${got} is not near ${slope}`,
                );
            });
          });
        }
        tf.dispose([...at]);
      });
    }
  },
  {inBrief: [gpuOf('klDivergence of distributions that are far apart')]},
);
