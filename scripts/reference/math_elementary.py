"""Makes test/functions/reference/elementary.ts: values and derivatives of src/functions/{elementary,normal,bessel,vonMises}.

    python3 scripts/reference/math_elementary.py > test/functions/reference/elementary.ts

Needs mpmath. Values come from the textbook formulas; derivatives from central differences with 200 digits, or, for what is defined by an
integral or an inverse, from its formula. All inputs are float32 numbers.
"""
import mpmath as mp

from common import f32, text

INF = mp.inf
# second derivatives that are 0 because the function is linear
LINEAR = [('xlogy', 'x', 'x'), ('xlog1py', 'x', 'x')]


def difference(f, args, i):
    """The partial derivative of f in argument i, to about 60 digits."""
    def g(*at):
        h = (abs(at[i]) or 1) * mp.mpf(10) ** -30
        up, down = list(at), list(at)
        up[i] += h
        down[i] -= h
        return (f(*up) - f(*down)) / (2 * h)
    return g


def case(name, f, names, points, ends=(), first=None, second=None):
    """One function: `points` are tuples of arguments, `ends` those where only the value is compared, with it."""
    names = names.split()
    points = [tuple(f32(v) for v in (p if isinstance(p, tuple) else (p,))) for p in points]
    with mp.workdps(200 if first is None else 60):
        slopes = first if first is not None else {n: difference(f, names, i) for i, n in enumerate(names)}
        bends = second if second is not None else {
            (n, m): difference(slopes[n], names, j) for i, n in enumerate(names) for j, m in enumerate(names) if j >= i}
        record = {
            'name': name,
            'inputs': {n: [p[i] for p in points] for i, n in enumerate(names)},
            'value': [f(*p) for p in points],
            'first': {n: [slopes[n](*p) for p in points] for n in names if n in slopes},
            'second': {f"'{n},{m}'": [g(*p) for p in points] for (n, m), g in bends.items() if (name, n, m) not in LINEAR},
            'ends': {'inputs': {n: [mp.mpf(e[i]) for e in ends] for i, n in enumerate(names)}, 'value': [mp.mpf(e[-1]) for e in ends]},
        }
    return record


def log_add_exp(a, b):
    return max(a, b) + mp.log1p(mp.exp(-abs(a - b)))


SMALL = [1e-37, 1e-7, -1e-7, 1e-3, -1e-3, 0.3, -0.3, 0.39, -0.39, 0.41, -0.41, 0.49, -0.49, 0.51, -0.51, -0.6, 0.99, 1, 1.01, 3]
PRODUCTS = [(1, 2), (-3, 0.5), (0.5, 1e-30), (1e-20, 1e20), (0, 3), (1e10, 1), (2, 1e-3), (-0.1, 40)]


