import subprocess
import sys

import pytest
import torch
from torch import nn

from leakcore.targets import optimisers


def train(make, dtype=torch.float64):
    torch.manual_seed(0)
    model = nn.Sequential(nn.Linear(4, 8), nn.Tanh(), nn.Linear(8, 3)).to(dtype)
    x, y = torch.randn(40, 4, dtype=dtype), torch.randint(0, 3, (40,))
    step, clear = make(list(model.parameters()))
    for _ in range(25):
        clear()
        nn.functional.cross_entropy(model(x), y).backward()
        step()
    return [p.detach().clone() for p in model.parameters()]


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (
            {"learning_rate": 0.05, "decay": 0.01},
            lambda p: torch.optim.Adagrad(p, lr=0.05, lr_decay=0.01, eps=1e-7, foreach=False),
        ),
        (
            {"optimizer": "adam", "learning_rate": 0.01},
            lambda p: torch.optim.Adam(p, lr=0.01, foreach=False),
        ),
    ],
)
def test_same_updates_as_the_library_class(ours, theirs):
    def with_ours(parameters):
        own = optimisers.optimiser(ours, parameters)
        return own.step, own.zero_grad

    def with_theirs(parameters):
        library = theirs(parameters)
        return library.step, library.zero_grad

    for a, b in zip(train(with_ours), train(with_theirs), strict=True):
        torch.testing.assert_close(a, b, rtol=1e-12, atol=1e-14)


def test_the_compiler_is_not_imported():
    code = (
        "import sys, torch; from leakcore.targets.optimisers import optimiser\n"
        "p = torch.nn.Parameter(torch.ones(3))\n"
        "for kind in ('adagrad', 'adam'):\n"
        "    o = optimiser({'optimizer': kind, 'learning_rate': 0.1}, [p])\n"
        "    p.square().sum().backward(); o.step()\n"
        "assert 'torch._dynamo' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
