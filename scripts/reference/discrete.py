"""Makes test/distributions/reference/discrete.ts: exact values of the families of counts, of the relaxed ones, and their divergences.

    python3 scripts/reference/discrete.py > test/distributions/reference/discrete.ts

Distribution functions are sums of the masses, from the value outwards, to 50 digits; divergences are sums over the values, or over a finite
number of classes. All inputs are float32 numbers.
"""
import mpmath as mp

from common import QUANTILES, f32, logmp, sigmoid, weights, write, xlogx


def probability(key, value):
    """p and 1 − p."""
    return (sigmoid(value), sigmoid(-value)) if key == 'logits' else (value, 1 - value)


class Counts:
    """A distribution over whole numbers >= 0 by the logarithm of its mass."""

    most = mp.inf
    # values to take, in standard deviations from the mean
    factors = (-8, -3, -1, -0.01, 1, 3, 8, 20)

    def total(self, k, step):
        """The sum of the masses from k on, upwards or downwards."""
        if not 0 <= k <= self.most:
            return mp.mpf(0)
        log = self.log_mass(k)
        term = mp.exp(log) if log > -mp.inf else mp.mpf(0)
        total = mp.mpf(0)
        while 0 <= k <= self.most:
            total += term
            past = k > self.mean if step > 0 else k < self.mean
            if past and term <= total * mp.mpf(10) ** -40:
                break
            # the mass at 0 can be found only from itself
            term = term * self.ratio(k) if step > 0 else term / self.ratio(k - 1) if k > 0 else term
            k += step
        return total

    def cdf(self, x):
        return mp.mpf(0) if x < 0 else self.total(mp.floor(min(x, self.most)), -1)

    def survival(self, x):
        return mp.mpf(1) if x < 0 else self.total(mp.floor(x) + 1, 1)

    def quantile(self, p):
        if self.variance > 1e5 or self.variance == 0:
            return None if self.variance > 0 else self.mean
        k, total, term = mp.mpf(0), mp.mpf(0), mp.exp(self.log_mass(mp.mpf(0))) if self.log_mass(mp.mpf(0)) > -mp.inf else mp.mpf(0)
        while total + term < p and k < self.most:
            total += term
            term = term * self.ratio(k)
            k += 1
        return k

    def clear(self, k, p):
        """Whether rounding F to float32 cannot move the quantile from k."""
        near = [abs(self.cdf(k) - p)] + ([abs(self.cdf(k - 1) - p)] if k > 0 else [])
        return min(near) > 1e-5 * p and min(near) > 3e-7


class Geometric(Counts):
    def __init__(self, key, value):
        self.config = {key: f32(value)}
        self.p, self.q = probability(key, f32(value))
        self.mean = self.q / self.p
        self.variance = self.q / self.p ** 2
        self.entropy = -(xlogx(self.p) + xlogx(self.q)) / self.p
        self.mode = mp.mpf(0)

    def log_mass(self, k):
        return (k * mp.log(self.q) if k > 0 else mp.mpf(0)) + mp.log(self.p) if self.q > 0 or k == 0 else -mp.inf

    def ratio(self, _):
        return self.q

    def survival(self, x):
        return mp.mpf(1) if x < 0 else self.q ** (mp.floor(x) + 1)

    def cdf(self, x):
        return 1 - self.survival(x)

    def quantile(self, p):
        return max(mp.mpf(0), mp.ceil(mp.log(1 - p) / mp.log(self.q) - 1)) if self.q > 0 else mp.mpf(0)


class Binomial(Counts):
    def __init__(self, n, key, value):
        self.config = {'totalCount': f32(n), key: f32(value)}
        self.n = self.most = f32(n)
        self.p, self.q = probability(key, f32(value))
        self.mean = self.n * self.p
        self.variance = self.mean * self.q
        self.mode = min(mp.floor((self.n + 1) * self.p), self.n)
        if n == 10 ** 6:
            self.factors = (-8, -3, -1, -0.01, 1, 3)  # farther up the rounding of p to float32 on GPUs shows

    def log_mass(self, k):
        if (self.p == 0 and k > 0) or (self.q == 0 and k < self.n):
            return -mp.inf
        n = self.n
        ways = mp.loggamma(n + 1) - mp.loggamma(k + 1) - mp.loggamma(n - k + 1)
        return ways + (k * mp.log(self.p) if k > 0 else 0) + ((n - k) * mp.log(self.q) if k < n else 0)

    def ratio(self, k):
        return (self.n - k) / (k + 1) * self.p / self.q

    def total(self, k, step):
        if self.q > 0:
            return Counts.total(self, k, step)
        return mp.mpf(k <= self.n if step > 0 else k >= self.n)


