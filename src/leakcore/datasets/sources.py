"""Where raw files come from: mirrors, https, installed packages, or a generator in their place."""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

from leakcore.datasets import archives
from leakcore.errors import LeakcoreError

SOURCES = ("mirror", "download", "package", "synthetic")
ATTEMPTS = 5
BACKOFF_SECONDS = 1.0
_TIMEOUT_SECONDS = (15, 60)  # to connect, between two pieces of data
_BLOCK = 1 << 18

Progress = Callable[[int, int, str], None]


@dataclass(frozen=True)
class RawFile:
    """One raw file of a data set.

    Attributes
    ----------
    name : file name in a mirror and on disk.
    urls : https addresses, tried in order.
    sha256, md5 : digest of the file, if one is published.
    members, member_sha256 : for an archive that is repacked now and then, the possible names of
        the one member that matters, and that member's digest; it is then checked instead.
    max_bytes : largest size of the file and of any archive member.
    """

    name: str
    urls: tuple[str, ...] = ()
    sha256: str | None = None
    md5: str | None = None
    members: tuple[str, ...] = ()
    member_sha256: str | None = None
    max_bytes: int = 1 << 30


@dataclass(frozen=True)
class RawManifest:
    """Where the raw files of a data set were found.

    Attributes
    ----------
    source : `mirror`, `download`, `package` or `synthetic`.
    files : for each raw file its full path (empty for the last two sources).
    sha256 : for each raw file its digest.
    """

    source: str
    files: dict[str, str]
    sha256: dict[str, str]

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the manifest as JSON."""
        _write_json(Path(path), asdict(self))

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Self:
        """Read a manifest back."""
        try:
            return cls(**json.loads(Path(path).read_text()))
        except (OSError, ValueError, TypeError) as error:
            raise LeakcoreError(
                f"{path}: not a raw-file manifest ({error}); delete it and run again"
            ) from error


class _WrongContentError(Exception):
    """The file is there, but it is not what it should be."""


class _UnavailableError(Exception):
    """The source does not have the file."""


def mirror_folders(configured: Sequence[str]) -> list[Path]:
    """Return the configured mirror folders, then those of the environment's LEAKCORE_MIRRORS."""
    extra = os.environ.get("LEAKCORE_MIRRORS", "").split(os.pathsep)
    return [Path(path).expanduser() for path in [*configured, *extra] if path]


def find_in_mirrors(
    dataset: str, raw: Sequence[RawFile], mirrors: Sequence[Path]
) -> dict[str, Path] | None:
    """Return the path of every raw file in the mirrors, or None unless all of them are there.

    A file is looked for as `<mirror>/<dataset>/<name>`, then as `<mirror>/<name>`. Only existence
    is looked at, so that this is cheap enough to be done whenever the workflow starts.
    """
    found: dict[str, Path] = {}
    for file in raw:
        for mirror in mirrors:
            candidates = (Path(mirror) / dataset / file.name, Path(mirror) / file.name)
            path = next((path for path in candidates if path.is_file()), None)
            if path is not None:
                found[file.name] = path
                break
    return found if raw and len(found) == len(raw) else None


def fetch(
    dataset: str,
    raw: Sequence[RawFile],
    *,
    sources: Sequence[str],
    available: Sequence[str],
    mirrors: Sequence[Path],
    directory: Path,
    checksums: Path,
    overrides: Mapping[str, str],
    progress: Progress | None = None,
) -> RawManifest:
    """Get a data set's raw files from the first source that has them.

    A source that has no such file is passed over for the next one in the list. A file that is there
    but has the wrong content ends the search: going on would hide the damage, at worst behind
    generated data.

    Parameters
    ----------
    dataset : the data set's name.
    raw : its raw files.
    sources : what to try, in order, of `mirror`, `download`, `package`, `synthetic`.
    available : the sources that the data set can have.
    mirrors : directories to look in; files are used in place and never changed.
    directory : where downloads go.
    checksums : small JSON file that holds the digests of files for which none is published; they
        are pinned when they are first seen and verified ever after.
    overrides : for a file name the sha256 to expect in place of the published one.
    progress : called with bytes done, bytes in all (0 if unknown), and the file's name.

    Raises
    ------
    LeakcoreError : if no source has the files, or if a file has the wrong content.
    """
    unknown = sorted(set(overrides) - {file.name for file in raw})
    if unknown:
        raise LeakcoreError(
            f"{dataset}: a checksum is configured for {', '.join(unknown)}, which is none of its "
            f"files ({', '.join(file.name for file in raw) or 'it has none'}); correct the name"
        )
    pins = _read_pins(checksums)
    failures: list[str] = []
    for source in sources:
        try:
            if source not in SOURCES:
                raise _UnavailableError(f"there is no such source, only {', '.join(SOURCES)}")
            if source not in available:
                raise _UnavailableError(f"{dataset} has none (it has {', '.join(available)})")
            if source in ("package", "synthetic"):
                return RawManifest(source, {}, {})
            paths, sha256 = {}, {}
            found = _from_mirrors(dataset, raw, mirrors) if source == "mirror" else {}
            for file in raw:
                check = _Check(file, overrides.get(file.name), pins.get(file.name), checksums)
                if source == "mirror":
                    path = found[file.name]
                    digest = check(path)
                else:
                    path = Path(directory) / file.name
                    digest = _download(file, path, check, progress)
                paths[file.name], sha256[file.name] = str(path.absolute()), digest
                if check.pins:
                    pins[file.name] = digest
                    _write_json(Path(checksums), pins)
            return RawManifest(source, paths, sha256)
        except _UnavailableError as error:
            failures.append(f"  {source}: {error}")
        except _WrongContentError as error:
            raise LeakcoreError(
                "\n".join([f"{dataset}: a raw file is refused", *failures, f"  {source}: {error}"])
            ) from error
    names = ", ".join(file.name for file in raw) or "nothing"
    raise LeakcoreError(
        "\n".join(
            [
                f"{dataset}: no source has the data; tried {', '.join(sources) or 'none'}",
                *failures,
                f"Put {names} into a mirror directory (as <mirror>/{dataset}/<file>) and name the "
                "directory in the config's `mirrors` or in LEAKCORE_MIRRORS, or list another "
                f"source for {dataset} (it has {', '.join(available)}).",
            ]
        )
    )


