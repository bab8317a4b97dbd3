/** Made by scripts/reference/evolution.py. */
export const reference = {
  cmaEsRosenbrock: {start: 0, sigma: 0.5, population: 10, limit: 50000, runs: 40, successes: 40, mean: 4788.0, deviation: 416.0},
  cmaEsRastrigin: {start: 3, sigma: 2, population: 200, limit: 100000, runs: 40, successes: 22, mean: 20275.3, deviation: 1900.5},
  evolutionStrategiesRosenbrock: {start: 0, sigma: 0.001, population: 10, rate: 0.0001, momentum: 0.9, limit: 400000, runs: 20, successes: 20, mean: 148605.0, deviation: 20351.7},
  evolutionStrategiesRastrigin: {start: 3, sigma: 5, population: 50, rate: 0.1, momentum: 0, limit: 100000, runs: 20, successes: 20, mean: 10587.5, deviation: 2887.8},
} as const;
