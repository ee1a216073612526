"""Each rule says what its jobs need; a failed job asks for more."""

import re

import pytest

from .conftest import ROOT

RULES = {
    f"{path.stem}.smk: {rule.split(':')[0]}": rule
    for path in sorted((ROOT / "workflow" / "rules").glob("*.smk"))
    for rule in re.split(r"^rule ", path.read_text(), flags=re.MULTILINE)[1:]
}


@pytest.mark.parametrize("name", RULES)
def test_a_rule_states_what_its_jobs_need(name):
    rule = RULES[name]
    for line in ("    threads: 1\n", "mem_mb=doubling(", "runtime=doubling(", "    log:\n"):
        assert line in rule, f"{name}: add `{line.strip()}`, like the rules in tables.smk"
    own = name.split(": ")[1]
    assert f'        "results/benchmarks/{own}' in rule, (
        f'{name}: add `benchmark: "results/benchmarks/{own}...tsv"`'
    )
    if 'device=config["device"]' in rule or "attack_settings(" in rule:
        assert "gpu=GPUS" in rule, f"{name}: it uses the device: add `gpu=GPUS` to its resources"


def test_each_attempt_asks_for_twice_as_much():
    text = (ROOT / "workflow" / "rules" / "common.smk").read_text()
    found = re.search(r"^def doubling.*?(?=^\S)", text, re.MULTILINE | re.DOTALL)
    scope = {}
    exec(found[0], scope)
    asked = scope["doubling"](1000)
    assert [asked(None, attempt=attempt) for attempt in (1, 2, 3)] == [1000, 2000, 4000]
