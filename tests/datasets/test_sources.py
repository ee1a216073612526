"""Where raw files come from; downloads go to a server on this machine."""

import hashlib
import json
import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import pytest

from leakcore.datasets import sources
from leakcore.datasets.sources import RawFile, RawManifest, fetch, find_in_mirrors
from leakcore.errors import LeakcoreError

CONTENT = bytes(range(256)) * 4000
SHA = hashlib.sha256(CONTENT).hexdigest()
ALL = ("mirror", "download", "package", "synthetic")


class Handler(BaseHTTPRequestHandler):
    """Serves CONTENT; breaks off the first `breaks` transfers half-way."""

    breaks: ClassVar[int] = 0
    honours_range: ClassVar[bool] = True
    etag: ClassVar[str] = '"v1"'
    requests: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        asked = self.headers.get("Range", "")
        type(self).requests.append(f"{self.path} {asked}".strip())
        if self.path == "/redirect":
            self.send_response(302)
            self.send_header("Location", "/file")
            self.end_headers()
            return
        if self.path == "/page":
            self.reply(200, b"<html>log in first</html>", "text/html")
            return
        if self.path != "/file":
            self.reply(404, b"", "text/plain")
            return
        start = 0
        if asked and self.honours_range and self.headers.get("If-Range") in (None, self.etag):
            start = int(re.fullmatch(r"bytes=(\d+)-", asked)[1])
        self.send_response(206 if start else 200)
        body = CONTENT[start:]
        if start:
            self.send_header("Content-Range", f"bytes {start}-{len(CONTENT) - 1}/{len(CONTENT)}")
        if self.etag:
            self.send_header("ETag", self.etag)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.breaks > 0:
            type(self).breaks -= 1
            body = body[: len(body) // 2]
        self.wfile.write(body)
        self.close_connection = True

    def reply(self, status: int, body: bytes, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def server(monkeypatch) -> Iterator[str]:
    monkeypatch.setattr(sources, "BACKOFF_SECONDS", 0.0)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    Handler.breaks, Handler.honours_range, Handler.etag, Handler.requests = 0, True, '"v1"', []
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as httpd:
        thread = threading.Thread(target=httpd.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{httpd.server_port}"
        httpd.shutdown()
        thread.join()


@pytest.fixture
def get(tmp_path):
    def run(*raw: RawFile, **changes) -> RawManifest:
        arguments = {
            "sources": ("mirror", "download"),
            "available": ALL,
            "mirrors": [],
            "directory": tmp_path / "down",
            "checksums": tmp_path / "pins" / "demo.json",
            "overrides": {},
        }
        return fetch("demo", raw, **(arguments | changes))

    return run


def leftovers(tmp_path: Path) -> list[Path]:
    down = tmp_path / "down"
    return list(down.iterdir()) if down.exists() else []


# Mirrors


def test_a_mirror_file_is_used_in_place_and_not_changed(tmp_path, get):
    for where in ("demo/a", "b"):
        path = tmp_path / "mirror" / where
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(CONTENT)
        path.chmod(0o444)
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "mirror").rglob("*")}
    raw = RawFile("a", sha256=SHA), RawFile("b", md5=hashlib.md5(CONTENT).hexdigest())
    manifest = get(*raw, mirrors=[tmp_path / "empty", tmp_path / "mirror"])
    assert manifest.source == "mirror"
    assert manifest.files == {
        "a": str(tmp_path / "mirror/demo/a"),
        "b": str(tmp_path / "mirror/b"),
    }
    assert manifest.sha256 == {"a": SHA, "b": SHA}
    assert before == {path: path.stat().st_mtime_ns for path in (tmp_path / "mirror").rglob("*")}
    assert not leftovers(tmp_path)
    assert not (tmp_path / "pins").exists()


def test_find_in_mirrors_wants_all_files(tmp_path):
    (tmp_path / "a").touch()
    raw = RawFile("a"), RawFile("b")
    assert find_in_mirrors("demo", raw, [tmp_path]) is None
    assert find_in_mirrors("demo", raw[:1], [tmp_path]) == {"a": tmp_path / "a"}
    (tmp_path / "demo").mkdir()
    for name in "ab":
        (tmp_path / "demo" / name).touch()
    assert find_in_mirrors("demo", raw, [tmp_path])["a"] == tmp_path / "demo" / "a"
    assert find_in_mirrors("demo", (), [tmp_path]) is None


@pytest.mark.parametrize("known", [{"sha256": "0" * 64}, {"md5": "0" * 32}])
def test_a_wrong_mirror_file_is_refused_even_if_stand_in_data_are_listed(tmp_path, get, known):
    (tmp_path / "a").write_bytes(CONTENT)
    with pytest.raises(LeakcoreError, match=r"(?s)a has the wrong .*expected 0+, found"):
        get(RawFile("a", **known), sources=("mirror", "synthetic"), mirrors=[tmp_path])


def test_an_override_replaces_the_published_checksum(tmp_path, get):
    (tmp_path / "a").write_bytes(CONTENT)
    wrong = RawFile("a", md5="0" * 32)
    assert get(wrong, mirrors=[tmp_path], overrides={"a": SHA.upper()}).sha256 == {"a": SHA}
    with pytest.raises(LeakcoreError, match="from the config"):
        get(RawFile("a", sha256=SHA), mirrors=[tmp_path], overrides={"a": "1" * 64})
    with pytest.raises(LeakcoreError, match="configured for b, which is none of its files"):
        get(wrong, mirrors=[tmp_path], overrides={"b": SHA})


def test_an_unknown_checksum_is_pinned_and_verified_ever_after(tmp_path, get):
    (tmp_path / "a").write_bytes(CONTENT)
    get(RawFile("a"), mirrors=[tmp_path])
    assert json.loads((tmp_path / "pins/demo.json").read_text()) == {"a": SHA}
    get(RawFile("a"), mirrors=[tmp_path])
    (tmp_path / "a").write_bytes(CONTENT + b"!")
    with pytest.raises(LeakcoreError, match=r"pinned in .*demo.json.*delete .*demo.json"):
        get(RawFile("a"), mirrors=[tmp_path])
    (tmp_path / "pins/demo.json").write_text("{")
    with pytest.raises(LeakcoreError, match=r"demo.json: not valid JSON"):
        get(RawFile("a"), mirrors=[tmp_path])


def test_the_member_is_checked_where_archives_are_repacked(tmp_path, get):
    import zipfile

    def pack(content: bytes, level: int) -> None:
        with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED, True, level) as file:
            file.writestr("data.csv", content)

    raw = RawFile("a.zip", members=("x/data.csv", "data.csv"), member_sha256=SHA)
    digests = set()
    for level in (1, 9):
        pack(CONTENT, level)
        digests.add(get(raw, mirrors=[tmp_path]).sha256["a.zip"])
    assert len(digests) == 2  # two packings, both accepted, each recorded as it was
    pack(CONTENT + b"!", 9)
    with pytest.raises(LeakcoreError, match="sha256 of the member"):
        get(raw, mirrors=[tmp_path])
    (tmp_path / "a.zip").write_bytes(b"PK")
    with pytest.raises(LeakcoreError, match="damaged"):
        get(raw, mirrors=[tmp_path])


