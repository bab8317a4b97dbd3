"""What families are made of: values and first derivatives by mpmath, to 40 digits.

    python3 scripts/reference/math_families.py > test/functions/reference/families.ts

Arguments are float32 numbers, so that nothing is lost before the functions see them. Derivatives are those of the formula, by
mpmath's differences; a function is differentiated by the arguments after the bar of its list, as in 'k,n|p'.
"""

from mpmath import atan, besseli, betainc, binomial, diff, digamma, euler, exp, gamma, gammainc, inf, log, loggamma, mp, mpf, pi, quad, tan

mp.dps = 40


def lbeta(a, b):
    return loggamma(a) + loggamma(b) - loggamma(a + b)


def lower_beta(a, b, x):
    return betainc(a, b, 0, x, regularized=True)


def p_gamma(a, x):
    return gammainc(a, 0, x, regularized=True)


def q_gamma(a, x):
    return gammainc(a, x, inf, regularized=True)


def sigma(l):
    return 1 / (1 + exp(-l))


def xlogy(x, y):
    return x * log(y) if x != 0 else mpf(0)


def kl_term(q, p):
    return xlogy(q, q / p if q != 0 else mpf(1)) - q + p


def kl_probs(q, p):
    return q * log(q / p) + (1 - q) * log((1 - q) / (1 - p))


def gamma_kl(a, r, b, t):
    return (a - b) * digamma(a) - loggamma(a) + loggamma(b) + b * log(r / t) + a * (t - r) / r


def beta_kl(a, b, c, d):
    return lbeta(c, d) - lbeta(a, b) + (a - c) * digamma(a) + (b - d) * digamma(b) + (c - a + d - b) * digamma(a + b)


def curve(x, t):
    return loggamma(x) - 2 * loggamma(x + t) + loggamma(x + 2 * t)


def weight(s, t):
    return exp(-s * t - t * t / 2)


def binomial_cdf(k, n, p):
    return lower_beta(n - k, k + 1, 1 - p)


def binomial_survival(k, n, p):
    return lower_beta(k + 1, n - k, p)


def negative_survival(k, n, p):
    return lower_beta(k + 1, n, p)


def negative_cdf(k, n, p):
    return lower_beta(n, k + 1, 1 - p)


def scaled(of, y):
    """of('x', 'a', 'b') with y made of x and b, and the derivative of y by x."""
    table = {
        'Lower': lambda a, y: p_gamma(a, y),
        'Upper': lambda a, y: q_gamma(a, y),
        'LogLower': lambda a, y: log(p_gamma(a, y)),
        'LogUpper': lambda a, y: log(q_gamma(a, y)),
    }
    ys = {'Rate': lambda x, b: x * b, 'LogRate': lambda x, b: x * exp(b), 'Scale': lambda x, b: b / x}
    if of == 'LogDensity':
        jacobian = {'Rate': lambda x, b: b, 'LogRate': lambda x, b: exp(b), 'Scale': lambda x, b: b / x**2}
        return lambda x, a, b: (a - 1) * log(ys[y](x, b)) - ys[y](x, b) - loggamma(a) + log(jacobian[y](x, b))
    return lambda x, a, b: table[of](a, ys[y](x, b))


def moment(n, s, p, q):
    return quad(lambda t: (t / (p + q)) ** n * weight(s, t), [-p, q]) / quad(lambda t: weight(s, t), [-p, q])


TWO = [(0.25, 1.5), (2, 0.75), (1.25, 1.5)]
PROBS = [(0.25, 0.5), (0.875, 0.125), (0.5, 0.5625)]
FOUR = [(0.25, 1.5, 0.75, 2), (-1, 0.5, 1, 0.75), (3, 2, 2.5, 2.25)]
FOUR_POSITIVE = [(0.25, 1.5, 0.75, 2), (5, 0.5, 1, 0.75), (3, 2, 2.5, 2.25)]

