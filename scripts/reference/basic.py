"""Makes test/distributions/reference/basic.ts: exact values of location-scale, exponential, uniform and categorical families.

    python3 scripts/reference/basic.py > test/distributions/reference/basic.ts

Everything is computed from the plain textbook formulas; moments, entropies and divergences of continuous families by numerical
integration, those of discrete ones by sums. All inputs are float32 numbers, so that rounding of inputs plays no part.
"""
import mpmath as mp

from common import QUANTILES, f32, integral, logmp, sigmoid, weights, write, xlogx


class Normal:
    @staticmethod
    def pdf(x, loc, scale):
        return mp.exp(-((x - loc) / scale) ** 2 / 2) / (scale * mp.sqrt(2 * mp.pi))

    @staticmethod
    def cdf(x, loc, scale):
        return mp.erfc(-(x - loc) / scale / mp.sqrt(2)) / 2

    @staticmethod
    def survival(x, loc, scale):
        return mp.erfc((x - loc) / scale / mp.sqrt(2)) / 2

    @staticmethod
    def quantile(p, loc, scale):
        # Newton's method on the logarithm of the nearer tail
        sign, tail = (-1, p) if p < 0.5 else (1, 1 - p)
        z = mp.sqrt(-2 * mp.log(2 * tail)) if tail < 0.5 else mp.mpf(0)
        for _ in range(200):
            value = mp.erfc(z / mp.sqrt(2)) / 2
            step = (mp.log(value) - mp.log(tail)) * value * mp.sqrt(2 * mp.pi) * mp.exp(z * z / 2)
            z += step
            if abs(step) < mp.mpf(10) ** -40:
                break
        return loc + sign * scale * z


class Laplace:
    @staticmethod
    def pdf(x, loc, scale):
        return mp.exp(-abs(x - loc) / scale) / (2 * scale)

    @staticmethod
    def cdf(x, loc, scale):
        z = (x - loc) / scale
        return mp.exp(z) / 2 if z < 0 else 1 - mp.exp(-z) / 2

    @staticmethod
    def survival(x, loc, scale):
        return Laplace.cdf(2 * loc - x, loc, scale)

    @staticmethod
    def quantile(p, loc, scale):
        return loc + scale * (mp.log(2 * p) if p < 0.5 else -mp.log(2 * (1 - p)))


class Logistic:
    @staticmethod
    def pdf(x, loc, scale):
        z = abs(x - loc) / scale
        return mp.exp(-z) / (scale * (1 + mp.exp(-z)) ** 2)

    @staticmethod
    def cdf(x, loc, scale):
        return 1 / (1 + mp.exp(-(x - loc) / scale))

    @staticmethod
    def survival(x, loc, scale):
        return 1 / (1 + mp.exp((x - loc) / scale))

    @staticmethod
    def quantile(p, loc, scale):
        return loc + scale * mp.log(p / (1 - p))


class Gumbel:
    @staticmethod
    def pdf(x, loc, scale):
        z = (x - loc) / scale
        return mp.exp(-z - mp.exp(-z)) / scale

    @staticmethod
    def cdf(x, loc, scale):
        return mp.exp(-mp.exp(-(x - loc) / scale))

    @staticmethod
    def survival(x, loc, scale):
        return -mp.expm1(-mp.exp(-(x - loc) / scale))

    @staticmethod
    def quantile(p, loc, scale):
        return loc - scale * mp.log(-mp.log(p))


class Exponential:
    @staticmethod
    def pdf(x, rate):
        return rate * mp.exp(-rate * x) if x >= 0 else mp.mpf(0)

    @staticmethod
    def cdf(x, rate):
        return -mp.expm1(-rate * x) if x >= 0 else mp.mpf(0)

    @staticmethod
    def survival(x, rate):
        return mp.exp(-rate * x) if x >= 0 else mp.mpf(1)

    @staticmethod
    def quantile(p, rate):
        return -mp.log(1 - p) / rate


class Uniform:
    @staticmethod
    def pdf(x, low, high):
        return 1 / (high - low) if low <= x <= high else mp.mpf(0)

    @staticmethod
    def cdf(x, low, high):
        return min(max((x - low) / (high - low), mp.mpf(0)), mp.mpf(1))

    @staticmethod
    def survival(x, low, high):
        return 1 - Uniform.cdf(x, low, high)

    @staticmethod
    def quantile(p, low, high):
        return low + p * (high - low)


