import numpy as np
import pytest
from safetensors.numpy import load_file

from leakcore import store
from leakcore.errors import LeakcoreError


def some_dataset():
    rng = np.random.default_rng(0)
    return store.Dataset(
        features=rng.integers(0, 2, (7, 5)).astype(np.uint8),
        labels=np.arange(7) % 3,
        n_classes=3,
        feature_names=tuple("abcde"),
        groups={"age": (np.array([0, 1, -1, 0, 1, 0, 1], np.int16), ("young", "old"))},
        name="toy",
        source="synthetic",
        sha256={"x": "00"},
    )


def test_dataset_survives_the_round_trip(tmp_path):
    before = some_dataset()
    before.save(tmp_path / "d.safetensors")
    after = store.Dataset.load(tmp_path / "d.safetensors")
    assert after.features.dtype == np.uint8
    np.testing.assert_array_equal(after.features, before.features)
    np.testing.assert_array_equal(after.groups["age"][0], before.groups["age"][0])
    assert (after.groups["age"][1], after.name, after.sha256) == (
        ("young", "old"),
        "toy",
        {"x": "00"},
    )
    assert after.is_standin


def test_the_library_reads_what_is_written(tmp_path):
    arrays = {
        "a": np.arange(6, dtype=np.float32).reshape(2, 3),
        "b": np.array([True, False]),
        "c": np.empty((0, 4)),
        "d": np.arange(3),
    }
    store.write(tmp_path / "x", "Toy", {"note": "é"}, arrays)
    read = load_file(tmp_path / "x")
    assert read.keys() == arrays.keys()
    for name, array in arrays.items():
        assert read[name].dtype == array.dtype
        np.testing.assert_array_equal(read[name], array)


def test_same_content_gives_same_bytes(tmp_path):
    for name in "xy":
        some_dataset().save(tmp_path / name)
    assert (tmp_path / "x").read_bytes() == (tmp_path / "y").read_bytes()


def test_a_failed_write_leaves_the_old_file_and_nothing_else(tmp_path):
    path = tmp_path / "x"
    store.write(path, "Toy", {}, {"a": np.ones(3)})
    old = path.read_bytes()

    def killed_halfway():
        with store.create(path, "Toy", {}, {"a": (np.float64, (3,))}) as maps:
            maps["a"][0] = 5
            raise RuntimeError("killed")

    with pytest.raises(RuntimeError, match="killed"):
        killed_halfway()
    assert path.read_bytes() == old
    assert [p.name for p in tmp_path.iterdir()] == ["x"]


def test_rows_are_read_without_the_rest(tmp_path):
    store.write(tmp_path / "x", "Toy", {}, {"a": np.arange(20).reshape(10, 2)})
    rows = store.read_rows(tmp_path / "x", "Toy", "a", 3, 5)
    np.testing.assert_array_equal(rows, [[6, 7], [8, 9]])


def test_damaged_or_foreign_files_are_named(tmp_path):
    path = tmp_path / "x"
    store.write(path, "Toy", {}, {"a": np.arange(1000)})
    with pytest.raises(LeakcoreError, match="expected a Split"):
        store.read(path, "Split")
    path.write_bytes(path.read_bytes()[:-8])
    with pytest.raises(LeakcoreError, match="damaged"):
        store.read(path, "Toy")
    path.write_bytes(b"not safetensors at all")
    with pytest.raises(LeakcoreError, match=str(path)):
        store.read(path, "Toy")
    with pytest.raises(LeakcoreError, match="no such file"):
        store.read(tmp_path / "none", "Toy")


def test_objects_are_never_stored(tmp_path):
    with pytest.raises(TypeError, match="object"):
        store.write(tmp_path / "x", "Toy", {}, {"a": np.array([{}, {}])})


@pytest.mark.parametrize("reached", [True, False])
def test_target_survives_the_round_trip(tmp_path, reached):
    weights = {"0.weight": np.ones((2, 3), np.float32)} if reached else {}
    before = store.Target(0.1, reached, 4, 0.9, 0.75, {"shape": [3]}, weights)
    before.save(tmp_path / "t")
    after = store.Target.load(tmp_path / "t")
    assert after.gap == pytest.approx(0.15)
    assert (after.reached, after.epoch, after.architecture) == (reached, 4, {"shape": [3]})
    assert after.weights.keys() == weights.keys()


def test_scores_survive_the_round_trip(tmp_path):
    column = store.ScoreColumn(0.1, 0.9, 0.7, "loss", np.array([0.5, -1.0]), -0.25)
    member = np.array([True, False])
    for columns in ((column, column), ()):
        store.Scores(np.array([4, 9]), member, columns).save(tmp_path / "s")
        after = store.Scores.load(tmp_path / "s")
        assert len(after.columns) == len(columns)
        for read in after.columns:
            np.testing.assert_array_equal(read.score, column.score)
            assert (read.access, read.threshold) == ("loss", -0.25)


def test_no_artefact_is_begun_that_the_disk_has_no_room_for(tmp_path, monkeypatch):
    """A mapped file without room behind it would kill the process where it is filled."""

    def full(_file, _start, size):
        assert size > 8 * 1000
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(store.os, "posix_fallocate", full)
    with pytest.raises(OSError, match="No space left"):
        store.write(tmp_path / "x.safetensors", "Split", {}, {"a": np.zeros(1000)})
    assert list(tmp_path.iterdir()) == []


def test_all_of_an_artefact_is_on_disk_before_it_is_filled(tmp_path):
    layout = {"a": ("float64", (100_000,))}
    with store.create(tmp_path / "x.safetensors", "Split", {}, layout):
        (partial,) = tmp_path.iterdir()
        assert partial.stat().st_blocks * 512 >= 800_000