# area → function → (arguments|those that are differentiated by, formula, where)
TABLE = {
    'betaDensity': {
        'betaLogDensity': ('|x,a,b', lambda x, a, b: (a - 1) * log(x) + (b - 1) * log(1 - x) - lbeta(a, b), [(0.25, 0.5, 2), (0.875, 3, 1.5), (0.5, 40, 50)]),
        'betaSlope': ('|x,a,b', lambda x, a, b: (a - 1) / x - (b - 1) / (1 - x), [(0.25, 0.5, 2), (0.875, 3, 1.5)]),
        'betaScoreA': ('|x,a,b', lambda x, a, b: log(x) - digamma(a) + digamma(a + b), [(0.25, 0.5, 2), (0.875, 3, 1.5)]),
        'betaScoreB': ('|x,a,b', lambda x, a, b: log(1 - x) - digamma(b) + digamma(a + b), [(0.25, 0.5, 2), (0.875, 3, 1.5)]),
    },
    'cauchy': {
        'cauchyLogDensity': ('|z', lambda z: -log(pi) - log(1 + z * z), [(-3,), (0.25,), (1000,)]),
        'cauchyCdf': ('|z', lambda z: mpf(1) / 2 + atan(z) / pi, [(-1000,), (-0.5,), (2,)]),
        'cauchyQuantile': ('|p', lambda p: tan(pi * (p - mpf(1) / 2)), [(0.0009765625,), (0.25,), (0.875,)]),
        'halfCauchyCdf': ('|z', lambda z: 2 / pi * atan(z), [(0.5,), (30,)]),
        'halfCauchyQuantile': ('|p', lambda p: tan(pi * p / 2), [(0.25,), (0.875,)]),
    },
    'circular': {
        'vonMisesKl': ('|a,b', lambda a, b: log(besseli(0, b)) - log(besseli(0, a)) - (b - a) * besseli(1, a) / besseli(0, a), [(0.5, 2), (6, 1.5), (3, 3.5)]),
    },
    'countTails': {
        f'{family}.{by}.{what}': (
            'k,n|logits' if by == 'ofLogits' else 'k,n|p',
            (lambda f, g: lambda k, n, x: f(k, n, g(x)))(f, sigma if by == 'ofLogits' else (lambda p: p)),
            [(2, 7, 0.25), (0, 3, 0.5), (5, 6, 0.75)],
        )
        for family, cdf, survival in [('binomialTails', binomial_cdf, binomial_survival), ('negativeBinomialTails', negative_cdf, negative_survival)]
        for by in ['ofLogits', 'ofProbs']
        for what, f in [('cdf', cdf), ('logCdf', (lambda c: lambda k, n, p: log(c(k, n, p)))(cdf)), ('survival', survival)]
    } | {
        'geometricTails.cdf': ('k|p', lambda k, p: 1 - (1 - p) ** (k + 1), [(0, 0.25), (4, 0.5)]),
        'geometricTails.logCdf': ('k|p', lambda k, p: log(1 - (1 - p) ** (k + 1)), [(0, 0.25), (4, 0.5)]),
        'geometricTails.survival': ('k|p', lambda k, p: (1 - p) ** (k + 1), [(0, 0.25), (4, 0.5)]),
        'poissonTails.cdf': ('k|logRate', lambda k, l: q_gamma(k + 1, exp(l)), [(0, 0.5), (4, 1.5), (2, -1)]),
        'poissonTails.logCdf': ('k|logRate', lambda k, l: log(q_gamma(k + 1, exp(l))), [(0, 0.5), (4, 1.5), (2, -1)]),
        'poissonTails.survival': ('k|logRate', lambda k, l: p_gamma(k + 1, exp(l)), [(0, 0.5), (4, 1.5), (2, -1)]),
    },
    'divergence': {
        'klTerm': ('|q,p', kl_term, TWO),
        'klTermOfLogs': ('|logQ,logP', lambda q, p: kl_term(exp(q), exp(p)), [(-0.5, 0.25), (1, -2), (0.5, 0.5625)]),
        'klOfProbs': ('|q,p', kl_probs, PROBS),
        'klOfLogits': ('|q,p', lambda q, p: kl_probs(sigma(q), sigma(p)), [(-0.5, 0.25), (1, -2), (0.5, 0.5625)]),
        'geometricKl': ('|q,p', lambda q, p: kl_probs(q, p) / q, PROBS),
        'geometricKlOfLogits': ('|q,p', lambda q, p: kl_probs(sigma(q), sigma(p)) / sigma(q), [(-0.5, 0.25), (1, -2), (0.5, 0.5625)]),
    },
    'families': {
        'logRatio': ('|x,y', lambda x, y: log(x / y), TWO),
        'powerRatio': ('|x,y,k', lambda x, y, k: (x / y) ** k, [(0.25, 1.5, 2), (2, 0.75, 0.5)]),
        'logStandardised': ('|x,loc,scale', lambda x, m, s: (log(x) - m) / s, [(0.25, 1.5, 2), (2, -0.75, 0.5)]),
        'logitStandardised': ('|x,loc,scale', lambda x, m, s: (log(x / (1 - x)) - m) / s, [(0.25, 1.5, 2), (0.875, -0.75, 0.5)]),
        'logisticLogDensity': ('|z', lambda z: -z - 2 * log(1 + exp(-z)), [(-3,), (0.25,), (20,)]),
        'weibullLogDensity': ('|x,scale,k', lambda x, s, k: log(k / s) + (k - 1) * log(x / s) - (x / s) ** k, [(0.25, 1.5, 2), (2, 0.75, 0.5)]),
        'kumaraswamyLogDensity': ('|x,a,b', lambda x, a, b: log(a * b) + (a - 1) * log(x) + (b - 1) * log(1 - x**a), [(0.25, 1.5, 2), (0.875, 0.75, 0.5)]),
        'kumaraswamyLogMoment': ('|t,b', lambda t, b: log(b) + lbeta(1 + t, b), [(0.25, 1.5), (2, 0.75)]),
        'lgammaCurve': ('|x,t', curve, [(0.25, 1.5), (2, 0.75)]),
        'lgammaCurveDifference': ('|x,d,t', lambda x, d, t: curve(x, t) - curve(x + d, t), [(0.25, 1.5, 0.5), (2, 0.75, 1.5)]),
        'laplaceLogDensity': ('|z', lambda z: -abs(z) - log(2), [(-3,), (0.25,)]),
        'kumaraswamyCdf': ('|x,a,b', lambda x, a, b: 1 - (1 - x**a) ** b, [(0.25, 1.5, 2), (0.875, 0.75, 0.5)]),
        'kumaraswamySurvival': ('|x,a,b', lambda x, a, b: (1 - x**a) ** b, [(0.25, 1.5, 2), (0.875, 0.75, 0.5)]),
        'expNeg': ('|z', lambda z: exp(-z), [(-3,), (0.25,)]),
    },
    'gammaKl': {
        'gammaKl': ('|a,r,b,t', gamma_kl, FOUR_POSITIVE),
        'gammaKlOfLogs': ('|a,r,b,t', lambda a, r, b, t: gamma_kl(a, exp(r), b, exp(t)), [(0.25, 1.5, 0.75, 2), (5, -0.5, 1, 0.75)]),
        'betaKl': ('|a,b,c,d', beta_kl, FOUR_POSITIVE),
        'gammaKlBalance': ('|', lambda a, b, r, t, change: a * t / r - b, [(2, 1.5, 2, 2.5, 0.5), (1, 3, 0.75, 0.5, -0.25)], 'a,b,r,t,change'),
        'gammaKlBalanceOfLogs': ('|', lambda a, r, b, t: a * exp(t - r) - b, [(2, 0.5, 1.5, 0.75), (1, -1, 3, 0.5)], 'a,r,b,t'),
        'gammaEntropy': ('|a', lambda a: a + loggamma(a) + (1 - a) * digamma(a), [(0.25,), (3,), (40,)]),
        'studentTEntropy': ('|df', lambda v: log(v) / 2 + lbeta(v / 2, mpf(1) / 2) + (v + 1) / 2 * (digamma((v + 1) / 2) - digamma(v / 2)), [(0.5,), (3,), (40,)]),
    },
    'scaleKl': {
        'ratioExcess': ('|x,y', lambda x, y: x / y - 1 - log(x / y), TWO),
        'lgammaRatio': ('|x,y', lambda x, y: loggamma(1 + x / y), TWO),
        'laplaceBend': ('|d,s,t', lambda d, s, t: s / t * (exp(-d / s) - 1 + d / s), [(0.25, 1.5, 2), (2, 0.75, 0.5)]),
        'normalKl': ('|m,s,n,t', lambda m, s, n, t: log(t / s) + (s * s + (m - n) ** 2) / (2 * t * t) - mpf(1) / 2, FOUR),
        'laplaceKl': ('|m,s,n,t', lambda m, s, n, t: log(t / s) + abs(m - n) / t + s / t * exp(-abs(m - n) / s) - 1, FOUR),
        'gumbelKl': ('|m,s,n,t', lambda m, s, n, t: log(t / s) + euler * (s / t - 1) + exp((n - m) / t) * gamma(1 + s / t) - 1 + (m - n) / t, FOUR),
        'cauchyKl': ('|m,s,n,t', lambda m, s, n, t: log(((s + t) ** 2 + (m - n) ** 2) / (4 * s * t)), FOUR),
    },
    'scaledGamma': {
        f'{of}.{by}': ('|x,a,b', scaled(of, by), [(0.75, 1.5, 2), (1.5, 3, 0.5)])
        for by in ['Rate', 'LogRate', 'Scale']
        for of in ['LogDensity', 'Lower', 'Upper', 'LogLower', 'LogUpper']
    },
    'successes': {
        'successLogMass': ('h,m|p', lambda h, m, p: h * log(p) + m * log(1 - p), [(2, 3, 0.25), (0, 1, 0.875)]),
        'successScore': ('h,m|p', lambda h, m, p: h / p - m / (1 - p), [(2, 3, 0.25), (0, 1, 0.875)]),
        'successCurvature': ('|', lambda h, m, p: -h / p**2 - m / (1 - p) ** 2, [(2, 3, 0.25), (0, 1, 0.875)], 'h,m,p'),
        'binomialLogMassOfProbs': ('k,n|p', lambda k, n, p: log(binomial(n, k)) + k * log(p) + (n - k) * log(1 - p), [(2, 7, 0.25), (0, 3, 0.875)]),
        'negativeBinomialLogMassOfProbs': ('k,n|p', lambda k, n, p: loggamma(k + n) - loggamma(k + 1) - loggamma(n) + k * log(p) + n * log(1 - p), [(2, 7, 0.25), (0, 3, 0.875)]),
    },
    'truncatedNormal': {
        'truncatedLogMean': ('|s,p,q', lambda s, p, q: log(quad(lambda t: weight(s, t), [-p, q]) / (p + q)), [(0, 1, 2), (0.5, 0, 1.5)]),
        'truncatedMoment': ('|', moment, [(1, 0, 1, 2), (2, 0.5, 0, 1.5)], 'n,s,p,q'),
    },
}


