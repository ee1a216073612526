"""The attack network as a table of its layers, read from the network itself (Figure 11)."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import torch

from leakcore.attacks.network import AttackNetwork

JOINT = "joint"  # the final layers, which every sub-network feeds


def layers(widths: Mapping[str, int]) -> pd.DataFrame:
    """Build an attack network and list its layers.

    Parameters
    ----------
    widths : for each sub-network its input width, see `AttackNetwork`.

    Returns
    -------
    one row a layer, the sub-networks in the order of `widths` and the final layers last:
    `sub_network`, `layer` (from 1), `inputs`, `outputs` and `parameters` (weights and biases).
    """
    network = AttackNetwork(widths, torch.device("cpu"))
    stacks = zip([*widths, JOINT], [*network.parts, network.top], strict=True)
    return pd.DataFrame(
        [
            {
                "sub_network": name,
                "layer": place,
                "inputs": weight.shape[0],
                "outputs": weight.shape[1],
                "parameters": weight.numel() + bias.numel(),
            }
            for name, stack in stacks
            for place, (weight, bias) in enumerate(stack.weights, start=1)
        ]
    )
