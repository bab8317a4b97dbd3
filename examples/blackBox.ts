/**
 * Minimises what a worker computes, by values that it sends when it is ready: the score function of a search
 * distribution, waiting for the costs or not, beside evolution strategies. The worker is blackBox/worker.mjs.
 */
import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {CostService} from './blackBox/costService.js';
import {evolution, type Search, type SearchConfig, SearchDistribution} from './blackBox/searches.js';
import {example} from './frame/example.js';
import {choices, integer, positive} from './frame/kinds.js';

const rowsOf = (x: tf.Tensor): number[][] => x.arraySync() as number[][]; // of two axes

/** Draws, waits for the costs, and then replays the draws as recorded values, which are credited with them. */
function waiting(config: SearchConfig, baseline: st.Baseline): Search {
  const [normals, estimator] = [new SearchDistribution(config), st.scoreFunction({baseline})];
  const optimizer = st.stochasticOptimizer(tf.train.adam(config.rate));
  return {
    async step() {
      const value = tf.tidy(() => rowsOf(normals.normal().sample([config.population])));
      const costs = await config.service.costs(value);
      normals.minimize(optimizer, () => {
        const x = new st.DistributionTensor(normals.normal(), {estimator, value, name: 'x'});
        return st.cost(costs, {dependsOn: x});
      });
    },
    place: () => Array.from(normals.mean.dataSync()),
  };
}

/** Waits for nothing: a critic learns from the costs that have come, and stands in for those on their way. */
function notWaiting(config: SearchConfig): Search {
  const context = (node: st.NodeView): tf.Tensor => tf.zeros([...node.shape, 1]); // it sees the place alone
  const [normals, estimator] = [
    new SearchDistribution(config),
    st.critic({target: 'monteCarlo', units: [64], context}),
  ];
  const controlVariateOptimizer = tf.train.adam(0.05);
  const optimizer = st.stochasticOptimizer(tf.train.adam(config.rate), {controlVariateOptimizer});
  return {
    async step() {
      normals.minimize(optimizer, () => {
        const valueType = st.sampleValue([config.population]);
        const x = new st.DistributionTensor(normals.normal(), {estimator, valueType, name: 'x'});
        return st.cost(config.service.costs(rowsOf(x.value)), {dependsOn: x, name: 'cost'}); // of a promise
      });
      await new Promise(resolve => setTimeout(resolve)); // gives way to answers
    },
    place: () => Array.from(normals.mean.dataSync()),
  };
}

const searches: Readonly<Record<string, (config: SearchConfig) => Search>> = {
  movingAverage: config => waiting(config, st.movingAverage({decay: 0.9})),
  leaveOneOut: config => waiting(config, st.leaveOneOut({samples: config.population})),
  critic: notWaiting,
  evolutionStrategies(config) {
    const {population, sigma, rate} = config;
    const make = (x: tf.Variable): st.EvolutionaryOptimizer =>
      st.evolutionStrategies({variables: [x], population, sigma, optimizer: tf.train.adam(rate)});
    return evolution(config, make);
  },
  cmaEs: config =>
    evolution(config, x => st.cmaEs({variables: [x], population: config.population, sigma: config.sigma})),
};
const names = Object.keys(searches);

/** Where the least cost is. */
const target = [1.5, -1, 0.5, -2, 1, 2, -0.5, -1.5];

export default example({
  title: 'A cost from a black box',
  paper:
    'Wierstra et al. 2014, Natural evolution strategies, JMLR 15, section 2 (search gradients); ' +
    'Xu et al. 2018, Backprop-Q, arXiv:1807.09511 (costs that arrive late)',
  about:
    'A worker thread computes ⌊10 ‖x − c‖²⌋ / 10 of 8 numbers, flat wherever it has a derivative, adds noise, and answers after up to 40 ms. ' +
    'movingAverage and leaveOneOut are baselines of the score function of N(μ, σ²), which wait for the costs of a generation; critic waits for nothing, and has ' +
    'a network stand in for what has not come; evolution strategies and CMA-ES wait too. All with Adam 0.05 but the last.',
  backend: 'cpu',
  steps: {default: 200, smoke: 3, about: 'generations'},
  options: {
    searches: choices(names, {default: names, about: `which of ${names.join(',')}`}),
    population: integer({default: 16, smoke: 4, least: 4, about: 'candidates of a generation'}),
    sigma: positive({default: 0.5, about: 'standard deviation of the candidates at the start'}),
    noise: positive({default: 0.5, about: 'standard deviation of what is added to each cost'}),
    delay: positive({default: 40, smoke: 5, about: 'ms that an answer takes at the most'}),
  },
  async run(job) {
    const {steps, seed, population, sigma, noise, delay, searches: chosen} = job.options;
    const rows: Array<[name: string, cost: number, reached: string, ms: string]> = [];
    await job.each(chosen, async name => {
      const service = new CostService({target, noise, delay, seed});
      try {
        const config = {service, size: target.length, population, sigma, rate: 0.05, key: job.key};
        const search = searches[name]!(config);
        const judge = async (): Promise<number> => (await service.costs([search.place()], {isExact: true}))[0]!;
        let [known, reached] = [await judge(), Infinity];
        const start = performance.now();
        const done = await job.trainAsync(name, async step => {
          await search.step();
          const judging = judge().then(cost => {
            known = cost;
            if (cost <= 0.5) reached = Math.min(reached, step + 1);
          });
          judging.catch(() => undefined); // the next question tells
          return {'cost where it stands': known};
        });
        const ms = (performance.now() - start) / done;
        rows.push([name, await judge(), Number.isFinite(reached) ? String(reached * population) : '', ms.toFixed(0)]);
      } finally {
        await service.close();
      }
    });
    // The report
    job.table(
      `After ${steps} generations of ${population}`,
      ['', 'cost without noise', 'evaluations until 0.5', 'ms a generation'],
      rows,
    );
    return chosen.map(name => ({
      what: `cost without noise after ${steps * population} evaluations, ${name}`,
      paper: '15 at the start, 0 at best (exact)',
      here: rows.find(([of]) => of === name)?.[1] ?? NaN,
    }));
  },
});
