"""Makes test/functions/reference/gamma.ts and incompleteGamma.ts: the gamma function's family with 60 digits, and its derivatives.

    python3 scripts/reference/math_gamma.py gamma > test/functions/reference/gamma.ts
    python3 scripts/reference/math_gamma.py incompleteGamma > test/functions/reference/incompleteGamma.ts

Needs mpmath.
"""
import functools
import sys

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


def lower(a, x):
    """P by its series of positive terms."""
    term = total = mp.mpf(1)
    k = 0
    while term > total * mp.eps:
        k += 1
        term *= x / (a + k)
        total += term
    return mp.exp(a * mp.log(x) - x - mp.loggamma(a + 1)) * total


def upper(a, x):
    """Q by its continued fraction (Abramowitz & Stegun 6.5.31, Lentz's method)."""
    b = x + 1 - a
    c = mp.mpf(10) ** 400
    d = h = 1 / b
    for i in range(1, 100000):
        an = -i * (i - a)
        b += 2
        d = 1 / (an * d + b)
        c = b + an / c
        h *= d * c
        if abs(d * c - 1) < mp.eps * 10:
            break
    return mp.exp(a * mp.log(x) - x - mp.loggamma(a)) * h


def is_far(a, x):
    return x > a + 6 * mp.sqrt(a) + 4


def big_p(a, x):
    return 1 - upper(a, x) if is_far(a, x) else lower(a, x)


def big_q(a, x):
    return upper(a, x) if is_far(a, x) else 1 - lower(a, x)


def by_a(f, order=1):
    """The derivative by a, by differences of 100 digits."""
    def derivative(a, x):
        with mp.workdps(130 if a > 1e-9 else 220):
            h = a * mp.mpf(10) ** -35
            if order == 1:
                return (f(a + h, x) - f(a - h, x)) / (2 * h)
            return (f(a + h, x) - 2 * f(a, x) + f(a - h, x)) / (h * h)
    return derivative


def p(a, x):
    return mp.exp(density(x, a))


log_p = lambda a, x: mp.log(big_p(a, x))
log_q = lambda a, x: mp.log(big_q(a, x))
dens_a = lambda a, x: mp.log(x) - psi(0, a)
score = lambda a, x: (a - 1) / x - 1


def hazard_terms(f, sign):
    """Derivatives of ln P (sign 1) or ln Q (sign -1)."""
    r = lambda a, x: sign * mp.exp(density(x, a) - f(a, x))
    first = {'a': by_a(f), 'x': r}
    second = {'a,a': by_a(f, 2), 'a,x': lambda a, x: r(a, x) * (dens_a(a, x) - first['a'](a, x)),
              'x,x': lambda a, x: r(a, x) * (score(a, x) - r(a, x))}
    return first, second


def slope(a, z):
    return -by_a(big_p)(a, z) / p(a, z)


def slope_z(a, z):
    return -dens_a(a, z) - slope(a, z) * score(a, z)


def slope_a(a, z):
    return -by_a(big_p, 2)(a, z) / p(a, z) - slope(a, z) * dens_a(a, z)


def inverse(f, sign):
    @functools.lru_cache(maxsize=None)
    def root(a, q):
        y = min(mp.log(a + 1), (mp.log(q) + mp.loggamma(a + 1)) / a) if sign > 0 else mp.log(a + 1)
        for _ in range(400):
            step = (f(a, mp.exp(y)) - mp.log(q)) / (sign * mp.exp(density(mp.exp(y), a) + y - f(a, mp.exp(y))))
            y -= max(step, -2)  # f is concave in y: only a step to the right can go astray
            if abs(step) < mp.mpf(10) ** -30:
                break
        return mp.exp(y)
    return root