def elementary():
    log1p = [x for x in SMALL if x > -1] + [-0.99, 1e5, 1e30]
    return [
        case('expm1', mp.expm1, 'x', SMALL + [-5, -30, -80, 20, 88], [(0, 0), (-INF, -1), (INF, INF)]),
        case('log1p', mp.log1p, 'x', log1p, [(0, 0), (-1, -INF), (INF, INF)]),
        case('log1pmx', lambda x: mp.log1p(x) - x, 'x', log1p, [(0, 0), (-1, -INF), (INF, -INF)]),
        case('safeLog', mp.log, 'x', [1.2e-38, 1e-20, 1e-3, 0.5, 0.999, 1, 1.001, 2, 1e15, 3e38], [(0, -INF), (INF, INF)]),
        case('xlogy', lambda x, y: x * mp.log(y), 'x y', PRODUCTS, [(0, 0, 0), (0, INF, 0), (0, -1, 0), (2, 0, -INF), (-1, 0, INF)]),
        case('xlog1py', lambda x, y: x * mp.log1p(y), 'x y', PRODUCTS + [(1, -0.9), (3, -1e-6), (-2, 1e-37)],
             [(0, -1, 0), (0, INF, 0), (2, -1, -INF), (-1, -1, INF)]),
        case('log1mexp', lambda x: mp.log(-mp.expm1(-abs(x))), 'x', [1e-15, 1e-6, 0.01, 0.3, 0.69, 0.7, 1, 3, 12, 30, 80, -0.5, -20],
             [(0, -INF), (INF, 0), (-INF, 0)]),
        case('logAddExp', log_add_exp, 'a b',
             [(0, 0.001), (0.001, 0), (1, 2), (-1000, -1001), (88, 89), (5, -20), (-3, 17), (1e-3, -1e-3), (-80, 0), (1e10, -1e10), (0.5, -0.9)],
             [(-INF, -INF, -INF), (-INF, 3, 3), (3, -INF, 3), (INF, 3, INF), (INF, INF, INF), (INF, -INF, INF), (0, 0, mp.log(2))]),
        case('softplusInverse', lambda x: mp.log(mp.expm1(x)), 'x', [1e-15, 1e-5, 0.1, 0.5, 0.69314718, 0.7, 0.99, 1, 1.01, 5, 30, 80, 1e30],
             [(0, -INF), (INF, INF)]),
    ]


def erfcx(x):
    return mp.exp(x * x) * mp.erfc(x)


def cdf(x):
    return mp.erfc(-x / mp.sqrt(2)) / 2


def density(x):
    return mp.exp(-x * x / 2) / mp.sqrt(2 * mp.pi)


def quantile(p):
    """Newton's method on the logarithm of the nearer tail."""
    sign, tail = (-1, p) if p < 0.5 else (1, 1 - p)
    z = mp.sqrt(-2 * mp.log(2 * tail)) if tail < 0.5 else mp.mpf(0)
    for _ in range(200):
        value = cdf(-z)
        step = (mp.log(value) - mp.log(tail)) * value / density(z)
        z += step
        if abs(step) < mp.mpf(10) ** -50:
            break
    return sign * z


def erfinv(y):
    """Of small y by Newton's method on erf itself."""
    if abs(y) > 0.1:
        return quantile((1 + y) / 2) / mp.sqrt(2)
    x = y * mp.sqrt(mp.pi) / 2
    for _ in range(20):
        x -= (mp.erf(x) - y) * mp.sqrt(mp.pi) / 2 * mp.exp(x * x)
    return x


def erfinv_slope(y):
    return mp.sqrt(mp.pi) / 2 * mp.exp(erfinv(y) ** 2)


def normal():
    tiny = 1 - 2 ** -24
    return [
        case('erf', mp.erf, 'x', [0, 1e-37, 1e-5, -0.3, 0.46, 0.48, -1, 2, 3.9, -4.1, 6, -9], [(INF, 1), (-INF, -1), (100, 1)]),
        case('erfc', mp.erfc, 'x', [0, 1e-37, 1e-5, -0.3, 0.46, 0.48, 0.7, -1, 2, 3.9, -4.1, 6, 9, -9], [(INF, 0), (-INF, 2), (30, 0)]),
        case('erfcx', erfcx, 'x', [-9.25, -5, -1, -0.5, -0.4, 0, 1e-20, 0.3, 0.5, 1, 1.45, 1.55, 3, 4.1, 10, 1e3, 1e10, 1e30],
             [(INF, 0), (-INF, INF)]),
        case('erfinv', erfinv, 'y', [0, 1e-37, 1e-5, 0.3, -0.5, -0.84, 0.86, -0.99, 0.99999, tiny, -tiny], [(1, INF), (-1, -INF)],
             first={'y': erfinv_slope}, second={('y', 'y'): lambda y: 2 * erfinv(y) * erfinv_slope(y) ** 2}),
        case('ndtr', cdf, 'x', [-12.9, -9, -5, -1, -0.6, -0.3, 0, 1e-5, 0.7, 3, 8], [(INF, 1), (-INF, 0), (-40, 0)]),
        case('logNdtr', lambda x: mp.log(cdf(x)), 'x',
             [-1e18, -1e10, -1e5, -100, -30, -13, -5, -2.2, -2.1, -1.01, -0.99, 0, 1e-5, 1, 3, 8, 12.8], [(INF, 0), (-INF, -INF)]),
        case('ndtri', quantile, 'p', [1.2e-38, 1e-30, 1e-15, 1e-10, 1e-4, 0.02, 0.07, 0.08, 0.3, 0.499, 0.5, 0.6, 0.92, 0.93, 0.999, tiny],
             [(0, -INF), (1, INF)],
             first={'p': lambda p: 1 / density(quantile(p))}, second={('p', 'p'): lambda p: quantile(p) / density(quantile(p)) ** 2}),
        case('logDensity', lambda x: -x * x / 2 - mp.log(2 * mp.pi) / 2, 'x', [0, 1e-3, 1, -13, 1e10], [(INF, -INF)]),
    ]


