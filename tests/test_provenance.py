import pytest

from leakcore import provenance
from leakcore.errors import LeakcoreError


@pytest.fixture
def package(tmp_path, monkeypatch):
    """A small package: script -> a -> b; c stands apart."""
    root = tmp_path / "leakcore"
    (root / "sub").mkdir(parents=True)
    files = {
        "leakcore/__init__.py": "",
        "leakcore/sub/__init__.py": '"""Docs."""\n',
        "leakcore/a.py": "from leakcore.sub import b\nimport numpy as np\nX = 1\n",
        "leakcore/sub/b.py": "def f():\n    '''Docs.'''\n    return 1\n",
        "leakcore/sub/c.py": "Z = 1\n",
        "script.py": "from leakcore.a import X\nprint(X)\n",
        "lock": "numpy==2.0.0\ntorch==2.1.0\n",
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    monkeypatch.setattr(provenance, "_ROOT", root)
    return tmp_path


def digest(package, *modules):
    provenance._parse_cached.cache_clear()
    provenance._pins.cache_clear()
    return provenance.digest(package / "script.py", package / "lock", modules)


@pytest.mark.parametrize(
    ("file", "text", "changes"),
    [
        ("script.py", "from leakcore.a import X\nprint(X, X)\n", True),
        ("script.py", "# a comment\nfrom leakcore.a import X\nprint( X )\n", False),
        ("leakcore/a.py", "from leakcore.sub import b\nimport numpy as np\nX = 2\n", True),
        ("leakcore/sub/b.py", "def f():\n    return 2\n", True),
        ("leakcore/sub/b.py", "def f():\n    '''Other docs.'''\n    return 1  # why\n", False),
        ("leakcore/sub/c.py", "Z = 2\n", False),
        ("leakcore/__init__.py", "SIDE_EFFECT = 1\n", True),
        ("lock", "numpy==2.0.1\ntorch==2.1.0\n", True),
        ("lock", "numpy==2.0.0\ntorch==2.2.0\n", False),
    ],
)
def test_exactly_what_the_script_uses_counts(package, file, text, changes):
    before = digest(package)
    (package / file).write_text(text)
    assert (digest(package) != before) is changes


def test_modules_handed_by_name_count(package):
    before = digest(package, "leakcore.sub.c")
    assert before != digest(package)
    (package / "leakcore/sub/c.py").write_text("Z = 3\n")
    assert digest(package, "leakcore.sub.c") != before


def test_an_unknown_module_is_named(package):
    with pytest.raises(LeakcoreError, match=r"leakcore\.sub\.nowhere"):
        digest(package, "leakcore.sub.nowhere")


def test_a_syntax_error_is_located(package):
    (package / "leakcore/a.py").write_text("X = (\n")
    with pytest.raises(LeakcoreError, match=r"a\.py, line 1"):
        digest(package)
