/**
 * `npm run example -- es`: evolution strategies, the cross-entropy method and CMA-ES on functions without a useful
 * derivative.
 */
import Table from 'cli-table3';
import * as st from 'tfjs-stochastic';
import {useCpu} from './job/backend.js';
import {type Interrupt, yieldToEvents} from './job/interrupt.js';
import {say} from './job/output.js';
import {run as runOnce, summary, type RunOptions, type RunResult} from './es/evaluations.js';
import {methods, problems, type Problem} from './es/methods.js';
import {parseOptions} from './es/options.js';

const TARGET = 1e-6;
/** Evaluations at which the curves are printed. */
const CHECKPOINTS = [100, 300, 1000, 3000, 10_000, 30_000, 100_000];

/** The best value at each checkpoint. */
function curveOf(name: string, problem: Problem, options: RunOptions): {result: RunResult; curve: string[]} {
  const method = methods[name]!;
  const seen: Array<[evaluations: number, best: number]> = [];
  const result = runOnce(problem.f, new Array<number>(10).fill(problem.start), x => method.make(x, problem.name), {
    ...options,
    atVariables: method.atVariables,
    onGeneration: (evaluations, best) => void seen.push([evaluations, best]),
  });
  const curve = CHECKPOINTS.map(checkpoint => {
    const [evaluations, best] = seen.filter(([count]) => count <= checkpoint).at(-1) ?? [0, NaN];
    const isOver = evaluations === result.evaluations && checkpoint > result.evaluations;
    return Number.isNaN(best) || isOver ? '' : best.toExponential(0);
  });
  return {result, curve};
}

export async function run(args: readonly string[], interrupt: Pick<Interrupt, 'requested'>): Promise<void> {
  const {function: only, runs, seed, limit} = parseOptions(args, Object.keys(problems));
  await useCpu();
  const rightAligned = (columns: number): Array<'left' | 'right'> => [
    'left',
    ...new Array<'right'>(columns).fill('right'),
  ];
  for (const problem of Object.values(problems)) {
    if (interrupt.requested || (only !== undefined && problem.name !== only)) continue;
    say(
      `${problem.title}, 10 variables, from ${problem.start} in each; the mean of ${runs} ${runs === 1 ? 'run' : 'runs'} to 1e-6, at most ${limit} evaluations each.\n`,
    );
    const curves = new Table({
      head: ['best value after', ...CHECKPOINTS.map(String)],
      style: {head: [], border: []},
      colAligns: rightAligned(CHECKPOINTS.length),
    });
    const figures = new Table({
      head: ['evaluations', 'reached', 'mean', 'reference', 'ratio'],
      style: {head: [], border: []},
      colAligns: rightAligned(4),
    });
    for (const [name, method] of Object.entries(methods)) {
      const results: Array<ReturnType<typeof curveOf>> = [];
      for (let i = 0; i < runs && !interrupt.requested; i++) {
        const key = st.random.foldIn(st.random.key(seed), i);
        results.push(curveOf(name, problem, {target: TARGET, maxEvaluations: limit, key}));
        await yieldToEvents();
      }
      if (results.length === 0) break;
      curves.push([name, ...results[0]!.curve]);
      const {successes, mean} = summary(results.map(({result}) => result.hit));
      const reference = method.reference[problem.name];
      figures.push([
        name,
        `${successes}/${results.length}`,
        successes === 0 ? '' : mean.toFixed(0),
        reference?.evaluations ?? '',
        reference === undefined || successes === 0 ? '' : (mean / reference.evaluations).toFixed(2),
      ]);
    }
    say(`${curves.toString()}\n${figures.toString()}\n`);
    for (const [name, {reference}] of Object.entries(methods)) {
      const {source} = reference[problem.name] ?? {};
      if (source !== undefined) say(`${name}: reference by ${source}\n`);
    }
    say('\n');
  }
}
