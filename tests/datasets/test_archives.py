"""Hostile and damaged archives, made for real."""

import io
import os
import tarfile
import zipfile
from pathlib import Path

import pytest

from leakcore.datasets import archives
from leakcore.errors import LeakcoreError

LIMIT = 1000


def make_tar(path: Path, *entries: tuple[str, bytes | tarfile.TarInfo]) -> Path:
    with tarfile.open(path, "w:gz") as archive:
        for name, content in entries:
            if isinstance(content, bytes):
                info = tarfile.TarInfo(name)
                info.size = len(content)
                archive.addfile(info, io.BytesIO(content))
            else:
                content.name = name
                archive.addfile(content)
    return path


def make_zip(path: Path, *entries: tuple[str | zipfile.ZipInfo, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries:
            archive.writestr(name, content)
    return path


def link(kind: bytes, target: str) -> tarfile.TarInfo:
    info = tarfile.TarInfo()
    info.type, info.linkname = kind, target
    return info


def read(path: Path, *names: str) -> bytes:
    with archives.open_member(path, names, LIMIT) as stream:
        return stream.read()


def test_reads_the_member_asked_for(tmp_path):
    entries = (("a/one", b"1"), ("a/two", b"22"))
    assert read(make_tar(tmp_path / "x.tgz", *entries), "a/two") == b"22"
    assert read(make_zip(tmp_path / "x.zip", *entries), "other", "a/two") == b"22"
    assert archives.read_members(tmp_path / "x.tgz", ["a/two", "a/one"], LIMIT) == dict(entries)


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        (("../out", b"x"), "climbs out"),
        (("a/../../out", b"x"), "climbs out"),
        (("..\\out", b"x"), "climbs out"),
        (("/tmp/out", b"x"), "absolute"),
        (("C:\\out", b"x"), "absolute"),
        (("ok/bomb", bytes(LIMIT + 1)), "1,001 bytes"),
        (("ok/link", link(tarfile.SYMTYPE, "/etc/passwd")), "link"),
        (("ok/link", link(tarfile.LNKTYPE, "ok")), "link"),
        (("ok/pipe", link(tarfile.FIFOTYPE, "")), "special"),
    ],
)
def test_one_hostile_tar_entry_condemns_the_archive(tmp_path, entry, words):
    path = make_tar(tmp_path / "x.tgz", ("ok", b"fine"), entry)
    before = set(tmp_path.rglob("*"))
    with pytest.raises(LeakcoreError, match=words):
        read(path, "ok")
    with pytest.raises(LeakcoreError, match=words):
        archives.read_members(path, ["ok"], LIMIT)
    assert set(tmp_path.rglob("*")) == before


def zip_link() -> zipfile.ZipInfo:
    info = zipfile.ZipInfo("link")
    info.external_attr = 0o120777 << 16
    return info


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        (("../out", b"x"), "climbs out"),
        (("/out", b"x"), "absolute"),
        (("bomb", bytes(LIMIT + 1)), "1,001 bytes"),
        ((zip_link(), b"/etc/passwd"), "link"),
    ],
)
def test_one_hostile_zip_entry_condemns_the_archive(tmp_path, entry, words):
    path = make_zip(tmp_path / "x.zip", ("ok", b"fine"), entry)
    with pytest.raises(LeakcoreError, match=words):
        read(path, "ok")


def test_missing_and_double_members_are_refused(tmp_path):
    path = make_tar(tmp_path / "x.tgz", ("a", b"1"), ("b", b"2"), ("b", b"3"))
    for name, found in (("c", 0), ("b", 2)):
        with pytest.raises(LeakcoreError, match=f"found {found}"):
            read(path, name)
        with pytest.raises(LeakcoreError, match=f"found {found}"):
            archives.read_members(path, [name], LIMIT)


def test_truncated_archives_are_refused(tmp_path):
    content = os.urandom(900)
    for path in (
        make_tar(tmp_path / "x.tgz", ("a", content)),
        make_zip(tmp_path / "x.zip", ("a", content)),
    ):
        assert read(path, "a") == content
        path.write_bytes(path.read_bytes()[:600])
        with pytest.raises(LeakcoreError, match=f"{path}: damaged"):
            read(path, "a")


def test_a_flipped_bit_is_noticed(tmp_path):
    path = make_zip(tmp_path / "x.zip", ("a", os.urandom(900)))
    raw = bytearray(path.read_bytes())
    raw[400] ^= 1
    path.write_bytes(raw)
    with pytest.raises(LeakcoreError, match="damaged"):
        read(path, "a")


def test_missing_file_and_no_archive(tmp_path):
    with pytest.raises(LeakcoreError, match="no such file"):
        read(tmp_path / "none.tgz", "a")
    (tmp_path / "page.tgz").write_text("<html>not found</html>")
    with pytest.raises(LeakcoreError, match="damaged"):
        read(tmp_path / "page.tgz", "a")
