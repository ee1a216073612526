"""The gradient of the explained logit with respect to the input (paper section 3.1)."""

from __future__ import annotations

from captum.attr import Saliency
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
    """Return the signed gradient of the logit, before the softmax, at every input.

    Any differentiable network can be explained.

    Parameters
    ----------
    model : maps inputs (n, ...) to logits (n, k), in evaluation mode.
    inputs : (n, ...) float32.
    classes : (n,) int64, the explained class of each point.
    seed, index : taken by every explanation; nothing is random here.

    Returns
    -------
    (n, ...) float32, logit per unit of input.
    """
    del seed, index
    return _saliency(ExplainedLogit(model, classes), inputs)


def explain_predicted(
    model: nn.Module, inputs: Tensor, *, seed: int = 0, index: Tensor | None = None
) -> tuple[Tensor, Tensor]:
    """Return the logits (n, k) and the explanation of the largest one, from a single pass."""
    del seed, index
    explained = ExplainedLogit(model)
    explanation = _saliency(explained, inputs)
    return explained.logits, explanation


def _saliency(explained: ExplainedLogit, inputs: Tensor) -> Tensor:
    gradient: Tensor = Saliency(explained).attribute(inputs.detach().requires_grad_(), abs=False)
    return gradient.detach()
