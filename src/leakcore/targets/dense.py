"""Dense layers with the backward pass written out.

Autograd allocates every gradient anew at each step and calls several functions for each of them:
for a network of 20 units a layer that costs several times the arithmetic, and at 6,170 inputs the
fresh memory alone costs more than the arithmetic. Here all weights lie in one buffer and all
gradients in another, so that an optimiser updates them in one call. Weights are (inputs, outputs):
so the gradient of a wide first layer is a product whose rows are long, which is 2.5 times as fast
at batches of 32.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise

import torch
from torch import Tensor, nn

_ACTIVATE: dict[str, Callable[[Tensor], Tensor]] = {"relu": torch.relu_, "tanh": torch.tanh_}
# For each activation its slope in the input, times the slope in its output, from the output.
_SLOPES: dict[str, Callable[[Tensor, Tensor], Tensor]] = {
    "relu": lambda slope, output: slope.mul_(output > 0),
    "tanh": torch.ops.aten.tanh_backward.default,
}


class Layers:
    """Linear layers with an activation between them, none after the last.

    Parameters
    ----------
    widths : of the input and of each layer's output.
    activation : `relu` or `tanh`.

    Attributes
    ----------
    shapes : (inputs, outputs) of each layer.
    size : how many numbers the weights and biases are.
    weights, gradients : for each layer its weight (inputs, outputs) and bias (outputs,).
    """

    def __init__(self, widths: Sequence[int], activation: str) -> None:
        self.shapes = list(pairwise(widths))
        self.size = sum((inner + 1) * outer for inner, outer in self.shapes)
        self.kept: list[Tensor] = []
        self._activate, self._slope = _ACTIVATE[activation], _SLOPES[activation]

    def bind(self, weights: Tensor, gradients: Tensor) -> None:
        """Lay the layers' (weight, bias) pairs into two flat buffers of `size` numbers."""
        self.weights, self.gradients = self._views(weights), self._views(gradients)

    def _views(self, flat: Tensor) -> list[tuple[Tensor, Tensor]]:
        views = []
        for inner, outer in self.shapes:
            weight, bias, flat = torch.split(
                flat, [inner * outer, outer, len(flat) - (inner + 1) * outer]
            )
            views.append((weight.view(inner, outer), bias))
        return views

    def forward(self, x: Tensor) -> Tensor:
        """Return the last layer's output, (b, outputs), and keep what `backward` needs."""
        self.kept = [x]
        for weight, bias in self.weights:
            if len(self.kept) > 1:
                x = self._activate(x)
            x = torch.addmm(bias, x, weight)
            self.kept.append(x)
        return self.kept.pop()

    def backward(self, slope: Tensor, to_input: bool = False) -> Tensor | None:
        """Overwrite the gradients, given the loss's slope in the output, (b, outputs).

        Returns the slope in the input if it is asked for.
        """
        for layer in reversed(range(len(self.weights))):
            x = self.kept[layer]
            torch.mm(x.t(), slope, out=self.gradients[layer][0])
            torch.sum(slope, 0, out=self.gradients[layer][1])
            if layer == 0 and not to_input:
                return None
            slope = slope @ self.weights[layer][0].t()
            if layer > 0:
                slope = self._slope(slope, x)
        return slope


class Classifier:
    """A dense network of `architectures.build`, trained by cross-entropy without autograd.

    Parameters
    ----------
    model : `nn.Sequential` of linear layers and one kind of activation, where the weights start
        from; an `nn.Flatten` may come first.
    activation : `relu` or `tanh`.

    Attributes
    ----------
    weights, gradients : of all layers, flat.
    """

    def __init__(self, model: nn.Sequential, activation: str) -> None:
        linear = {name: m for name, m in model.named_children() if isinstance(m, nn.Linear)}
        first = next(iter(linear.values()))
        widths = [first.in_features, *(module.out_features for module in linear.values())]
        self._names = list(linear)
        self._layers = Layers(widths, activation)
        self.weights = torch.zeros(self._layers.size, device=first.weight.device)
        self.gradients = torch.zeros_like(self.weights)
        self._layers.bind(self.weights, self.gradients)
        self._one_hot = torch.eye(widths[-1], device=first.weight.device)
        for module, (weight, bias) in zip(linear.values(), self._layers.weights, strict=True):
            weight.copy_(module.weight.detach().t())
            bias.copy_(module.bias.detach())

    def __call__(self, inputs: Tensor) -> Tensor:
        """Return the logits (n, k) of inputs (n, ...)."""
        return self._layers.forward(inputs.flatten(1))

    def loss(self, inputs: Tensor, labels: Tensor) -> Tensor:
        """Return the summed cross-entropy, nats; fill `gradients` with the mean one's gradient.

        Parameters
        ----------
        inputs, labels : (b, ...) and (b,).
        """
        log_probability = self(inputs).log_softmax(1)
        total = log_probability.gather(1, labels.unsqueeze(1)).sum().neg_()
        slope = log_probability.exp_().sub_(self._one_hot.index_select(0, labels))
        self._layers.backward(slope.div_(len(labels)))
        return total

    def state(self) -> Mapping[str, Tensor]:
        """Return the weights as the `nn.Sequential` names and shapes them."""
        return {
            f"{name}.{part}": tensor
            for name, (weight, bias) in zip(self._names, self._layers.weights, strict=True)
            for part, tensor in (("weight", weight.t()), ("bias", bias))
        }
