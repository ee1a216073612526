"""Time all leave-one-out refits at once beside a loop of scikit-learn refits, in one run.

    python benchmarks/leave_one_out.py [--data adult hospital dogfish] [--raw DIRECTORY]
                                       [--threads 2] [--repeats 7] [--growth adult]

DIRECTORY holds the raw files, each data set's in a folder of its name; a data set without a folder
is its stand-in of the same shape.

First table: the engine and scikit-learn, timed in turn. A loop's time is extrapolated from the
refits of a few random points (their number is in the table) to all points; nobody waits for the
whole loop. Ratios are of the fastest repeats and of the medians, and scikit-learn has whichever
number of BLAS threads suits it better. Other work on the machine disturbs one long run more than
the best of many short ones, so `cpu ratio` compares processor time instead: scikit-learn's with
one thread to the engine's over all its threads. `error` is the
largest error of the weights, relative to the leave-one-out change, against refits by Newton's
method to the rounding limit; the engine's `bound` is what it states itself, at the worst point.

Second table: what the engine did. A round for one refit takes 4 n (d+1) operations in two matrix
products; `rounds` is the mean number a refit took in single and in double precision. `product
share` is the time that these products alone would take at the rate of a large matrix product
measured in the same run, over the engine's whole time. Memory is the peak of a fresh process.

Third table: growth with the number of points, on one data set.
"""

from __future__ import annotations

import argparse
import importlib
import multiprocessing
import time
import warnings
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import numpy as np
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits

from leakcore.influence import leave_one_out as module
from leakcore.influence import logistic
from leakcore.influence.leave_one_out import leave_one_out

SIZES = {"adult": 2000, "hospital": 2000, "dogfish": 1800}
GROWTH = (500, 1000, 2000, 5000, 10_000)
SCIKIT_LEARN: dict[str, dict[str, object]] = {
    "lbfgs, default": {},
    "lbfgs, tol 1e-8": {"tol": 1e-8, "max_iter": 20_000},
    "newton-cg, tol 1e-8": {"solver": "newton-cg", "tol": 1e-8, "max_iter": 1000},
    "newton-cholesky, tol 1e-8": {"solver": "newton-cholesky", "tol": 1e-8},
}