def number(x):
    return repr(float(x)).removesuffix('.0')


def column(values):
    return '[' + ', '.join(number(v) for v in values) + ']'


def main():
    print('/** Made by scripts/reference/math_families.py; do not edit. */')
    print("import type {FunctionReference} from '../functionSuite.js';\n")
    print('export const familiesReference = {')
    for area, functions in TABLE.items():
        print(f'  {area}: {{')
        for name, spec in functions.items():
            arguments, f, where = spec[:3]
            fixed, free = ([n for n in part.split(',') if n] for part in arguments.split('|'))
            names = spec[3].split(',') if len(spec) > 3 else fixed + free
            points = [tuple(mpf(v) for v in point) for point in where]
            print(f"    {name if name.isidentifier() else repr(name)}: {{")
            print('      inputs: {' + ', '.join(f'{n}: {column([p[i] for p in points])}' for i, n in enumerate(names)) + '},')
            print(f'      value: {column([f(*p) for p in points])},')
            if free:
                first = []
                for n in free:
                    i = names.index(n)
                    first.append(f'{n}: ' + column([diff(lambda v: f(*p[:i], v, *p[i + 1:]), p[i]) for p in points]))
                print('      first: {' + ', '.join(first) + '},')
            print('    },')
        print('  },')
    print('} satisfies Record<string, Record<string, FunctionReference>>;')


main()
