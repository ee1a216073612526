"""The explained output as a function that Captum can differentiate."""

from __future__ import annotations

from torch import Tensor, nn


class ExplainedLogit:
    """The logit of each point's explained class, summed over the points.

    The points do not see one another (the network is in evaluation mode), so the gradient of the
    sum holds every point's own gradient. Asked for one output a point, Captum would take the batch
    apart and put it together again, which costs several times a small network's passes.

    Parameters
    ----------
    model : maps inputs (n, ...) to logits (n, k).
    classes : (n,) int64, the explained classes; None for the largest logit of each point.

    Attributes
    ----------
    logits : (n, k), of the inputs of the last call.
    """

    logits: Tensor

    def __init__(self, model: nn.Module, classes: Tensor | None = None) -> None:
        self.model = model
        self.classes = classes

    def __call__(self, inputs: Tensor) -> Tensor:
        """Return the summed logit, shape (1,)."""
        logits: Tensor = self.model(inputs)
        self.logits = logits.detach()
        if self.classes is None:
            classes = self.logits.argmax(1)
        else:
            # A path of several inputs a point comes step by step, each with all the points.
            classes = self.classes.repeat(len(logits) // len(self.classes))
        return logits.gather(1, classes[:, None]).sum().reshape(1)
