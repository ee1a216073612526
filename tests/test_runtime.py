import errno

import numpy as np
import pytest

from leakcore import runtime
from leakcore.errors import LeakcoreError


def test_an_error_of_the_user_ends_without_a_traceback(tmp_path, capsys):
    log = tmp_path / "logs" / "x.log"
    with pytest.raises(SystemExit) as stop, runtime.job(log, "train toy"):
        raise LeakcoreError("file x: found 3 rows, expected 4; fetch it again")
    assert stop.value.code == 1
    for text in (capsys.readouterr().err, log.read_text()):
        assert text == "train toy: error: file x: found 3 rows, expected 4; fetch it again\n"


def test_a_bug_keeps_its_traceback(tmp_path):
    with pytest.raises(ZeroDivisionError), runtime.job(tmp_path / "x.log", "train toy"):
        print(1 / 0)
    assert "ZeroDivisionError" in (tmp_path / "x.log").read_text()


def test_progress_tells_what_is_left(tmp_path, monkeypatch):
    clock = iter([0.0, 1.0, 10.0, 20.0])
    monkeypatch.setattr(runtime.time, "monotonic", lambda: next(clock))
    with runtime.job(tmp_path / "x.log", "train toy") as progress:
        progress(1, 40, "too soon to tell")
        progress(10, 40, "gap 0.1")
    assert (tmp_path / "x.log").read_text().splitlines() == [
        "train toy: 10/40, about 30 s left (gap 0.1)",
        "train toy: done in 20.0 s",
    ]


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (OSError(errno.ENOSPC, "No space left on device", "x/y"), "x/y: no space left on the disk"),
        (OSError(errno.EROFS, "Read-only file system", "x/y"), "x/y: cannot be written"),
        (PermissionError(errno.EACCES, "Permission denied", "x"), "make it writable and run again"),
        (MemoryError("Unable to allocate 9 TiB"), "not enough memory (Unable to allocate 9 TiB)"),
        (RuntimeError("DefaultCPUAllocator: can't allocate memory: you"), "not enough memory"),
        (RuntimeError("CUDA out of memory. Tried to allocate 2 GiB"), "--set-resources"),
    ],
)
def test_a_machine_that_is_too_small_ends_without_a_traceback(tmp_path, capsys, error, words):
    with pytest.raises(SystemExit) as stop, runtime.job(tmp_path / "x.log", "train toy"):
        raise error
    assert stop.value.code == 1
    for text in (capsys.readouterr().err, (tmp_path / "x.log").read_text()):
        assert text.startswith("train toy: error: ")
        assert words in text
        assert "Traceback" not in text


def test_a_missing_file_is_still_a_bug(tmp_path):
    with pytest.raises(FileNotFoundError), runtime.job(tmp_path / "x.log", "train toy"):
        (tmp_path / "nowhere").read_text()


def test_parts_of_a_job_make_one_whole():
    told = []
    for place in range(3):
        progress = runtime.part_of(lambda *line: told.append(line), place, 3)
        progress(1, 4, "a quarter")
        progress(4, 4, "done")
    shares = [done / total for done, total, _ in told]
    np.testing.assert_allclose(np.array(shares) * 12, [1, 4, 5, 8, 9, 12])
    assert [words for *_, words in told] == ["a quarter", "done"] * 3


def test_each_seed_has_its_files_and_its_part_of_the_progress():
    said = []
    files = [f"{seed}-{level}" for seed in (4, 0) for level in "ab"]
    for seed, progress, (levels, scores) in runtime.each_seed(
        [4, 0], lambda *x: said.append(x), files, "pq"
    ):
        assert levels == [f"{seed}-a", f"{seed}-b"]
        assert scores == {4: "p", 0: "q"}[seed]
        progress(1, 3, "epoch 1")
    assert said == [(1, 6, "seed 4, epoch 1"), (4, 6, "seed 0, epoch 1")]


def test_a_lone_seed_is_in_the_name_and_not_in_the_words():
    said = []
    for _, progress, _ in runtime.each_seed([7], lambda *words: said.append(words)):
        progress(1, 3, "epoch 1")
    assert said == [(1, 3, "epoch 1")]
    assert runtime.seed_words([7]) == "seed 7"
    assert runtime.seed_words([0, 1]) == "seeds 0, 1"