class Poisson(Counts):
    def __init__(self, key, value):
        self.config = {key: f32(value)}
        self.mean = self.variance = f32(value) if key == 'rate' else mp.exp(f32(value))
        self.mode = mp.floor(self.mean)

    def log_mass(self, k):
        return k * mp.log(self.mean) - self.mean - mp.loggamma(k + 1)

    def ratio(self, k):
        return self.mean / (k + 1)


class NegativeBinomial(Counts):
    def __init__(self, r, key, value):
        self.config = {'totalCount': f32(r), key: f32(value)}
        self.r = f32(r)
        self.p, self.q = probability(key, f32(value))
        self.mean = self.r * self.p / self.q
        self.variance = self.mean / self.q
        self.mode = mp.floor(max(self.r - 1, mp.mpf(0)) * self.p / self.q)

    def log_mass(self, k):
        r = self.r
        ways = mp.loggamma(r + k) - mp.loggamma(r) - mp.loggamma(k + 1)
        return ways + r * mp.log(self.q) + (k * mp.log(self.p) if k > 0 else 0)

    def ratio(self, k):
        return (self.r + k) / (k + 1) * self.p

    def total(self, k, step):
        if self.mean < 1e6 or k == 0:
            return Counts.total(self, k, step)
        lower = self.lower(k if step < 0 else k - 1)
        return lower if step < 0 else 1 - lower

    def lower(self, k):
        """F(k) = I_{1 − p}(r, k + 1) by its power series in 1 − p."""
        r, q = self.r, self.q
        log = r * mp.log(q) - mp.log(r) + mp.loggamma(r + k + 1) - mp.loggamma(r) - mp.loggamma(k + 1)
        return mp.exp(log) * mp.hyp2f1(r, -k, r + 1, q)


def spread(d, factors):
    """Values around the mean by standard deviations, values at the ends, and values that are none."""
    deviation = mp.sqrt(d.variance)
    inner = {min(max(f32(mp.floor(d.mean + z * deviation)), mp.mpf(0)), d.most) for z in factors}
    ends = {mp.mpf(0), mp.mpf(1)} | ({d.most} if d.most < mp.inf else set())
    inside = sorted(x for x in inner | ends if x <= d.most)
    return inside + [inside[-1] + 0.5 if inside[-1] < 1e6 else mp.mpf(0.5), mp.mpf(-1)] + ([d.most + 1] if d.most < 1e7 else [])


def case_of(d, factors):
    xs = spread(d, factors)
    whole = [x == mp.floor(x) and 0 <= x <= d.most for x in xs]
    cdf = [d.cdf(x) for x in xs]
    survival = [d.survival(x) for x in xs]
    case = {
        'config': d.config, 'x': xs,
        'logProb': [d.log_mass(x) if w else -mp.inf for x, w in zip(xs, whole)],
        'cdf': cdf,
        'logCdf': [mp.log1p(-s) if s < 0.5 else logmp(c) for c, s in zip(cdf, survival)],
        'survival': survival,
        'mean': d.mean, 'variance': d.variance, 'stddev': mp.sqrt(d.variance), 'mode': d.mode,
    }
    if hasattr(d, 'entropy'):
        case['entropy'] = d.entropy
    ps = [f32(p) for p in QUANTILES if p < 0.99999]
    pairs = [(p, d.quantile(p)) for p in ps]
    pairs = [(p, k) for p, k in pairs if k is not None and (k > 1e7 or d.clear(k, p) or (k == 0 and d.cdf(k) > p * 1.001))]
    if len(pairs) >= 5:
        case['p'], case['quantile'] = [p for p, _ in pairs], [k for _, k in pairs]
    return case


COUNTS = {
    'Geometric': [Geometric('logits', 0), Geometric('logits', -10), Geometric('logits', 80), Geometric('logits', -80), Geometric('probs', 0.3),
                  Geometric('probs', 1)],
    'Binomial': [Binomial(10, 'probs', 0.3), Binomial(10 ** 6, 'logits', -11.5), Binomial(10 ** 6, 'logits', 1), Binomial(20, 'logits', 80),
                 Binomial(20, 'logits', -80), Binomial(1000, 'logits', -3), Binomial(0, 'logits', 1), Binomial(5, 'probs', 1)],
    'Poisson': [Poisson('rate', 1.5), Poisson('rate', 1e-3), Poisson('rate', 30), Poisson('rate', 1e6), Poisson('logRate', -20),
                Poisson('logRate', 10)],
    'NegativeBinomial': [NegativeBinomial(3, 'logits', 0.5), NegativeBinomial(1e-3, 'probs', 0.9), NegativeBinomial(1e6, 'logits', -5),
                         NegativeBinomial(5, 'logits', -80), NegativeBinomial(2, 'logits', 80), NegativeBinomial(2.5, 'probs', 0.99)],
}


