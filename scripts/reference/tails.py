"""Makes test/distributions/reference/tails.ts: logarithms of cdfs, moments and second derivatives where what they are made of leaves float32.

    python3 scripts/reference/tails.py > test/distributions/reference/tails.ts

The textbook formulas with 400 digits; the logarithm of a lower tail as an integral of the density, or by a closed form.
"""
import mpmath as mp

from common import f32

mp.mp.dps = 400


def number(v):
    if mp.isinf(v) or mp.isnan(v):
        return 'NaN' if mp.isnan(v) else 'Infinity' if v > 0 else '-Infinity'
    return mp.nstr(v, 9).removesuffix('.0') if v != 0 else '0'


def log1p(v):
    """ln(1 + v), also where 1 + v has lost v."""
    return v if abs(v) < mp.mpf(10) ** -390 else mp.log1p(v)


def config(parameters):
    return '{' + ', '.join(f'{k}: {v!r}'.removesuffix('.0') for k, v in parameters.items()) + '}'


def von_mises(x, k):
    with mp.workdps(40):
        density = lambda t: mp.exp(k * (mp.cos(t) - mp.cos(x)))
        points = [max(-mp.pi, x - 60 / k - 12 / mp.sqrt(k)), x]
        return mp.log(mp.quad(density, mp.linspace(points[0], points[1], 17)) / (2 * mp.pi * mp.besseli(0, k))) + k * mp.cos(x)


def gamma(a, x):
    return mp.log(mp.gammainc(a, 0, x, regularized=True))


def poisson(k, rate):
    return -rate + mp.log(sum(rate ** i / mp.factorial(i) for i in range(int(k) + 1)))


def binomial(k, n, p):
    return mp.log(sum(mp.binomial(n, i) * p ** i * (1 - p) ** (n - i) for i in range(int(k) + 1)))


def normal(z):
    return mp.log(mp.erfc(-z / mp.sqrt(2)) / 2)


TAILS = [
    ('Weibull', {'concentration': 20, 'scale': 1}, [0.005, 1e-30, 0.5, 0.95, 1, 1.1], lambda x, k, s: mp.log(-mp.expm1(-(x / s) ** k))),
    ('Weibull', {'concentration': 1e4, 'scale': 3e5}, [1, 2.9e5, 3.0005e5], lambda x, k, s: mp.log(-mp.expm1(-(x / s) ** k))),
    ('Exponential', {'rate': 1e-30}, [1e-30, 1e-5, 1e30, 5e30], lambda x, r: mp.log(-mp.expm1(-r * x))),
    ('Kumaraswamy', {'concentration1': 20, 'concentration0': 3}, [0.005, 1e-30, 0.3, 0.9, 0.99], lambda x, a, b: mp.log(-mp.expm1(b * log1p(-x ** a)))),
    ('Kumaraswamy', {'concentration1': 300, 'concentration0': 1e-5}, [0.01, 0.7, 0.99, 0.9999], lambda x, a, b: mp.log(-mp.expm1(b * log1p(-x ** a)))),
    ('VonMises', {'loc': 0, 'concentration': 100}, [-3, -2, -1, -0.1, 0.3], lambda x, _, k: von_mises(x, k)),
    ('VonMises', {'loc': 1, 'concentration': 1000}, [-2, -1, 0, 0.9], lambda x, m, k: von_mises(x - m, k)),
    ('Pareto', {'concentration': 1e-20, 'scale': 2}, [2.5, 1e20], lambda x, a, s: mp.log(-mp.expm1(a * mp.log(s / x)))),
    ('Gamma', {'concentration': 50, 'rate': 2}, [1e-4, 1e-20, 1, 20], lambda x, a, r: gamma(a, r * x)),
    ('Chi2', {'df': 80}, [1e-6, 1, 50], lambda x, n: gamma(n / 2, x / 2)),
    ('InverseGamma', {'concentration': 3, 'scale': 500}, [1, 0.1, 20], lambda x, a, s: mp.log(mp.gammainc(a, s / x, regularized=True))),
    ('Beta', {'concentration1': 40, 'concentration0': 3}, [1e-5, 1e-30, 0.5, 0.9], lambda x, a, b: mp.log(mp.betainc(a, b, 0, x, regularized=True))),
    ('Poisson', {'rate': 500}, [0, 10, 300, 490], poisson),
    ('Binomial', {'totalCount': 300, 'probs': 0.75}, [0, 10, 100, 220], binomial),
    ('NegativeBinomial', {'totalCount': 40, 'probs': 0.999}, [0, 3, 30],
     lambda k, n, p: mp.log(sum(mp.binomial(n + i - 1, i) * p ** i for i in range(int(k) + 1))) + n * mp.log(1 - p)),
    ('Geometric', {'logits': -100}, [0, 3, 1e20], lambda k, l: mp.log(-mp.expm1(-(k + 1) * log1p(mp.exp(l))))),
    ('LogNormal', {'loc': 0, 'scale': 1}, [1e-20, 1e-5, 1], lambda x, m, s: normal((mp.log(x) - m) / s)),
    ('LogitNormal', {'loc': 0, 'scale': 1}, [1e-20, 1e-5, 0.5], lambda x, m, s: normal((mp.log(x / (1 - x)) - m) / s)),
    ('Gumbel', {'loc': 0, 'scale': 1}, [-4.5, -20, 0], lambda x, m, s: -mp.exp(-(x - m) / s)),
    ('Uniform', {'low': 0, 'high': 1}, [1e-30, 0.5, 0.99999], lambda x, a, b: mp.log((x - a) / (b - a))),
    ('HalfNormal', {'scale': 1}, [1e-30, 1, 5], lambda x, s: mp.log(mp.erf(x / s / mp.sqrt(2)))),
    ('HalfCauchy', {'loc': 0, 'scale': 1}, [1e-30, 1, 1e5], lambda x, m, s: mp.log(2 * mp.atan((x - m) / s) / mp.pi)),
]