def bessel():
    at = [1e-37, 1e-3, -0.5, 1, 1.5, 3, -7, 11.9, 12.1, 17.9, 18.1, 50, -1000, 1e6, 1e10, 1e30]
    return [
        case('i0e', lambda x: mp.exp(-abs(x)) * mp.besseli(0, x), 'x', at, [(0, 1), (INF, 0), (-INF, 0)]),
        case('i1e', lambda x: mp.exp(-abs(x)) * mp.besseli(1, x), 'x', at, [(0, 0), (INF, 0)]),
    ]


class VonMises:
    """Its integrals, with everything in units of 1 − cos x; `moment` is that of (1 − cos θ)ⁿ e^{−κ(1 − cos θ)}/π over [0, π]."""

    @staticmethod
    def versine(x):
        return 2 * mp.sin(x / 2) ** 2

    @staticmethod
    def pieces(low, high, kappa):
        width = 1 / mp.sqrt(kappa)
        inner = [s * k * width for k in (0.25, 1, 2, 4, 8, 16, 32) for s in (-1, 1)] + [mp.mpf(0)]
        if high < 0:
            inner += [high - k / (kappa * mp.sin(-high) + mp.sqrt(kappa)) for k in (0.5, 1, 2, 4, 8, 16, 32, 64)]
        return [low] + sorted({v for v in inner if low < v < high}) + [high]

    @staticmethod
    def integral(weight, low, high, kappa):
        with mp.workdps(30):
            return mp.quad(lambda t: weight(VonMises.versine(t)) * mp.exp(-kappa * VonMises.versine(t)), VonMises.pieces(low, high, kappa))

    @staticmethod
    def facts(kappa):
        total, one, two = [VonMises.integral(lambda d, n=n: d ** n, -mp.pi, mp.pi, kappa) for n in range(3)]
        mean = one / total
        return total, mean, two / total - mean ** 2

    @staticmethod
    def density(x, kappa):
        return mp.exp(-kappa * VonMises.versine(x)) / VonMises.facts(kappa)[0]

    @staticmethod
    def tail(weight, x, kappa):
        """∫ weight p up to x, from the nearer end; each weight is an even function."""
        below = VonMises.integral(weight, -mp.pi, -abs(x), kappa) / VonMises.facts(kappa)[0]
        return below if x < 0 else VonMises.integral(weight, -mp.pi, mp.pi, kappa) / VonMises.facts(kappa)[0] - below

    @staticmethod
    def cdf(x, kappa):
        return VonMises.tail(lambda d: mp.mpf(1), x, kappa)

    @staticmethod
    def slope(x, kappa):
        """∂F/∂κ = ∫ (m − d) p, where d is 1 − cos t and m its mean."""
        _, mean, _ = VonMises.facts(kappa)
        return VonMises.tail(lambda d: mean - d, x, kappa)

    @staticmethod
    def bend(x, kappa):
        """∂²F/∂κ² = ∫ ((m − d)² − v) p."""
        _, mean, variance = VonMises.facts(kappa)
        return VonMises.tail(lambda d: (mean - d) ** 2 - variance, x, kappa)

    @staticmethod
    def by_x(x, kappa):
        return -kappa * mp.sin(x) * VonMises.density(x, kappa)

    @staticmethod
    def by_kappa(x, kappa):
        return (VonMises.facts(kappa)[1] - VonMises.versine(x)) * VonMises.density(x, kappa)


