/**
 * Critics as gradient estimators (Backprop-Q, Xu et al. 2018) on a chain of 20 random switches with a cost at each,
 * against the score function; one of them while costs arrive late. The chain is in backpropQ/chain.ts.
 */
import {expectedCost, steps as switches} from './backpropQ/chain.js';
import {gradientVariance, methods, startLearning} from './backpropQ/learn.js';
import {example} from './frame/example.js';
import {integer} from './frame/kinds.js';

export default example({
  title: 'Critics: Backprop-Q',
  paper: 'Xu et al. 2018, Backprop-Q: generalized backpropagation for stochastic computation graphs, arXiv:1807.09511',
  about:
    'The exact expected cost of a chain of 20 switches in the course of training, 20 chains a step; the variance of the gradient of one chain, ' +
    'critics trained at fixed parameters. "costs late": each cost comes after 0 to 50 ms, out of order, every tenth never, and nobody waits.',
  backend: 'cpu',
  steps: {default: 100, smoke: 2},
  options: {draws: integer({default: 500, smoke: 3, least: 2, about: 'gradients for each variance'})},
  async run(job) {
    const {steps, seed, draws} = job.options;
    const costs: Record<string, number> = {};
    const variances: Record<string, number> = {};
    await job.each(methods, async method => {
      const learning = startLearning(method, seed);
      job.point(method, 'expected cost', 0, await learning.cost());
      await job.trainAsync(method, async () => {
        await learning.step();
        return {'expected cost': (costs[method] = await learning.cost())};
      });
      if (!job.stopped && !method.endsWith('late'))
        variances[method] = await gradientVariance(method, steps, seed, draws);
    });
    job.table(
      `The chain of ${switches}; at the start the expected cost is ${expectedCost(new Float32Array(switches)).toFixed(3)}`,
      ['', 'expected cost', 'variance'],
      Object.entries(costs).map(([method, cost]) => [method, cost, variances[method]?.toPrecision(3) ?? '']),
    );
    const score = variances[methods[0]!] ?? NaN;
    return methods.slice(1).map(method => ({
      what: `variance over that of the score function: ${method}`,
      paper: '', // its figures are of other problems
      here: (variances[method] ?? NaN) / score,
      digits: 4,
    }));
  },
});
