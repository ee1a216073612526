"""Time the training of networks together beside training each of them alone.

    python benchmarks/stacked_training.py [--features 5 100 1000] [--networks small base big]

Milliseconds of processor time for one step of one network on one thread (batches of 512), alone
and in stacks of several seeds, and the ratio alone / stacked. "vmap" is the same stack through
torch.func, for comparison. The kinds are timed in turn and the fastest round counts, so other work
on the machine disturbs the ratio little. With `--sweep`, the time and the memory of one whole
point of the sweep (data, training and gradients for both numbers of classes).
"""

from __future__ import annotations

import argparse
import resource
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.func import functional_call, stack_module_state, vmap

from leakcore.evaluation import dimension
from leakcore.targets import architectures, optimisers, stacked, training

NETWORKS = {
    "small": {"hidden": [5]},
    "base": {"hidden": [50, 50]},
    "big": {"hidden": [100, 100, 100]},
}
SETTINGS = {"learning_rate": 0.01, "decay": 1e-7, "batch_size": 512, "epochs": 100}
POINTS, ROUNDS = 5120, 3
STEPS = POINTS // SETTINGS["batch_size"]


def seconds(work: Callable[[], object]) -> float:
    """Return the processor time of the work."""
    start = time.process_time()
    work()
    return time.process_time() - start


def through_vmap(
    features: list[Any], labels: list[Any], architecture: dict[str, Any], settings: dict[str, Any]
) -> None:
    """Train a stack as `stacked.train` does, but through torch.func."""
    models = [architectures.build(architecture) for _ in features]
    parameters, _ = stack_module_state(models)
    forward = vmap(lambda state, inputs: functional_call(models[0], state, (inputs,)))
    optimiser = optimisers.optimiser(settings, parameters.values())
    x, y = torch.from_numpy(np.stack(features)), torch.from_numpy(np.stack(labels))
    network = torch.arange(len(x))[:, None]
    for _ in range(settings["epochs"]):
        order = torch.stack([torch.randperm(POINTS) for _ in models])
        for rows in order.split(settings["batch_size"], dim=1):
            logits = forward(parameters, x[network, rows])
            optimiser.zero_grad()
            loss = nn.functional.cross_entropy(logits.flatten(0, 1), y[network, rows].flatten())
            (loss * len(x)).backward()
            optimiser.step()


def compare(n_features: int, n_classes: int, network: str, sizes: list[int]) -> None:
    """Print one row: the time alone, and those of the stacks with their ratios."""
    rng = np.random.default_rng(0)
    architecture = architectures.describe((n_features,), n_classes, NETWORKS[network])
    settings = SETTINGS | {"epochs": 1}
    most = max(sizes)
    x = [rng.normal(size=(POINTS, n_features)).astype(np.float32) for _ in range(most)]
    y = [rng.integers(0, n_classes, POINTS) for _ in range(most)]
    # Training alone also measures the accuracies after every epoch; a stack of 1 shows the rest.
    works: dict[str, tuple[int, Callable[[], object]]] = {
        "alone": (
            1,
            lambda: training.train(
                x[0], y[0], x[0][:1], y[0][:1], architecture, settings, [0.999], seed=0
            ),
        )
    }
    for size in sizes:
        works[f"{size}"] = (
            size,
            lambda size=size: stacked.train(
                x[:size], y[:size], architecture, settings, seeds=list(range(size))
            ),
        )
        works[f"vmap {size}"] = (
            size,
            lambda size=size: through_vmap(x[:size], y[:size], architecture, settings),
        )
    best = dict.fromkeys(works, float("inf"))
    for _ in range(1 + ROUNDS):
        for name, (size, work) in works.items():
            best[name] = min(best[name], 1e3 * seconds(work) / STEPS / size)
    stacks = "  ".join(
        f"{name}: {value:6.2f} ({best['alone'] / value:4.2f}x)"
        for name, value in best.items()
        if name != "alone"
    )
    print(f"{n_features:6d} {n_classes:4d} {network:6s} alone {best['alone']:6.2f}  {stacks}")


def main() -> None:
    """Print the comparison."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--features", type=int, nargs="+", default=[5, 100, 600])
    parser.add_argument("--classes", type=int, nargs="+", default=[2, 100])
    parser.add_argument("--networks", nargs="+", choices=NETWORKS, default=list(NETWORKS))
    parser.add_argument("--stacks", type=int, nargs="+", default=[1, 10])
    parser.add_argument("--sweep", type=int, nargs="+", default=[], help="numbers of features")
    options = parser.parse_args()
    torch.set_num_threads(1)
    if not options.sweep:
        for n_features in options.features:
            for n_classes in options.classes:
                for network in options.networks:
                    compare(n_features, n_classes, network, options.stacks)
    for n_features in options.sweep:
        for n_classes in options.classes:
            networks = {name: NETWORKS[name] for name in options.networks}
            started = time.process_time()
            table = dimension.sweep(
                n_features, [n_classes], networks, SETTINGS, n_points=20_000, seeds=[0]
            )
            spent = time.process_time() - started
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
            print(table.to_string(index=False))
            print(f"{spent:.0f} s of processor time, at most {peak:.2f} GiB so far", flush=True)


if __name__ == "__main__":
    main()
