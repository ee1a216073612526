"""Refuse networks that a layer-by-layer explanation would explain wrongly."""

from __future__ import annotations

from torch import nn

from leakcore.errors import LeakcoreError


def layers_of(
    model: nn.Module, method: str, supported: tuple[type[nn.Module], ...]
) -> list[nn.Module]:
    """Return a network's layers in the order of the computation.

    Only `nn.Sequential` (nested or not) states that order: any other container may call its layers
    in another order, twice, or compute something between them.

    Parameters
    ----------
    model : the network.
    method : the explanation's config name, for the message.
    supported : the layer types that the explanation has a rule for; subclasses are refused, since
        they may compute something else.

    Raises
    ------
    LeakcoreError : if a container is no `nn.Sequential`, a layer has no rule, or is used twice.
    """
    layers: list[nn.Module] = []
    seen: dict[int, str] = {}

    def walk(module: nn.Module, name: str) -> None:
        if type(module) is nn.Sequential:
            for place, child in enumerate(module):
                walk(child, f"{name}.{place}" if name else str(place))
            return
        kind = type(module).__name__
        if type(module) not in supported:
            raise LeakcoreError(
                f"{method} cannot explain a network with {kind} "
                f"({f'layer {name}' if name else 'the network itself'}): rewrite the network as "
                f"nn.Sequential of {', '.join(t.__name__ for t in supported)}, "
                "or explain it by its gradient"
            )
        if id(module) in seen:
            raise LeakcoreError(
                f"{method} cannot explain a network that uses one {kind} twice (layers "
                f"{seen[id(module)]} and {name}): give each place a module of its own, "
                "or explain it by its gradient"
            )
        seen[id(module)] = name
        layers.append(module)

    walk(model, "")
    return layers