def _from_mirrors(dataset: str, raw: Sequence[RawFile], mirrors: Sequence[Path]) -> dict[str, Path]:
    if not mirrors:
        raise _UnavailableError("no mirror directory is configured")
    found = find_in_mirrors(dataset, raw, mirrors)
    if found is None:
        missing = [file.name for file in raw if not find_in_mirrors(dataset, [file], mirrors)]
        raise _UnavailableError(f"no {', '.join(missing)} in {', '.join(map(str, mirrors))}")
    return found


class _Check:
    """Verify one file against what is known of it, and say whether it shall be pinned."""

    def __init__(
        self, file: RawFile, override: str | None, pin: str | None, checksums: Path
    ) -> None:
        self.file, self.override, self.pin, self.checksums = file, override, pin, checksums
        known = override or file.sha256 or file.md5 or file.member_sha256
        self.pins = known is None and pin is None
        self.verifies = not self.pins

    def __call__(self, path: Path) -> str:
        file = self.file
        size = path.stat().st_size
        if size > file.max_bytes:
            raise _WrongContentError(
                f"{path} has {size:,} bytes, more than the {file.max_bytes:,} that are expected; "
                "replace it"
            )
        sha256 = _digest(path, "sha256")
        if self.override is not None:
            self._compare(path, "sha256 (from the config)", self.override.lower(), sha256)
        elif file.sha256 is not None:
            self._compare(path, "sha256", file.sha256, sha256)
        elif file.member_sha256 is not None:
            try:
                with archives.open_member(path, file.members, file.max_bytes) as stream:
                    member = _digest_stream(stream, "sha256")
            except LeakcoreError as error:
                raise _WrongContentError(str(error)) from error
            self._compare(path, "sha256 of the member", file.member_sha256, member)
        elif file.md5 is not None:
            self._compare(path, "md5", file.md5, _digest(path, "md5"))
        elif self.pin is not None:
            remedy = f"if the new file is the right one, delete {self.checksums}"
            self._compare(path, f"sha256 (pinned in {self.checksums})", self.pin, sha256, remedy)
        return sha256

    def _compare(
        self,
        path: Path,
        what: str,
        expected: str,
        found: str,
        remedy: str = "if you trust this variant, set its sha256 in the config",
    ) -> None:
        if found != expected:
            raise _WrongContentError(
                f"{path} has the wrong {what}: expected {expected}, found {found}; "
                f"replace the file, or, {remedy}"
            )


def _download(file: RawFile, path: Path, check: _Check, progress: Progress | None) -> str:
    """Download one file under its final name and return its sha256."""
    if not file.urls:
        raise _UnavailableError(f"{file.name} has no address")
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.is_file() and check.verifies:
        try:
            return check(path)  # whole, from an earlier run
        except _WrongContentError:
            path.unlink()
    partial = path.with_name(f".{path.name}.partial")
    failures: list[Exception] = []
    try:
        for url in file.urls:
            try:
                _transfer(url, partial, file.max_bytes, check.verifies, progress)
                digest = check(partial)
            except (_UnavailableError, _WrongContentError) as error:
                failures.append(type(error)(f"{url}: {error}"))
            else:
                os.replace(partial, path)
                return digest
    finally:
        partial.unlink(missing_ok=True)
    wrong = any(isinstance(error, _WrongContentError) for error in failures)
    kind = _WrongContentError if wrong else _UnavailableError
    raise kind("; ".join(map(str, failures)))


