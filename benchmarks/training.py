"""Time the training of a target network beside a plain PyTorch loop over a DataLoader.

    python benchmarks/training.py [--networks hospital synthetic purchase cifar100] [--rounds 5]

Both train the same network on the same points with the same batch size, on one thread, and both
measure the accuracy on members and non-members after every epoch, as the overfitting levels need
it. The loop is what most people write: TensorDataset, DataLoader with shuffling, torch.optim. Both
are timed in turn; milliseconds are those of one step in the fastest round, and the ratio, loop /
leakcore, is given of the fastest rounds and of the medians. `floor` is the share of leakcore's time
that the network's matrix products alone would take at the rate of a large one, measured in the same
run: what is left is the overhead of small operations.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

from leakcore.targets import architectures, training

# shape of a point, classes, network, optimiser, points, batch size
TARGETS: dict[str, dict[str, Any]] = {
    "hospital": {
        "shape": (127,),
        "classes": 2,
        "points": 10_000,
        "settings": {
            "hidden": [20, 20, 20, 20],
            "optimizer": "adagrad",
            "learning_rate": 0.001,
            "decay": 1e-6,
            "batch_size": 32,
        },
    },
    "synthetic": {
        "shape": (100,),
        "classes": 100,
        "points": 10_000,
        "settings": {
            "hidden": [50, 50],
            "optimizer": "adagrad",
            "learning_rate": 0.01,
            "decay": 1e-7,
            "batch_size": 512,
        },
    },
    "purchase": {
        "shape": (600,),
        "classes": 100,
        "points": 2_000,
        "settings": {
            "hidden": [1024, 512, 256],
            "optimizer": "adagrad",
            "learning_rate": 0.01,
            "decay": 1e-7,
            "batch_size": 32,
        },
    },
    "cifar100": {
        "shape": (3, 32, 32),
        "classes": 100,
        "points": 1_000,
        "settings": {
            "channels": [32, 32],
            "hidden": [128],
            "optimizer": "adam",
            "learning_rate": 0.001,
            "batch_size": 32,
        },
    },
}
NEVER = 0.999  # a gap that no network reaches: training goes on to the last epoch


def seconds(work: Callable[[], object]) -> float:
    """Return how long the work takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def plain_loop(
    x: torch.Tensor,
    y: torch.Tensor,
    x_test: torch.Tensor,
    y_test: torch.Tensor,
    architecture: dict[str, Any],
    settings: dict[str, Any],
) -> None:
    """Train one epoch as PyTorch's tutorials do, and measure both accuracies."""
    model = architectures.build(architecture).to(memory_format=torch.contiguous_format)
    architectures.initialise(model, architecture["weight_std"], 0)
    rate = settings["learning_rate"]
    optimiser: torch.optim.Optimizer
    if settings["optimizer"] == "adam":
        optimiser = torch.optim.Adam(model.parameters(), lr=rate)
    else:
        optimiser = torch.optim.Adagrad(
            model.parameters(), lr=rate, lr_decay=settings["decay"], eps=1e-7
        )
    criterion = nn.CrossEntropyLoss()
    batch = settings["batch_size"]
    model.train()
    for inputs, labels in DataLoader(TensorDataset(x, y), batch_size=batch, shuffle=True):
        optimiser.zero_grad()
        criterion(model(inputs), labels).backward()
        optimiser.step()
    model.eval()
    with torch.no_grad():
        for inputs, labels in ((x, y), (x_test, y_test)):
            correct = 0
            for some, truth in DataLoader(TensorDataset(inputs, labels), batch_size=batch):
                correct += int((model(some).argmax(1) == truth).sum())


def operations(architecture: dict[str, Any]) -> float:
    """Return the operations of one point's forward pass: two a weight and output place."""
    model = architectures.build(architecture)
    total = 0.0

    def count(module: nn.Module, _: object, output: torch.Tensor) -> None:
        nonlocal total
        weight = module.weight
        assert isinstance(weight, torch.Tensor)
        total += 2 * weight.numel() * output[0].numel() / len(weight)

    for module in model:
        if isinstance(module, nn.Linear | nn.Conv2d):
            module.register_forward_hook(count)
    model(torch.zeros(1, *architecture["shape"]))
    return total


def product_rate() -> float:
    """Return this machine's float32 operations a second in a large matrix product, one thread."""
    a, b = torch.rand(1024, 1024), torch.rand(1024, 1024)
    return 2 * 1024**3 / min(seconds(lambda: a @ b) for _ in range(10))


def main() -> None:
    """Time the chosen networks and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--networks", nargs="+", choices=TARGETS, default=list(TARGETS))
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    torch.set_num_threads(1)
    torch.optim.Adagrad([nn.Parameter(torch.zeros(1))])  # its import is nobody's step
    print("| network | steps | leakcore ms | loop ms | ratio (fastest) | ratio (median) | floor |")
    print("|---|---|---|---|---|---|---|")
    for name in options.networks:
        target = TARGETS[name]
        settings = target["settings"]
        rng = np.random.default_rng(0)
        points = target["points"]
        x, x_test = (
            rng.standard_normal((points, *target["shape"]), dtype=np.float32) for _ in range(2)
        )
        y, y_test = (rng.integers(0, target["classes"], points) for _ in range(2))
        architecture = architectures.describe(target["shape"], target["classes"], settings)
        tensors = [torch.from_numpy(array) for array in (x, y, x_test, y_test)]

        def ours(
            arrays: tuple[Any, ...] = (x, y, x_test, y_test),
            architecture: dict[str, Any] = architecture,
            settings: dict[str, Any] = settings,
        ) -> None:
            training.train(*arrays, architecture, {**settings, "epochs": 1}, [NEVER], seed=0)

        def theirs(
            tensors: list[torch.Tensor] = tensors,
            architecture: dict[str, Any] = architecture,
            settings: dict[str, Any] = settings,
        ) -> None:
            plain_loop(*tensors, architecture, settings)

        ours(), theirs()
        times = [(seconds(ours), seconds(theirs)) for _ in range(options.rounds)]
        mine, loop = (list(column) for column in zip(*times, strict=True))
        steps = -(-points // settings["batch_size"])
        # Backward is twice forward; evaluation is a forward pass of all points, twice.
        work = points * operations(architecture) * (3 + 2)
        median = statistics.median(b / a for a, b in times)
        print(
            f"| {name} | {steps} | {1e3 * min(mine) / steps:.3f} | {1e3 * min(loop) / steps:.3f} "
            f"| {min(loop) / min(mine):.1f} | {median:.1f} "
            f"| {work / product_rate() / min(mine):.0%} |"
        )


if __name__ == "__main__":
    main()