LOC_SCALE = [(0, 1), (1.5, 0.25), (-3, 1e-3), (100, 40), (0.1, 1e6)]
OFFSETS = [0, 0.001, -0.5, 1, -2, 3, 5, -5, 9, -9, 12, -30, 30, -80]
CONTINUOUS = {
    'Normal': (Normal, ['loc', 'scale'], LOC_SCALE, OFFSETS),
    'Laplace': (Laplace, ['loc', 'scale'], LOC_SCALE, OFFSETS),
    'Logistic': (Logistic, ['loc', 'scale'], LOC_SCALE, OFFSETS),
    'Gumbel': (Gumbel, ['loc', 'scale'], LOC_SCALE, [0, 0.001, -0.5, 1, -2, 3, 5, -4, 9, 12, 20, 30, 80, -100]),
    'Exponential': (Exponential, ['rate'], [(1,), (0.5,), (1e-4,), (3e5,)], [0, 1e-6, 0.01, 0.3, 0.69, 0.7, 1, 3, 10, 40, 80, -1]),
    'Uniform': (Uniform, ['low', 'high'], [(0, 1), (-2, 3.5), (1e-3, 2e-3), (-1e6, 1e6)], [0, 0.25, 0.5, 0.9, 1, -0.5, 1.5]),
}
MODES = {'Exponential': lambda rate: mp.mpf(0), 'Uniform': None}


def place(name, params, offset):
    if name == 'Exponential':
        return f32(offset / params[0])
    if name == 'Uniform':
        return f32(params[0] + offset * (params[1] - params[0]))
    return f32(params[0] + offset * params[1])


def line(name, params):
    """Where to integrate: pieces of the support that hold all but 1e-25 of the mass."""
    if name == 'Exponential':
        return [0] + [k / params[0] for k in (0.5, 1, 2, 4, 8, 16, 32, 64, 128)]
    if name == 'Uniform':
        return list(params)
    loc, scale = params
    steps = [1, 2, 4, 8, 16, 32, 64, 128]
    return [loc - scale * k for k in reversed(steps)] + [loc] + [loc + scale * k for k in steps]


def continuous(name):
    family, names, settings, offsets = CONTINUOUS[name]
    cases = []
    for setting in settings:
        params = [f32(v) for v in setting]
        xs = [place(name, params, o) for o in offsets]
        ps = [f32(p) for p in QUANTILES]
        points = line(name, params)
        mean = integral(lambda x: x * family.pdf(x, *params), points)
        variance = integral(lambda x: (x - mean) ** 2 * family.pdf(x, *params), points)
        entropy = -integral(lambda x: xlogx(family.pdf(x, *params)), points)
        case = {
            'config': dict(zip(names, params)),
            'x': xs,
            'logProb': [log_pdf(name, family, x, params) for x in xs],
            'cdf': [family.cdf(x, *params) for x in xs],
            'logCdf': [logmp(family.cdf(x, *params)) for x in xs],
            'survival': [family.survival(x, *params) for x in xs],
            'p': ps,
            'quantile': [family.quantile(p, *params) for p in ps],
            'mean': mean, 'variance': variance, 'stddev': mp.sqrt(variance), 'entropy': entropy,
        }
        if name != 'Uniform':
            case['mode'] = mp.mpf(0) if name == 'Exponential' else params[0]
        cases.append(case)
    return cases


def log_pdf(name, family, x, params):
    if name == 'Gumbel':
        z = (x - params[0]) / params[1]
        return -z - mp.exp(-z) - mp.log(params[1])
    return logmp(family.pdf(x, *params))


def bernoulli():
    cases = []
    for key, values in (('logits', [0, 0.3, -2, 6, -30, 30, 80, -80]), ('probs', [0, 1, 0.5, 0.1, 0.999, 1e-6])):
        for value in values:
            v = f32(value)
            p = sigmoid(v) if key == 'logits' else v
            q = sigmoid(-v) if key == 'logits' else 1 - v
            cases.append({
                'config': {key: v},
                'x': [mp.mpf(0), mp.mpf(1), mp.mpf(2), mp.mpf(0.5), mp.mpf(-1)],
                'logProb': [logmp(q), logmp(p), -mp.inf, -mp.inf, -mp.inf],
                'cdf': [q, mp.mpf(1), mp.mpf(1), q, mp.mpf(0)],
                'mean': p, 'variance': p * q, 'stddev': mp.sqrt(p * q), 'mode': mp.mpf(1 if p > 0.5 else 0),
                'entropy': -xlogx(p) - xlogx(q),
            })
    return cases