def _transfer(
    url: str, partial: Path, max_bytes: int, has_checksum: bool, progress: Progress | None
) -> None:
    """Transfer `url` to `partial`, going on where a broken attempt ended.

    A transfer goes on only if what comes is sure to belong to what is there: the server names a
    validator (ETag or date), or a checksum will tell in the end. Else it starts again.
    """
    import requests
    from tqdm import tqdm

    _require_safe(url)
    partial.unlink(missing_ok=True)
    validator: str | None = None
    name = urlsplit(url).path.rpartition("/")[2]
    # disable=None: a bar on a terminal, nothing in a log file
    with tqdm(desc=name, unit="B", unit_scale=True, disable=None, leave=False) as bar:
        for attempt in range(ATTEMPTS):
            if attempt:
                time.sleep(BACKOFF_SECONDS * 2 ** (attempt - 1))
            done = partial.stat().st_size if partial.exists() else 0
            if not (validator or has_checksum):
                done = 0
            headers = {"Accept-Encoding": "identity"}  # byte positions must be those of the file
            if done:
                headers["Range"] = f"bytes={done}-"
                if validator:
                    headers["If-Range"] = validator
            try:
                with requests.get(
                    url, headers=headers, stream=True, timeout=_TIMEOUT_SECONDS
                ) as answer:
                    for hop in [*answer.history, answer]:
                        _require_safe(hop.url)
                    if answer.status_code == 416:  # what is there is no part of the file
                        partial.unlink(missing_ok=True)
                        raise requests.ConnectionError("the server refused to resume")
                    if answer.status_code >= 500 or answer.status_code in (408, 429):
                        raise requests.ConnectionError(f"the server answered {answer.status_code}")
                    if answer.status_code not in (200, 206):
                        raise _UnavailableError(f"the server answered {answer.status_code}")
                    if answer.headers.get("Content-Type", "").startswith("text/html"):
                        raise _UnavailableError("the server answered with a web page, not a file")
                    if answer.status_code == 200:
                        done = 0
                    elif not answer.headers.get("Content-Range", "").startswith(f"bytes {done}-"):
                        partial.unlink(missing_ok=True)
                        raise requests.ConnectionError("the server sent another part of the file")
                    etag = answer.headers.get("ETag", "")
                    weak = etag.startswith("W/")
                    validator = (etag if not weak else "") or answer.headers.get("Last-Modified")
                    length = answer.headers.get("Content-Length")
                    total = done + int(length) if length else 0
                    bar.total, bar.n = total or None, done
                    with open(partial, "ab" if done else "wb") as file:
                        for block in answer.iter_content(_BLOCK):
                            done += len(block)
                            if done > max_bytes:
                                raise _WrongContentError(f"more than {max_bytes:,} bytes came")
                            file.write(block)
                            bar.update(len(block))
                            if progress is not None:
                                progress(done, total, name)
                    if total and done != total:
                        raise requests.ConnectionError(f"{done:,} of {total:,} bytes came")
                    return
            except requests.RequestException as error:
                last = error
    raise _UnavailableError(f"{ATTEMPTS} attempts failed, the last with: {last}")


def _require_safe(url: str) -> None:
    parts = urlsplit(url)
    loopback = parts.hostname in ("127.0.0.1", "::1", "localhost")
    if parts.scheme != "https" and not (parts.scheme == "http" and loopback):
        raise _UnavailableError(f"{url} is not https")


def _digest(path: Path, algorithm: str) -> str:
    with open(path, "rb") as stream:
        return hashlib.file_digest(stream, algorithm).hexdigest()


def _digest_stream(stream: Any, algorithm: str) -> str:
    digest = hashlib.new(algorithm)
    while block := stream.read(_BLOCK):
        digest.update(block)
    return digest.hexdigest()


def _read_pins(checksums: Path) -> dict[str, str]:
    try:
        pins = json.loads(Path(checksums).read_text())
    except FileNotFoundError:
        return {}
    except ValueError as error:
        raise LeakcoreError(f"{checksums}: not valid JSON ({error}); mend or delete it") from error
    if not isinstance(pins, dict) or not all(isinstance(pin, str) for pin in pins.values()):
        raise LeakcoreError(f"{checksums}: expected file names and sha256 digests; delete it")
    return pins


def _write_json(path: Path, content: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        partial.write_text(json.dumps(content, sort_keys=True, indent=2) + "\n")
        os.replace(partial, path)
    finally:
        partial.unlink(missing_ok=True)
