"""Makes test/optimizers/reference/evolution.ts: evaluations that reference implementations need on 10-dimensional functions, for a target of 1e-6.

    python3 scripts/reference/evolution.py > test/optimizers/reference/evolution.ts

CMA-ES is the Python package cmaes (0.9.1, Debian's python3-cmaes; numpy). Evolution strategies are written out below from algorithm 1 of Salimans et al. 2017 with
mirrored sampling (section 2.1), in numpy; no figures of theirs on such functions are published.
"""
import json

import cmaes
import numpy as np

N = 10
TARGET = 1e-6


def rosenbrock(x):
    return np.sum(100 * (x[..., 1:] - x[..., :-1] ** 2) ** 2 + (1 - x[..., :-1]) ** 2, axis=-1)


def rastrigin(x):
    return 10 * x.shape[-1] + np.sum(x * x - 10 * np.cos(2 * np.pi * x), axis=-1)


def with_cmaes(f, start, sigma, population, limit, seed):
    """Evaluations up to the first candidate within the target, or None."""
    search = cmaes.CMA(mean=np.full(N, float(start)), sigma=sigma, seed=seed, population_size=population)
    evaluations = 0
    while evaluations < limit and search._sigma > 1e-14:
        told = []
        for _ in range(search.population_size):
            x = search.ask()
            cost = float(f(x))
            evaluations += 1
            if cost <= TARGET:
                return evaluations
            told.append((x, cost))
        search.tell(told)
    return None


def with_evolution_strategies(f, start, sigma, population, rate, momentum, limit, seed):
    """Evaluations up to the first mean within the target, or None; the values at the mean are not counted."""
    random = np.random.RandomState(seed)
    theta = np.full(N, float(start))
    velocity = np.zeros(N)
    for evaluations in range(population, limit + 1, population):
        noise = random.randn(population // 2, N)
        difference = f(theta + sigma * noise) - f(theta - sigma * noise)
        velocity = momentum * velocity + difference @ noise / (population * sigma)
        theta = theta - rate * velocity
        if f(theta) <= TARGET:
            return evaluations
    return None


def figures(settings, hits):
    found = [h for h in hits if h is not None]
    return dict(settings, runs=len(hits), successes=len(found), mean=round(float(np.mean(found)), 1), deviation=round(float(np.std(found, ddof=1)), 1))


CASES = {
    'cmaEsRosenbrock': (with_cmaes, rosenbrock, dict(start=0, sigma=0.5, population=10, limit=50_000), 40),
    'cmaEsRastrigin': (with_cmaes, rastrigin, dict(start=3, sigma=2, population=200, limit=100_000), 40),
    'evolutionStrategiesRosenbrock': (with_evolution_strategies, rosenbrock, dict(start=0, sigma=1e-3, population=10, rate=1e-4, momentum=0.9, limit=400_000), 20),
    'evolutionStrategiesRastrigin': (with_evolution_strategies, rastrigin, dict(start=3, sigma=5, population=50, rate=0.1, momentum=0, limit=100_000), 20),
}

if __name__ == '__main__':
    reference = {name: figures(settings, [run(f, seed=seed, **settings) for seed in range(1, runs + 1)]) for name, (run, f, settings, runs) in CASES.items()}
    print('/** Made by scripts/reference/evolution.py. */')
    print('export const reference = {')
    for name, values in reference.items():
        print(f'  {name}: {{' + ', '.join(f'{key}: {json.dumps(value)}' for key, value in values.items()) + '},')
    print('} as const;')
