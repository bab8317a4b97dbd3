"""Makes test/distributions/reference/gammas.ts: exact values of the families made of gamma variables, and of von Mises.

    python3 scripts/reference/gammas.py > test/distributions/reference/gammas.ts

Densities are the textbook formulas. Both incomplete functions are their power series of positive terms, with enough digits that the other
tail can be had by subtraction; quantiles are roots of the cdf; moments, entropies and divergences are closed forms in 60 digits.
"""
from functools import lru_cache

import mpmath as mp

from common import QUANTILES, f32, logmp, write


def fixed(v, bits):
    """v·2^bits as a whole number."""
    return int(mp.floor(mp.ldexp(v, bits)))


def series(a, x, b=None):
    """1 + x/(a + 1) + x²/((a + 1)(a + 2)) + …, with b each term also times (a + b)(a + b + 1)…; in whole numbers, which is fast."""
    bits = mp.mp.prec + 40 + max(0, -int(mp.log(x, 2)))
    one = 1 << bits
    step, below = fixed(x, bits), fixed(a, bits)
    above = None if b is None else fixed(a + b, bits)
    total, term, n = 0, one, 0
    while term > 0:
        total += term
        below += one
        if above is not None:
            term = term * above >> bits
            above += one
        term = term * step // below
        n += 1
    return mp.ldexp(mp.mpf(total), -bits)


def precisely(f, digits=30):
    """(lower, upper) of f, which gives lower alone: computed again until 1 − lower has the digits."""
    dps = digits
    while True:
        with mp.workdps(dps + 10):
            lower = f()
            upper = 1 - lower
            if upper > mp.mpf(10) ** (digits - dps):
                return +lower, +upper
        if dps > 4000:
            return mp.mpf(1), mp.mpf(0)
        dps *= 3


def gamma_tails(a, x):
    """P(a, x) and Q(a, x)."""
    if x <= 0:
        return mp.mpf(0), mp.mpf(1)
    def lower():
        with mp.extradps(12):
            return mp.exp(a * mp.log(x) - x - mp.loggamma(a + 1)) * series(a, x)
    return precisely(lower)


def beta_tails(a, b, x, swap=True):
    """I_x(a, b) and 1 − I_x(a, b)."""
    if x <= 0:
        return mp.mpf(0), mp.mpf(1)
    if x >= 1:
        return mp.mpf(1), mp.mpf(0)
    if swap and (x > 0.9 or x > 0.02 and x > a / (a + b)):
        return beta_tails(b, a, 1 - x, False)[::-1]
    def lower():
        with mp.extradps(12):
            first = mp.exp(a * mp.log(x) + b * mp.log(1 - x) + mp.loggamma(a + b) - mp.loggamma(a + 1) - mp.loggamma(b))
            return first * series(a, x, b)
    return precisely(lower)


def newton(tail, slope, target, start):
    """t with ln tail(t) = ln target, where ln tail is concave; slope is the derivative of tail."""
    with mp.workdps(25):
        t = mp.mpf(start)
        for _ in range(400):
            value = tail(t)
            step = (mp.log(value) - mp.log(target)) * value / slope(t)
            t -= max(min(step, 2 + abs(t)), -2 - abs(t))
            if abs(step) < mp.mpf(10) ** -18 * (1 + abs(t)):
                return t
    raise ValueError((target, start))


def gamma_log_quantile(a, p):
    """ln of the quantile of the gamma distribution of rate 1."""
    small = (mp.log(p) + mp.loggamma(a + 1)) / a
    if small < -60:
        return small  # e^−x is 1 to 26 digits
    def density(t):
        return mp.exp(a * t - mp.exp(t) - mp.loggamma(a))
    if p < 0.9:
        return newton(lambda t: gamma_tails(a, mp.exp(t))[0], density, p, small if a < 1 else mp.log(a) - 1 / mp.sqrt(a))
    return newton(lambda t: gamma_tails(a, mp.exp(t))[1], lambda t: -density(t), 1 - p, mp.log(a + 2 * mp.sqrt(a)) if a > 1 else -1)


