"""Makes test/distributions/reference/multivariate.ts: exact values of the multivariate normal families.

    python3 scripts/reference/multivariate.py > test/distributions/reference/multivariate.ts

Everything is computed from the textbook formulas with inverses and determinants of covariance matrices. All inputs are float32 numbers,
so that rounding of inputs plays no part.
"""
import mpmath as mp

from common import f32, write

TINY, HUGE = mp.mpf('1e-18'), mp.mpf('1e18')

# loc (None is left out), L; the other two families take the diagonal of L, and L·Lᵀ
SETTINGS = [
    ([0.5, -1, 2], [[1, 0, 0], [0.5, 2, 0], [-0.25, 0.7, 0.5]]),
    (None, [[0.8, 0], [0.6, 1.5]]),
    ([3], [[0.25]]),
    ([0, 1, 0], [[TINY, 0, 0], [0.5, 1, 0], [0.2 * HUGE, -0.4 * HUGE, 0.7 * HUGE]]),
    (None, [[TINY, 0], [0.5 * TINY, 2 * TINY]]),
    (None, [[HUGE, 0], [-0.9 * HUGE, 0.3 * HUGE]]),
]

# in units of L: values at which the density is wanted
NOISE = [[0, 0, 0], [1, 0, 0], [0.5, -1, 2], [-3, 2, 0.1], [5, 5, -4], [0.01, -0.02, 0.03]]


def rounded(rows):
    return mp.matrix([[f32(v) for v in row] for row in rows])


def shape(name, rows):
    """The parameter of a family, as lists, and the covariance that it stands for."""
    l = rounded(rows)
    n = l.rows
    if name == 'MultivariateNormalDiag':
        s = [l[i, i] for i in range(n)]
        return {'scaleDiag': s}, mp.diag([v * v for v in s])
    if name == 'MultivariateNormalTriL':
        return {'scaleTril': l.tolist()}, l * l.T
    covariance = rounded((l * l.T).tolist())
    return {'covarianceMatrix': covariance.tolist()}, covariance


def log_density(x, loc, covariance):
    d = mp.matrix(x) - mp.matrix(loc)
    return -((d.T * inverse(covariance) * d)[0] + mp.log(mp.det(covariance)) + len(x) * mp.log(2 * mp.pi)) / 2


def inverse(a):
    """With the variables brought to one scale first."""
    s = mp.diag([1 / mp.sqrt(a[i, i]) for i in range(a.rows)])
    return s * mp.inverse(s * a * s) * s


def configured(name, loc, rows):
    config, covariance = shape(name, rows)
    n = covariance.rows
    given = [f32(v) for v in loc] if loc is not None else [mp.mpf(0)] * n
    return ({'loc': given} if loc is not None else {}) | config, given, covariance


def cases(name):
    out = []
    for loc, rows in SETTINGS:
        config, mean, covariance = configured(name, loc, rows)
        n = len(mean)
        factor = mp.diag(config['scaleDiag']) if 'scaleDiag' in config else rounded(rows)
        points = [[f32(v) for v in mp.matrix(mean) + factor * mp.matrix(z[:n])] for z in NOISE]
        variances = [covariance[i, i] for i in range(n)]
        out.append({
            'config': config, 'x': points, 'logProb': [log_density(x, mean, covariance) for x in points],
            'mean': mean, 'mode': mean, 'variance': variances, 'stddev': [mp.sqrt(v) for v in variances],
            'entropy': (n * (1 + mp.log(2 * mp.pi)) + mp.log(mp.det(covariance))) / 2,
        })
    return out


def divergence(q, p):
    (_, mq, cq), (_, mp_, cp) = q, p
    d = mp.matrix(mp_) - mp.matrix(mq)
    i = inverse(cp)
    product = i * cq
    trace = sum(product[k, k] for k in range(cq.rows))
    return (trace + (d.T * i * d)[0] - cq.rows + mp.log(mp.det(cp) / mp.det(cq))) / 2


# q's and p's loc and L: ordinary ones, almost the same, and very different ones
PAIRS = [
    (([0.5, -1, 2], [[1, 0, 0], [0.5, 2, 0], [-0.25, 0.7, 0.5]]), (None, [[0.7, 0, 0], [0.1, 1.5, 0], [0.4, -0.2, 1.25]])),
    (([1, 2], [[1, 0], [0.5, 2]]), ([1.0009765625, 2], [[1.0009765625, 0], [0.5, 1.9990234375]])),
    ((None, [[TINY, 0], [0.5, 1]]), (None, [[HUGE, 0], [0.3, 1.5]])),
    ((None, [[8 * HUGE, 0], [0, 2 * TINY]]), (None, [[HUGE, 0], [HUGE * TINY * TINY, 3 * TINY]])),
]
NAMES = ['MultivariateNormalDiag', 'MultivariateNormalTriL', 'MultivariateNormalFullCovariance']


def divergences():
    out = []
    for q_name in NAMES:
        for p_name in NAMES:
            for q_setting, p_setting in PAIRS:
                q, p = configured(q_name, *q_setting), configured(p_name, *p_setting)
                out.append({'family': q_name, 'to': p_name, 'q': q[0], 'p': p[0], 'kl': divergence(q, p)})
    return out


if __name__ == '__main__':
    mp.mp.dps = 200  # determinants of matrices with elements of 1e-36 and 1e36
    write('multivariate.py', {name: cases(name) for name in NAMES}, divergences())
