"""Exact leave-one-out refits against scikit-learn and a plain Newton's method, one by one."""

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from leakcore.errors import LeakcoreError
from leakcore.influence import leave_one_out as module
from leakcore.influence import logistic
from leakcore.influence.leave_one_out import LeaveOneOut, leave_one_out


def gaussian(n, d, seed=0, scale=1.0):
    rng = np.random.default_rng(seed)
    X = scale * rng.normal(size=(n, d))
    y = (X @ rng.normal(size=d) / np.sqrt(d) / scale + rng.normal(size=n) > 0).astype(int)
    return X, y


def separable(n=60, d=3):
    X, _ = gaussian(n, d, seed=1)
    y = (X[:, 0] > 0).astype(int)
    X[:, 0] += 2.0 * (2 * y - 1)
    return X, y


def one_hot(n=150):
    """Every block of columns adds up to the intercept's column; one category has one member."""
    rng = np.random.default_rng(2)
    codes = rng.integers(0, [3, 5, 8], size=(n, 3))
    codes[0, 2] = 8
    X = np.concatenate([np.eye(k)[codes[:, j]] for j, k in enumerate((3, 5, 9))], axis=1)
    return X, rng.integers(0, 2, n)


def few_members(n=80, few=2):
    X, _ = gaussian(n, 4, seed=3)
    y = np.zeros(n, dtype=int)
    y[[5, 17, 40][:few]] = 1
    return X, y


def outlier():
    """A point whose features are fifty times as large, as capital gains are."""
    X, y = gaussian(120, 6, seed=4)
    X[7] *= 50
    X[8] *= -30
    return X, y


def raw_units():
    """Columns of very different sizes."""
    X, y = gaussian(200, 8, seed=5)
    return X * np.logspace(-2, 2.5, 8) + np.arange(8), y


CASES = {
    "n=100, d=3": gaussian(100, 3),
    "n=300, d=20": gaussian(300, 20),
    "d=1": gaussian(40, 1),
    "n=d": gaussian(30, 30),
    "n<d": gaussian(50, 200, seed=6),
    "n<d, features of rank 5": (lambda X, y: (X @ X[:5].T @ X[:5] / 99, y))(*gaussian(40, 90)),
    "separable": separable(),
    "one-hot": one_hot(),
    "class of two": few_members(few=2),
    "class of three": few_members(few=3),
    "outlier": outlier(),
    "raw units": raw_units(),
    "eight points": gaussian(8, 2, seed=8),
}


def plain_newton(X, y, start):
    """Textbook Newton's method from a good start, independent of the package."""
    A = np.concatenate([X, np.ones((len(X), 1))], axis=1)
    penalty = np.ones(A.shape[1])
    penalty[-1] = 0
    w = start.copy()
    for _ in range(60):
        p = 1 / (1 + np.exp(-(A @ w)))
        step = np.linalg.solve(
            (A * (p * (1 - p))[:, None]).T @ A + np.diag(penalty), A.T @ (p - y) + penalty * w
        )
        w = w - step
        if np.linalg.norm(step) < 1e-14 * np.linalg.norm(w):
            break
    return w


def refit(X, y, i):
    """scikit-learn's refit without point i at tight tolerance, polished by plain Newton steps."""
    X, y = np.delete(X, i, axis=0), np.delete(y, i)
    fitted = LogisticRegression(C=1.0, tol=1e-10, max_iter=10_000, solver="newton-cg").fit(X, y)
    model = np.append(fitted.coef_[0], fitted.intercept_)
    polished = plain_newton(X, y, model)
    # The polish must not be what makes the oracle: scikit-learn agrees on its own.
    assert np.linalg.norm(polished - model) <= 1e-4 * (1 + np.linalg.norm(model))
    return polished


@pytest.mark.parametrize("case", CASES)
@pytest.mark.filterwarnings("ignore::scipy.optimize.OptimizeWarning")
def test_every_refit_matches_scikit_learn_to_1e_8_of_its_shift(case):
    X, y = CASES[case]
    found = leave_one_out(X, y)
    np.testing.assert_allclose(
        found.full, plain_newton(X, y, found.full), rtol=0, atol=1e-10 * np.linalg.norm(found.full)
    )
    points = np.unique(np.linspace(0, len(y) - 1, 25).astype(int))
    points = np.union1d(points, np.argsort(found.shift)[[0, -1, -2]])
    for i in points:
        expected = refit(X, y, i)
        error = np.linalg.norm(found.weights[i] - expected)
        assert error <= 1e-8 * found.shift[i] + 1e-14 * np.linalg.norm(expected)
        assert found.shift[i] == pytest.approx(np.linalg.norm(expected - found.full), rel=1e-6)


