"""Where networks run."""

from __future__ import annotations

import torch

from leakcore.errors import LeakcoreError


def device_of(name: str) -> torch.device:
    """Return the device for the config's `auto`, `cpu` or `cuda`.

    Raises
    ------
    LeakcoreError : if cuda is asked for and there is none.
    """
    if name == "auto":
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    if name == "cuda" and not torch.cuda.is_available():
        raise LeakcoreError("device: cuda, but torch finds no CUDA device; use auto or cpu")
    return torch.device(name)