def load(name: str, raw: Path | None, n: int) -> tuple[np.ndarray, np.ndarray, str]:
    """Return n random points, hospital's and dogfish's half of each class, and their origin."""
    dataset = importlib.import_module(f"leakcore.datasets.{name}")
    folder = raw / name if raw else None
    if folder is not None and folder.is_dir():
        parts, origin = dataset.code({path.name: path for path in folder.iterdir()}), "real"
    else:
        parts, origin = dataset.standin(3 * n, 0), "stand-in"
    rng = np.random.default_rng([0, 1])
    order = rng.permutation(len(parts.labels))
    if name != "adult":
        halves = [order[parts.labels[order] == label][: n // 2] for label in (0, 1)]
        order = rng.permutation(np.concatenate(halves))
    order = order[:n]
    return parts.features[order].astype(np.float64), parts.labels[order], origin


def seconds(work: Callable[[], object]) -> float:
    """Return how long the work takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def both_seconds(work: Callable[[], object]) -> tuple[float, float]:
    """Return how long the work takes by the clock and in processor time of all threads."""
    start, cpu = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - start, time.process_time() - cpu


def product_rate(dtype: str, threads: int) -> float:
    """Operations a second of a large matrix product."""
    a = np.ones((1500, 1500), dtype)
    with threadpool_limits(threads):
        return 2 * 1500**3 / min(seconds(lambda: a @ a) for _ in range(3))


def count_rounds(X: np.ndarray, y: np.ndarray) -> dict[str, float]:
    """Mean number of rounds a refit took in either precision."""
    counts: Counter[str] = Counter()
    original = module._Remainder.__call__

    def counting(self, z, points, scratch):  # type: ignore[no-untyped-def]
        counts[str(self.Z.dtype)] += len(z)
        return original(self, z, points, scratch)

    module._Remainder.__call__ = counting  # type: ignore[method-assign]
    try:
        leave_one_out(X, y, threads=1)
    finally:
        module._Remainder.__call__ = original  # type: ignore[method-assign]
    return {dtype: counts[dtype] / len(y) for dtype in ("float32", "float64")}


def _peak(X: np.ndarray, y: np.ndarray, threads: int, queue: multiprocessing.Queue) -> None:  # type: ignore[type-arg]
    leave_one_out(X, y, threads=threads)
    # Not getrusage: its peak counts the parent process too.
    status = Path("/proc/self/status").read_text()
    queue.put(int(status.partition("VmHWM:")[2].split()[0]) / 1024)


def peak_memory(X: np.ndarray, y: np.ndarray, threads: int) -> float:
    """Peak resident memory in MB of a fresh process (Linux), interpreter and libraries included."""
    context = multiprocessing.get_context("spawn")
    queue = context.Queue()
    process = context.Process(target=_peak, args=(X, y, threads, queue))
    process.start()
    peak = float(queue.get())
    process.join()
    return peak


def refit(X: np.ndarray, y: np.ndarray, options: dict[str, object]) -> np.ndarray:
    """One scikit-learn fit, intercept last."""
    fitted = LogisticRegression(C=1.0, **options).fit(X, y)
    return np.append(fitted.coef_[0], fitted.intercept_)


def compare(name: str, raw: Path | None, args: argparse.Namespace) -> None:
    """Print the first two tables' rows for one data set."""
    X, y, origin = load(name, raw, SIZES[name])
    n, d = X.shape
    print(f"\n{name} ({origin}), n = {n}, d = {d}, {args.threads} threads")
    points = np.random.default_rng([0, 2]).choice(n, args.points, replace=False)
    engine, rates = [], {"float32": 0.0, "float64": 0.0}
    loops: dict[tuple[str, int], list[tuple[float, float]]] = {}
    models: dict[str, dict[int, np.ndarray]] = {key: {} for key in SCIKIT_LEARN}
    thread_counts = sorted({1, args.threads})
    found = leave_one_out(X, y, threads=args.threads)  # warms up, and is checked below
    for repeat in range(args.repeats):
        engine.append(both_seconds(lambda: leave_one_out(X, y, threads=args.threads)))
        for dtype in rates:
            rates[dtype] = max(rates[dtype], product_rate(dtype, args.threads))
        i = points[repeat % len(points)]
        rest = np.arange(n) != i
        for key, options in SCIKIT_LEARN.items():
            for threads in thread_counts:
                with threadpool_limits(threads), warnings.catch_warnings():
                    warnings.simplefilter("ignore", ConvergenceWarning)

                    def one(key=key, i=i, rest=rest, options=options):  # type: ignore[no-untyped-def]
                        models[key][i] = refit(X[rest], y[rest], options)

                    loops.setdefault((key, threads), []).append(both_seconds(one))

    exact = {}
    with threadpool_limits(1):
        for i in next(iter(models.values())):
            rest = np.arange(n) != i
            exact[i] = logistic.fit(X[rest], y[rest], start=found.weights[i], tolerance=0)[0]

    def error(weights: dict[int, np.ndarray]) -> float:
        return max(np.linalg.norm(weights[i] - exact[i]) / found.shift[i] for i in exact)

    best, best_cpu = np.min(engine, axis=0)
    median = float(np.median(engine, axis=0)[0])
    print(
        f"{'':28}{'seconds':>9}{'median':>9}{'ratio':>7}{'median':>7}{'cpu ratio':>10}{'error':>8}"
    )
    print(
        f"{'leakcore, all refits':28}{best:9.3f}{median:9.3f}{'':24}"
        f"{error({i: found.weights[i] for i in exact}):8.0e}"
    )
    for key in SCIKIT_LEARN:
        times = [np.array(loops[key, threads]) * n for threads in thread_counts]
        fastest = min(t[:, 0].min() for t in times)
        middle = min(float(np.median(t[:, 0])) for t in times)
        print(
            f"{key:28}{fastest:9.1f}{middle:9.1f}{fastest / best:7.0f}{middle / median:7.0f}"
            f"{times[0][:, 1].min() / best_cpu:10.0f}{error(models[key]):8.0e}"
            f"  from {len(times[0])} refits"
        )
    rounds = count_rounds(X, y)
    operations = {dtype: rounds[dtype] * n * 4 * n * (d + 1) for dtype in rates}
    share = sum(operations[dtype] / rates[dtype] for dtype in rates) / best
    print(
        f"rounds {rounds['float32']:.2f} single + {rounds['float64']:.2f} double, "
        f"{operations['float32'] / 1e9:.1f} + {operations['float64'] / 1e9:.1f} Gflop; "
        f"large products {rates['float32'] / 1e9:.0f} and {rates['float64'] / 1e9:.0f} Gflop/s; "
        f"product share {100 * share:.0f} %"
    )
    print(
        f"bound / change at worst {np.max(found.residual / found.shift):.0e}, "
        f"median {np.median(found.residual / found.shift):.0e}; smallest change "
        f"{found.smallest_shift:.1e}; peak memory {peak_memory(X, y, args.threads):.0f} MB"
    )


def growth(name: str, raw: Path | None, args: argparse.Namespace) -> None:
    """Print the third table."""
    X, y, origin = load(name, raw, max(GROWTH))
    print(f"\ngrowth on {name} ({origin}), d = {X.shape[1]}\n{'n':>8}{'seconds':>10}{'MB':>8}")
    for n in GROWTH:
        best = min(seconds(lambda n=n: leave_one_out(X[:n], y[:n], threads=args.threads))
                   for _ in range(3))  # fmt: skip
        print(f"{n:8}{best:10.3f}{peak_memory(X[:n], y[:n], args.threads):8.0f}", flush=True)


def main() -> None:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--data", nargs="*", default=list(SIZES), choices=list(SIZES))
    parser.add_argument("--raw", type=Path, help="folder of the raw files")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--repeats", type=int, default=7)
    parser.add_argument("--points", type=int, default=7, help="points that scikit-learn refits")
    parser.add_argument("--growth", nargs="?", const="adult", choices=list(SIZES))
    args = parser.parse_args()
    for name in args.data:
        compare(name, args.raw, args)
    if args.growth:
        growth(args.growth, args.raw, args)


if __name__ == "__main__":
    main()
