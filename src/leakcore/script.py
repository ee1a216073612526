"""What a script of the workflow imports before anything else: a process for one job.

Most jobs of a small run take about a second, and torch takes longer than that to be read in and
taken apart again. Half a second of it is for nothing: the garbage collector looks again and again
at the modules, which all stay, and at the end every module is taken apart although the process
ends. So the collector rests until the job begins, and a process whose job is done just ends.
"""

from __future__ import annotations

import atexit
import gc
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from leakcore import runtime

_done = False


@contextmanager
def job(log: str | Path, name: str) -> Iterator[runtime.Progress]:
    """Run a script's work, all that it does after its imports; see `runtime.job`."""
    global _done
    gc.freeze()
    gc.enable()
    with runtime.job(log, name) as progress:
        yield progress
    _done = True


def _end() -> None:
    """End the process at once if its job is done."""
    if _done:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(0)


gc.disable()
# torch would look through all installed packages for devices other than the CPU and CUDA.
os.environ.setdefault("TORCH_DEVICE_BACKEND_AUTOLOAD", "0")
# What registers itself first is called last: nothing else that wants to end tidily is skipped.
atexit.register(_end)
