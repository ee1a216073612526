"""Every leave-one-out refit of a logistic regression, exactly and all at once.

Record-based explanations need the model without each training point (paper sections 3.2 and 5).
The n refits differ from the full fit by one point, and this module solves them together.

Method. Let H = L L^T be the Hessian at the full fit, z = L^T (model_i - full) the whitened change
of refit i, Z = A L^-T the whitened points (A has a column of ones for the intercept), m, p and
v = p (1 - p) the full fit's margins, probabilities and variances, and D = Z z the change of the
margins. Then the gradient of refit i, whitened, is

    g(z) = z + Z^T r(D) - Z_i (p_i - y_i + v_i D_i),      r_j(D) = p(m_j + D_j) - p_j - v_j D_j,

with r_i = 0. Its linear part is solved by the Sherman-Morrison formula with the leverage
h_i = v_i |Z_i|^2, which gives the fixed-point iteration z <- z - F(z) with

    F(z) = (I - v_i Z_i Z_i^T)^-1 g(z).

It starts at the Newton step with the exact Hessian. A round gains two to three digits, because r
is of second order in D, and secant steps (Anderson acceleration of depth one) gain more. No
probabilities are subtracted: r = 2v (t / (1 + t tanh(m/2)) - D/2) with t = tanh(D/2). A round for
a block of refits is two matrix products and a few passes over the margins, 4 n (d+1) operations a
refit. The first rounds run in single precision, as only the small remainder r is rounded by it;
the last one, which certifies the result, in double precision. Refits whose margins move far, or
whose bound stays too large, are finished by Newton's method one by one; they are rare.

Bound. While no margin has changed by more than a = max|D|, variances are within a factor exp(a)
of those at the full fit. Hence |z - exact| <= exp(a) / (1 - h_i) |g(z)|, and after a step F from a
point where a counts both ends, |g| <= (exp(a) - 1) |F|. The smaller of the two bounds is used. To
it is added what rounding leaves of Z^T V Z + penalty - I, which is measured, and what the full
fit's own residual can do to a change, to first order. `logistic.weight_error` says what the bound
means for the weights.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from queue import SimpleQueue
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.linalg.lapack import dtrtri
from scipy.special import expit
from threadpoolctl import ThreadpoolController

from leakcore import store
from leakcore.errors import LeakcoreError
from leakcore.influence import logistic

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
Real = NDArray[np.floating[Any]]
Progress = Callable[[int, int, str], None]

_BLOCK_ELEMENTS = 1 << 19  # margins of one block of refits
_BLOCK_ROWS = 128  # refits of one block, at least: matrix products want them
_TILE_ELEMENTS = 1 << 15  # margins of one elementwise pass: they stay in the cache
_FAR = 8.0  # a change of a margin that is left to Newton's method
_SINGLE_ROUNDS = 12
_DOUBLE_ROUNDS = 16
_ENOUGH = 10.0  # a bound up to this many tolerances, set by rounding, is left as it is
_SINGLE_ACCURACY = 5e-9  # of a change in single precision, relative
_SMALL = {"float32": 0.7, "float64": 0.25}  # half changes for which tanh's quotient serves
_SMALL_ERROR = 1e-13  # of that quotient in double precision, relative: 1e-7 * 0.25^10


@dataclass(frozen=True)
class LeaveOneOut:
    """The model trained on all points and the change that leaving each of them out makes.

    The changes are kept apart from the full model: that of a point which the model is sure of can
    be smaller than the rounding of the weights.

    Attributes
    ----------
    full : (d+1,) weights of the model of all points, intercept last.
    change : (n, d+1) weights of the model without each point, minus `full`.
    residual : (n,) what each refit was solved to: a bound on the Euclidean distance of its change
        from the exact one.
    full_residual : the same for `full`.
    shift : (n,) Euclidean norm of each change.
    """

    kind: ClassVar[str] = "LeaveOneOut"
    full: FloatArray
    change: FloatArray
    residual: FloatArray
    full_residual: float
    shift: FloatArray

    @cached_property
    def weights(self) -> FloatArray:
        """(n, d+1) weights of the models without each point, intercept last."""
        return self.full + self.change

    @property
    def smallest_shift(self) -> float:
        """The smallest change that leaving one point out makes."""
        return float(self.shift.min())

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the models as one artefact."""
        meta = {"full_residual": self.full_residual, "smallest_shift": self.smallest_shift}
        arrays = {
            "full": self.full,
            "change": self.change,
            "residual": self.residual,
            "shift": self.shift,
        }
        store.write(path, self.kind, meta, arrays)

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Self:
        """Read the models back."""
        meta, arrays = store.read(path, cls.kind)
        return cls(full_residual=meta["full_residual"], **arrays)


