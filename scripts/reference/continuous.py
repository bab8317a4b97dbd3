"""Makes test/distributions/reference/continuous.ts: exact values of continuous families on the line, and of location-scale families at
extreme scales.

    python3 scripts/reference/continuous.py > test/distributions/reference/continuous.ts

Densities and cdfs are the textbook formulas. Mean, variance and entropy are textbook formulas too, each checked here against
numerical integration in the first settings of its family. All inputs are float32 numbers, so that rounding of inputs plays no part.
"""
import mpmath as mp

import basic
from common import QUANTILES, f32, logmp, write

LARGEST = mp.mpf('3.4028235e38')
TINY = mp.mpf('1.2e-38')


class Family:
    @staticmethod
    def steep(x, *params):
        """Whether the density is finite and its derivative by a parameter is not; such values are tested elsewhere."""
        return False


def ndtr(z):
    return mp.erfc(-z / mp.sqrt(2)) / 2


def ndtri(p):
    return basic.Normal.quantile(p, mp.mpf(0), mp.mpf(1)) if 0 < p < 1 else (-mp.inf if p == 0 else mp.inf)


def log_phi(z):
    return -z * z / 2 - mp.log(2 * mp.pi) / 2


class LogNormal(Family):
    names = ['loc', 'scale']
    offsets = [0, 0.001, -0.5, 1, -2, 3, 5, -5, 9, -9, 12]
    settings = [(0, 1), (1.5, 0.25), (-3, 1e-3), (0.5, 3), (40, 0.01), (0, 1e18)]
    divergences = [((0, 1), (0, 1)), ((0.5, 2), (-1, 0.7)), ((1, 1.001), (1, 1)), ((0, 1e-18), (0, 1e18))]

    @staticmethod
    def place(o, loc, scale):
        return mp.exp(loc + scale * o) if scale < 1e9 else mp.mpf(2) ** (10 * o)

    @staticmethod
    def log_pdf(x, loc, scale):
        if x <= 0:
            return -mp.inf
        return log_phi((mp.log(x) - loc) / scale) - mp.log(scale) - mp.log(x)

    @staticmethod
    def cdf(x, loc, scale):
        return ndtr((mp.log(x) - loc) / scale) if x > 0 else mp.mpf(0)

    @staticmethod
    def survival(x, loc, scale):
        return ndtr((loc - mp.log(x)) / scale) if x > 0 else mp.mpf(1)

    @staticmethod
    def quantile(p, loc, scale):
        return mp.exp(loc + scale * ndtri(p))

    @staticmethod
    def moments(loc, scale):
        mean = mp.exp(loc + scale ** 2 / 2)
        out = {'mean': mean, 'mode': mp.exp(loc - scale ** 2), 'entropy': loc + mp.log(scale) + mp.log(2 * mp.pi * mp.e) / 2}
        out['variance'] = mp.expm1(scale ** 2) * mean ** 2
        return out

    @staticmethod
    def divergence(a, b):
        return (a[1] / b[1]) ** 2 / 2 + ((a[0] - b[0]) / b[1]) ** 2 / 2 - mp.mpf(1) / 2 - mp.log(a[1] / b[1])


class LogitNormal(Family):
    names = ['loc', 'scale']
    offsets = [0, 0.001, -0.5, 1, -2, 3, 5, -5, 6, -9, -12]
    settings = [(0, 1), (0.5, 0.25), (-3, 1e-2), (1, 3), (-20, 2), (0, 1e18)]
    extra = [0, 1]
    divergences = LogNormal.divergences
    divergence = LogNormal.divergence

    @staticmethod
    def place(o, loc, scale):
        return 1 / (1 + mp.exp(-(loc + scale * o))) if scale < 1e9 else mp.mpf(0.5) ** (1 + abs(o))

    @staticmethod
    def log_pdf(x, loc, scale):
        if x <= 0 or x >= 1:
            return -mp.inf
        return log_phi((mp.log(x / (1 - x)) - loc) / scale) - mp.log(scale) - mp.log(x) - mp.log(1 - x)

    @staticmethod
    def cdf(x, loc, scale):
        return mp.mpf(x > 0) if x <= 0 or x >= 1 else ndtr((mp.log(x / (1 - x)) - loc) / scale)

    @staticmethod
    def survival(x, loc, scale):
        return mp.mpf(x <= 0) if x <= 0 or x >= 1 else ndtr((loc - mp.log(x / (1 - x))) / scale)

    @staticmethod
    def quantile(p, loc, scale):
        return 1 / (1 + mp.exp(-(loc + scale * ndtri(p))))

    @staticmethod
    def moments(loc, scale):
        return {}


