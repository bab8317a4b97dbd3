"""The steps of bench/step.ts in PyTorch: the linear Bernoulli autoencoder 784-200-784 with the same estimators, networks
and optimizers."""

import math

import torch
import torch.nn.functional as F

PIXELS, HIDDEN, SAMPLES = 784, 200, 4


def log_bernoulli(b, logits):
    """ln p(b | logits), summed over the last axis."""
    return (b * logits - F.softplus(logits)).sum(-1)


def perceptron(inputs):
    """One hidden layer of 100 with tanh, one output."""
    return torch.nn.Sequential(torch.nn.Linear(inputs, 100), torch.nn.Tanh(), torch.nn.Linear(100, 1))


class Model:
    """The autoencoder, a batch of pixels, and the cost of each example."""

    def __init__(self, batch):
        self.x = (torch.rand(batch, PIXELS) < 0.13).float()
        self.centred = self.x - 0.13
        self.encoder = torch.nn.Linear(PIXELS, HIDDEN)
        self.scale = torch.nn.Linear(PIXELS, HIDDEN)
        self.decoder = torch.nn.Linear(HIDDEN, PIXELS)
        self.prior = torch.zeros(HIDDEN, requires_grad=True)
        self.variables = [*self.encoder.parameters(), *self.decoder.parameters(), self.prior]

    def encode(self):
        """Logits of the latents."""
        return self.encoder(self.centred)

    def cost(self, b, logits):
        """-ELBO of each example, at binary latents or at relaxed ones."""
        decoded = self.decoder(2 * b - 1)
        return log_bernoulli(b, logits) - log_bernoulli(self.x, decoded) - log_bernoulli(b, self.prior)

    def draw(self, logits, *samples):
        """Binary latents, cut off from the gradient."""
        return torch.bernoulli(torch.sigmoid(logits.detach()).expand(*samples, *logits.shape))


def minimized(loss, variables):
    """A step of Adam on what loss() gives."""
    optimizer = torch.optim.Adam(variables, 1e-3)

    def step():
        optimizer.zero_grad()
        loss().backward()
        optimizer.step()

    return step


def score_function(model):
    """The score function without a baseline."""

    def loss():
        logits = model.encode()
        b = model.draw(logits)
        cost = model.cost(b, logits)
        return (cost + log_bernoulli(b, logits) * cost.detach()).mean()

    return minimized(loss, model.variables)


def nvil(model):
    """A learned baseline that sees the input; one Adam for all is the same as two."""
    network = perceptron(PIXELS)

    def loss():
        logits = model.encode()
        b = model.draw(logits)
        cost = model.cost(b, logits)
        residual = cost.detach() - network(model.centred)[:, 0]
        return (cost + log_bernoulli(b, logits) * residual.detach() + residual**2).mean()

    return minimized(loss, [*model.variables, *network.parameters()])


def leave_one_out(model):
    """Each sample's baseline is the mean cost of the others."""

    def loss():
        logits = model.encode()
        b = model.draw(logits, SAMPLES)
        cost = model.cost(b, logits)
        held = cost.detach()
        advantage = (held - held.mean(0)) * SAMPLES / (SAMPLES - 1)
        return (cost + log_bernoulli(b, logits) * advantage).mean()

    return minimized(loss, model.variables)


def disarm(model):
    """Dong, Mnih, Tucker 2020, eq. 3."""

    def loss():
        logits = model.encode()
        with torch.no_grad():
            probs, u = torch.sigmoid(logits), torch.rand_like(logits)
            b, other = (u < probs).float(), (1 - u < probs).float()
        first, second = model.cost(b, logits), model.cost(other, logits)
        with torch.no_grad():
            estimate = 0.5 * (first - second)[:, None] * (b - other) * torch.sigmoid(logits.abs())
        return (0.5 * (first + second)).mean() + (logits * estimate).sum() / len(logits)

    return minimized(loss, model.variables)


def relax(model):
    """RELAX with the paper's control variate c(z) = eta f(soften(z)) + r(z)."""
    network = perceptron(2 * HIDDEN)
    log_temperature = torch.tensor(math.log(0.5), requires_grad=True)
    eta = torch.tensor(1.0, requires_grad=True)
    phi = [*network.parameters(), log_temperature, eta]
    optimizer, own = torch.optim.Adam(model.variables, 1e-3), torch.optim.Adam(phi, 1e-3)

    def logit(p):
        return torch.log(p) - torch.log1p(-p)

    def step():
        optimizer.zero_grad()
        logits = model.encode()
        a = logits.detach().requires_grad_()
        u, v = (torch.rand_like(a).clamp(1e-6, 1 - 1e-6) for _ in range(2))
        z, q = a + logit(u), torch.sigmoid(a)
        b = (z > 0).float().detach()
        given = b * (1 - q + v * q) + (1 - b) * v * (1 - q)
        tilde = a + logit(given.clamp(1e-6, 1 - 1e-6))

        def c(value):
            soft = torch.sigmoid(value / log_temperature.exp())
            r = network(torch.cat([2 * soft - 1, a], 1))[:, 0]
            return eta * model.cost(soft, a) + r

        cost = model.cost(b, logits)
        at_z, at_tilde = c(z), c(tilde)
        (slope,) = torch.autograd.grad(at_z.sum(), a, create_graph=True)
        (slope_tilde,) = torch.autograd.grad(at_tilde.sum(), a, create_graph=True)
        estimate = (cost.detach() - at_tilde)[:, None] * (b - q) + slope - slope_tilde
        gradients = torch.autograd.grad((estimate**2).sum(-1).mean(), phi)
        for parameter, gradient in zip(phi, gradients):
            parameter.grad = gradient
        (cost.mean() + (logits * estimate.detach()).sum() / len(a)).backward(inputs=model.variables)
        optimizer.step()
        own.step()

    return step


def pathwise(model):
    """Normal latents, reparameterised, with the divergence from N(0, 1) in closed form."""

    def loss():
        loc, scale = model.encode(), F.softplus(model.scale(model.centred))
        z = loc + scale * torch.randn_like(loc)
        kl = (0.5 * (loc**2 + scale**2 - 1) - torch.log(scale)).sum(-1)
        return (kl - log_bernoulli(model.x, model.decoder(z))).mean()

    modules = (model.encoder, model.scale, model.decoder)
    return minimized(loss, [p for module in modules for p in module.parameters()])


STEPS = dict(
    scoreFunction=score_function, nvil=nvil, leaveOneOut=leave_one_out, disarm=disarm, relax=relax, pathwise=pathwise
)
MODELS = {}


def step(name, batch):
    """The step of an estimator, ready to run; None where there is no such."""
    if name not in STEPS:
        return None
    size = int(batch)
    if size not in MODELS:
        MODELS[size] = Model(size)
    return STEPS[name](MODELS[size])
