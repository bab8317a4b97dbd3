"""What the scripts of this folder share: float32 inputs, exact arithmetic with 60 digits, and writing the files of
test/distributions/reference. Needs mpmath.
"""
import struct

import mpmath as mp

mp.mp.dps = 60

# probabilities at which quantiles are tested; all are rounded to float32 by f32
QUANTILES = [1e-30, 1e-10, 1e-4, 0.02, 0.07, 0.3, 0.5, 0.6, 0.93, 0.99, 0.9999, 1 - 2 ** -22]


def f32(x):
    """The nearest float32, exactly."""
    return mp.mpf(struct.unpack('f', struct.pack('f', float(x)))[0])


def logmp(x):
    return mp.log(x) if x > 0 else -mp.inf


def xlogx(p):
    return p * mp.log(p) if p > 0 else mp.mpf(0)


def sigmoid(a):
    return 1 / (1 + mp.exp(-a))


def integral(f, points):
    with mp.workdps(30):
        return mp.quad(f, points)


def weights(key, values):
    if key == 'probs':
        return values
    top = max(values)
    total = sum(mp.exp(v - top) for v in values)
    return [mp.exp(v - top) / total for v in values]


def text(v):
    if isinstance(v, dict):
        return '{' + ', '.join(f'{k}: {text(u)}' for k, u in v.items()) + '}'
    if isinstance(v, (list, tuple)):
        return '[' + ', '.join(text(u) for u in v) + ']'
    if isinstance(v, str):
        return f"'{v}'"
    if isinstance(v, bool):
        return 'true' if v else 'false'
    if mp.isnan(v):
        return 'NaN'
    if mp.isinf(v):
        return 'Infinity' if v > 0 else '-Infinity'
    return repr(float(v)).removesuffix('.0')


def wrap(v, depth):
    """A list of records, one line a field, so that differences can be read."""
    pad = '  ' * depth
    rows = []
    for record in v:
        fields = ',\n'.join(f'{pad}    {k}: {text(u)}' for k, u in record.items())
        rows.append(f'{pad}  {{\n{fields},\n{pad}  }},')
    return '[\n' + '\n'.join(rows) + f'\n{pad}]'


def write(script, reference, divergences=()):
    """Prints the file: cases by family, each as ReferenceCase says, and divergences, each {'family', 'to' if other, 'q', 'p', 'kl'}."""
    print(f'/** Made by scripts/reference/{script}; do not edit. */')
    print("import type {Divergence, ReferenceCase} from '../../helpers/distributionSuite.js';\n")
    print('export const reference = {')
    for name, cases in reference.items():
        print(f'  {name}: {wrap(cases, 1)},')
    print('} satisfies Record<string, ReferenceCase[]>;\n')
    print(f'export const divergences: Divergence[] = {wrap(list(divergences), 0)};')