class HalfNormal(Family):
    names = ['scale']
    offsets = [0, 1e-6, 0.001, 0.5, 0.9, 1, 1.2, 2, 3, 5, 9, 12, 30, -1]
    settings = [(1,), (0.25,), (40,), (1e-18,), (1e18,)]
    divergences = [((1,), (1,)), ((2,), (0.3,)), ((0.01,), (3,)), ((1.001,), (1,)), ((1e-18,), (1e18,))]

    @staticmethod
    def place(o, scale):
        return o * scale

    @staticmethod
    def log_pdf(x, scale):
        return mp.log(2) + log_phi(x / scale) - mp.log(scale) if x >= 0 else -mp.inf

    @staticmethod
    def cdf(x, scale):
        return mp.erf(max(x, 0) / scale / mp.sqrt(2))

    @staticmethod
    def survival(x, scale):
        return mp.erfc(max(x, 0) / scale / mp.sqrt(2))

    @staticmethod
    def quantile(p, scale):
        return -scale * ndtri((1 - p) / 2)

    @staticmethod
    def moments(scale):
        return {'mean': scale * mp.sqrt(2 / mp.pi), 'variance': scale ** 2 * (1 - 2 / mp.pi), 'mode': mp.mpf(0),
                'entropy': mp.log(mp.pi * scale ** 2 / 2) / 2 + mp.mpf(1) / 2}

    @staticmethod
    def divergence(a, b):
        return LogNormal.divergence((0, a[0]), (0, b[0]))


class Cauchy(Family):
    names = ['loc', 'scale']
    offsets = [0, 0.001, -0.5, 1, -2, 3, 50, -1e3, 1e6, -1e9, 1e15, -1e18]
    settings = [(0, 1), (1.5, 0.25), (-3, 1e-3), (100, 40), (0, 1e-18), (1e17, 1e18)]
    divergences = [((0, 1), (0, 1)), ((0.5, 2), (-1, 0.7)), ((3, 0.1), (0, 1)), ((1, 1.001), (1, 1)), ((0, 1e-18), (0, 1e18))]

    @staticmethod
    def place(o, loc, scale):
        return loc + o * scale

    @staticmethod
    def log_pdf(x, loc, scale):
        return -mp.log(mp.pi * scale * (1 + ((x - loc) / scale) ** 2))

    @staticmethod
    def cdf(x, loc, scale):
        return mp.atan2(1, (loc - x) / scale) / mp.pi

    @staticmethod
    def survival(x, loc, scale):
        return mp.atan2(1, (x - loc) / scale) / mp.pi

    @staticmethod
    def quantile(p, loc, scale):
        return loc + scale * mp.tan(mp.pi * (p - mp.mpf(1) / 2))

    @staticmethod
    def moments(loc, scale):
        return {'mode': loc, 'entropy': mp.log(4 * mp.pi * scale)}

    @staticmethod
    def divergence(a, b):
        return mp.log(((a[1] + b[1]) ** 2 + (a[0] - b[0]) ** 2) / (4 * a[1] * b[1]))


class HalfCauchy(Family):
    names = ['loc', 'scale']
    offsets = [0, 1e-6, 0.001, 0.5, 0.99, 1, 1.5, 3, 50, 1e3, 1e6, 1e15, -1]
    settings = [(0, 1), (1.5, 0.25), (100, 40), (0, 1e-18), (1e17, 1e18)]

    @staticmethod
    def place(o, loc, scale):
        return loc + o * scale

    @staticmethod
    def log_pdf(x, loc, scale):
        return Cauchy.log_pdf(x, loc, scale) + mp.log(2) if x >= loc else -mp.inf

    @staticmethod
    def cdf(x, loc, scale):
        return 2 * mp.atan(max(x - loc, 0) / scale) / mp.pi

    @staticmethod
    def survival(x, loc, scale):
        return 2 * mp.atan2(1, max(x - loc, 0) / scale) / mp.pi

    @staticmethod
    def quantile(p, loc, scale):
        return loc + scale * mp.tan(mp.pi * p / 2)

    @staticmethod
    def moments(loc, scale):
        return {'mode': loc, 'entropy': mp.log(2 * mp.pi * scale)}


