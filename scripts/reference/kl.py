"""Makes test/distributions/reference/kl.ts: divergences of pairs that are far apart, almost the same, or at the ends of float32, with their derivatives.

    python3 scripts/reference/kl.py > test/distributions/reference/kl.ts

The textbook formulas with 250 digits, in which what cancels leaves enough; derivatives are central differences with a step of 10⁻⁶⁰.
"""
import mpmath as mp

from common import f32, sigmoid

mp.mp.dps = 250
STEP = mp.mpf(10) ** -60

NEAR = [(2, 1e-4), (0.3, -1e-5), (1e-30, 1e-6), (1e30, 2e-7), (7, 3e-4), (1.5, 1e-2)]
FAR = [(1e-30, 1e30), (1e30, 1e-30), (1e8, 1e-8), (1e-8, 1e8), (1e17, 1), (1, 1e17), (1e5, 1e-3), (1e-3, 1e5), (1, 1e7), (1e7, 1)]
MIDDLE = [(2, 2), (1, 2), (2, 1), (1, 1.5), (1.5, 1), (1, 0.4), (3, 0.7), (1, 30), (30, 1)]
PAIRS = [(x, x * (1 + e)) for x, e in NEAR] + FAR + MIDDLE
SHORT = PAIRS[:4] + [PAIRS[6], PAIRS[7], PAIRS[8]] + PAIRS[16:20]


def normal(m, s, n, t):
    return mp.log(t / s) + (s * s + (m - n) ** 2) / (2 * t * t) - mp.mpf(1) / 2


def laplace(m, s, n, t):
    d = abs(m - n)
    return mp.log(t / s) + (s * mp.exp(-d / s) + d) / t - 1


def gumbel(m, s, n, t):
    r, d = s / t, (m - n) / t
    # for ratios beyond 10⁶ Stirling's formula in mpmath is as exact and no slower
    return -mp.log(r) + mp.euler * (r - 1) + d + mp.exp(mp.loggamma(1 + r) - d) - 1


def weibull(k, s, c, t):
    return gumbel(mp.log(t / s), 1 / k, mp.mpf(0), 1 / c)


def cauchy(m, s, n, t):
    return mp.log(((s + t) ** 2 + (m - n) ** 2) / (4 * s * t))


def uniform(a, b, c, d):
    return mp.log((d - c) / (b - a)) if c <= a and b <= d else mp.inf


def half_normal(s, t):
    return normal(mp.mpf(0), s, mp.mpf(0), t)


def pareto(a, s, b, t):
    return mp.log(a / b) + b / a - 1 + b * mp.log(s / t) if s >= t else mp.inf


def gamma(a, r, b, t):
    return (a - b) * mp.digamma(a) - mp.loggamma(a) + mp.loggamma(b) + b * mp.log(r / t) + a * (t - r) / r


def gamma_of_logs(a, r, b, t):
    return (a - b) * mp.digamma(a) - mp.loggamma(a) + mp.loggamma(b) + b * (r - t) + a * mp.expm1(t - r)


def exponential(r, t):
    return mp.log(r / t) + t / r - 1


def chi2(p, q):
    return gamma(p / 2, mp.mpf(1), q / 2, mp.mpf(1))


def dirichlet(a, b):
    s, t = sum(a), sum(b)
    out = mp.loggamma(s) - mp.loggamma(t)
    for x, y in zip(a, b):
        out += mp.loggamma(y) - mp.loggamma(x) + (x - y) * (mp.digamma(x) - mp.digamma(s))
    return out


def beta(a, b, c, d):
    return dirichlet([a, b], [c, d])


def of_two(q, q0, p, p0):
    """Of two values with probabilities q, q0 = 1 − q from p, p0."""
    return (q * mp.log(q / p) if q > 0 else 0) + (q0 * mp.log(q0 / p0) if q0 > 0 else 0)


def bernoulli(q, p):
    return of_two(q, 1 - q, p, 1 - p)


def bernoulli_of_logits(q, p):
    return of_two(sigmoid(q), sigmoid(-q), sigmoid(p), sigmoid(-p))


