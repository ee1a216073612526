"""The same bytes from one core and two, one seed a job and two, in two runs, from two folders."""

import copy

import pytest

from .conftest import TINY, Checkout, contents, differences

pytestmark = pytest.mark.workflow

PACKED = {**TINY, "seeds_per_job": 2}


@pytest.fixture(scope="module")
def another(tmp_path_factory):
    folder = tmp_path_factory.mktemp("elsewhere") / "another place"
    folder.mkdir()
    made = Checkout(folder, PACKED)
    made.run(cores=1)
    return made


def test_another_run_on_one_core_in_another_folder_makes_the_same_bytes(complete, another):
    made = contents(another)
    kinds = {name.rsplit(".", 1)[1] for name in made}
    assert kinds == {"csv", "md", "tex", "html", "pdf", "png", "safetensors"}
    assert differences(made, contents(complete)) == []


def test_seeds_that_share_a_job_share_its_log(another):
    logs = another.folder / "results/logs/train_target/digits"
    assert [path.name for path in logs.iterdir()] == ["seeds-0-1.log"]


def test_a_further_seed_is_a_job_of_its_own(another):
    """What the first two seeds have made is not made again."""
    config = copy.deepcopy(PACKED)
    config["membership"]["seeds"] = [0, 1, 2]
    another.configure(config)
    output = another.run("results/figures/fig1.pdf", "-n").stdout
    another.configure(PACKED)
    lines = output.split("Job stats:")[1].split("total")[0].splitlines()[3:]
    counts = dict(line.split() for line in lines if line.strip())
    assert counts == {
        "draw_split_2": "2",
        "train_target_2": "2",
        "explain_2": "2",
        "attack_2": "4",
        "measure_attack": "4",
        "fig1": "1",
    }
