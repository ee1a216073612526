import platform
from importlib import metadata

from leakcore.evaluation import software


def test_pinned_and_installed_versions_stand_side_by_side():
    table = software.versions(["numpy==0.0.1", "no-such-package==1.0"])
    assert table.to_numpy().tolist() == [
        ["python", "", platform.python_version()],
        ["numpy", "0.0.1", metadata.version("numpy")],
        ["no-such-package", "1.0", ""],
    ]