@pytest.mark.parametrize("case", CASES)
def test_residual_bounds_the_error(case):
    X, y = CASES[case]
    loose = leave_one_out(X, y, tolerance=1e-3, resolution=np.inf)
    tight = leave_one_out(X, y, tolerance=1e-11)
    error = np.linalg.norm(loose.change - tight.change, axis=1)
    assert (error <= loose.residual + tight.residual).all()
    assert (tight.residual <= 1e-6 * tight.shift).all()


def test_loose_tolerance_is_seen_in_the_residual():
    X, y = CASES["n=300, d=20"]
    loose, tight = (leave_one_out(X, y, tolerance=t, resolution=1) for t in (1e-2, 1e-10))
    assert np.median(loose.residual / loose.shift) > 100 * np.median(tight.residual / tight.shift)


@pytest.mark.parametrize("case", ["n=300, d=20", "n<d", "one-hot", "class of two"])
def test_cold_and_warm_starts_agree(case):
    X, y = CASES[case]
    cold = leave_one_out(X, y)
    elsewhere = np.random.default_rng(0).normal(size=X.shape[1] + 1)
    for start in (cold.full, cold.weights[3], elsewhere):
        warm = leave_one_out(X, y, start=start)
        np.testing.assert_allclose(warm.full, cold.full, rtol=0, atol=1e-12)
        error = np.linalg.norm(warm.change - cold.change, axis=1)
        assert (error <= 1e-8 * cold.shift).all()


def test_newton_s_method_takes_over_where_margins_move_far():
    X, y = few_members(few=2)
    problem = module._Problem.at_full_fit(X, y.astype(float), None)
    calls = []
    original = module._Problem._refit
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module._Problem, "_refit", lambda s, i: calls.append(i) or original(s, i))
        found = leave_one_out(X * 10, y)
    assert set(calls) <= set(range(len(y)))
    assert calls, "the case is meant to need it"
    assert (found.residual <= 1e-8 * found.shift).all()
    # And alone it gives what the whitened iteration gives.
    easy = int(np.argmin(np.where(y == 0, problem.first_size, np.inf)))
    change, _ = problem._refit(easy)
    regular = leave_one_out(X, y).change[easy]
    assert np.linalg.norm(change - regular) < 1e-8 * np.linalg.norm(regular) + 1e-13


@pytest.mark.parametrize("small", [True, False])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_remainder_is_what_linearisation_leaves(small, dtype):
    rng = np.random.default_rng(0)
    limit = module._SMALL[dtype]
    x = rng.uniform(-1, 1, size=(3, 50)) * (limit if small else 2.0)
    margin = rng.normal(scale=2, size=50)
    p = 1 / (1 + np.exp(-margin.astype(np.longdouble)))
    moved = 1 / (1 + np.exp(-(margin + 2 * x.astype(np.longdouble))))
    expected = (moved - p) / (p * (1 - p)) - 2 * x
    remainder = module._Remainder(
        np.zeros((50, 1), dtype), np.zeros((50, 1), dtype), np.tanh(margin / 2).astype(dtype)
    )
    minus = remainder._minus_small if small else remainder._minus_any
    values = x.astype(dtype)
    minus(values, *np.empty((3 if small else 2, *x.shape), dtype))
    accuracy = {"float32": 1e-5, "float64": 1e-11}[dtype]
    assert np.abs(-2 * values - expected).max() <= accuracy * np.abs(expected).max()
    if small:  # nothing cancels: the remainder of tiny changes, of second order, is right too
        tiny = (1e-3 * x).astype(dtype)
        moved = 1 / (1 + np.exp(-(margin + 2 * tiny.astype(np.longdouble))))
        expected = (moved - p) / (p * (1 - p)) - 2 * tiny.astype(np.longdouble)
        minus(tiny, *np.empty((3, *x.shape), dtype))
        accuracy = {"float32": 1e-5, "float64": 1e-9}[dtype]  # longdouble's own cancellation
        assert np.abs(-2.0 * tiny - expected).max() <= accuracy * np.abs(expected).max()