def test_a_file_that_is_too_large_is_refused(tmp_path, get):
    (tmp_path / "a").write_bytes(CONTENT)
    with pytest.raises(LeakcoreError, match="more than the 10 that are expected"):
        get(RawFile("a", max_bytes=10), mirrors=[tmp_path])


# Package, synthetic, none


def test_sources_without_files(get):
    for source in ("package", "synthetic"):
        assert get(sources=("mirror", source)) == RawManifest(source, {}, {})


def test_the_error_names_every_source_why_it_failed_and_the_remedy(tmp_path, get):
    with pytest.raises(LeakcoreError) as caught:
        get(
            RawFile("a"),
            sources=("mirror", "download", "package", "cloud"),
            available=("mirror", "download", "synthetic"),
            mirrors=[tmp_path / "m"],
        )
    text = str(caught.value)
    assert f"mirror: no a in {tmp_path / 'm'}" in text
    assert "download: a has no address" in text
    assert "package: demo has none" in text
    assert "cloud: there is no such source" in text
    assert "LEAKCORE_MIRRORS" in text
    assert "synthetic" in text  # named as a remedy, not taken


# Downloads


def test_download(tmp_path, get, server):
    seen = []
    manifest = get(
        RawFile("a", (f"{server}/gone", f"{server}/redirect"), sha256=SHA),
        progress=lambda *what: seen.append(what),
    )
    assert manifest == RawManifest("download", {"a": str(tmp_path / "down/a")}, {"a": SHA})
    assert (tmp_path / "down/a").read_bytes() == CONTENT
    assert leftovers(tmp_path) == [tmp_path / "down/a"]
    assert seen[-1] == (len(CONTENT), len(CONTENT), "redirect")
    Handler.requests.clear()
    assert get(RawFile("a", (f"{server}/file",), sha256=SHA)) == manifest
    assert not Handler.requests  # what is there and whole is not fetched again
    (tmp_path / "down/a").write_bytes(b"spoilt")
    assert get(RawFile("a", (f"{server}/file",), sha256=SHA)) == manifest
    assert (tmp_path / "down/a").read_bytes() == CONTENT


