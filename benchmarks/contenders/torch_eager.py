"""PyTorch, eager: its fused recurrent layer, its fused optimiser. Symbols are one-hot vectors, made beforehand."""

import torch
from torch import nn
from torch.nn import functional

from benchmarks.cases import ADAM, EPS, POOL, Case, batches, parameters

LAYERS = {"rnn": nn.RNN, "gru": nn.GRU, "lstm": nn.LSTM}


class Eager:
    """One layer, a linear read-out, and the loop that everybody writes."""

    def __init__(self, case: Case, threads: int):
        torch.set_num_threads(threads)
        torch.set_num_interop_threads(1)
        self.case = case
        self.layer = LAYERS[case.cell](case.vocabulary, case.hidden)
        self.readout = nn.Linear(case.hidden, case.outputs)
        initial = {name: torch.from_numpy(value) for name, value in parameters(case).items()}
        self.readout.load_state_dict({"weight": initial.pop("weight_ho"), "bias": initial.pop("bias_o")})
        self.layer.load_state_dict(initial)
        self.parameters = [*self.layer.parameters(), *self.readout.parameters()]
        self.optimizer = optimizer(case, self.parameters)
        self.pool = [self.tensors(x, targets) for x, targets in batches(case)]
        self.update = 0

    def tensors(self, x, targets):
        x, targets = torch.from_numpy(x), torch.from_numpy(targets)
        if self.case.adding:
            return x, targets
        return functional.one_hot(x.long(), self.case.vocabulary).float(), targets.long().flatten()

    def loss(self, x, targets):
        hidden, _ = self.layer(x)  # (T, B, H)
        if self.case.adding:
            return functional.mse_loss(self.readout(hidden[-1]), targets)
        return functional.cross_entropy(self.readout(hidden).flatten(0, 1), targets)

    def step(self, n: int) -> float:
        for _ in range(n):
            loss = self.loss(*self.pool[self.update % POOL])
            self.optimizer.zero_grad(set_to_none=True)
            loss.backward()
            if self.case.clip_norm is not None:
                nn.utils.clip_grad_norm_(self.parameters, self.case.clip_norm, foreach=True)
            if self.case.clip_value is not None:
                nn.utils.clip_grad_value_(self.parameters, self.case.clip_value)
            self.optimizer.step()
            self.update += 1
        return loss.item()


def optimizer(case, parameters):
    common = {"lr": case.learning_rate, "fused": True}
    if case.optimizer == "adam":
        return torch.optim.Adam(parameters, betas=ADAM, eps=EPS["adam"], **common)
    if case.optimizer == "adagrad":
        return torch.optim.Adagrad(parameters, eps=EPS["adagrad"], **common)
    return torch.optim.SGD(parameters, **common)


build = Eager
