"""Run the package of this checkout, here and in every job, whether or not one is installed.

The digests that decide what runs again are of this source, so no other may be run.
"""

import os
import sys
from pathlib import Path


def use(root: Path) -> None:
    """Put the checkout's `src` first on the path of this process and of the jobs it starts."""
    source = str(root / "src")
    sys.path.insert(0, source)
    others = [p for p in os.environ.get("PYTHONPATH", "").split(os.pathsep) if p and p != source]
    os.environ["PYTHONPATH"] = os.pathsep.join([source, *others])