@pytest.mark.parametrize("known", [True, False])
def test_a_broken_transfer_goes_on_where_it_ended(tmp_path, get, server, known):
    Handler.breaks = 2
    get(RawFile("a", (f"{server}/file",), sha256=SHA if known else None))
    assert (tmp_path / "down/a").read_bytes() == CONTENT
    starts = [int(r.rpartition("=")[2][:-1]) for r in Handler.requests[1:]]
    assert len(Handler.requests) == 3
    assert 0 < starts[0] < starts[1]


def test_a_server_that_cannot_resume_is_asked_for_all(tmp_path, get, server):
    Handler.breaks, Handler.honours_range = 1, False
    get(RawFile("a", (f"{server}/file",), sha256=SHA))
    assert (tmp_path / "down/a").read_bytes() == CONTENT


def test_without_validator_or_checksum_a_broken_transfer_starts_again(tmp_path, get, server):
    Handler.breaks, Handler.etag = 1, ""
    get(RawFile("a", (f"{server}/file",)))
    assert Handler.requests == ["/file", "/file"]
    assert (tmp_path / "down/a").read_bytes() == CONTENT


def test_a_transfer_that_never_ends_well_leaves_nothing(tmp_path, get, server):
    Handler.breaks = 99
    with pytest.raises(LeakcoreError, match=f"{sources.ATTEMPTS} attempts failed"):
        get(RawFile("a", (f"{server}/file",), sha256=SHA))
    assert len(Handler.requests) == sources.ATTEMPTS
    assert not leftovers(tmp_path)


def test_a_wrong_checksum_leaves_nothing_and_ends_the_search(tmp_path, get, server):
    raw = RawFile("a", (f"{server}/file",), sha256="0" * 64)
    with pytest.raises(LeakcoreError, match=r"wrong sha256: expected 0+, found"):
        get(raw, sources=("download", "synthetic"))
    assert not leftovers(tmp_path)


def test_a_web_page_is_not_taken_for_a_file(tmp_path, get, server):
    with pytest.raises(LeakcoreError, match="web page"):
        get(RawFile("a", (f"{server}/page",)))
    assert not leftovers(tmp_path)
    assert not (tmp_path / "pins").exists()


def test_too_long_a_download_is_cut_off(tmp_path, get, server):
    with pytest.raises(LeakcoreError, match="more than 10 bytes"):
        get(RawFile("a", (f"{server}/file",), max_bytes=10))
    assert not leftovers(tmp_path)


@pytest.mark.parametrize("url", ["http://example.org/a", "file:///etc/passwd", "ftp://x/a"])
def test_only_https_is_trusted(get, url):
    with pytest.raises(LeakcoreError, match="is not https"):
        get(RawFile("a", (url,)))


def test_a_file_that_is_not_there_gives_way_to_a_listed_stand_in(get, server):
    raw = RawFile("a", (f"{server}/gone",))
    assert get(raw, sources=("download", "synthetic")).source == "synthetic"
    with pytest.raises(LeakcoreError, match="answered 404"):
        get(raw, sources=("download",))


# Manifest


def test_manifest_round_trip(tmp_path):
    manifest = RawManifest("mirror", {"b": "/x/b", "a": "/x/a"}, {"a": SHA, "b": SHA})
    manifest.save(tmp_path / "deep" / "m.json")
    assert RawManifest.load(tmp_path / "deep" / "m.json") == manifest
    assert [path.name for path in (tmp_path / "deep").iterdir()] == ["m.json"]
    (tmp_path / "deep" / "m.json").write_text("[]")
    with pytest.raises(LeakcoreError, match="not a raw-file manifest"):
        RawManifest.load(tmp_path / "deep" / "m.json")
