import pytest

from leakcore.errors import LeakcoreError
from leakcore.evaluation import resources

HEAD = "s\th:m:s\tmax_rss\tmax_vms\n"


@pytest.fixture
def benchmarks(tmp_path):
    for name, line in {
        "train/a/seed-0.tsv": "10.0\t0:00:10\t300.5\t900\n",
        "train/a/seed-1.tsv": "30.0\t0:00:30\t200.0\t900\n",
        "fig1.tsv": "0.2\t0:00:00\t-\t-\n",  # too short to be looked at
        "gone.tsv": "5.0\t0:00:05\t1\t1\n",  # of a rule that there is no more
    }.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(HEAD + line)
    return tmp_path


def test_jobs_are_summarised_by_rule(benchmarks):
    requested = {"train": (4000, 720), "never_ran": (1, 1), "fig1": (1000, 10)}
    table = resources.summarise(benchmarks, requested)
    assert table["rule"].tolist() == ["train", "fig1"]
    train, fig1 = table.to_dict("records")
    assert train == {
        "rule": "train", "jobs": 2, "mean_s": 20.0, "max_s": 30.0, "max_mb": 300.5,
        "requested_mb": 4000, "requested_min": 720,
    }  # fmt: skip
    assert fig1["max_s"] == 0.2
    assert fig1["max_mb"] != fig1["max_mb"]


def test_a_run_that_was_not_measured_is_named(tmp_path):
    with pytest.raises(LeakcoreError, match="no job was measured; run the workflow first"):
        resources.summarise(tmp_path, {"train": (1, 1)})