def geometric(q, p):
    return bernoulli(q, p) / q


def geometric_of_logits(q, p):
    return bernoulli_of_logits(q, p) / sigmoid(q)


def poisson(q, p):
    return q * mp.log(q / p) - q + p


def poisson_of_logs(q, p):
    return mp.exp(q) * (q - p - 1) + mp.exp(p)


def classes(q, p):
    return sum(a * mp.log(a / b) for a, b in zip(q, p) if a > 0)


def softmax(v):
    total = sum(mp.exp(u) for u in v)
    return [mp.exp(u) / total for u in v]


def classes_of_logits(q, p):
    return classes(softmax(q), softmax(p))


def diagonal(m, s, n, t):
    return sum(normal(*x) for x in zip(m, s, n, t))


def located(pairs=PAIRS):
    """Locations a part of p's scale, or many of them, apart; between scales far apart only a part."""
    out = []
    for i, (s, t) in enumerate(pairs):
        apart = [0, 1e-4 * t, -0.7 * t, 40 * t if s > 1e-3 * t else 2 * t]
        for d in (apart[i % 4], apart[(i + 1) % 4]):
            out.append(((d, s), (0, t)))
    return out


def crossed():
    """Two positive parameters, of which one or both differ."""
    out = []
    for i, (x, y) in enumerate(PAIRS):
        out.append(((1.5, x), (1.5, y)))
        u, v = PAIRS[(5 * i + 3) % len(PAIRS)]
        out.append(((u, x), (v, y)))
    return out


def scales():
    return [((x,), (y,)) for x, y in PAIRS]


ONE = 1 - 2 ** -24
PROBS = [(0.3, 0.30003), (1e-5, 1.0001e-5), (ONE, 1 - 2 ** -23), (0.9999, 0.99991), (1e-30, 1.00001e-30), (0.5, 0.5), (0.5, ONE), (1e-7, ONE), (ONE, 1e-7),
         (ONE, 1e-30), (1e-30, ONE), (1 - 2 ** -20, ONE), (ONE, 0.5), (0.2, 0.9), (0.9, 0.2), (1e-30, 1e-10), (1e-10, 1e-30), (0.999, 0.99), (1e-3, 0.7)]
LOGITS = [(0.5, 0.50001), (-3, -3.0003), (10, 10.001), (-80, -80.001), (80, 80.001), (0, 0), (0, 80), (80, 0), (-80, 80), (80, -80), (-80, -20), (-20, -80),
          (2, -1), (-1, 2), (-5, -4), (20, 30), (30, 20), (-35, -34), (-60, -10)]
SIMPLEX = [([0.5, 0.25, 0.25], [0.25, 0.25, 0.5]), ([0.5, 0.5, 0], [0.25, 0.25, 0.5]), ([2 ** -24, 0.5, 0.5 - 2 ** -24], [2 ** -10, 0.5, 0.5 - 2 ** -10])]
WEIGHTS = [([0.1, -0.3, 1.2], [0.1001, -0.3, 1.2]), ([0, 5, -5], [3, 8.00003, -2.0001]), ([0, 0, 0], [1e-3, 0, -1e-3]), ([0, 1, 2], [0, 1, 2]),
           ([50, 0, -50], [-50, 0, 50]), ([0, 1, 2], [3, -1, 0]), ([20, 0, 0], [20.001, 0, 0]), ([-90, 0, 0], [0, 0, 0])]
TWOS = [((1e5, 1e5), (1e-3, 1e-3)), ((1e-3, 1e-3), (1e5, 1e5)), ((1e-30, 1e-30), (1e-3, 2)), ((2, 3), (2.0002, 3)), ((1e-3, 2e-3), (1.0001e-3, 2e-3)),
        ((1e6, 2e6), (1.0001e6, 2e6)), ((1e6, 2e6), (2e6, 4.001e6)), ((1, 1), (1e7, 1e7)), ((1e7, 1e7), (1, 1)), ((1e-8, 1e8), (1e-8, 2e8)), ((0.5, 4), (2, 1)),
        ((3, 1e5), (1e-5, 1e-4)), ((1e8, 1), (2, 1e-6)), ((1e-2, 1e-2), (1e-6, 1e-6)), ((5, 5), (5, 5)), ((1e10, 1e10), (1.00001e10, 1e10))]
