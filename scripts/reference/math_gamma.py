"""Makes test/math/reference/gamma.ts: the gamma function's family with 60 digits, and its derivatives.

    python3 scripts/reference/math_gamma.py > test/math/reference/gamma.ts

Needs mpmath.
"""
import itertools

import mpmath as mp

from common import f32, text

mp.mp.dps = 60


def stirling_error(x):
    return mp.loggamma(x) - ((x - 0.5) * mp.log(x) - x + mp.log(2 * mp.pi) / 2)


def lgamma(x):
    return mp.loggamma(x) if x > 0 else mp.log(abs(mp.pi / mp.sin(mp.pi * x))) - mp.loggamma(1 - x)


def density(x, a):
    return (a - 1) * mp.log(x) - x - mp.loggamma(a)


def lbeta(a, b):
    return mp.loggamma(a) + mp.loggamma(b) - mp.loggamma(a + b)


def mass(k, l):
    return k * l - mp.exp(l) - mp.loggamma(k + 1)


psi = mp.psi

# name: (function, inputs, first derivatives by input, second derivatives by pair, cases)
positive = [1e-30, 1e-3, 0.1, 0.4, 0.5, 0.9, 1 + 2 ** -20, 1.3, 1.4616321, 1.5, 1.9, 2 - 2 ** -20, 2.4, 2.6, 3.4, 3.7, 4.1, 7.5, 9.9, 10.5, 33.3, 1e3, 1e6, 1e12, 1e18, 1e30]
negative = [-0.3, -0.999, -1.5, -2.457, -2.75, -3.1, -7.4, -20.6, -1000.3]
ratios = [(x, a) for a in (1e-3, 0.3, 1, 2.5, 7, 30, 1e3, 1e6) for x in (1e-30 if a < 1 else a * 1e-3, a * 0.1, a * 0.8, a, a * 1.002, a * 1.2, a * 30)]
pairs = [(1e-3, 1e-3), (1e-3, 1e6), (0.2, 0.7), (0.5, 30), (1, 1), (1, 1e6), (2, 3.5), (3, 1e4), (5, 6), (9, 12), (50, 70), (1e3, 2), (1e4, 1e6), (1e6, 1e6), (1e6, 1e-3)]
counts = [(k, l) for k in (1, 3, 4, 20, 1e3, 1e6) for l in (-80, float(mp.log(k)) - 1, float(mp.log(k)) - 0.3 / k ** 0.5, float(mp.log(k)) + 1 / k ** 0.5, float(mp.log(k)) + 2)] + [(0, -30), (0, 3), (5, 30)]
GROUPS = {
    'lgamma': (lgamma, 'x', {'x': lambda x: psi(0, x)}, {'xx': lambda x: psi(1, x)}, [(x,) for x in positive + negative]),
    'digamma': (lambda x: psi(0, x), 'x', {'x': lambda x: psi(1, x)}, {'xx': lambda x: psi(2, x)}, [(x,) for x in positive + negative if 1e-10 < x < 1e12 or x < 0]),
    'polygamma': (psi, 'nx', {'x': lambda n, x: psi(n + 1, x)}, {'xx': lambda n, x: psi(n + 2, x)},
                  [(n, x) for n in (0, 1, 2, 3) for x in (1e-3, 0.3, 1, 2.5, 6.5, 11, 40, 1e3, 1e6)] + [(n, x) for n in (1, 2) for x in (-0.3, -1.5, -5.7)]),
    'polygammaDifference': (lambda n, x, d: psi(n, x + d) - psi(n, x), 'nxd', {'x': lambda n, x, d: psi(n + 1, x + d) - psi(n + 1, x), 'd': lambda n, x, d: psi(n + 1, x + d)},
                            {'xx': lambda n, x, d: psi(n + 2, x + d) - psi(n + 2, x), 'dd': lambda n, x, d: psi(n + 2, x + d)},
                            [(n, x, d) for n in (0, 1) for (x, d) in pairs]),
    'lbeta': (lbeta, 'ab', {'a': lambda a, b: psi(0, a) - psi(0, a + b), 'b': lambda a, b: psi(0, b) - psi(0, a + b)},
              {'aa': lambda a, b: psi(1, a) - psi(1, a + b), 'ab': lambda a, b: -psi(1, a + b)}, pairs),
    'stirlingError': (stirling_error, 'x', {'x': lambda x: psi(0, x) - mp.log(x) + 1 / (2 * x)}, {'xx': lambda x: psi(1, x) - 1 / x - 1 / (2 * x * x)},
                      [(x,) for x in positive if 1e-6 < x < 1e12]),
    'gammaLogDensity': (density, 'xa', {'x': lambda x, a: (a - 1) / x - 1, 'a': lambda x, a: mp.log(x) - psi(0, a)},
                        {'xx': lambda x, a: (1 - a) / x ** 2, 'xa': lambda x, a: 1 / x, 'aa': lambda x, a: -psi(1, a)}, ratios),
    'poissonLogMass': (mass, ['k', 'logRate'], {'logRate': lambda k, l: k - mp.exp(l)}, {'logRate,logRate': lambda k, l: -mp.exp(l)}, counts),
}


def column(f, cases):
    return [f(*case) for case in cases]


def table(name):
    f, inputs, first, second, cases = GROUPS[name]
    with mp.workdps(100):
        cases = [tuple(f32(v) if not (i == 0 and inputs[0] == 'n') else v for i, v in enumerate(case)) for case in cases]
        rows = {'inputs': {k: [c[i] for c in cases] for i, k in enumerate(inputs)}, 'value': column(f, cases),
                'first': {k: column(g, cases) for k, g in first.items()}}
        pair = lambda k: ','.join(k) if ',' not in k else k
        rows['second'] = {pair(k): column(g, cases) for k, g in second.items()}
    return rows


def show(v):
    if isinstance(v, dict):
        return '{\n' + ',\n'.join(f"    '{k}': {text(u)}" for k, u in v.items()) + '}'
    return text(v)


if __name__ == '__main__':
    print('/** Made by scripts/reference/math_gamma.py; do not edit. */')
    print("import type {FunctionReference} from '../functionSuite.js';\n")
    print('export const gammaReference = {')
    for name in GROUPS:
        rows = table(name)
        print(f'  {name}: {{')
        for key, v in rows.items():
            print(f'    {key}: {show(v)},')
        print('  },')
    print('} satisfies Record<string, FunctionReference>;')
