/**
 * Stochastic value gradients (Heess et al. 2015) and the deterministic policy gradient on a linear-quadratic regulator
 * with noise, whose optimum Riccati's recursion gives exactly. The four learners are in svg/learn.ts.
 */
import {example} from './frame/example.js';
import {choices, integer} from './frame/kinds.js';
import {learnSteps, methods, sufficient} from './svg/learn.js';
import {expectedCost, regulator, solve} from './svg/lqr.js';

export default example({
  title: 'Stochastic value gradients',
  paper: 'Heess et al. 2015, Learning continuous control policies by stochastic value gradients, arXiv:1510.09142',
  about:
    'Policies of a linear-quadratic regulator (state 4, action 2, horizon 20) with learned models and values, against the exact optimum: ' +
    'the expected cost of the learned gains over the least one, in the course of training; the same batch of new trajectories each step.',
  steps: {default: Math.max(...Object.values(sufficient)), smoke: 22},
  options: {
    methods: choices(methods, {default: methods, about: `which of ${methods.join(',')}`}),
    trajectories: integer({default: 32, smoke: 4, about: 'recorded in a step'}),
  },
  async run(job) {
    const {steps, seed, trajectories, methods: chosen} = job.options;
    const {cost, gains} = solve(regulator);
    const atRest = expectedCost(
      regulator,
      gains.map(gain => gain.map(row => row.map(() => 0))),
    );
    const last: Record<string, number> = {};
    await job.each(chosen, async method => {
      const work = learnSteps(method, {steps, seed, batch: trajectories, points: 40}, () => job.stopped);
      const figure = 'expected cost / least cost';
      await job.trainAsync(method, () => {
        const {value} = work.next();
        if (typeof value !== 'number') return Promise.resolve({});
        last[method] = value;
        return Promise.resolve({[figure]: value});
      });
      work.next(); // to its end
    });
    // The report
    job.table(
      'Policies',
      ['', 'expected cost'],
      [
        ['doing nothing', atRest],
        ...Object.entries(last).map(([method, ratio]): [string, number] => [method, ratio * cost]),
        ['the least possible (Riccati)', cost],
      ],
    );
    return chosen.map(method => ({
      what: `expected cost / least cost, ${method}`,
      paper: '1 at best; within 2 % is the goal here',
      here: last[method] ?? NaN,
      digits: 4,
    }));
  },
});