class Gamma:
    names = ['concentration', 'rate']

    @staticmethod
    def log_pdf(x, a, r):
        if x < 0:
            return -mp.inf
        if x == 0:
            return mp.inf if a < 1 else -mp.inf if a > 1 else mp.log(r)
        return (a - 1) * mp.log(x) + a * mp.log(r) - r * x - mp.loggamma(a)

    @staticmethod
    def tails(x, a, r):
        return gamma_tails(a, r * x)

    @staticmethod
    def quantile(p, a, r):
        return mp.exp(gamma_log_quantile(a, p)) / r

    @staticmethod
    def summary(a, r):
        return {'mean': a / r, 'variance': a / r ** 2, 'mode': (a - 1) / r if a > 1 else mp.nan,
                'entropy': a - mp.log(r) + mp.loggamma(a) + (1 - a) * mp.psi(0, a)}

    @staticmethod
    def places(a, r):
        if a < 1:
            return [mp.mpf(10) ** k / r for k in (-18, -9, -4, -2)] + [0.3 / r, 1 / r, 4 / r, 30 / r, 70 / r, 0, -1 / r]
        return [max(a + t * mp.sqrt(a), a / 100) / r for t in (-10, -3, -1, -0.1, 0, 0.3, 1, 2, 4, 7, 12)] + ([0] if a > 1 else []) + [-1 / r]


class InverseGamma:
    names = ['concentration', 'scale']

    @staticmethod
    def log_pdf(x, a, s):
        return -(a + 1) * mp.log(x) + a * mp.log(s) - s / x - mp.loggamma(a) if x > 0 else -mp.inf

    @staticmethod
    def tails(x, a, s):
        return gamma_tails(a, s / x)[::-1] if x > 0 else (mp.mpf(0), mp.mpf(1))

    @staticmethod
    def quantile(p, a, s):
        y = gamma_log_quantile(a, 1 - p)
        return s * mp.exp(-y)

    @staticmethod
    def summary(a, s):
        return {'mean': s / (a - 1) if a > 1 else mp.nan, 'variance': s ** 2 / ((a - 1) ** 2 * (a - 2)) if a > 2 else mp.nan,
                'mode': s / (a + 1), 'entropy': a + mp.log(s) + mp.loggamma(a) - (1 + a) * mp.psi(0, a)}

    @staticmethod
    def places(a, s):
        return [s / y for y in Gamma.places(a, mp.mpf(1)) if y > 0] + [0, -s]


class Chi2:
    names = ['df']

    @staticmethod
    def log_pdf(x, df):
        return Gamma.log_pdf(x, df / 2, mp.mpf(0.5))

    @staticmethod
    def tails(x, df):
        return gamma_tails(df / 2, x / 2)

    @staticmethod
    def quantile(p, df):
        return Gamma.quantile(p, df / 2, mp.mpf(0.5))

    @staticmethod
    def summary(df):
        return Gamma.summary(df / 2, mp.mpf(0.5))

    @staticmethod
    def places(df):
        return Gamma.places(df / 2, mp.mpf(0.5))


