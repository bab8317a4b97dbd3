"""PyTorch on one thread. Prints `ready`, then for each line `REPEATS OPERATION` the mean milliseconds of one call, or
`none` where PyTorch has no such operation."""

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

print('ready', flush=True)
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
    start = time.perf_counter()
    for _ in range(int(repeats)):
        run()
    print((time.perf_counter() - start) * 1e3 / int(repeats), flush=True)