INTERVALS = [((0.3, 0.7), (0.3, 0.70001)), ((-1, 1), (-1.00001, 1.0001)), ((1, 1.0001), (1, 1.0002)), ((-1e-30, 1e-30), (-1e30, 1e30)), ((0, 1), (0, 1)),
             ((0, 1), (-5, 7)), ((100, 101), (100, 101.001)), ((0, 2), (0, 1)), ((1e30, 1.5e30), (1e30, 1.5001e30)), ((0, 1e-20), (0, 1e20))]


def tilted(pairs, log=False):
    """Gamma parameters: concentrations and rates, or logarithms of rates."""
    out = []
    for (a, b), (r, t) in zip(pairs, pairs[7:] + pairs[:7]):
        rates = (float(mp.log(r)), float(mp.log(t))) if log else (r, t)
        out += [((a, rates[0]), (b, rates[0])), ((2.5, rates[0]), (2.5, rates[1])), ((a, rates[0]), (b, rates[1]))]
    return out


GROUPS = [
    ('Normal', ['loc', 'scale'], normal, located()),
    ('LogNormal', ['loc', 'scale'], normal, located(SHORT)),
    ('LogitNormal', ['loc', 'scale'], normal, located(SHORT)),
    ('HalfNormal', ['scale'], half_normal, scales()),
    ('Laplace', ['loc', 'scale'], laplace, located()),
    ('Gumbel', ['loc', 'scale'], gumbel, located()),
    ('Cauchy', ['loc', 'scale'], cauchy, located()),
    ('Uniform', ['low', 'high'], uniform, INTERVALS),
    ('Weibull', ['concentration', 'scale'], weibull, crossed()),
    ('Pareto', ['concentration', 'scale'], pareto, crossed()),
    ('Exponential', ['rate'], exponential, scales()),
    ('Chi2', ['df'], chi2, scales()),
    ('Gamma', ['concentration', 'rate'], gamma, tilted(PAIRS)),
    ('Gamma', ['concentration', 'logRate'], gamma_of_logs, tilted(SHORT, True)),
    ('InverseGamma', ['concentration', 'scale'], gamma, tilted(SHORT)),
    ('Beta', ['concentration1', 'concentration0'], beta, TWOS),
    ('Dirichlet', ['concentration'], dirichlet, [(([*q, q[0]],), ([*p, p[0]],)) for q, p in TWOS]),
    ('Bernoulli', ['probs'], bernoulli, [((q,), (p,)) for q, p in PROBS]),
    ('Bernoulli', ['logits'], bernoulli_of_logits, [((q,), (p,)) for q, p in LOGITS]),
    ('Geometric', ['probs'], geometric, [((q,), (p,)) for q, p in PROBS]),
    ('Geometric', ['logits'], geometric_of_logits, [((q,), (p,)) for q, p in LOGITS]),
    ('NegativeBinomial', ['logits', 'totalCount'], lambda q, n, p, _: n * geometric_of_logits(-q, -p), [((q, 2.5), (p, 2.5)) for q, p in LOGITS]),
    ('NegativeBinomial', ['probs', 'totalCount'], lambda q, n, p, _: n * bernoulli(q, p) / (1 - q), [((q, 2.5), (p, 2.5)) for q, p in PROBS]),
    ('Binomial', ['probs', 'totalCount'], lambda q, n, p, _: n * bernoulli(q, p), [((q, 7), (p, 7)) for q, p in PROBS]),
    ('Poisson', ['rate'], poisson, scales()),
    ('Poisson', ['logRate'], poisson_of_logs, [((q,), (p,)) for q, p in LOGITS]),
    ('Categorical', ['probs'], classes, [((q,), (p,)) for q, p in SIMPLEX]),
    ('OneHotCategorical', ['logits'], classes_of_logits, [((q,), (p,)) for q, p in WEIGHTS]),
    ('MultivariateNormalDiag', ['loc', 'scaleDiag'], diagonal,
     [(([a[0][0], b[0][0]], [a[0][1], b[0][1]]), ([a[1][0], b[1][0]], [a[1][1], b[1][1]])) for a, b in zip(located(SHORT), located(SHORT)[3:])]),
]