class Beta:
    names = ['concentration1', 'concentration0']

    @staticmethod
    def log_pdf(x, a, b):
        if x < 0 or x > 1:
            return -mp.inf
        if x == 0 or x == 1:
            power, other = (a, b) if x == 0 else (b, a)
            return mp.inf if power < 1 else -mp.inf if power > 1 else mp.log(other)
        return (a - 1) * mp.log(x) + (b - 1) * mp.log(1 - x) - log_beta(a, b)

    @staticmethod
    def tails(x, a, b):
        return beta_tails(a, b, x)

    @staticmethod
    def quantile(p, a, b):
        half = beta_tails(a, b, mp.mpf(1) / 2)[0]
        return 1 - Beta.lower_quantile(b, a, 1 - p) if p > half else Beta.lower_quantile(a, b, p)

    @staticmethod
    def lower_quantile(a, b, p):
        """The quantile that is at most 1/2, by the logarithm of the odds."""
        small = (mp.log(p) + mp.log(a) + log_beta(a, b)) / a
        if small < -80 - mp.log(b + 1):
            return mp.exp(small)

        def share(t):
            return 1 / (1 + mp.exp(-t))

        def density(t):
            return mp.exp(a * mp.log(share(t)) + b * mp.log(share(-t)) - log_beta(a, b))
        start = mp.log(a / b) - mp.sqrt(1 / a + 1 / b) if a > 1 else min(small, 0)
        return share(newton(lambda t: beta_tails(a, b, share(t))[0], density, p, start))

    @staticmethod
    def summary(a, b):
        s = a + b
        return {'mean': a / s, 'variance': a * b / (s ** 2 * (s + 1)), 'mode': (a - 1) / (s - 2) if a > 1 and b > 1 else mp.nan,
                'entropy': log_beta(a, b) - (a - 1) * mp.psi(0, a) - (b - 1) * mp.psi(0, b) + (s - 2) * mp.psi(0, s)}

    @staticmethod
    def places(a, b):
        if a > 1000 and b > 1000:
            mean, sd = a / (a + b), mp.sqrt(a * b / (a + b) ** 3)
            return [mean + t * sd for t in (-10, -5, -2, -0.5, 0, 0.1, 1, 3, 6, 12)] + [0, 1, 1.5]
        if b > 1000:
            return [t / b for t in (1e-9, 1e-4, 0.01, 0.1, 0.5, 1, 2, 5, 20, 60)] + [0, 1, -0.5]
        ends = [v for v, power in ((0, a), (1, b)) if power != 1]
        return [1e-12, 1e-6, 0.01, 0.1, 0.3, 0.5, 0.75, 0.9, 0.99, 0.999999] + ends + [-0.25]


class StudentT:
    names = ['df', 'loc', 'scale']

    @staticmethod
    def log_pdf(x, df, loc, scale):
        z = (x - loc) / scale
        return -(df + 1) / 2 * mp.log(1 + z * z / df) - mp.log(df) / 2 - log_beta(df / 2, mp.mpf(0.5)) - mp.log(scale)

    @staticmethod
    def tails(x, df, loc, scale):
        return StudentT.standard((x - loc) / scale, df)

    @staticmethod
    def standard(z, df):
        if z > 0:
            return StudentT.standard(-z, df)[::-1]
        lower = beta_tails(df / 2, mp.mpf(0.5), df / (df + z * z))[0] / 2
        return lower, 1 - lower

    @staticmethod
    def quantile(p, df, loc, scale):
        sign, tail = (-1, p) if p < 0.5 else (1, 1 - p)
        if tail == 0.5:
            return loc
        share = Beta.quantile(1 - 2 * tail, mp.mpf(0.5), df / 2)  # z²/(df + z²)
        rest = Beta.quantile(2 * tail, df / 2, mp.mpf(0.5))
        return loc + sign * scale * mp.sqrt(df * share / rest)

    @staticmethod
    def summary(df, loc, scale):
        variance = mp.nan if df <= 1 else mp.inf if df <= 2 else scale ** 2 * df / (df - 2)
        half = (df + 1) / 2
        return {'mean': loc if df > 1 else mp.nan, 'variance': variance, 'mode': loc,
                'entropy': mp.log(scale) + mp.log(df) / 2 + log_beta(df / 2, mp.mpf(0.5)) + half * (mp.psi(0, half) - mp.psi(0, df / 2))}

    @staticmethod
    def places(df, loc, scale):
        return [loc + scale * z for z in (0, 0.01, -0.3, 1, -1, 2, -4, 8, -12, 100, -1e4, 1e9)]


@lru_cache(maxsize=None)
def log_i0(k):
    with mp.workdps(60):
        return mp.log(mp.besseli(0, k))


def mean_length(k):
    return mp.besseli(1, k) / mp.besseli(0, k)


