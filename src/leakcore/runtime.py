"""What every script needs around its work: a log, progress on it, and errors a user can read."""

from __future__ import annotations

import errno
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TextIO

from leakcore.errors import LeakcoreError

Progress = Callable[[int, int, str], None]

_SECONDS_BETWEEN_LINES = 5.0


@contextmanager
def job(log: str | Path, name: str) -> Iterator[Progress]:
    """Run a job's work; yield the function that reports its progress.

    Lines such as `train purchase seed 0: 12/50, about 8 s left (gap 0.08)` go to the log and to
    the terminal, at most one every few seconds. A `LeakcoreError`, a full or read-only disk and
    want of memory are printed without a traceback and end the process with status 1; any other
    exception is a bug and keeps its traceback.
    """
    try:
        Path(log).parent.mkdir(parents=True, exist_ok=True)
        opened = open(log, "w", encoding="utf-8", buffering=1)  # noqa: SIM115
    except OSError as error:
        print(f"{name}: error: {_remedy(error) or error}", file=sys.stderr, flush=True)
        sys.exit(1)
    with opened as file:
        progress = _Reporter(name, [file, sys.stderr])
        try:
            yield progress
        except LeakcoreError as error:
            progress.say(f"error: {error}")
            sys.exit(1)
        except BaseException as error:
            remedy = _remedy(error)
            if remedy:
                progress.say(f"error: {remedy}")
                sys.exit(1)
            import traceback

            traceback.print_exc(file=file)
            raise
        progress.say(f"done in {time.monotonic() - progress.start:.1f} s")


def part_of(progress: Progress, place: int, parts: int) -> Progress:
    """Return the progress of one of several parts of a job that take about as long.

    Parameters
    ----------
    progress : of the whole job.
    place, parts : which part it is, from 0, and how many there are.
    """

    def report(done: int, total: int, words: str) -> None:
        progress(place * total + done, parts * total, words)

    return report


def seed_words(seeds: Sequence[int | str]) -> str:
    """Return which seeds a job does, for its name."""
    return f"seed{'s' if len(seeds) > 1 else ''} {', '.join(map(str, seeds))}"


def each_seed(
    seeds: Sequence[int], progress: Progress, *files: Sequence[str]
) -> Iterator[tuple[int, Progress, list[Sequence[str]]]]:
    """Yield for each seed that a job does its number, its progress, and its part of the files.

    Parameters
    ----------
    seeds : in the order of the files.
    progress : of the whole job; if it does several seeds, each one's says which it is.
    files : lists that hold as many files for each seed, one seed's after the other's.
    """

    def say(place: int) -> Progress:
        part = part_of(progress, place, len(seeds))
        if len(seeds) == 1:
            return part
        return lambda done, total, words: part(done, total, f"seed {seeds[place]}, {words}")

    for place, seed in enumerate(seeds):
        parts = []
        for paths in files:
            share = len(paths) // len(seeds)
            parts.append(paths[place * share : (place + 1) * share])
        yield seed, say(place), parts


def _remedy(error: BaseException) -> str | None:
    """Return what a user can do about a machine that is too small; None for any other error."""
    if isinstance(error, OSError):
        where = error.filename or "results"
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            return (
                f"{where}: no space left on the disk; make room, or set keep_observations: false, "
                "and run again: what is finished is kept"
            )
        if error.errno in (errno.EROFS, errno.EACCES, errno.EPERM):
            return f"{where}: cannot be written ({error.strerror}); make it writable and run again"
    words = f"{error}"
    # torch raises RuntimeErrors of its own, for the CPU one that only its words tell.
    if (isinstance(error, MemoryError) or "out of memory" in words) or (
        isinstance(error, RuntimeError) and "allocate memory" in words
    ):
        first = (words.strip() or "MemoryError").splitlines()[0]
        return (
            f"not enough memory ({first}); give the job more (--set-resources RULE:mem_mb=...), "
            "or run fewer jobs at once"
        )
    return None


class _Reporter:
    def __init__(self, name: str, streams: list[TextIO]) -> None:
        self.name = name
        self.streams = streams
        self.start = time.monotonic()
        self.last = self.start

    def __call__(self, done: int, total: int, words: str) -> None:
        now = time.monotonic()
        if now - self.last < _SECONDS_BETWEEN_LINES:
            return
        self.last = now
        left = (now - self.start) / done * (total - done) if done else float("nan")
        remaining = f", about {left:.0f} s left" if done else ""
        self.say(f"{done}/{total}{remaining}" + (f" ({words})" if words else ""))

    def say(self, words: str) -> None:
        for stream in self.streams:
            # A log on a full disk must not hide what is wrong from the terminal.
            with suppress(OSError):
                print(f"{self.name}: {words}", file=stream, flush=True)
