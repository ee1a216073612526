"""docs/reproduction.md: its tables are those of a run, and the README says the same."""

import importlib.util
import re

import pandas as pd
import pytest

from leakcore.evaluation import verdicts

from .conftest import ROOT
from .profiles import rule_names

pytestmark = pytest.mark.workflow
PAGE = (ROOT / "docs/reproduction.md").read_text()


@pytest.fixture(scope="module")
def maker():
    spec = importlib.util.spec_from_file_location("page", ROOT / "docs/reproduction.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def words(page):
    """Return what is written by hand."""
    return re.sub(r"(<!-- \w+ -->).*?<!-- end -->", r"\1", page, flags=re.DOTALL)


def test_the_page_is_filled_from_a_run(maker, complete):
    results = complete.folder / "results"
    made = maker.blocks(results, "abc1234")
    page = maker.fill(PAGE, made)
    assert words(page) == words(PAGE)
    assert page != PAGE

    table = pd.read_csv(results / "reproduction.csv")
    rows = made["statements"].splitlines()
    assert len(rows) == 2 + len(table)
    assert len({row.replace("\\|", "").count("|") for row in rows}) == 1
    assert "at commit abc1234" in made["counts"]
    assert sum(map(int, re.findall(r"\d+(?= [a-z])", made["counts"]))) == len(table)
    assert made["rules"].count("\n") + 1 == len(verdicts.RULES)

    measured = [pd.read_csv(path, sep="\t").s.iloc[0] for path in results.rglob("*.tsv")]
    *_, jobs, seconds = made["stages"].splitlines()[-1].strip("| ").split(" | ")
    assert int(jobs) == len(measured)
    assert int(seconds.replace(",", "")) == pytest.approx(sum(measured), abs=1)
    assert maker.fill(page, made) == page


def test_a_page_without_a_mark_is_refused(maker):
    with pytest.raises(SystemExit, match=r"<!-- stages --> .* 0 times"):
        maker.fill("no marks", {"stages": "x"})


def test_its_stages_are_rules_of_the_workflow(maker):
    assert set(maker.STAGES) <= set(rule_names())


def test_its_pictures_exist():
    for path in re.findall(r"\]\((images/[^)]+)\)", PAGE):
        assert (ROOT / "docs" / path).is_file(), path


def test_the_readme_tells_the_same_verdicts():
    counts = re.search(r"<!-- counts -->(.*?)<!-- end -->", PAGE, re.DOTALL)[1]
    told = re.search(r"(\d+) reproduced, (\d+) differ .*?(\d+) undecided, (\d+) not run",
                     (ROOT / "README.md").read_text(), re.DOTALL)  # fmt: skip
    assert list(told.groups()) == re.findall(r"\d+(?= [a-z])", counts)
