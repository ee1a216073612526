"""A script's process ends at once when its job is done, and only then."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPTS = sorted(Path("workflow/scripts").glob("*.py"))


def run(tmp_path, body):
    source = "from leakcore.script import job\nimport atexit, gc\n" + body
    file = tmp_path / "script.py"
    file.write_text(source)
    return subprocess.run(
        [sys.executable, file, tmp_path / "x.log"], capture_output=True, text=True, check=False
    )


def test_a_job_done_ends_with_0_and_keeps_all_that_was_printed(tmp_path):
    body = """
import sys
atexit.register(print, "tidied", end="")
assert not gc.isenabled()
with job(sys.argv[1], "toy"):
    assert gc.isenabled()
    print("worked", end=" ")
"""
    ended = run(tmp_path, body)
    assert (ended.returncode, ended.stdout) == (0, "worked tidied")
    assert "toy: done in" in (tmp_path / "x.log").read_text()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("raise LeakcoreError('no such file')", "toy: error: no such file"),
        ("1 / 0", "ZeroDivisionError"),
        ("raise KeyboardInterrupt", "KeyboardInterrupt"),
    ],
)
def test_a_failed_job_does_not_end_with_0(tmp_path, wrong, said):
    body = f"""
import sys
from leakcore.errors import LeakcoreError
with job(sys.argv[1], "toy"):
    {wrong}
"""
    ended = run(tmp_path, body)
    assert ended.returncode != 0
    assert said in ended.stderr


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_a_script_begins_with_the_import_and_ends_with_the_job(script):
    """What came after the job could fail unseen."""
    statements = [
        node for node in ast.parse(script.read_text()).body if not isinstance(node, ast.Expr)
    ]
    assert ast.unparse(statements[0]) == "from leakcore.script import job"
    last = statements[-1]
    assert isinstance(last, ast.With)
    assert ast.unparse(last.items[0].context_expr).startswith("job(")
