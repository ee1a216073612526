"""Adagrad and Adam, through torch's functional forms.

They are the updates of `torch.optim.Adagrad` and `torch.optim.Adam`; but making an object of those
classes imports torch's compiler, two seconds of processor time in every job.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, cast

import torch
from torch import Tensor
from torch.optim import adagrad, adam

_EPSILON = 1e-7  # of Adagrad, as in the paper's software
_ADAM_EPSILON = 1e-8


class Optimiser:
    """Updates parameters in place from their gradients.

    Parameters
    ----------
    parameters : what to train; every one must have a gradient at each step.
    learning_rate : at the first update.
    """

    def __init__(self, parameters: Iterable[Tensor], learning_rate: float) -> None:
        self._parameters = list(parameters)
        self._rate = learning_rate
        self._steps = [torch.zeros((), device=p.device) for p in self._parameters]

    def zero_grad(self) -> None:
        """Forget the gradients."""
        for parameter in self._parameters:
            parameter.grad = None

    def step(self) -> None:
        """Make one update."""
        raise TypeError("an Optimiser updates nothing; use Adagrad or Adam")

    def _gradients(self) -> list[Tensor]:
        gradients = [parameter.grad for parameter in self._parameters]
        assert all(gradient is not None for gradient in gradients)
        return cast(list[Tensor], gradients)

    def _zeros(self) -> list[Tensor]:
        return [torch.zeros_like(p, requires_grad=False) for p in self._parameters]


class Adagrad(Optimiser):
    """Adagrad; the rate falls as learning_rate / (1 + updates * decay).

    Parameters
    ----------
    parameters : what to train; every one must have a gradient at each step.
    learning_rate : at the first update.
    decay : of the learning rate.
    """

    def __init__(
        self, parameters: Iterable[Tensor], learning_rate: float, decay: float = 0.0
    ) -> None:
        super().__init__(parameters, learning_rate)
        self._decay = decay
        self._sums = self._zeros()

    @torch.no_grad()
    def step(self) -> None:
        """Make one update."""
        adagrad.adagrad(
            self._parameters,
            self._gradients(),
            self._sums,
            self._steps,
            # Fused is one pass over memory; on CUDA it does not exist.
            fused=self._parameters[0].device.type == "cpu",
            foreach=self._parameters[0].device.type != "cpu",
            lr=self._rate,
            lr_decay=self._decay,
            weight_decay=0.0,
            eps=_EPSILON,
            maximize=False,
        )


class Adam(Optimiser):
    """Adam with torch's usual constants.

    Parameters
    ----------
    parameters : what to train; every one must have a gradient at each step.
    learning_rate : of every update.
    """

    def __init__(self, parameters: Iterable[Tensor], learning_rate: float) -> None:
        super().__init__(parameters, learning_rate)
        self._means, self._squares = self._zeros(), self._zeros()

    @torch.no_grad()
    def step(self) -> None:
        """Make one update."""
        adam.adam(
            self._parameters,
            self._gradients(),
            self._means,
            self._squares,
            [],
            self._steps,
            fused=True,
            amsgrad=False,
            beta1=0.9,
            beta2=0.999,
            lr=self._rate,
            weight_decay=0.0,
            eps=_ADAM_EPSILON,
            maximize=False,
        )


def optimiser(settings: Mapping[str, Any], parameters: Iterable[Tensor]) -> Optimiser:
    """Return the optimiser that the settings `optimizer`, `learning_rate`, `decay` describe."""
    rate = float(settings["learning_rate"])
    if settings.get("optimizer", "adagrad") == "adam":
        return Adam(parameters, rate)
    return Adagrad(parameters, rate, float(settings.get("decay", 0.0)))