def leave_one_out(
    X: ArrayLike,
    y: ArrayLike,
    *,
    tolerance: float = 1e-9,
    resolution: float = 1e-6,
    start: FloatArray | None = None,
    threads: int | None = None,
    progress: Progress | None = None,
) -> LeaveOneOut:
    """Refit the logistic regression of `logistic.fit` without each point, to convergence.

    Points that are equal in features and label get equal models, bit for bit.

    Parameters
    ----------
    X : (n, d) features.
    y : (n,) classes 0 and 1, at least two points of each.
    tolerance : error of each change, relative to the change, both in the metric of the full
        fit's Hessian, at which its refit is done.
    resolution : the largest ratio of a change's `residual` to its `shift` that is accepted.
    start : (d+1,) where the full fit starts from; zeros if not given.
    threads : how many threads compute; if not given, as many as the BLAS is set to.
    progress : called with (done refits, all refits, a few words).

    Returns
    -------
    LeaveOneOut

    Raises
    ------
    LeakcoreError : if a class has one member (without it there is no finite optimum), if a
        residual is not far below the shift that it must resolve, or as `logistic.fit`.
    """
    X, y = logistic.checked(X, y)
    for label in (0, 1):
        members = np.flatnonzero(y == label)
        if len(members) == 1:
            raise LeakcoreError(
                f"labels: class {label} has one member, point {members[0]}; without it the "
                "intercept has no finite optimum; use at least two members of each class"
            )
    controller = ThreadpoolController().select(user_api="blas")
    if threads is None:
        threads = max((library["num_threads"] for library in controller.info()), default=1)

    # Small matrices are not worth several threads; the result then does not depend on them.
    fit_threads = threads if X.shape[1] > 500 else 1
    with controller.limit(limits=fit_threads):
        reduced, basis = logistic.coordinates(X)
        if start is not None and basis is not None:
            start = np.append(basis.T @ start[:-1], start[-1])
        problem = _Problem.at_full_fit(reduced, y, start)

    source = _first_copies(X, y)
    points = np.flatnonzero(source == np.arange(len(y)))
    # Alike refits go together, and the hardest first: the threads finish at the same time.
    points = points[np.argsort(-problem.first_size[points], kind="stable")]
    size = max(_BLOCK_ROWS, _BLOCK_ELEMENTS // len(y))
    blocks = [points[i : i + size] for i in range(0, len(points), size)]

    change = np.empty((len(y), X.shape[1] + 1))
    residual = np.empty(len(y))
    scratch: SimpleQueue[_Scratch] = SimpleQueue()
    for _ in range(threads):
        scratch.put(_Scratch(size, len(y)))

    def solve(block: IntArray) -> int:
        buffers = scratch.get()
        block_change, residual[block] = problem.solve(block, tolerance, buffers)
        change[block] = logistic.expand(block_change, basis)
        scratch.put(buffers)
        return len(block)

    done = 0
    with controller.limit(limits=1), ThreadPoolExecutor(threads) as pool:
        for solved in pool.map(solve, blocks):
            done += solved
            if progress is not None:
                progress(done, len(points), "leave-one-out refits")
    change, residual = change[source], residual[source]
    shift = _norms(change)
    worst = int(np.argmax(residual - resolution * shift))
    if not residual[worst] <= resolution * shift[worst]:
        raise LeakcoreError(
            f"point {worst}: its leave-one-out change of {shift[worst]:.1e} is known only to "
            f"{residual[worst]:.1e}, more than {resolution:g} of it; scale the features to "
            "comparable sizes, or accept a larger `resolution`"
        )
    full = logistic.expand(problem.full, basis)
    return LeaveOneOut(full, change, residual, problem.full_residual, shift)


class _Scratch:
    """Memory for the margins of one block, kept between blocks."""

    def __init__(self, rows: int, n: int) -> None:
        self.tile_rows = max(1, _TILE_ELEMENTS // n)
        self._n = n
        self._margins = np.empty(rows * n)
        self._tiles = np.empty((3, self.tile_rows * n))

    def margins(self, dtype: Any, rows: int) -> Real:
        """Margins (rows, n) in the wanted precision."""
        margins: Real = self._margins.view(dtype)[: rows * self._n].reshape(rows, self._n)
        return margins

    def tiles(self, dtype: Any, rows: int) -> list[Real]:
        """Three times (rows, n), rows at most `tile_rows`, in the wanted precision."""
        return [tile.view(dtype)[: rows * self._n].reshape(rows, self._n) for tile in self._tiles]


@dataclass(frozen=True)
class _Remainder:
    """Z^T r(Z z), the nonlinear part of the gradients, computed in one precision."""

    Z: Real
    weighted: Real  # 2 v Z
    tilt: Real  # tanh(m / 2)

    def __call__(
        self, z: FloatArray, points: IntArray, scratch: _Scratch
    ) -> tuple[FloatArray, FloatArray]:
        """For refits without `points` at z (b, r).

        Returns
        -------
        remainder : (b, r) the sum over the points that are not left out.
        reach : (b,) the largest change of the margin of such a point.
        """
        dtype = self.Z.dtype
        half = scratch.margins(dtype, len(z))  # D / 2
        np.matmul((0.5 * z).astype(dtype), self.Z.T, out=half)
        half[np.arange(len(z)), points] = 0  # the point that is left out has no remainder
        reach = np.empty(len(z))
        for start in range(0, len(z), scratch.tile_rows):
            x = half[start : start + scratch.tile_rows]
            reach[start : start + len(x)] = top = 2.0 * np.maximum(x.max(axis=1), -x.min(axis=1))
            # Not "<": a margin that is not a number is not small.
            if not top.max() >= 2 * _SMALL[dtype.name]:
                self._minus_small(x, *scratch.tiles(dtype, len(x)))
            else:
                self._minus_any(x, *scratch.tiles(dtype, len(x))[:2])
        return np.matmul(half, self.weighted).astype(np.float64) * -1.0, reach

    def _minus_any(self, x: Real, t: Real, u: Real) -> None:
        """Replace x = D / 2 by x - t / (1 + t tilt), where t = tanh(x)."""
        np.tanh(x, out=t)
        np.multiply(t, self.tilt, out=u)
        u += 1
        t /= u
        x -= t

    def _minus_small(self, x: Real, q: Real, c: Real, d: Real) -> None:
        """The same with tanh(x) = x c / (c + d), a quotient of tanh's continued fraction.

        There c = 945 + (105 + s) s, d = (315 + 14 s) s and s = x^2, right to 1e-7 s^5. With
        q = d + x tilt c the result is x q / (c + q). Nothing large cancels, which matters in
        single precision, and it takes half the time of tanh in double precision.
        """
        np.multiply(x, x, out=q)
        np.multiply(q, 14, out=d)
        d += 315
        d *= q
        np.add(q, 105, out=c)
        c *= q
        c += 945
        np.multiply(x, self.tilt, out=q)
        q *= c
        q += d
        c += q
        q /= c
        x *= q


@dataclass(frozen=True)
class _Problem:
    """The full fit and what its leave-one-out refits share; the module's text has the symbols."""

    A: FloatArray
    y: FloatArray
    full: FloatArray
    factor: FloatArray
    inverse: FloatArray  # of the factor
    decrement: float  # of the full fit
    Z: FloatArray
    v: FloatArray
    error: FloatArray  # p - y
    leverage: FloatArray
    first_size: FloatArray  # norm of the first step of each refit
    widest: float  # largest norm of a row of Z
    slack: float  # relative error of a change from rounding, see the module's text
    single: _Remainder
    double: _Remainder

    @classmethod
    def at_full_fit(cls, X: FloatArray, y: FloatArray, start: FloatArray | None) -> Self:
        """Fit all points and whiten them."""
        A = logistic.with_intercept(X)
        full, factor, decrement = logistic.newton(A, y, start=start, tolerance=1e-12)
        margin = A @ full
        v = expit(margin) * expit(-margin)
        error = logistic.error(margin, y)
        inverse = dtrtri(factor, lower=1)[0]
        Z = A @ inverse.T
        square = _norms(Z) ** 2
        widest = float(np.sqrt(square.max()))

        scaled = Z * np.sqrt(v)[:, None]
        penalty = inverse[:, :-1] @ inverse[:, :-1].T
        identity = penalty + scaled.T @ scaled
        identity.flat[:: len(identity) + 1] -= 1
        slack = float(np.linalg.norm(identity)) + 2 * widest * decrement + _SMALL_ERROR

        double = _Remainder(Z, Z * (2 * v)[:, None], np.tanh(margin / 2))
        single = _Remainder(*(array.astype(np.float32) for array in vars(double).values()))
        leverage = v * square
        first_size = np.abs(error) * np.sqrt(square) / (1 - leverage)
        return cls(
            A, y, full, factor, inverse, decrement, Z, v, error, leverage, first_size, widest,
            slack, single, double,
        )  # fmt: skip

    @property
    def full_residual(self) -> float:
        """Bound on the error of the full model."""
        return logistic.weight_error(self.factor, self.decrement)

    def solve(
        self, points: IntArray, tolerance: float, scratch: _Scratch
    ) -> tuple[FloatArray, FloatArray]:
        """Changes (b, r) of the model by the refits without `points`, and their residuals (b,)."""
        z = self.Z[points] * (self.error / (1 - self.leverage))[points][:, None]
        size = self.first_size[points]
        with np.errstate(all="ignore"):  # what overflows is finished by Newton's method
            # Where the first step is tiny it is enough: its bound is that of any step.
            bound = self._bound_after_step(points, size * self.widest, size, size)
            active = np.flatnonzero(~(bound <= tolerance * size))
            self._iterate(z, bound, active, points, tolerance, scratch)
            unsolved = np.flatnonzero(~(bound <= _ENOUGH * tolerance * _norms(z)))
        z[unsolved] = 0
        change = z @ self.inverse
        residual = logistic.weight_error(self.factor, 1.0) * bound
        for row in unsolved:
            change[row], residual[row] = self._refit(int(points[row]))
        return change, residual

    def _iterate(
        self,
        z: FloatArray,
        bound: FloatArray,
        active: IntArray,
        points: IntArray,
        tolerance: float,
        scratch: _Scratch,
    ) -> None:
        """Iterate rows `active` of z until their bounds are small; z and bound change in place."""
        secant = _Secant(len(z), z.shape[1])
        single = active
        size = _norms(z)
        last = size.copy()
        for _ in range(_SINGLE_ROUNDS):
            if not len(single):
                break
            step = self._step(z[single], points[single], self.single, scratch)[0]
            z[single] = secant.next(z[single], step, single)
            length = _norms(step)
            # The next error is about this step times the rate of contraction; the round in
            # double precision contracts once more.
            rate = length / last[single]
            error = length * rate
            more = error > _SINGLE_ACCURACY * size[single]
            more &= error * rate > 0.03 * tolerance * size[single]
            last[single] = length
            single = single[more]
        for _ in range(_DOUBLE_ROUNDS):
            if not len(active):
                break
            here, own = z[active], points[active]
            step, slope, reach = self._step(here, own, self.double, scratch)
            size, length = _norms(here), _norms(step)
            stay = self._bound(own, reach, slope + self.slack * size)
            go = self._bound_after_step(own, reach + length * self.widest, length, size)
            goal = tolerance * size
            z[active] = secant.next(here, step, active)
            z[active[stay <= goal]] = here[stay <= goal]
            z[active[go <= goal]] = (here - step)[go <= goal]
            bound[active] = np.where(go <= goal, go, stay)
            active = active[~(bound[active] <= goal) & (reach < _FAR)]

    def _step(
        self, z: FloatArray, points: IntArray, remainder: _Remainder, scratch: _Scratch
    ) -> tuple[FloatArray, FloatArray, FloatArray]:
        """F(z) (b, r), the gradient's norm (b,) and the largest change of a margin (b,)."""
        own = self.Z[points]
        own_change = np.einsum("ij,ij->i", own, z)
        step, reach = remainder(z, points, scratch)
        step += z
        step -= (self.error[points] + self.v[points] * own_change)[:, None] * own
        slope = _norms(step)
        along = np.einsum("ij,ij->i", own, step) * (self.v / (1 - self.leverage))[points]
        own *= along[:, None]
        step += own
        return step, slope, np.maximum(reach, np.abs(own_change))

    def _bound(self, points: IntArray, reach: FloatArray, slope: FloatArray) -> FloatArray:
        """Distance from the exact change of one where the gradient has norm `slope`."""
        return np.exp(reach) / (1 - self.leverage[points]) * slope

    def _bound_after_step(
        self, points: IntArray, reach: FloatArray, length: FloatArray, size: FloatArray
    ) -> FloatArray:
        """The same after a step of the given length, `reach` covering both its ends."""
        return self._bound(points, reach, np.expm1(reach) * length + self.slack * size)

    def _refit(self, point: int) -> tuple[FloatArray, float]:
        """Newton's method without one point, for a refit that moves far."""
        rest = np.arange(len(self.y)) != point
        model, factor, decrement = logistic.newton(
            self.A[rest], self.y[rest], start=self.full, tolerance=1e-13
        )
        return model - self.full, logistic.weight_error(factor, decrement) + self.full_residual


class _Secant:
    """Anderson acceleration of depth one of the iterations z <- z - step, a row each."""

    def __init__(self, rows: int, width: int) -> None:
        self._plain = np.zeros((rows, width))
        self._step = np.zeros((rows, width))
        self._known = np.zeros(rows, dtype=bool)

    def next(self, z: FloatArray, step: FloatArray, rows: IntArray) -> FloatArray:
        """The next iterates of `rows`, now at z."""
        plain = z - step
        turn = step - self._step[rows]
        square = np.einsum("ij,ij->i", turn, turn)
        weight = np.einsum("ij,ij->i", turn, step) / np.where(square > 0, square, 1)
        weight[~self._known[rows]] = 0
        found: FloatArray = plain - weight[:, None] * (plain - self._plain[rows])
        self._plain[rows], self._step[rows], self._known[rows] = plain, step, True
        return found


def _norms(rows: FloatArray) -> FloatArray:
    """Euclidean norms of the rows."""
    norms: FloatArray = np.sqrt(np.einsum("ij,ij->i", rows, rows))
    return norms


def _first_copies(X: FloatArray, y: FloatArray) -> IntArray:
    """For every point the first one that equals it in features and label."""
    rows: FloatArray = np.concatenate([X, y[:, None]], axis=1) + 0.0  # -0.0 becomes 0.0
    first: dict[bytes, int] = {}
    copies = [first.setdefault(row.tobytes(), i) for i, row in enumerate(rows)]
    return np.array(copies, dtype=np.int64)
