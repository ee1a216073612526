"""The same bytes from one core and two, in two runs, from two folders."""

import pytest

from .conftest import TINY, Checkout, contents, differences

pytestmark = pytest.mark.workflow


def test_another_run_on_one_core_in_another_folder_makes_the_same_bytes(complete, tmp_path):
    folder = tmp_path / "another place"
    folder.mkdir()
    another = Checkout(folder, TINY)
    another.run(cores=1)
    made = contents(another)
    kinds = {name.rsplit(".", 1)[1] for name in made}
    assert kinds == {"csv", "md", "tex", "html", "pdf", "png", "safetensors"}
    assert differences(made, contents(complete)) == []