def central(first, second):
    """Mean, variance and standard deviation from two moments."""
    return first, second - first ** 2, mp.sqrt(second - first ** 2)


def kumaraswamy(a, b):
    return central(b * mp.beta(1 + 1 / a, b), b * mp.beta(1 + 2 / a, b))


def weibull(k, s):
    return central(s * mp.gamma(1 + 1 / k), s * s * mp.gamma(1 + 2 / k))


def log_normal(m, s):
    return central(mp.exp(m + s * s / 2), mp.exp(2 * m + 2 * s * s))


def beta(a, b):
    v = a * b / ((a + b) ** 2 * (a + b + 1))
    return a / (a + b), v, mp.sqrt(v)


def uniform(a, b):
    return (a + b) / 2, (b - a) ** 2 / 12, (b - a) / mp.sqrt(12)


MOMENTS = [
    ('Kumaraswamy', ['concentration1', 'concentration0'], kumaraswamy,
     [(0.01, 1), (0.01, 1000), (1e-3, 1e-3), (1e6, 1e6), (1e3, 1e-3), (1e3, 1e-6), (0.5, 1e6), (1e6, 0.5), (0.1, 30), (0.05, 3), (30, 1e7), (1, 1e-6), (200, 5)]),
    ('Weibull', ['concentration', 'scale'], weibull, [(0.02, 1e-37), (0.1, 1), (1e4, 1), (1e6, 1e10), (0.05, 1e-10), (1, 2), (30, 1e-15)]),
    ('LogNormal', ['loc', 'scale'], log_normal, [(-100, 10), (-20, 4), (0, 1e-4), (3, 1e-10), (-150, 9.5), (0.5, 1), (-40, 4.6)]),
    ('Beta', ['concentration1', 'concentration0'], beta, [(1, 1e30), (1e-30, 1e-30), (1e30, 1e30), (1e-10, 1), (1e10, 1), (2, 3)]),
    ('Uniform', ['low', 'high'], uniform, [(0, 5e19), (-1e-15, 1e-15), (1e6, 1.000001e6)]),
]


def kumaraswamy_density(x, a, b):
    return mp.log(a * b) + (a - 1) * mp.log(x) + (b - 1) * mp.log(1 - x ** a)


def binomial_density(p, k, n):
    return k * mp.log(p) + (n - k) * mp.log(1 - p) + mp.log(mp.binomial(n, k))


def second(f, at, i):
    """The second derivative by argument i, by differences of a step that is small beside it and beside its distance from 1."""
    h = min(abs(at[i]), abs(1 - at[i]) or mp.inf) * mp.mpf(10) ** -80
    def moved(sign):
        args = list(at)
        args[i] += sign * h
        return f(*args)
    return (moved(1) - 2 * f(*at) + moved(-1)) / h ** 2


CURVATURES = [
    ('Kumaraswamy', ['concentration1', 'concentration0'], [(0.3, 2, 5), (1e-6, 3, 5), (1e-20, 2, 3), (0.999999, 2, 5), (0.5, 1e-3, 2), (0.99, 300, 4), (0.2, 30, 1e4), (0.9, 0.5, 0.5)]),
]
COUNTS = [(3, 5, 0.4), (5, 5, 1 - 2 ** -24), (4, 5, 1 - 2 ** -20), (0, 5, 1 - 2 ** -20), (5, 5, 0.999), (1, 5, 1e-10), (0, 5, 1e-30), (5, 5, 0.3)]

if __name__ == '__main__':
    print('/** Made by scripts/reference/tails.py; do not edit. */\n')
    print('export const logCdfs: Array<{family: string; config: Record<string, number>; x: number[]; logCdf: number[]}> = [')
    for family, parameters, x, f in TAILS:
        values = [f(f32(v), *[f32(p) for p in parameters.values()]) for v in x]
        print(f"  {{family: '{family}', config: {config(parameters)}, x: {x}, logCdf: [{', '.join(number(v) for v in values)}]}},")
    print('];\n')
    print('/** Parameters in the order of `names`, mean, variance and standard deviation. */')
    print('export const moments: Array<{family: string; names: string[]; rows: Array<[parameters: number[], mean: number, variance: number, stddev: number]>}> = [')
    for family, names, f, cases in MOMENTS:
        print(f"  {{\n    family: '{family}', names: {names},\n    rows: [")
        for c in cases:
            print(f"      [{list(c)}, {', '.join(number(v) for v in f(*[f32(v) for v in c]))}],")
        print('    ],\n  },')
    print('];\n')
    print('/** x and the concentrations of a Kumaraswamy distribution, and the second derivatives of ln p by each of the three. */')
    print('export const kumaraswamyCurvatures: Array<[at: number[], curvatures: number[]]> = [')
    for c in CURVATURES[0][2]:
        at = [f32(v) for v in c]
        print(f"  [{list(c)}, [{', '.join(number(second(kumaraswamy_density, at, i)) for i in range(3))}]],")
    print('];\n')
    print('/** k, n and p of a binomial distribution, the first and the second derivative of ln P(k) by p. */')
    print('export const binomialSlopes: Array<[k: number, n: number, p: number, first: number, second: number]> = [')
    for k, n, p in COUNTS:
        q = f32(p)
        first = (k / q if k else 0) - ((n - k) / (1 - q) if n > k else 0)
        curve = -(k / q ** 2 if k else 0) - ((n - k) / (1 - q) ** 2 if n > k else 0)
        print(f'  [{k}, {n}, {p!r}, {number(first)}, {number(curve)}],')
    print('];')
