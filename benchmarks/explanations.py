"""Time each explanation beside the passes through the network that it cannot do without.

    python benchmarks/explanations.py [--networks purchase cifar100 hospital] [--threads 1 2]

First table: milliseconds for 1,000 points, and the ratio to the method's own forward (and backward)
passes; both at their best batch size. The passes and the method are timed in turn, and the fastest
of several rounds counts, so other work on the machine disturbs the ratio little. Second table: LIME
and kernel SHAP in points a second beside Captum's own call, which takes one point at a time.
"""

from __future__ import annotations

import argparse
import importlib
import time
import warnings
from collections.abc import Callable

import torch
from captum.attr import KernelShap, Lime
from torch import Tensor, nn

from leakcore.explanations.registry import EXPLANATIONS
from leakcore.targets import architectures

NETWORKS = {
    "purchase": ((600,), 100, {"hidden": [1024, 512, 256]}),
    "cifar100": ((3, 32, 32), 100, {"channels": [32, 32], "hidden": [128]}),
    "hospital": ((127,), 2, {"hidden": [20, 20, 20, 20]}),
}
BATCHES = {"purchase": (256, 1024), "cifar100": (32, 128), "hospital": (1024, 4096, 8192)}
# Cost grows linearly with these; small values keep the run short.
SETTINGS = {
    "integrated-gradients": {"steps": 10},
    "smoothgrad": {"samples": 10},
    "lime": {"samples": 20},
    "kernel-shap": {"samples": 20},
}
FORWARD_ONLY = ("lime", "kernel-shap")
CAPTUM_POINTS = 4
SAMPLES = 200


def seconds(work: Callable[[], object]) -> float:
    """Return how long the work takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def passes(model: nn.Module, inputs: Tensor, count: int, backward: bool) -> None:
    """Run the passes that a method needs, and nothing else."""
    for _ in range(count):
        if backward:
            entry = inputs.detach().requires_grad_()
            torch.autograd.grad(model(entry).amax(1).sum(), entry)
        else:
            with torch.no_grad():
                model(inputs)


def own_time(
    name: str, model: nn.Module, data: Tensor, batches: tuple[int, ...], rounds: int
) -> tuple[float, float]:
    """Return milliseconds for 1,000 points of the method, and of its passes alone."""
    module = importlib.import_module(EXPLANATIONS[name])
    settings = SETTINGS.get(name, {})
    count = next(iter(settings.values()), 1)
    method, floor = [], []
    for batch in batches:
        inputs = data[:batch]
        classes = model(inputs).argmax(1)

        def explain(inputs: Tensor = inputs, classes: Tensor = classes) -> None:
            module.explain(model, inputs, classes, **settings)

        def only_passes(inputs: Tensor = inputs) -> None:
            passes(model, inputs, count, name not in FORWARD_ONLY)

        explain()
        only_passes()
        for _ in range(rounds):
            method.append(seconds(explain) / batch * 1e6)
            floor.append(seconds(only_passes) / batch * 1e6)
    return min(method), min(floor)


def throughput(name: str, model: nn.Module, data: Tensor) -> tuple[float, float]:
    """Return points a second of the batched explanation, and of Captum's call for each point."""
    module = importlib.import_module(EXPLANATIONS[name])
    inputs = data[:128]
    classes = model(inputs).argmax(1)
    module.explain(model, inputs[:2], classes[:2], samples=SAMPLES)  # makes the design
    ours = seconds(lambda: module.explain(model, inputs, classes, samples=SAMPLES))
    captum = (Lime if name == "lime" else KernelShap)(model)

    def one_by_one() -> None:
        for x, c in zip(inputs[:CAPTUM_POINTS], classes, strict=False):
            captum.attribute(
                x[None], 0.0, target=int(c), n_samples=SAMPLES, perturbations_per_eval=SAMPLES
            )

    return len(inputs) / ours, CAPTUM_POINTS / seconds(one_by_one)


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--networks", nargs="+", choices=NETWORKS, default=list(NETWORKS))
    parser.add_argument("--threads", nargs="+", type=int, default=[1, 2])
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    warnings.simplefilter("ignore")
    models = {}
    for name in arguments.networks:
        shape, classes, settings = NETWORKS[name]
        torch.manual_seed(0)
        model = architectures.build(architectures.describe(shape, classes, settings)).eval()
        models[name] = (model, torch.rand(max(BATCHES[name]), *shape))

    print("| network | threads | explanation | ms / 1,000 points | passes alone | ratio |")
    print("|---|---|---|---|---|---|")
    for network, (model, data) in models.items():
        for threads in arguments.threads:
            torch.set_num_threads(threads)
            for name in EXPLANATIONS:
                ours, floor = own_time(name, model, data, BATCHES[network], arguments.rounds)
                row = f"{ours:.1f} | {floor:.1f} | {ours / floor:.2f}"
                label = " ".join([name, *(f"{k}={v}" for k, v in SETTINGS.get(name, {}).items())])
                print(f"| {network} | {threads} | {label} | {row} |", flush=True)

    print(f"\nPoints a second with {SAMPLES} samples a point\n")
    print("| network | threads | explanation | batched | Captum, point by point | ratio |")
    print("|---|---|---|---|---|---|")
    for network, (model, data) in models.items():
        for threads in arguments.threads:
            torch.set_num_threads(threads)
            for name in FORWARD_ONLY:
                ours, captum = throughput(name, model, data)
                row = f"{ours:.1f} | {captum:.2f} | {ours / captum:.1f}"
                print(f"| {network} | {threads} | {name} | {row} |", flush=True)


if __name__ == "__main__":
    main()