def test_points_that_are_alike_get_the_same_bits():
    X, y = gaussian(90, 7)
    copy = np.random.default_rng(1).permutation(np.repeat(np.arange(90), [3] * 30 + [1] * 60))
    found = leave_one_out(X[copy], y[copy])
    for original in range(30):
        same = np.flatnonzero(copy == original)
        assert len(same) == 3
        assert (found.weights[same] == found.weights[same[0]]).all()
        assert (found.residual[same] == found.residual[same[0]]).all()


def test_result_is_the_same_for_any_number_of_threads_and_reports_progress(monkeypatch):
    X, y = gaussian(400, 12)
    monkeypatch.setattr(module, "_BLOCK_ELEMENTS", 1)  # several blocks
    seen = []
    one = leave_one_out(X, y, threads=1, progress=lambda *report: seen.append(report))
    two = leave_one_out(X, y, threads=2)
    assert (one.weights == two.weights).all()
    assert (one.residual == two.residual).all()
    assert len(seen) == 4
    assert seen[-1][:2] == (400, 400)
    assert [r[0] for r in seen] == sorted(r[0] for r in seen)


def test_blocks_do_not_matter(monkeypatch):
    X, y = CASES["n=300, d=20"]
    whole = leave_one_out(X, y)
    monkeypatch.setattr(module, "_BLOCK_ELEMENTS", 1)
    monkeypatch.setattr(module, "_BLOCK_ROWS", 37)
    monkeypatch.setattr(module, "_TILE_ELEMENTS", 700)
    parts = leave_one_out(X, y)
    error = np.linalg.norm(parts.change - whole.change, axis=1)
    assert (error <= 1e-8 * whole.shift).all()


def test_change_of_a_point_the_model_is_sure_of_is_resolved():
    """Its change is far below the rounding of the weights and still relatively exact."""
    X, y = gaussian(200, 3, seed=9)
    full = leave_one_out(X, y).full
    X[0], y[0] = 40 * full[:-1] / np.linalg.norm(full[:-1]), 1
    found = leave_one_out(X, y)
    assert 0 < found.shift[0] < 1e-16 * np.linalg.norm(found.full)
    A = np.concatenate([X, np.ones((200, 1))], axis=1)
    # Leaving it out is a first-order change here: the second order is 1e-16 times smaller.
    misfit = -1 / (1 + np.exp(A[0] @ found.full))  # p - y
    expected = misfit * np.linalg.solve(logistic.hessian(A, A @ found.full), A[0])
    np.testing.assert_allclose(found.change[0], expected, rtol=1e-9)


def test_a_class_with_one_member_is_refused():
    X, y = few_members(few=1)
    with pytest.raises(LeakcoreError, match="class 1 has one member, point 5;"):
        leave_one_out(X, y)
    with pytest.raises(LeakcoreError, match="class 0 has one member, point 5;"):
        leave_one_out(X, 1 - y)


def test_an_unresolved_shift_is_refused():
    X, y = CASES["n=300, d=20"]
    with pytest.raises(LeakcoreError, match=r"point \d+: its leave-one-out change"):
        leave_one_out(X, y, resolution=1e-16)


@pytest.mark.parametrize(
    ("X", "y", "message"),
    [
        (np.zeros((3, 2)), [0, 0, 0], "found classes"),
        (np.zeros((3, 2)), [0, 1, 2], "found classes"),
        (np.zeros((3, 2)), [0, 1], "need"),
        (np.zeros((3, 2, 2)), [0, 1, 1], "need"),
        ([[0.0], [np.nan], [1.0]], [0, 1, 1], "point 1: found a value"),
    ],
)
def test_bad_input_is_refused(X, y, message):
    with pytest.raises(LeakcoreError, match=message):
        leave_one_out(X, y)


def test_artefact_round_trip(tmp_path):
    X, y = CASES["d=1"]
    found = leave_one_out(X, y)
    found.save(tmp_path / "loo")
    back = LeaveOneOut.load(tmp_path / "loo")
    for name in ("full", "change", "residual", "shift", "weights"):
        np.testing.assert_array_equal(getattr(back, name), getattr(found, name))
    assert back.full_residual == found.full_residual
    assert back.smallest_shift == found.shift.min()


@pytest.mark.parametrize("case", CASES)
def test_full_fit_is_a_stationary_point(case):
    X, y = CASES[case]
    model, residual = logistic.fit(X, y)
    A = np.concatenate([X, np.ones((len(X), 1))], axis=1)
    slope = A.T @ (1 / (1 + np.exp(-A @ model)) - y)
    slope[:-1] += model[:-1]
    assert np.linalg.norm(slope) <= 1e-12 * np.abs(A).sum(axis=0).max()
    assert residual <= 1e-9
