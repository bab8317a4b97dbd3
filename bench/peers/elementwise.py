"""Samplers, log-probabilities and special functions in PyTorch, with the parameters of bench/families.ts and
bench/functions.ts. Each function returns what runs once, or None where PyTorch has no such operation. Distributions are made anew
each time, as in a training step: what depends on the parameters alone counts."""

import torch
from torch import distributions as d
from torch import special as s

CLASSES = 10
REAL, POSITIVE, SHAPE, UNIT, LOGITS = (-1, 1), (0.5, 2), (0.5, 5), (0.1, 0.9), (-2, 2)

# By family: what makes it of its parameters in order, their ranges, and whether they are vectors.
FAMILIES = dict(
    Bernoulli=(lambda l: d.Bernoulli(logits=l), (LOGITS,), False),
    Beta=(d.Beta, (SHAPE, SHAPE), False),
    Binomial=(lambda l: d.Binomial(20, logits=l), (LOGITS,), False),
    Categorical=(lambda l: d.Categorical(logits=l), (LOGITS,), True),
    Cauchy=(d.Cauchy, (REAL, POSITIVE), False),
    Chi2=(d.Chi2, ((1, 10),), False),
    Dirichlet=(d.Dirichlet, (SHAPE,), True),
    Exponential=(d.Exponential, (POSITIVE,), False),
    Gamma=(d.Gamma, (SHAPE, POSITIVE), False),
    Geometric=(d.Geometric, (UNIT,), False),
    Gumbel=(d.Gumbel, (REAL, POSITIVE), False),
    HalfNormal=(d.HalfNormal, (POSITIVE,), False),
    Kumaraswamy=(d.Kumaraswamy, (SHAPE, SHAPE), False),
    Laplace=(d.Laplace, (REAL, POSITIVE), False),
    LogNormal=(d.LogNormal, (REAL, POSITIVE), False),
    Multinomial=(lambda l: d.Multinomial(20, logits=l), (LOGITS,), True),
    MultivariateNormalDiag=(lambda m, v: d.Independent(d.Normal(m, v), 1), (REAL, POSITIVE), True),
    NegativeBinomial=(lambda n, l: d.NegativeBinomial(n, logits=l), ((1, 10), LOGITS), False),
    Normal=(d.Normal, (REAL, POSITIVE), False),
    OneHotCategorical=(lambda l: d.OneHotCategorical(logits=l), (LOGITS,), True),
    Pareto=(lambda a, v: d.Pareto(v, a), ((1, 5), POSITIVE), False),
    Poisson=(d.Poisson, ((1, 20),), False),
    RelaxedBernoulli=(lambda t, l: d.RelaxedBernoulli(t, logits=l), (POSITIVE, LOGITS), False),
    RelaxedOneHotCategorical=(
        lambda l: d.RelaxedOneHotCategorical(torch.tensor(0.5), logits=l),
        (LOGITS,),
        True,
    ),
    StudentT=(d.StudentT, ((2, 10), REAL, POSITIVE), False),
    Uniform=(d.Uniform, ((-2, -1), (1, 2)), False),
    VonMises=(d.VonMises, (REAL, SHAPE), False),
    Weibull=(lambda a, v: d.Weibull(v, a), (SHAPE, POSITIVE), False),
)
DISCRETE = {
    'Bernoulli', 'Binomial', 'Categorical', 'Geometric', 'Multinomial', 'NegativeBinomial', 'OneHotCategorical', 'Poisson'
}  # fmt: skip


def uniform(bounds, shape):
    """Numbers between bounds."""
    low, high = bounds
    return low + (high - low) * torch.rand(shape)


def of_tensors(family, size):
    """A function of a family's parameters, and parameters for `size` numbers."""
    make, ranges, vectors = FAMILIES[family]
    shape = (size // CLASSES, CLASSES) if vectors else (size,)
    return make, [uniform(bounds, shape).requires_grad_() for bounds in ranges]


def samplers(family, source, size):
    """Draws `size` numbers, from numbers or from tensors."""
    if family not in FAMILIES:
        return None
    size = int(size)
    make, ranges, vectors = FAMILIES[family]
    if source == 'tensors':
        make, parameters = of_tensors(family, size)
        fixed = [p.detach() for p in parameters]
        return lambda: make(*fixed).sample()
    if vectors:
        steps = (torch.arange(CLASSES) + 0.5) / CLASSES
        vectors = [low + (high - low) * steps for low, high in ranges]
        return lambda: make(*vectors).sample((size // CLASSES,))
    numbers = [torch.tensor((low + high) / 2) for low, high in ranges]
    return lambda: make(*numbers).sample((size,))


def log_prob(family, what, size):
    """Log-probabilities of draws: the value, or the gradient in the parameters and in values that are not discrete."""
    if family not in FAMILIES:
        return None
    make, parameters = of_tensors(family, int(size))
    x = make(*parameters).sample()
    if what == 'value':
        fixed = [p.detach() for p in parameters]
        return lambda: make(*fixed).log_prob(x)
    # what counts how often something happens is no parameter to be learnt
    learnt = parameters[1:] if family == 'NegativeBinomial' else parameters
    places = learnt if family in DISCRETE else [*learnt, x.requires_grad_()]
    return lambda: torch.autograd.grad(make(*parameters).log_prob(x).sum(), places, allow_unused=True)


ABOVE_0, SHAPES, INSIDE, LINE = (0.1, 20), (0.5, 10), (0.01, 0.99), (-3, 3)

# By function: ours by the name, PyTorch's of arguments in these ranges.
FUNCTIONS = dict(
    digamma=(torch.digamma, (ABOVE_0,)),
    erf=(torch.erf, (LINE,)),
    erfc=(torch.erfc, (LINE,)),
    erfcx=(s.erfcx, (LINE,)),
    erfinv=(torch.erfinv, ((-0.999, 0.999),)),
    expm1=(torch.expm1, (LINE,)),
    i0e=(s.i0e, (LINE,)),
    i1e=(s.i1e, (LINE,)),
    igamma=(s.gammainc, (SHAPES, ABOVE_0)),
    igammac=(s.gammaincc, (SHAPES, ABOVE_0)),
    lgamma=(torch.lgamma, (ABOVE_0,)),
    log1p=(torch.log1p, (ABOVE_0,)),
    logAddExp=(torch.logaddexp, (LINE, LINE)),
    logNdtr=(s.log_ndtr, (LINE,)),
    ndtr=(s.ndtr, (LINE,)),
    ndtri=(s.ndtri, (INSIDE,)),
    polygamma=(lambda x: torch.polygamma(1, x), (ABOVE_0,)),
    xlog1py=(s.xlog1py, (ABOVE_0, ABOVE_0)),
    xlogy=(torch.xlogy, (ABOVE_0, ABOVE_0)),
)


def functions(name, size):
    """A function of `size` numbers."""
    size, n = int(size), 10
    if name in FUNCTIONS:
        f, ranges = FUNCTIONS[name]
        arguments = [uniform(bounds, (size,)) for bounds in ranges]
        return lambda: f(*arguments)
    root = torch.randn(size // n**2, n, n)
    a = root @ root.transpose(-1, -2) + torch.eye(n)
    lower, b = torch.linalg.cholesky(a), torch.ones(size // n**2, n, 1)
    return dict(
        cholesky=lambda: torch.linalg.cholesky(a),
        logDet=lambda: torch.logdet(a),
        triangularSolve=lambda: torch.linalg.solve_triangular(lower, b, upper=False),
    ).get(name)
