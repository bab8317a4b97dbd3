"""PyTorch on one thread. Prints `ready` and what speaks against its times, then for each line `REPEATS OPERATION` the
mean milliseconds of one call, or `none` where PyTorch has no such operation."""

import os
import sys
import time

import torch

import elementwise
import steps

torch.manual_seed(0)
torch.set_num_threads(1)
torch.distributions.Distribution.set_default_validate_args(False)

KINDS = dict(
    step=steps.step,
    samplers=elementwise.samplers,
    logProb=elementwise.log_prob,
    functions=elementwise.functions,
)
READY = {}
now = time.process_time if os.environ.get('BENCH_CLOCK') == 'cpu' else time.perf_counter


def complaint():
    """What makes this PyTorch slower than it should be: Debian's takes any BLAS, the untuned reference one too."""
    a = torch.rand(256, 256)
    times = []
    for _ in range(8):
        start = time.process_time()
        a @ a
        times.append(time.process_time() - start)
    speed = 2 * 256**3 / max(min(times), 1e-9) / 1e9
    return '' if speed > 15 else f' its matrix products are untuned ({speed:.0f} GFLOP/s): install libopenblas0'


print('ready' + complaint(), flush=True)
for line in sys.stdin:
    repeats, kind, *words = line.split()
    operation = (kind, *words)
    if operation not in READY:
        READY.clear()  # one benchmark at a time: what the last one held is free again
        READY[operation] = KINDS[kind](*words) if kind in KINDS else None
    run = READY[operation]
    if run is None:
        print('none', flush=True)
        continue
    start = now()
    for _ in range(int(repeats)):
        run()
    print((now() - start) * 1e3 / int(repeats), flush=True)