class VonMises:
    names = ['loc', 'concentration']

    @staticmethod
    def log_pdf(x, loc, k):
        return k * mp.cos(x - loc) - mp.log(2 * mp.pi) - log_i0(k)

    @staticmethod
    def tails(x, loc, k):
        return VonMises.centred(x - loc, k)

    @staticmethod
    def centred(z, k):
        if z > 0:
            return VonMises.centred(-z, k)[::-1]
        width = 1 / mp.sqrt(k + 1)
        ends = [z - t * width for t in (64, 32, 16, 8, 4, 2, 1, 0.5, 0.25, 0.1, 0.03) if z - t * width > -mp.pi]
        with mp.workdps(30):
            lower = mp.quad(lambda t: mp.exp(VonMises.log_pdf(t, 0, k)), [-mp.pi] + ends + [z]) if z > -mp.pi else mp.mpf(0)
        return lower, 1 - lower

    @staticmethod
    def quantile(p, loc, k):
        if p == 0.5:
            return loc
        if p > 0.5:
            return 2 * loc - VonMises.quantile(1 - p, loc, k)
        end = mp.exp(VonMises.log_pdf(mp.pi, 0, k))
        if p / end < mp.mpf(10) ** -12:
            return loc - mp.pi + p / end
        # Newton's method on ln of the lower tail, from the normal distribution's
        with mp.workdps(25):
            z = max(-mp.pi * (1 - 2 * p), -mp.sqrt(2 * mp.log(1 / (2 * p)) / (k + mp.mpf(10) ** -9)))
            for _ in range(60):
                lower = VonMises.centred(z, k)[0]
                step = (mp.log(lower) - mp.log(p)) * lower / mp.exp(VonMises.log_pdf(z, 0, k))
                new = z - step
                if new <= -mp.pi:
                    new = (z - mp.pi) / 2
                if new > 0:
                    new = z / 2
                if abs(new - z) < mp.mpf(10) ** -20:
                    break
                z = new
            return loc + z

    @staticmethod
    def summary(loc, k):
        a = mean_length(k)
        return {'mean': loc, 'variance': 1 - a, 'mode': loc, 'entropy': log_i0(k) + mp.log(2 * mp.pi) - k * a}

    @staticmethod
    def places(loc, k):
        width = 1 / mp.sqrt(k + mp.mpf(0.2))
        return [loc + z for z in [t * width for t in (0, 0.01, -0.3, 1, -1, 2, -4, 5, -9, 12)] if abs(z) < mp.pi]


def log_beta(*a):
    return sum(mp.loggamma(v) for v in a) - mp.loggamma(sum(a))


SETTINGS = {
    'Gamma': [(2.5, 1.5), (1, 40), (0.1, 3), (1e-3, 1e-18), (1e6, 3e17), (37.5, 1e-18)],
    'InverseGamma': [(3, 2), (0.5, 0.7), (1.5, 1e-18), (1e-3, 1), (1e6, 3e17)],
    'Chi2': [(3,), (2,), (0.2,), (2e-3,), (2e6,)],
    'Beta': [(2, 3), (0.5, 0.25), (1, 4), (1e-3, 2e-3), (1e6, 2e6), (0.7, 1e6)],
    'StudentT': [(3, 0, 1), (1, 0.5, 1e-18), (1.5, -2, 3), (1e6, 100, 40), (0.05, 0, 1e3), (30, -1e17, 1e18)],
    'VonMises': [(0, 1), (1.5, 1e-3), (-2, 20), (3, 1e6), (0.25, 3e3)],
}
FAMILIES = {c.__name__: c for c in (Gamma, InverseGamma, Chi2, Beta, StudentT, VonMises)}
# the same with the logarithm of the rate given
LOG_RATES = [(2.5, 0.4), (0.7, 80), (37, -80)]


def in_range(v):
    """0 or not in float32, but not among the numbers that GPUs alone take for 0."""
    return not mp.mpf(2) ** -150 < abs(v) < mp.mpf(2) ** -126


def in_double(v):
    """As a double; text() does not expect one to be infinite."""
    return mp.sign(v) * mp.inf if abs(v) > mp.mpf(2) ** 1000 else v


def case(family, params, config):
    xs = [x for x in (f32(v) for v in family.places(*params)) if in_range(x)]
    ps = [f32(p) for p in QUANTILES]
    quantiles = [(p, q) for p, q in ((p, family.quantile(p, *params)) for p in ps) if in_range(q)]
    tails = [family.tails(x, *params) for x in xs]
    summary = family.summary(*params)
    if not mp.isnan(summary['variance']):
        summary['stddev'] = mp.sqrt(summary['variance'])
    return {
        'config': config, 'x': xs,
        'logProb': [family.log_pdf(x, *params) for x in xs],
        'cdf': [l for l, _ in tails], 'logCdf': [logmp(l) for l, _ in tails], 'survival': [u for _, u in tails],
        'p': [p for p, _ in quantiles], 'quantile': [in_double(q) for _, q in quantiles], **summary,
    }


