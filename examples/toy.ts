/**
 * `npm run toy`: RELAX's toy problem, where its gradient varies thousands of times less than that of the score
 * function.
 */
import Table from 'cli-table3';
import {useCpu} from './job/backend.js';
import {inTurns} from './job/interrupt.js';
import {runTables} from './job/tables.js';
import {say} from './job/output.js';
import {toySteps} from './toy/run.js';

const config = {steps: 10000, seed: 0, measureEvery: 50, measureDraws: 500};
const names = ['scoreFunction', 'movingAverage', 'leaveOneOut', 'relax'];

await runTables(async interrupt => {
  await useCpu();
  say(`Minimises E[(b - 0.499)^2] over the logit of one Bernoulli b; Adam 0.01, ${config.steps} steps. The least possible loss is 0.24900.
Gradient variance: every ${config.measureEvery} steps, ${config.measureDraws} estimates at the current parameters; their variance, its natural log,
the mean over training. Published with the RELAX paper: score function -4.2, RELAX -13.8 (its authors' code gives -13.2).
leaveOneOut draws 4 samples a step, the others one. Measurements are left out where b came out the same in every draw, which makes the
variance 0; the last column is their share.

`);
  const table = new Table({
    head: ['estimator', 'final loss', 'ln gradient variance', 'seconds', 'b certain'],
    style: {head: [], border: []},
    colAligns: ['left', 'right', 'right', 'right', 'right'],
  });
  for (const name of names) {
    if (interrupt.requested) break;
    say(`${name} …\n`);
    const {steps, loss, logVariance, seconds, certain} = await inTurns(
      toySteps(name, config, () => interrupt.requested),
    );
    const label = steps === config.steps ? name : `${name}, ${steps} steps`;
    table.push([label, loss.toFixed(5), logVariance.toFixed(2), seconds.toFixed(1), `${(100 * certain).toFixed(0)} %`]);
  }
  say(`\n${table.toString()}\n`);
});
