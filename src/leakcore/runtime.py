"""What every script needs around its work: a log, progress on it, and errors a user can read."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from leakcore.errors import LeakcoreError

Progress = Callable[[int, int, str], None]

_SECONDS_BETWEEN_LINES = 5.0


@contextmanager
def job(log: str | Path, name: str) -> Iterator[Progress]:
    """Run a job's work; yield the function that reports its progress.

    Lines such as `train purchase seed 0: 12/50, about 8 s left (gap 0.08)` go to the log and to
    the terminal, at most one every few seconds. A `LeakcoreError` is printed without a traceback
    and ends the process with status 1; any other exception is a bug and keeps its traceback.
    """
    Path(log).parent.mkdir(parents=True, exist_ok=True)
    with open(log, "w", encoding="utf-8", buffering=1) as file:
        progress = _Reporter(name, [file, sys.stderr])
        try:
            yield progress
        except LeakcoreError as error:
            progress.say(f"error: {error}")
            sys.exit(1)
        except BaseException:
            import traceback

            traceback.print_exc(file=file)
            raise
        progress.say(f"done in {time.monotonic() - progress.start:.1f} s")


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
            print(f"{self.name}: {words}", file=stream, flush=True)