class Weibull(Family):
    names = ['concentration', 'scale']
    offsets = [1e-12, 1e-6, 0.01, 0.3, 0.69, 1, 1.5, 3, 10, 40, 80, 0, -1]
    settings = [(1.5, 1), (0.5, 2), (8, 1e-18), (1e-3, 1), (1e6, 1e18), (1, 3)]
    divergences = [((1.5, 1), (1.5, 1)), ((2, 0.5), (0.7, 3)), ((0.5, 1), (1.5, 2)), ((1e6, 1), (1e6, 1.000001)), ((2, 1e-18), (1, 1e18))]

    @staticmethod
    def steep(x, k, scale):
        return x == 0 and k == 1

    @staticmethod
    def place(o, k, scale):
        """By the exponent (x/scale)^k."""
        return o if o <= 0 else scale * mp.mpf(o) ** (1 / k)

    @staticmethod
    def log_pdf(x, k, scale):
        if x < 0:
            return -mp.inf
        if x == 0:
            return mp.inf if k < 1 else -mp.inf if k > 1 else -mp.log(scale)
        return mp.log(k / scale) + (k - 1) * mp.log(x / scale) - (x / scale) ** k

    @staticmethod
    def cdf(x, k, scale):
        return -mp.expm1(-(max(x, 0) / scale) ** k)

    @staticmethod
    def survival(x, k, scale):
        return mp.exp(-(max(x, 0) / scale) ** k)

    @staticmethod
    def quantile(p, k, scale):
        return scale * (-mp.log(1 - p)) ** (1 / k)

    @staticmethod
    def moments(k, scale):
        mean = scale * mp.gamma(1 + 1 / k)
        return {'mean': mean, 'variance': scale ** 2 * mp.gamma(1 + 2 / k) - mean ** 2,
                'mode': scale * ((k - 1) / k) ** (1 / k) if k > 1 else mp.mpf(0),
                'entropy': mp.euler * (1 - 1 / k) + mp.log(scale / k) + 1}

    @staticmethod
    def divergence(a, b):
        (k, s), (l, t) = a, b
        return (mp.log(k / s ** k) - mp.log(l / t ** l) + (k - l) * (mp.log(s) - mp.euler / k)
                + (s / t) ** l * mp.gamma(l / k + 1) - 1)


class Pareto(Family):
    names = ['concentration', 'scale']
    offsets = [0, 1e-9, 1e-4, 0.01, 0.3, 0.69, 1, 3, 10, 40, 80]
    settings = [(3, 1), (2.5, 1e-18), (0.7, 2), (1e6, 5), (1.5, 1e18), (1e-3, 1)]
    extra = [0.5, 0, -1]
    divergences = [((3, 1), (3, 1)), ((2, 2), (0.5, 1)), ((1e6, 1), (1.001e6, 1)), ((1, 1), (1, 2)), ((1, 1e18), (2, 1e-18))]

    @staticmethod
    def place(o, a, scale):
        """By the exponent a ln(x/scale)."""
        return scale * mp.exp(o / a)

    @staticmethod
    def log_pdf(x, a, scale):
        return mp.log(a) + a * mp.log(scale) - (a + 1) * mp.log(x) if x >= scale else -mp.inf

    @staticmethod
    def survival(x, a, scale):
        return (scale / max(x, scale)) ** a

    @staticmethod
    def cdf(x, a, scale):
        return -mp.expm1(-a * mp.log(max(x, scale) / scale))

    @staticmethod
    def quantile(p, a, scale):
        return scale * (1 - p) ** (-1 / a)

    @staticmethod
    def moments(a, scale):
        return {'mean': a * scale / (a - 1) if a > 1 else mp.inf,
                'variance': scale ** 2 * a / ((a - 1) ** 2 * (a - 2)) if a > 2 else mp.inf,
                'mode': scale, 'entropy': mp.log(scale / a) + 1 / a + 1}

    @staticmethod
    def divergence(a, b):
        return b[0] * mp.log(a[1] / b[1]) + mp.log(a[0] / b[0]) + b[0] / a[0] - 1 if a[1] >= b[1] else mp.inf


