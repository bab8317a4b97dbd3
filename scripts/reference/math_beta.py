"""Makes test/functions/reference/beta.ts: what the tests of the incomplete beta function, Student's t and the binomial masses compare with.

    python3 scripts/reference/math_beta.py > test/functions/reference/beta.ts

Tails are sums of the hypergeometric series from the end where it converges faster; derivatives are difference quotients with 100 digits.
"""
import mpmath as mp

from common import f32, text

mp.mp.dps = 100


def series(a, b, x):
    """The integral of t^(a−1) (1 − t)^(b−1) from 0 to x over x^a (1 − x)^b / a, as its hypergeometric series."""
    # in integers that stand for multiples of 2^−bits, which is ten times as fast
    bits = 400
    one = 1 << bits
    top, bottom, x = (int(mp.ldexp(v, bits)) for v in (a + b, a + 1, x))
    term = total = one
    while term > total >> 340:
        term = (term * top // bottom) * x >> bits
        total += term
        top += one
        bottom += one
    return mp.ldexp(mp.mpf(total), -bits)


def log_mass(a, b, x, y):
    return a * mp.log(x) + b * mp.log(y) + mp.loggamma(a + b) - mp.loggamma(a) - mp.loggamma(b)


def near_tail(a, b, x, y, above):
    """The tail that does not hold the mode."""
    if above:
        a, b, x, y = b, a, y, x
    if b < 30 and y < 1e-2:
        # the series from this end converges as x^k: what the one from the other end leaves
        return 1 - mp.exp(log_mass(a, b, x, y)) / b * series(b, a, y)
    return mp.exp(log_mass(a, b, x, y)) / a * series(a, b, x)


def differences(f, a, b):
    """f and its derivatives by a, b, aa, ab, bb."""
    h, k = a * mp.mpf(10) ** -16, b * mp.mpf(10) ** -16
    v = f(a, b)
    ap, am, bp, bm = f(a + h, b), f(a - h, b), f(a, b + k), f(a, b - k)
    pp, mm = f(a + h, b + k), f(a - h, b - k)
    ab = (pp + mm - ap - am - bp - bm + 2 * v) / (2 * h * k)
    return v, (ap - am) / (2 * h), (bp - bm) / (2 * k), (ap - 2 * v + am) / h ** 2, ab, (bp - 2 * v + bm) / k ** 2


def beta_case(a, b, x):
    a, b, x = f32(a), f32(b), f32(x)
    y = 1 - x
    above = (a + b) * x > a
    v, da, db, daa, dab, dbb = differences(lambda u, w: near_tail(u, w, x, y, above), a, b)
    sign = -1 if above else 1
    lower, upper = (1 - v, v) if above else (v, 1 - v)
    d = {'A': sign * da, 'B': sign * db, 'AA': sign * daa, 'AB': sign * dab, 'BB': sign * dbb}
    density = mp.exp(log_mass(a, b, x, y)) / (x * y)
    row = {'a': a, 'b': b, 'x': x, 'betainc': lower, 'betaincc': upper, 'logBetainc': mp.log(lower), 'logBetaincc': mp.log(upper)}
    row.update({f'd{key}': value for key, value in d.items()})
    for name, tail, side in (('log', lower, 1), ('logc', upper, -1)):
        first = {key: side * d[key] / tail for key in 'AB'}
        row[f'{name}X'] = side * density / tail
        for key in 'AB':
            row[f'{name}{key}'] = first[key]
        for key in ('AA', 'AB', 'BB'):
            row[f'{name}{key}'] = side * d[key] / tail - first[key[0]] * first[key[1]]
    slope = (a - 1) / x - (b - 1) / y
    score = {'A': mp.log(x) - mp.digamma(a) + mp.digamma(a + b), 'B': mp.log(y) - mp.digamma(b) + mp.digamma(a + b)}
    sample = {key: -d[key] / density for key in 'AB'}
    row['logDensity'] = mp.log(density)
    row['slope'], row['scoreA'], row['scoreB'] = slope, score['A'], score['B']
    row['sampleA'], row['sampleB'] = sample['A'], sample['B']
    # their partial derivatives by a, b and x
    for key in 'AB':
        for by in 'AB':
            row[f'sample{key}{by}'] = -d[''.join(sorted(key + by))] / density - sample[key] * score[by]
        row[f'sample{key}X'] = -score[key] - sample[key] * slope
    return row


def beta_points():
    pairs = [(1e-3, 1e-3), (1e-3, 1.5), (1.5, 1e-3), (1e-3, 1e6), (0.5, 0.5), (1.25, 2), (2, 3), (5, 0.3), (0.1, 1e4), (20, 40), (300, 200), (3, 2e4),
             (1e3, 1e6), (1e6, 1e3), (1e6, 1e6), (1e6, 1.5), (2, 1e6)]
    for a, b in pairs:
        mean = a / (a + b)
        sd = (mean * (1 - mean) / (a + b + 1)) ** 0.5
        xs = [mean + k * sd for k in (-8, -2, -0.3, 0.4, 1.5, 5)]
        if a < 30:
            xs[0:2] = [mean * 1e-8, mean * 0.05]
        if b < 30:
            xs[4:] = [1 - (1 - mean) * 0.1, 1 - 2 ** -16]
        xs = sorted({float(f32(x)) for x in xs if 0 < x <= 1 - 2 ** -16})
        for x in xs:
            yield a, b, x


def student_log_density(z, v):
    return mp.loggamma((v + 1) / 2) - mp.loggamma(v / 2) - mp.log(v * mp.pi) / 2 - (v + 1) / 2 * mp.log1p(z * z / v)


def student_tail(z, v):
    """P(T < −|z|)."""
    a, b, x, y = v / 2, mp.mpf(1) / 2, v / (v + z * z), z * z / (v + z * z)
    if z == 0:
        return mp.mpf(1) / 2
    if (a + b) * x <= a:
        return near_tail(a, b, x, y, False) / 2
    return (1 - near_tail(a, b, x, y, True)) / 2


def student_case(z, v):
    z, v = f32(z), f32(v)
    h = v * mp.mpf(10) ** -16
    f, p, m = student_tail(z, v), student_tail(z, v + h), student_tail(z, v - h)
    d, dd = (p - m) / (2 * h), (p - 2 * f + m) / h ** 2
    sign = 1 if z < 0 else -1
    density = mp.exp(student_log_density(z, v))
    score = mp.diff(lambda u: student_log_density(z, u), v, h=h)
    slope = -(v + 1) * z / (v + z * z)
    sample = -sign * d / density
    log_cdf = mp.log(f) if z < 0 else mp.log1p(-f)
    cdf = mp.exp(log_cdf)
    return {
        'z': z, 'df': v, 'logDensity': student_log_density(z, v), 'slope': slope, 'score': score,
        'slopeZ': -(v + 1) * (v - z * z) / (v + z * z) ** 2, 'slopeDf': z * (1 - z * z) / (v + z * z) ** 2,
        'scoreDf': mp.diff(lambda u: student_log_density(z, u), v, 2, h=h),
        'cdf': cdf, 'logCdf': log_cdf, 'cdfDf': sign * d, 'cdfDfDf': sign * dd,
        'logCdfZ': density / cdf, 'logCdfDf': sign * d / cdf,
        'sample': sample, 'sampleZ': -score - sample * slope, 'sampleDf': -sign * dd / density - sample * score,
    }


def student_points():
    for v in (0.05, 0.5, 1, 3, 7.5, 40, 1e3, 1e6):
        zs = [-1e12, -300, -6, -1.6, -0.7, -1e-3, 0.4, 1.3, 2.5, 8] if v < 10 else [-11, -6, -2.5, -1.6, -0.7, -1e-3, 0.4, 1.3, 2.5, 5]
        for z in zs:
            yield z, v


def sigmoid(l):
    return 1 / (1 + mp.exp(-l))


def binomial_case(k, n, l):
    k, n, l = f32(k), f32(n), f32(l)
    p, q, psi = sigmoid(l), sigmoid(-l), mp.digamma
    terms = lambda c, u: c * mp.log(u) if c else mp.mpf(0)
    trigamma = lambda u: mp.psi(1, u)
    return {
        'k': k, 'n': n, 'logits': l,
        'value': mp.loggamma(n + 1) - mp.loggamma(k + 1) - mp.loggamma(n - k + 1) + terms(k, p) + terms(n - k, q),
        'dLogits': k - n * p, 'dK': l + psi(n - k + 1) - psi(k + 1), 'dN': psi(n + 1) - psi(n - k + 1) + mp.log(q),
        'dLogitsLogits': -n * p * q, 'dKK': -trigamma(n - k + 1) - trigamma(k + 1), 'dNN': trigamma(n + 1) - trigamma(n - k + 1),
    }


def negative_binomial_case(k, n, l):
    k, n, l = f32(k), f32(n), f32(l)
    p, q, psi = sigmoid(l), sigmoid(-l), mp.digamma
    trigamma = lambda u: mp.psi(1, u)
    return {
        'k': k, 'n': n, 'logits': l,
        'value': mp.loggamma(n + k) - mp.loggamma(n) - mp.loggamma(k + 1) + k * mp.log(p) + n * mp.log(q),
        'dLogits': k * q - n * p, 'dK': psi(n + k) - psi(k + 1) + mp.log(p), 'dN': psi(n + k) - psi(n) + mp.log(q),
        'dLogitsLogits': -(n + k) * p * q, 'dKK': trigamma(n + k) - trigamma(k + 1), 'dNN': trigamma(n + k) - trigamma(n),
    }


BINOMIAL = [(0, 5, 80), (5, 5, -80), (3, 5, 0.3), (0, 1, -3), (7, 40, -1.5), (500000, 1e6, 0), (501000, 1e6, 0.001), (30, 1e6, -10.4), (999990, 1e6, 11.5),
            (3, 1e6, -80), (12, 30, 20), (2.5, 7.25, 0.5), (100, 250, -0.4), (1e6, 1e6, 13), (65536, 131072, 0.003)]
NEGATIVE = [(0, 5, 80), (5, 0.001, -80), (3, 5, 0.3), (1, 1, -3), (7, 40.5, -1.5), (500000, 1e6, -0.69), (1e6, 1e6, 0.001), (30, 1e6, -10.4), (999990, 10.5, 11.5),
            (3, 1e3, -80), (12, 30, 20), (2.5, 0.25, 0.5), (100, 250, -0.4), (1, 1e-3, 13)]


def write(name, rows):
    print(f'export const {name} = {{')
    for key in rows[0]:
        values = ', '.join(text(row[key]) for row in rows)
        print(f'  {key}: [{values}],')
    print('};\n')


def main():
    print('/** Made by scripts/reference/math_beta.py; do not edit. */\n')
    write('betaCases', [beta_case(*point) for point in beta_points()])
    write('studentCases', [student_case(*point) for point in student_points()])
    write('binomialCases', [binomial_case(*point) for point in BINOMIAL])
    write('negativeBinomialCases', [negative_binomial_case(*point) for point in NEGATIVE])


main()