DIRICHLET = [
    ([2, 3, 4], [[0.25, 0.5, 0.25], [0.125, 0.125, 0.75], [2 ** -20, 0.5, 0.5 - 2 ** -20], [0, 0.5, 0.5]]),
    ([0.5, 0.25], [[0.5, 0.5], [2 ** -24, 1 - 2 ** -24], [0.75, 0.25], [0, 1]]),
    ([1, 1, 1, 1], [[0.25, 0.25, 0.25, 0.25], [0.5, 0.125, 0.25, 0.125]]),
    ([1e-3, 1e-3, 2e-3], [[2 ** -20, 0.5, 0.5 - 2 ** -20], [2 ** -24, 2 ** -24, 1 - 2 ** -23], [0.5, 0.25, 0.25]]),
    ([1e6, 2e6, 1e6], [[0.25, 0.5, 0.25], [0.25 + 2 ** -12, 0.5 - 2 ** -12, 0.25], [0.25, 0.5 + 2 ** -9, 0.25 - 2 ** -9]]),
    ([1e-3, 1, 1e6], [[2 ** -24, 2 ** -24, 1 - 2 ** -23], [2 ** -24, 2 ** -20, 1 - 2 ** -20 - 2 ** -24], [0.5, 0.25, 0.25]]),
]


def dirichlet():
    cases = []
    for raw, points in DIRICHLET:
        a = [f32(v) for v in raw]
        total, n = sum(a), len(a)
        xs = [[f32(v) for v in x] for x in points]
        assert all(sum(x) == 1 for x in xs)

        def log_pdf(x):
            if any(v == 0 for v in x):
                return mp.inf if any(v == 0 and c < 1 for v, c in zip(x, a)) else -mp.inf
            return sum((c - 1) * mp.log(v) for c, v in zip(a, x)) - log_beta(*a)
        cases.append({
            'config': {'concentration': a}, 'x': xs, 'logProb': [log_pdf(x) for x in xs],
            'mean': [c / total for c in a], 'variance': [c * (total - c) / (total ** 2 * (total + 1)) for c in a],
            'mode': [(c - 1) / (total - n) if all(v > 1 for v in a) else mp.nan for c in a],
            'entropy': log_beta(*a) + (total - n) * mp.psi(0, total) - sum((c - 1) * mp.psi(0, c) for c in a),
        })
    return cases


def gamma_kl(a, r, b, t):
    return (a - b) * mp.psi(0, a) - mp.loggamma(a) + mp.loggamma(b) + b * mp.log(r / t) + a * (t / r - 1)


def dirichlet_kl(a, b):
    psi = mp.psi(0, sum(a))
    return log_beta(*b) - log_beta(*a) + sum((u - v) * (mp.psi(0, u) - psi) for u, v in zip(a, b))