class Kumaraswamy(Family):
    names = ['concentration1', 'concentration0']
    offsets = [1e-20, 1e-9, 1e-3, 0.1, 0.4, 0.5, 0.7, 0.9, 0.999, 1 - 1e-6]
    settings = [(1.5, 2), (0.5, 0.5), (1, 3), (8, 0.5), (1e6, 1e6), (1e-3, 1e-3)]
    extra = [0, 1, 1.5, -0.5]

    @staticmethod
    def steep(x, a, b):
        return (x == 0 and a == 1) or (x == 1 and b == 1)

    @staticmethod
    def place(o, a, b):
        """By the value x^a."""
        return mp.mpf(o) ** (1 / a)

    @staticmethod
    def log_pdf(x, a, b):
        if x < 0 or x > 1:
            return -mp.inf
        if x == 0:
            return mp.inf if a < 1 else -mp.inf if a > 1 else mp.log(b)
        if x == 1:
            return mp.inf if b < 1 else -mp.inf if b > 1 else mp.log(a)
        return mp.log(a) + mp.log(b) + (a - 1) * mp.log(x) + (b - 1) * mp.log(-mp.expm1(a * mp.log(x)))

    @staticmethod
    def survival(x, a, b):
        return mp.mpf(1) if x <= 0 else mp.mpf(0) if x >= 1 else (-mp.expm1(a * mp.log(x))) ** b

    @staticmethod
    def cdf(x, a, b):
        return mp.mpf(0) if x <= 0 else mp.mpf(1) if x >= 1 else -mp.expm1(b * mp.log(-mp.expm1(a * mp.log(x))))

    @staticmethod
    def quantile(p, a, b):
        return (-mp.expm1(mp.log(1 - p) / b)) ** (1 / a)

    @staticmethod
    def moments(a, b):
        mean = b * mp.beta(1 + 1 / a, b)
        if a < 1:
            mode = mp.mpf(0)
        elif b < 1:
            mode = mp.mpf(1)
        else:
            mode = ((a - 1) / (a * b - 1)) ** (1 / a)
        return {'mean': mean, 'variance': b * mp.beta(1 + 2 / a, b) - mean ** 2, 'mode': mode,
                'entropy': (1 - 1 / a) * mp.harmonic(b) + (1 - 1 / b) - mp.log(a) - mp.log(b)}


class TruncatedNormal(Family):
    names = ['loc', 'scale', 'low', 'high']
    offsets = [0, 1e-6, 0.001, 0.1, 0.3, 0.5, 0.7, 0.9, 0.999, 1]
    settings = [(0, 1, -1, 2), (-30, 1, 0, 3), (0.5, 2, -40, 40), (1000, 1, 0, 5), (0, 1e18, -1, 1), (0, 1e-18, 2e-18, 3e-18)]

    @staticmethod
    def ends(loc, scale, low, high):
        return (low - loc) / scale, (high - loc) / scale

    @staticmethod
    def between(a, b):
        return (mp.erfc(a / mp.sqrt(2)) - mp.erfc(b / mp.sqrt(2))) / 2 if a > 0 else (mp.erfc(-b / mp.sqrt(2)) - mp.erfc(-a / mp.sqrt(2))) / 2

    @staticmethod
    def place(o, loc, scale, low, high):
        """By the place in the interval or, where that is long, in the part with the mass."""
        a, b = TruncatedNormal.ends(loc, scale, low, high)
        if b - a < 2:
            return low + o * (high - low)
        if o in (0, 1):
            return high if o else low
        start = max(a, min(b, 0))
        reach = 6 / (abs(start) + 1)
        below, above = max(a, start - reach), min(b, start + reach)
        return loc + scale * (below + o * (above - below))

    @staticmethod
    def log_pdf(x, loc, scale, low, high):
        if x < low or x > high:
            return -mp.inf
        a, b = TruncatedNormal.ends(loc, scale, low, high)
        return log_phi((x - loc) / scale) - mp.log(scale) - mp.log(TruncatedNormal.between(a, b))

    @staticmethod
    def cdf(x, loc, scale, low, high):
        a, b = TruncatedNormal.ends(loc, scale, low, high)
        return TruncatedNormal.between(a, (min(max(x, low), high) - loc) / scale) / TruncatedNormal.between(a, b)

    @staticmethod
    def survival(x, loc, scale, low, high):
        a, b = TruncatedNormal.ends(loc, scale, low, high)
        return TruncatedNormal.between((min(max(x, low), high) - loc) / scale, b) / TruncatedNormal.between(a, b)

    @staticmethod
    def quantile(p, loc, scale, low, high):
        lo, hi = mp.mpf(low), mp.mpf(high)
        for _ in range(130):
            mid = (lo + hi) / 2
            if (TruncatedNormal.cdf(mid, loc, scale, low, high) < p if p < 0.5 else TruncatedNormal.survival(mid, loc, scale, low, high) > 1 - p):
                lo = mid
            else:
                hi = mid
        return (lo + hi) / 2

    @staticmethod
    def moments(loc, scale, low, high):
        a, b = TruncatedNormal.ends(loc, scale, low, high)
        z = TruncatedNormal.between(a, b)
        fa, fb = mp.exp(log_phi(a)) / z, mp.exp(log_phi(b)) / z
        mean = fa - fb
        square = 1 + a * fa - b * fb
        return {'mean': loc + scale * mean, 'variance': scale ** 2 * (square - mean ** 2), 'mode': min(max(loc, low), high),
                'entropy': mp.log(scale) + mp.log(2 * mp.pi) / 2 + square / 2 + mp.log(z)}