inverse_p, inverse_q = inverse(log_p, 1), inverse(log_q, -1)
tiny = [(1e-30, 1e-30), (1e-30, 0.3), (1e-30, 2)]
near = [(1e-3, 1e-37), (1e-3, 1e-5), (1e-3, 0.2), (1e-3, 0.6), (1e-3, 3), (0.1, 1e-20), (0.1, 0.05), (0.1, 0.5), (0.1, 4), (0.45, 1e-3), (0.45, 0.9),
        (0.7, 0.3), (0.7, 1.19), (0.7, 1.21), (0.7, 20), (1, 1e-3), (1, 1), (1, 7), (1, 40), (2.5, 0.01), (2.5, 2), (2.5, 3.5), (2.5, 30), (9, 1), (9, 9), (9, 12), (9, 40), (19, 15), (19, 25)] + [
            (a, a + k * a ** 0.5) for a in (25, 300, 1e4, 1e6) for k in (-4, -1, 0, 0.3, 2, 5)] + [(25, 13), (25, 80), (1e6, 1e6 - 0.5), (1e6, 1e6 + 0.5)]
far = near + [(0.5, 1e-30), (2, 500), (30, 1e-3), (30, 1000), (1e6, 1e5), (1e6, 9.5e5), (1e6, 1.1e6), (1e6, 1e7)]
draws = near + [(1e-3, 1e-3), (300, 150), (300, 600)]
INCOMPLETE = {
    'igamma': (big_p, 'ax', {'a': by_a(big_p), 'x': p}, {'a,a': by_a(big_p, 2), 'a,x': lambda a, x: p(a, x) * dens_a(a, x), 'x,x': lambda a, x: p(a, x) * score(a, x)}, tiny + near),
    'igammac': (big_q, 'ax', {'a': by_a(big_q), 'x': lambda a, x: -p(a, x)}, {'a,a': by_a(big_q, 2), 'a,x': lambda a, x: -p(a, x) * dens_a(a, x), 'x,x': lambda a, x: -p(a, x) * score(a, x)}, tiny + near),
    'logIgamma': (log_p, 'ax', *hazard_terms(log_p, 1), tiny + [c for c in far if c != (1e6, 1e7) and c != (2, 500) and c != (30, 1000)]),
    'logIgammac': (log_q, 'ax', *hazard_terms(log_q, -1), [c for c in far if c != (0.5, 1e-30) and c != (30, 1e-3) and c != (1e6, 1e5)]),
    'gammaSampleDerivative': (slope, 'az', {'a': slope_a, 'z': slope_z}, {}, draws),
    'logGammaSampleDerivative': (lambda a, l: slope(a, mp.exp(l)) / mp.exp(l), ['a', 'logZ'], {'a': lambda a, l: slope_a(a, mp.exp(l)) / mp.exp(l),
                                 'logZ': lambda a, l: slope_z(a, mp.exp(l)) - slope(a, mp.exp(l)) / mp.exp(l)}, {},
                                 [(1e-3, -1e5), (1e-3, -300), (1e-3, -2), (1e-3, 0.3), (0.2, -80), (0.2, -1), (1, 0), (4, 1), (30, 3.3), (1e4, 9.22)]),
    'igammaInv': (inverse_p, 'ap', {'a': lambda a, q: slope(a, inverse_p(a, q)), 'p': lambda a, q: 1 / p(a, inverse_p(a, q))}, {}, [(a, q) for a in (1e-3, 0.1, 0.5, 1, 3.5, 30, 1e3, 1e6) for q in (1e-20, 1e-3, 0.3, 0.5, 0.9, 0.9999) if q > 0.95 or a > 0.01]),
    'igammacInv': (inverse_q, 'aq', {'a': lambda a, q: slope(a, inverse_q(a, q)), 'q': lambda a, q: -1 / p(a, inverse_q(a, q))}, {}, [(a, q) for a in (1e-3, 0.5, 3.5, 30, 1e3, 1e6) for q in (1e-30, 1e-20, 1e-3, 0.3)]),
}
ALL = {'gamma': GROUPS, 'incompleteGamma': INCOMPLETE}


def column(f, cases):
    return [f(*case) for case in cases]


def table(entry):
    f, inputs, first, second, cases = entry
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
    group = sys.argv[1]
    print('/** Made by scripts/reference/math_gamma.py; do not edit. */')
    print("import type {FunctionReference} from '../functionSuite.js';\n")
    print(f'export const {group}Reference = {{')
    for name, entry in ALL[group].items():
        rows = table(entry)
        print(f'  {name}: {{')
        for key, v in rows.items():
            print(f'    {key}: {show(v)},')
        print('  },')
    print('} satisfies Record<string, FunctionReference>;')
