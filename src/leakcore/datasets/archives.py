"""Read members of untrusted archives. Nothing is ever unpacked to disk."""

from __future__ import annotations

import os
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO

from leakcore.errors import LeakcoreError

_DAMAGE = (tarfile.TarError, zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError)
_TOTAL_BYTES = 8 << 30


@contextmanager
def open_member(
    path: str | os.PathLike[str], names: Collection[str], max_bytes: int
) -> Iterator[IO[bytes]]:
    """Stream one member of a zip or (compressed) tar archive.

    Every member's header is looked at first. One unsafe entry condemns the whole archive, also
    when it is not the entry that was asked for: such a file was made to do harm.

    Parameters
    ----------
    path : the archive.
    names : the member's exact name; where distributors differ, its possible names.
    max_bytes : largest size of any member, in bytes; guards against decompression bombs.

    Raises
    ------
    LeakcoreError : if the archive is damaged, lacks the member or has it twice, or has an entry
        that is absolute, climbs out of its directory, is neither file nor directory, or is larger
        than `max_bytes`.
    """
    path = Path(path)
    guard = _Guard(path, max_bytes)
    try:
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                entry = guard.pick(map(_zip_entry, archive.infolist()), names)
                with archive.open(entry) as stream:
                    yield stream
        else:
            with tarfile.open(path, "r:*") as archive_:
                entry = guard.pick(map(_tar_entry, archive_), names)
                file = archive_.extractfile(entry)
                assert file is not None  # a regular file was picked
                with file:
                    yield file
    except FileNotFoundError as error:
        raise LeakcoreError(f"{path}: no such file; fetch it again") from error
    except _DAMAGE as error:
        raise _damaged(path, error) from error


def read_members(
    path: str | os.PathLike[str], names: Collection[str], max_bytes: int
) -> dict[str, bytes]:
    """Return several members of a (compressed) tar archive in one pass (see `open_member`).

    All headers are checked before anything is returned.
    """
    contents: dict[str, bytes] = {}
    guard = _Guard(Path(path), max_bytes)
    try:
        with tarfile.open(path, "r:*") as archive:
            for info in archive:
                guard(*_tar_entry(info))
                if info.isreg() and info.name in names:
                    file = archive.extractfile(info)
                    assert file is not None  # it is a regular file
                    guard.expect(info.name, found=1 + (info.name in contents))
                    contents[info.name] = file.read()
    except FileNotFoundError as error:
        raise LeakcoreError(f"{path}: no such file; fetch it again") from error
    except _DAMAGE as error:
        raise _damaged(Path(path), error) from error
    for name in names:
        guard.expect(name, found=int(name in contents))
    return contents


def _damaged(path: Path, error: BaseException) -> LeakcoreError:
    return LeakcoreError(
        f"{path}: damaged, truncated or unreadable archive ({type(error).__name__}: {error}); "
        "delete the file and fetch it again"
    )


def _zip_entry(info: zipfile.ZipInfo) -> tuple[str, int, bool, bool]:
    plain = stat.S_IFMT(info.external_attr >> 16) in (0, stat.S_IFREG)
    return info.filename, info.file_size, plain and not info.is_dir(), info.is_dir()


def _tar_entry(info: tarfile.TarInfo) -> tuple[str, int, bool, bool]:
    return info.name, info.size, info.isreg(), info.isdir()


class _Guard:
    """Refuse an archive at its first unsafe entry."""

    def __init__(self, path: Path, max_bytes: int) -> None:
        self.path, self.max_bytes, self.total = path, max_bytes, 0

    def __call__(self, name: str, size: int, is_file: bool, is_directory: bool) -> None:
        self.total += size
        posix = PurePosixPath(name.replace("\\", "/"))
        if posix.is_absolute() or name[1:2] == ":":
            reason = "has an absolute path"
        elif ".." in posix.parts:
            reason = "climbs out of its directory"
        elif not (is_file or is_directory):
            reason = "is a link or a special file"
        elif size > self.max_bytes:
            reason = f"has {size:,} bytes, more than the {self.max_bytes:,} that are expected"
        elif self.total > _TOTAL_BYTES:
            reason = f"brings the archive to more than {_TOTAL_BYTES:,} bytes"
        else:
            return
        raise LeakcoreError(
            f"{self.path}: refused, nothing was read: its entry {name!r} {reason}; "
            "get the file from its original source"
        )

    def expect(self, name: str, found: int) -> None:
        if found != 1:
            raise LeakcoreError(
                f"{self.path}: expected exactly one member named {name}, found {found}; "
                "this is not the data set's archive, fetch it again"
            )

    def pick(self, entries: Iterable[tuple[str, int, bool, bool]], names: Collection[str]) -> str:
        found = []
        for entry in entries:
            self(*entry)
            if entry[2] and entry[0] in names:
                found.append(entry[0])
        self.expect(" or ".join(names), len(found))
        return found[0]