def von_mises():
    v = VonMises
    points = [(-3.1, 1e-3), (-1, 1e-3), (2, 1e-3), (-3, 0.5), (-0.01, 0.5), (1.3, 0.5), (-2.5, 4), (-0.4, 4), (0.2, 4), (1, 4), (-1.7, 50),
              (-0.3, 50), (0.1, 50), (-0.12, 1e4), (-0.003, 1e4), (0.02, 1e4), (-0.0125, 1e6), (-0.005, 1e6), (-1e-4, 1e6), (1.5e-3, 1e6)]
    near = [(x, k) for x, k in points if k * x * x < 25 and (x, k) != (-2.5, 4)]

    def sample(kappa, z):
        return -v.slope(z, kappa) / v.density(z, kappa)

    def sample_by_kappa(kappa, z):
        return -v.bend(z, kappa) / v.density(z, kappa) + v.slope(z, kappa) * v.by_kappa(z, kappa) / v.density(z, kappa) ** 2

    def sample_by_z(kappa, z):
        return (-v.by_kappa(z, kappa) + v.slope(z, kappa) * v.by_x(z, kappa) / v.density(z, kappa)) / v.density(z, kappa)

    return [
        case('vonMisesCdf', v.cdf, 'x concentration', points, [(-mp.pi, 2, 0), (mp.pi, 2, 1), (-4, 2, 0), (4, 2, 1), (0, 3, 0.5), (mp.pi / 2, 0, 0.75)],
             first={'x': v.density, 'concentration': v.slope},
             second={('x', 'x'): v.by_x, ('x', 'concentration'): v.by_kappa, ('concentration', 'concentration'): v.bend}),
        case('vonMisesSampleDerivative', sample, 'concentration z', [(k, x) for x, k in points], [(3, 0, 0), (1, mp.pi, 0)],
             first={'concentration': sample_by_kappa}, second={}),
        case('vonMisesSampleByZ', sample_by_z, 'concentration z', [(k, x) for x, k in near], first={}, second={}),
        case('vonMisesLogDensity', lambda x, k: -k * v.versine(x) - mp.log(2 * mp.pi * mp.exp(-k) * mp.besseli(0, k)), 'x concentration',
             points + [(10, 0.5), (-20, 3)], [(1, 0, -mp.log(2 * mp.pi))]),
        case('sine', mp.sin, 'x', [1e-37, 1e-3, -0.5, 1.5, 1.6, 2, -3, 10, -100]),
        case('versine', lambda x: 1 - mp.cos(x), 'x', [1e-15, 1e-3, -0.5, 1.5, 2, -3, 10, -100]),
    ]


def camel(name):
    first, *more = name.split('_')
    return first + ''.join(word.capitalize() for word in more)


def main():
    print('/** Made by scripts/reference/math_elementary.py; do not edit. */')
    print("import type {FunctionReference} from '../functionSuite.js';\n")
    print('/** Where only the value is compared. */')
    print("export type WithEnds = FunctionReference & {ends: Pick<FunctionReference, 'inputs' | 'value'>};\n")
    for group in (elementary, normal, bessel, von_mises):
        print(f'export const {camel(group.__name__)}Reference = {{')
        for record in group():
            fields = ',\n'.join(f'    {k}: {text(v)}' for k, v in record.items() if k != 'name')
            print(f'  {record["name"]}: {{\n{fields},\n  }},')
        print('} satisfies Record<string, WithEnds>;\n')


main()