FAMILIES = [TruncatedNormal, LogNormal, LogitNormal, HalfNormal, Cauchy, HalfCauchy, Weibull, Pareto, Kumaraswamy]
ORDER = ['mean', 'variance', 'stddev', 'mode', 'entropy']


def near_float(v):
    """Infinity where float32 has nothing else."""
    return mp.sign(v) * mp.inf if not mp.isinf(v) and abs(v) > LARGEST else v


def check_moments(family, params, moments):
    """Compares with integrals over the probabilities."""
    def expectation(g):
        with mp.workdps(30):
            ends = [mp.mpf(10) ** -k for k in (24, 20, 16, 12, 8, 4, 2)]
            return mp.quad(lambda u: g(family.quantile(u, *params)), ends + [mp.mpf(1) / 2] + [1 - e for e in reversed(ends)], maxdegree=4)
    exact = {'entropy': -expectation(lambda x: family.log_pdf(x, *params))}
    if 'mean' in moments:
        exact['mean'] = expectation(lambda x: x)
        exact['variance'] = expectation(lambda x: (x - exact['mean']) ** 2)
    for name, value in exact.items():
        assert name not in moments or abs(moments[name] - value) < 1e-5 * abs(value), (family.__name__, params, name, moments[name], value)


def case(family, setting, index):
    params = [f32(v) for v in setting]
    xs = [f32(family.place(o, *params)) for o in family.offsets] + [f32(v) for v in getattr(family, 'extra', [])]
    xs = [x for x in dict.fromkeys(xs) if (x == 0 or TINY < abs(x) < LARGEST) and not family.steep(x, *params)]
    ps = [f32(p) for p in QUANTILES]
    moments = family.moments(*params)
    if index < 1 and moments:
        check_moments(family, params, moments)
    if 'variance' in moments:
        moments['stddev'] = mp.sqrt(moments['variance'])
    ps = [p for p in ps if not mp.mpf('1e-50') < abs(family.quantile(p, *params)) < TINY]
    out = {
        'config': dict(zip(family.names, params)),
        'x': xs,
        'logProb': [family.log_pdf(x, *params) for x in xs],
        'cdf': [family.cdf(x, *params) for x in xs],
        'logCdf': [logmp(family.cdf(x, *params)) for x in xs],
        'survival': [family.survival(x, *params) for x in xs],
        'p': ps,
        'quantile': [family.quantile(p, *params) for p in ps],
    }
    out.update({name: moments[name] for name in ORDER if name in moments})
    return {k: v if k == 'config' else [near_float(u) for u in v] if isinstance(v, list) else near_float(v) for k, v in out.items()}


def divergences():
    for family in FAMILIES:
        for q, p in getattr(family, 'divergences', []):
            qv, pv = [f32(v) for v in q], [f32(v) for v in p]
            yield {'family': family.__name__, 'q': dict(zip(family.names, qv)), 'p': dict(zip(family.names, pv)),
                   'kl': near_float(family.divergence(qv, pv))}


# what basic.py makes, at extreme scales
EXTREME = {
    'Normal': [(0, 3e-18), (3e17, 1e18)], 'Laplace': [(0, 1e-18), (3e17, 1e18)], 'Logistic': [(0, 1e-18), (3e17, 1e18)],
    'Gumbel': [(0, 1e-18), (3e17, 1e18)], 'Exponential': [(1e-18,), (1e18,)], 'Uniform': [(0, 1e-18), (-1e18, 1e18)],
}


def extreme(name):
    family, names, _, offsets = basic.CONTINUOUS[name]
    basic.CONTINUOUS[name] = (family, names, EXTREME[name], offsets)
    return [{k: v if k == 'config' else [near_float(u) for u in v] if isinstance(v, list) else near_float(v) for k, v in c.items()}
            for c in basic.continuous(name)]


if __name__ == '__main__':
    reference = {f.__name__: [case(f, s, i) for i, s in enumerate(f.settings)] for f in FAMILIES}
    reference.update({name: extreme(name) for name in EXTREME})
    write('continuous.py', reference, divergences())
