import * as dist from '../../../src/distributions/index.js';
import {klDivergence, type Distribution} from '../../../src/distributions/index.js';
import {describeBackends, gpuOf} from '../../helpers/backends.js';
import {expectDerivative, expectNear, withoutLeak} from '../../helpers/distributionSuite.js';
import {columns} from '../../helpers/near.js';
import {divergences} from '../reference/continuous.js';

// each reference names a family
const families = dist as unknown as Record<string, new (config: object) => Distribution>;

type Columns = Record<string, number[]>;
const transpose = (rows: ReadonlyArray<Record<string, unknown>>): Columns =>
  Object.fromEntries(Object.keys(rows[0]!).map(name => [name, rows.map(row => row[name] as number)]));

describeBackends(
  'klDivergence of continuous families',
  () => {
    for (const name of new Set(divergences.map(d => d.family))) {
      const Family = families[name]!;
      const cases = divergences.filter(d => d.family === name);

      it(`is exact for ${name}`, async () => {
        const q = new Family(columns(transpose(cases.map(c => c.q))));
        const p = new Family(columns(transpose(cases.map(c => c.p))));
        const value = withoutLeak('klDivergence', () => klDivergence(q, p));
        expectNear(
          await value.data(),
          cases.map(c => c.kl),
          `KL of ${name}`,
          false,
          1e-12,
        );
      });

      it(`has the right derivatives for ${name}`, async () => {
        const [q, p] = [columns(transpose([cases[1]!.q])), columns(transpose([cases[1]!.p]))];
        for (const k of Object.keys(q)) {
          await expectDerivative(t => klDivergence(new Family({...q, [k]: t}), new Family(p)), q[k]!, `KL by q's ${k}`);
          await expectDerivative(t => klDivergence(new Family(q), new Family({...p, [k]: t})), p[k]!, `KL by p's ${k}`);
        }
      });
    }
  },
  {inBrief: [gpuOf('klDivergence of continuous families')]},
);