def short(v):
    """The number that nine digits give, as they are written down."""
    return [short(u) for u in v] if isinstance(v, (list, tuple)) else float(f'{v:.9g}')


def as_f32(v):
    return [f32(u) for u in v] if isinstance(v, list) else f32(v)


def slope(f, at, i, j, unit):
    """The derivative by element j of argument i, or by argument i."""
    def moved(sign):
        args = [list(v) if isinstance(v, list) else v for v in at]
        if j is None:
            args[i] += sign * STEP * unit
        else:
            args[i][j] += sign * STEP * unit
        return f(*args)
    return (moved(1) - moved(-1)) / (2 * STEP * unit)


def number(v):
    if mp.isinf(v) or mp.isnan(v):
        return 'NaN' if mp.isnan(v) else 'Infinity' if v > 0 else '-Infinity'
    text = mp.nstr(v, 9, strip_zeros=True) if abs(v) > mp.mpf(10) ** -60 else '0'
    return text.removesuffix('.0')


def text(v):
    return f'[{", ".join(text(u) for u in v)}]' if isinstance(v, (list, tuple)) else number(v) if isinstance(v, mp.mpf) else repr(v).removesuffix('.0')


def row(family, names, f, q, p):
    q, p = short(q), short(p)
    at = [as_f32(v) for v in (*q, *p)]
    kl = f(*at)
    if not mp.isinf(kl) and (kl > mp.mpf(10) ** 37 or 0 < kl < mp.mpf(10) ** -36):
        return None
    slopes = []
    for i, v in enumerate(at):
        name = names[i % len(names)]
        if name == 'totalCount' or mp.isinf(kl):
            slopes.append(mp.nan)
            continue
        # what the parameter is measured by: its scale, 1 for logarithms, or itself
        unit = at[i + 1] if name == 'loc' else mp.mpf(1) if name.startswith('log') else at[i] if name not in ('low', 'high') else at[1] - at[0]
        if isinstance(v, list):
            units = unit if isinstance(unit, list) else [unit] * len(v)
            slopes.append([slope(f, at, i, j, units[j] if units[j] != 0 else mp.mpf(1)) for j in range(len(v))])
        elif name == 'probs' and 1 - v < mp.mpf(10) ** -6:
            slopes.append(slope(f, at, i, None, 1 - v))
        else:
            slopes.append(slope(f, at, i, None, unit))
    # where supports share an edge, and for probabilities that are to sum to 1, there is no derivative by one number
    if family == 'Uniform' or isinstance(q[0], list) and names[0] == 'probs':
        slopes = []
    if family == 'Pareto' and q[1] == p[1]:
        slopes[1] = slopes[3] = mp.nan
    return f'[{text(q)}, {text(p)}, {number(kl)}, {text(slopes)}]'


if __name__ == '__main__':
    print('/** Made by scripts/reference/kl.py; do not edit. */\n')
    print('type Value = number | number[];\n')
    print('/** Parameters of q and of p in the order of `names`, their divergence, and its derivatives by them, those of q first; NaN by what is no parameter. */')
    print('export type Row = [q: Value[], p: Value[], kl: number, slopes: Value[]];\n')
    print('export const extremes: Array<{family: string; names: string[]; rows: Row[]}> = [')
    for family, names, f, cases in GROUPS:
        rows = [r for q, p in cases if (r := row(family, names, f, q, p)) is not None]
        quoted = ', '.join(f"'{n}'" for n in names)
        print(f"  {{\n    family: '{family}', names: [{quoted}],\n    rows: [")
        for r in rows:
            print(f'      {r},')
        print('    ],\n  },')
    print('];')