CLASSES = [
    ('logits', [0, 0, 0]), ('logits', [0.5, -1, 2, 0.25]), ('logits', [80, -80, 0]), ('logits', [-30, 30]), ('logits', [1]),
    ('probs', [0.5, 0.25, 0.25]), ('probs', [0, 1, 0]), ('probs', [1e-6, 1 - 1e-6]),
]


def categorical(one_hot):
    cases = []
    for key, raw in CLASSES:
        values = [f32(v) for v in raw]
        p = weights(key, values)
        n = len(p)
        mode = max(range(n), key=lambda i: p[i])
        eye = [[mp.mpf(i == j) for j in range(n)] for i in range(n)]
        case = {
            'config': {key: values},
            'x': eye if one_hot else [mp.mpf(i) for i in range(n)],
            'logProb': [logmp(v) for v in p],
            'mode': eye[mode] if one_hot else mp.mpf(mode),
            'entropy': -sum(xlogx(v) for v in p),
        }
        if one_hot:
            case.update({'mean': p, 'variance': [v * (1 - v) for v in p]})
        else:
            case['cdf'] = [sum(p[:i + 1]) for i in range(n)]
        cases.append(case)
    return cases


def divergences():
    out = []
    pairs = {
        'Normal': [((0, 1), (0, 1)), ((0.5, 2), (-1, 0.7)), ((3, 0.1), (0, 1)), ((1, 1.001), (1, 1))],
        'Laplace': [((0, 1), (0, 1)), ((0.5, 2), (-1, 0.7)), ((3, 0.1), (0, 1))],
        'Gumbel': [((0, 1), (0, 1)), ((0.5, 2), (-1, 0.7)), ((1, 0.3), (0, 1))],
        'Exponential': [((1,), (1,)), ((2,), (0.3,)), ((0.01,), (3,))],
        'Uniform': [((0, 1), (0, 1)), ((0, 1), (-1, 3)), ((0, 1), (0.5, 3))],
    }
    for name, list_of in pairs.items():
        family, names, _, _ = CONTINUOUS[name]
        for q, p in list_of:
            qv, pv = [f32(v) for v in q], [f32(v) for v in p]

            def term(x):
                density = family.pdf(x, *qv)
                return density * (log_pdf(name, family, x, qv) - log_pdf(name, family, x, pv)) if density > 0 else mp.mpf(0)
            points = sorted(set(line(name, qv) + ([pv[0]] if name == 'Laplace' else [])))
            inside = name != 'Uniform' or (pv[0] <= qv[0] and qv[1] <= pv[1])
            out.append({'family': name, 'q': dict(zip(names, qv)), 'p': dict(zip(names, pv)),
                        'kl': integral(term, points) if inside else mp.inf})

    def discrete(qp, pp):
        return sum(a * (logmp(a) - logmp(b)) if a > 0 else mp.mpf(0) for a, b in zip(qp, pp))
    for q, p in ((('logits', 0.5), ('logits', -2)), (('logits', 60), ('probs', 0.25)), (('probs', 1), ('logits', -3)),
                 (('probs', 0), ('probs', 0)), (('probs', 0.5), ('probs', 0)), (('logits', -80), ('logits', 80))):
        both = []
        for key, v in (q, p):
            v = f32(v)
            both.append([sigmoid(v), sigmoid(-v)] if key == 'logits' else [v, 1 - v])
        out.append({'family': 'Bernoulli', 'q': {q[0]: f32(q[1])}, 'p': {p[0]: f32(p[1])}, 'kl': discrete(*both)})
    for name in ('Categorical', 'OneHotCategorical'):
        for q, p in ((('logits', [0.5, -1, 2]), ('logits', [0, 0, 1])), (('probs', [0.5, 0.5, 0]), ('logits', [1, 2, 3])),
                     (('probs', [0.5, 0.5, 0]), ('probs', [0.25, 0.75, 0])), (('logits', [0, 0, 0]), ('probs', [0.5, 0.5, 0]))):
            both = [weights(key, [f32(a) for a in v]) for key, v in (q, p)]
            out.append({'family': name, 'q': {q[0]: [f32(a) for a in q[1]]}, 'p': {p[0]: [f32(a) for a in p[1]]},
                        'kl': discrete(*both)})
    return out


if __name__ == '__main__':
    reference = {name: continuous(name) for name in CONTINUOUS}
    reference.update({'Bernoulli': bernoulli(), 'Categorical': categorical(False), 'OneHotCategorical': categorical(True)})
    write('basic.py', reference, divergences())
