/**
 * Evolution strategies, the cross-entropy method and CMA-ES on functions of 10 variables without a useful derivative:
 * evaluations until the value is 1e-6. The methods and their settings are in es/methods.ts.
 */
import * as Plot from '@observablehq/plot';
import * as st from 'tfjs-stochastic';
import {run, summary} from './es/evaluations.js';
import {methods, problems} from './es/methods.js';
import {example} from './frame/example.js';
import {choices, integer} from './frame/kinds.js';
import {yieldToEvents} from './job/interrupt.js';

const names = Object.values(problems).map(({name}) => name);

export default example({
  title: 'Evolution strategies',
  paper:
    'Hansen 2016, The CMA evolution strategy: a tutorial, arXiv:1604.00772; Salimans et al. 2017, arXiv:1703.03864',
  about:
    'Minimises functions of 10 variables by their values alone, from the same start, and counts the evaluations until 1e-6. ' +
    'The references are the Python package cmaes 0.9.1, and algorithm 1 of Salimans et al. in numpy.',
  backend: 'cpu',
  steps: {default: 40_000, smoke: 600, about: 'the most evaluations of one run'},
  options: {
    function: choices(names, {default: names, about: `which of ${names.join(',')}`}),
    runs: integer({default: 3, smoke: 1, about: 'runs of each method'}),
  },
  async run(job) {
    const {steps, runs, function: chosen} = job.options;
    const rows: Array<Array<string | number>> = [];
    for (const problem of chosen.map(name => problems[name])) {
      const seen: Array<{method: string; evaluations: number; best: number}> = [];
      await job.each(Object.keys(methods), async method => {
        const {make, atVariables, reference} = methods[method]!;
        const hits: Array<number | null> = [];
        for (let i = 0; i < runs && !job.stopped; i++) {
          const {hit} = run(problem.f, new Array<number>(10).fill(problem.start), x => make(x, problem.name), {
            ...{target: 1e-6, maxEvaluations: steps, atVariables, key: st.random.foldIn(job.key, i)},
            onGeneration(evaluations, best) {
              if (i === 0) seen.push({method, evaluations, best: Math.max(best, 1e-7)});
            },
          });
          hits.push(hit);
          await yieldToEvents();
        }
        const {successes, mean} = summary(hits);
        const published = reference[problem.name]?.evaluations;
        rows.push([
          `${problem.title}, ${method}`,
          `${successes} of ${hits.length}`,
          successes === 0 ? '' : mean.toFixed(0),
          published === undefined ? '' : String(published),
        ]);
      });
      job.plot(
        `${problem.title}: the best value so far, first run`,
        {
          x: {label: 'evaluations', type: 'log'},
          y: {label: 'best value', type: 'log', tickFormat: '.0e'},
          marks: [Plot.lineY(seen, {x: 'evaluations', y: 'best', stroke: 'method', strokeWidth: 1.5})],
        },
        Object.keys(methods),
      );
    }
    job.table('Evaluations until 1e-6', ['', 'reached', 'mean', 'reference'], rows);
    return rows
      .filter(row => row[3] !== '')
      .map(([what, , mean, published]) => ({
        what: `evaluations: ${what}`,
        paper: `${published} by others`,
        here: mean === '' ? NaN : Number(mean),
        digits: 0,
      }));
  },
});