def multinomial():
    settings = [
        (5, 'logits', [0, 0.5, -1], [[5, 0, 0], [0, 5, 0], [2, 2, 1], [1, 1, 3], [5, 1, 0], [2, 2, 1.5]]),
        (10 ** 6, 'probs', [0.25, 0.25, 0.5], [[250000, 250000, 500000], [249000, 251000, 500000], [0, 0, 1000000], [100000, 400000, 500000]]),
        (10, 'logits', [80, -80, 0], [[10, 0, 0], [9, 1, 0], [0, 10, 0], [5, 0, 5]]),
        (3, 'probs', [0, 0.5, 0.5], [[0, 1, 2], [1, 1, 1], [0, 3, 0]]),
        (0, 'logits', [1, 2], [[0, 0], [1, 0]]),
        (7, 'logits', [0], [[7], [6]]),
    ]
    cases = []
    for n, key, raw, values in settings:
        given = [f32(v) for v in raw]
        p = weights(key, given)

        def log_mass(ks):
            if any(k < 0 or k != mp.floor(k) for k in ks) or sum(ks) != n:
                return -mp.inf
            if any(k > 0 and a == 0 for k, a in zip(ks, p)):
                return -mp.inf
            return mp.loggamma(n + 1) + sum(-mp.loggamma(k + 1) + (k * mp.log(a) if k > 0 else 0) for k, a in zip(ks, p))
        # as in the library, which takes probabilities as normalised
        total = sum(p)
        shift = n * mp.log(total)
        cases.append({
            'config': {'totalCount': f32(n), key: given}, 'x': [[f32(k) for k in v] for v in values],
            'logProb': [log_mass([f32(k) for k in v]) - shift for v in values],
            'mean': [n * a for a in p], 'variance': [n * a * (1 - a) for a in p], 'stddev': [mp.sqrt(n * a * (1 - a)) for a in p],
        })
    return cases


def relaxed_bernoulli():
    settings = [(0.5, 'logits', 0.3), (0.01, 'logits', 0.3), (10, 'logits', -5), (1, 'probs', 0.2), (0.7, 'logits', 80), (0.7, 'logits', -80)]
    xs = [1e-30, 1e-10, 1e-3, 0.1, 0.5, 0.8, 0.999, 1 - 2 ** -20, 1 - 2 ** -24, 0, 1, -0.5, 1.5]
    cases = []
    for t, key, v in settings:
        t, v = f32(t), f32(v)
        logit = v if key == 'logits' else mp.log(v) - mp.log(1 - v)
        points = [f32(x) for x in xs]

        def z(x):
            return t * (mp.log(x) - mp.log(1 - x)) - logit

        def value(x, inside, below, above):
            return below if x <= 0 else above if x >= 1 else inside(x)
        # GPUs have no numbers below 2^-126 but 0
        values = [(p, sigmoid((logit + mp.log(p) - mp.log(1 - p)) / t)) for p in map(f32, QUANTILES)]
        kept = [(p, x) for p, x in values if x > 2 ** -126 or x < mp.mpf(10) ** -46]
        cases.append({
            'config': {'temperature': t, key: v}, 'x': points,
            'logProb': [value(x, lambda x: mp.log(t) - z(x) - 2 * mp.log(1 + mp.exp(-z(x))) - mp.log(x * (1 - x)), -mp.inf, -mp.inf) for x in points],
            'cdf': [value(x, lambda x: sigmoid(z(x)), mp.mpf(0), mp.mpf(1)) for x in points],
            'logCdf': [value(x, lambda x: -mp.log(1 + mp.exp(-z(x))), -mp.inf, mp.mpf(0)) for x in points],
            'survival': [value(x, lambda x: sigmoid(-z(x)), mp.mpf(1), mp.mpf(0)) for x in points],
            'p': [p for p, _ in kept], 'quantile': [x for _, x in kept],
        })
    return cases


