"""Input times gradient (paper section 3.1, after Shrikumar et al.)."""

from __future__ import annotations

from captum.attr import InputXGradient
from torch import Tensor, nn

from leakcore.explanations.forward import ExplainedLogit


def explain(
    model: nn.Module,
    inputs: Tensor,
    classes: Tensor,
    *,
    seed: int = 0,
    index: Tensor | None = None,
) -> Tensor:
    """Return every input times the logit's derivative by it.

    Parameters, result and the networks that can be explained are those of `gradient.explain`; the
    result is in units of the logit.
    """
    del seed, index
    return _attribute(ExplainedLogit(model, classes), inputs)


def explain_predicted(
    model: nn.Module, inputs: Tensor, *, seed: int = 0, index: Tensor | None = None
) -> tuple[Tensor, Tensor]:
    """Return the logits (n, k) and the explanation of the largest one, from a single pass."""
    del seed, index
    explained = ExplainedLogit(model)
    explanation = _attribute(explained, inputs)
    return explained.logits, explanation


def _attribute(explained: ExplainedLogit, inputs: Tensor) -> Tensor:
    product: Tensor = InputXGradient(explained).attribute(inputs.detach().requires_grad_())
    return product.detach()