def divergences():
    out = []

    def add(q, p, kl, family, to=None):
        out.append({'family': family, **({'to': to} if to else {}), 'q': q, 'p': p, 'kl': kl})

    for a, r, b, t in ((2.5, 1.5, 2.5, 1.5), (2, 3, 0.7, 1), (1e-3, 1e-18, 2e-3, 1e-18), (1e6, 2, 1.0001e6, 2.0001), (1e6, 1e18, 0.5, 1e17),
                       (1e6, 1, 1e6 + 1, 1), (3, 1, 3.0001, 1.0001), (0.01, 5, 300, 0.1)):
        a, r, b, t = (f32(v) for v in (a, r, b, t))
        kl = gamma_kl(a, r, b, t)
        add({'concentration': a, 'rate': r}, {'concentration': b, 'rate': t}, kl, 'Gamma')
        add({'concentration': a, 'scale': r}, {'concentration': b, 'scale': t}, kl, 'InverseGamma')
    for a, r, b, t in ((2.5, 0.4, 2, -1), (1e6, 80, 1.0001e6, 80.0001), (0.3, -80, 0.3, -79)):
        a, r, b, t = (f32(v) for v in (a, r, b, t))
        add({'concentration': a, 'logRate': r}, {'concentration': b, 'logRate': t}, gamma_kl(a, mp.exp(r), b, mp.exp(t)), 'Gamma')
    half = mp.mpf(0.5)
    three, two, seven = mp.mpf(3), mp.mpf(2), f32(0.7)
    for q, p in ((3, 3), (1, 5), (2e-3, 1e-3), (2e6, 2.0002e6)):
        q, p = f32(q), f32(p)
        add({'df': q}, {'df': p}, gamma_kl(q / 2, half, p / 2, half), 'Chi2')
    add({'df': three}, {'concentration': two, 'rate': seven}, gamma_kl(three / 2, half, two, seven), 'Chi2', 'Gamma')
    add({'concentration': two, 'rate': seven}, {'df': three}, gamma_kl(two, seven, three / 2, half), 'Gamma', 'Chi2')
    add({'rate': seven}, {'concentration': two, 'rate': three}, gamma_kl(mp.mpf(1), seven, two, three), 'Exponential', 'Gamma')
    add({'concentration': two, 'rate': three}, {'rate': seven}, gamma_kl(two, three, mp.mpf(1), seven), 'Gamma', 'Exponential')
    add({'rate': seven}, {'df': three}, gamma_kl(mp.mpf(1), seven, three / 2, half), 'Exponential', 'Chi2')
    add({'df': three}, {'rate': seven}, gamma_kl(three / 2, half, mp.mpf(1), seven), 'Chi2', 'Exponential')
    for q, p in (((2, 3), (2, 3)), ((0.5, 4), (2, 1)), ((1e-3, 2e-3), (2e-3, 2e-3)), ((1e6, 2e6), (1.001e6, 2.002e6)), ((1e-3, 1e6), (1e-3, 2e6)),
                 ((1e6, 2e6), (1e6 + 1, 2e6)), ((5, 1e6), (0.1, 30))):
        q, p = [f32(v) for v in q], [f32(v) for v in p]
        add(dict(zip(Beta.names, q)), dict(zip(Beta.names, p)), dirichlet_kl(q, p), 'Beta')
    for q, p in (([2, 3, 4], [2, 3, 4]), ([0.5, 4, 1], [2, 1, 1]), ([1e-3, 2e-3, 1e-3], [2e-3, 2e-3, 1e-3]), ([1e6, 2e6, 1e6], [1.001e6, 2.002e6, 1.001e6]),
                 ([1e6, 2e6, 3e6], [1.0001e6, 2e6, 3e6]), ([1e-3, 1, 1e6], [1e-3, 2, 3e6])):
        q, p = [f32(v) for v in q], [f32(v) for v in p]
        add({'concentration': q}, {'concentration': p}, dirichlet_kl(q, p), 'Dirichlet')
    for (l, k), (m, c) in (((0, 1), (0, 1)), ((0.5, 2), (-1, 0.7)), ((3, 1e6), (3.001, 1.001e6)), ((1, 1e-3), (2, 2e-3)), ((0, 30), (0, 30.001)),
                           ((2, 0.5), (2, 1e6)), ((0, 1e6), (3, 0.01))):
        l, k, m, c = (f32(v) for v in (l, k, m, c))
        kl = log_i0(c) - log_i0(k) + mean_length(k) * (k - c * mp.cos(l - m))
        add(dict(zip(VonMises.names, (l, k))), dict(zip(VonMises.names, (m, c))), kl, 'VonMises')
    return out


if __name__ == '__main__':
    reference = {}
    for name, family in FAMILIES.items():
        reference[name] = [case(family, params, dict(zip(family.names, params))) for params in ([f32(v) for v in s] for s in SETTINGS[name])]
    for a, log_rate in LOG_RATES:
        a, log_rate = f32(a), f32(log_rate)
        reference['Gamma'].append(case(Gamma, (a, mp.exp(log_rate)), {'concentration': a, 'logRate': log_rate}))
    reference['Dirichlet'] = dirichlet()
    write('gammas.py', reference, divergences())