def relaxed_one_hot():
    settings = [(0.5, 'logits', [0.3, -1, 2]), (0.01, 'logits', [0, 0, 0]), (10, 'logits', [1, 2, -3]), (1, 'probs', [0.2, 0.3, 0.5]),
                (0.7, 'logits', [80, -80, 0])]
    xs = [[0.2, 0.3, 0.5], [1e-10, 0.5, 0.5], [0.999, 5e-4, 5e-4], [1e-30, 1e-20, 1], [1 / 3, 1 / 3, 1 / 3]]
    cases = []
    for t, key, raw in settings:
        t, given = f32(t), [f32(v) for v in raw]
        logits = given if key == 'logits' else [mp.log(v) for v in given]
        points = [[f32(a) for a in x] for x in xs]

        def log_density(x):
            w = [l - t * mp.log(a) for l, a in zip(logits, x)]
            top = max(w)
            total = top + mp.log(sum(mp.exp(v - top) for v in w))
            n = len(x)
            return mp.loggamma(n) + (n - 1) * mp.log(t) + sum(v - total - mp.log(a) for v, a in zip(w, x))
        cases.append({
            'config': {'temperature': t, key: given}, 'x': points + [[mp.mpf(0), mp.mpf(0.5), mp.mpf(0.5)], [mp.mpf(0.5)] * 3],
            'logProb': [log_density(x) for x in points] + [-mp.inf, -mp.inf],
        })
    return cases


def two(qp, pp):
    """The divergence of two lists of probabilities."""
    return sum(a * (logmp(a) - logmp(b)) if a > 0 else mp.mpf(0) for a, b in zip(qp, pp))


def divergences():
    out = []
    pairs = [(('logits', 0.5), ('logits', -2)), (('logits', 80), ('logits', 79.5)), (('logits', -80), ('logits', 80)), (('logits', 0.5), ('logits', 0.5001)),
             (('logits', -20), ('logits', 60)), (('probs', 0.3), ('probs', 0.30001)), (('probs', 1e-6), ('probs', 0.5)), (('probs', 0.25), ('logits', 1))]
    for (qk, qv), (pk, pv) in pairs:
        qv, pv = f32(qv), f32(pv)
        q, p = probability(qk, qv), probability(pk, pv)
        each = two(q, p)
        given = ({qk: qv}, {pk: pv})

        def add(family, factor, extra=None):
            out.append({'family': family, 'q': {**(extra or {}), **given[0]}, 'p': {**(extra or {}), **given[1]}, 'kl': factor * each})
        add('Bernoulli', 1)
        add('Binomial', 1000, {'totalCount': mp.mpf(1000)})
        add('Geometric', 1 / q[0])
        add('NegativeBinomial', mp.mpf(2.5) / q[1], {'totalCount': mp.mpf(2.5)})
    rates = [(('rate', 3), ('rate', 3)), (('rate', 3), ('rate', 3.0001)), (('rate', 1e-3), ('rate', 1e3)), (('logRate', -30), ('logRate', 2)), (('logRate', 3), ('rate', 2)),
             (('rate', 1e6), ('rate', 1.1e6))]
    for (qk, qv), (pk, pv) in rates:
        qv, pv = f32(qv), f32(pv)
        q, p = (v if k == 'rate' else mp.exp(v) for k, v in ((qk, qv), (pk, pv)))
        out.append({'family': 'Poisson', 'q': {qk: qv}, 'p': {pk: pv}, 'kl': q * mp.log(q / p) - q + p})
    lists = [(('logits', [0.5, -1, 2]), ('logits', [0, 0, 1])), (('logits', [80, -80, 0]), ('logits', [0, 0, 80])),
             (('probs', [0.5, 0.25, 0.25]), ('probs', [0.5, 0.25 - 2 ** -12, 0.25 + 2 ** -12])), (('probs', [0.5, 0.5, 0]), ('logits', [1, 2, 3]))]
    for (qk, qv), (pk, pv) in lists:
        qv, pv = [f32(v) for v in qv], [f32(v) for v in pv]
        each = two(weights(qk, qv), weights(pk, pv))
        for family, factor, extra in (('Categorical', 1, {}), ('OneHotCategorical', 1, {}), ('Multinomial', 12, {'totalCount': mp.mpf(12)})):
            out.append({'family': family, 'q': {**extra, qk: qv}, 'p': {**extra, pk: pv}, 'kl': factor * each})
    return out


if __name__ == '__main__':
    reference = {name: [case_of(d, d.factors) for d in list_of] for name, list_of in COUNTS.items()}
    reference['Multinomial'] = multinomial()
    reference['RelaxedBernoulli'] = relaxed_bernoulli()
    reference['RelaxedOneHotCategorical'] = relaxed_one_hot()
    write('discrete.py', reference, divergences())
