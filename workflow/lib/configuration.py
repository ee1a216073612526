"""Check the config before anything runs: every message names the key, the value and the remedy."""

from __future__ import annotations

import difflib
import importlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import jsonschema
import yaml

from leakcore.attacks.registry import ATTACKS
from leakcore.datasets.registry import DATASETS
from leakcore.errors import LeakcoreError

EXPERIMENTS = ("membership", "records")
# What an experiment needs to know of each of its data sets.
_SECTIONS = {"membership": ("datasets", "targets"), "records": ("datasets",)}
_SCHEMA = Path(__file__).parent.parent / "schemas" / "config.schema.yaml"


def check(config: Mapping[str, Any]) -> None:
    """Raise a LeakcoreError that lists everything that is wrong with the config."""
    schema = yaml.safe_load(_SCHEMA.read_text(encoding="utf-8"))
    validator = jsonschema.Draft202012Validator(schema)
    problems = [
        _explain(e) for e in sorted(validator.iter_errors(config), key=lambda e: str(e.path))
    ]
    problems = problems or [
        *_unknown_names(config),
        *_impossible_sizes(config),
        *_impossible_classes(config),
    ]
    if problems:
        raise LeakcoreError("config: " + "\nconfig: ".join(problems))


def capacity(config: Mapping[str, Any], dataset: str) -> int:
    """Return how many points a data set is sure to have, whichever of its sources is used."""
    module = importlib.import_module(DATASETS[dataset])
    facts = config["datasets"][dataset]
    sizes = []
    for source in facts["sources"]:
        if source == "synthetic":
            sizes.append(facts["standin"]["n_points"])
        else:
            sizes.append(facts.get("n_points", module.N_POINTS))
    return int(min(sizes))


def sizes(config: Mapping[str, Any], experiment: str, dataset: str) -> dict[str, int]:
    """Return how many members and non-members an experiment draws from a data set."""
    settings = config[experiment]
    chosen = settings.get("sizes", {}).get(dataset, settings)
    return {key: int(chosen[key]) for key in ("members", "nonmembers")}


def _explain(error: jsonschema.ValidationError) -> str:
    where = ".".join(str(part) for part in error.absolute_path) or "top level"
    if error.validator == "additionalProperties" and isinstance(error.instance, dict):
        known = error.schema.get("properties", {})
        extra = [key for key in error.instance if key not in known]
        return f"{where}: unknown key {_suggest(extra, known)}"
    if error.validator == "required":
        return f"{where}: {error.message}; add it"
    return f"{where}: {error.message}"


def _suggest(names: Iterable[Any], known: Iterable[str]) -> str:
    known = list(known)
    words = []
    for name in names:
        close = difflib.get_close_matches(str(name), known, 1)
        words.append(f"{name!r}" + (f" (did you mean {close[0]!r}?)" if close else ""))
    return ", ".join(words) + f"; known: {', '.join(sorted(known))}"


def _unknown_names(config: Mapping[str, Any]) -> list[str]:
    problems = []
    for section in ("datasets", "targets"):
        unknown = [name for name in config[section] if name not in DATASETS]
        if unknown:
            problems.append(f"{section}: unknown data set {_suggest(unknown, DATASETS)}")
    unknown = [name for name in config["attacks"] if name not in ATTACKS]
    if unknown:
        problems.append(f"attacks: unknown attack {_suggest(unknown, ATTACKS)}")
    for experiment in EXPERIMENTS:
        chosen = config[experiment]["datasets"]
        unknown = [name for name in chosen if name not in DATASETS]
        if unknown:
            problems.append(
                f"{experiment}.datasets: unknown data set {_suggest(unknown, DATASETS)}"
            )
        for section in _SECTIONS[experiment]:
            for name in chosen:
                if name in DATASETS and name not in config[section]:
                    problems.append(
                        f"{experiment}.datasets: {name!r} has no entry under {section}; add one"
                    )
    places = {f"table2.{part}": name for part, name in config["records"]["table2"].items()}
    places |= {
        f"growth.{i}.dataset": line["dataset"] for i, line in enumerate(config["records"]["growth"])
    }
    for place, name in places.items():
        if name not in config["records"]["datasets"]:
            problems.append(
                f"records.{place}: {name!r} is not under records.datasets; add it there, or name "
                f"one of {', '.join(config['records']['datasets'])}"
            )
    for name, facts in config["datasets"].items():
        if name not in DATASETS:
            continue
        offered = importlib.import_module(DATASETS[name]).SOURCES
        for source in facts["sources"]:
            if source not in offered:
                problems.append(
                    f"datasets.{name}.sources: {source!r} is no source of {name}; "
                    f"choose from {', '.join(offered)}"
                )
        if "synthetic" in facts["sources"] and "standin" not in facts:
            problems.append(
                f"datasets.{name}.sources: 'synthetic' needs datasets.{name}.standin.n_points"
            )
    return problems


def _impossible_sizes(config: Mapping[str, Any]) -> list[str]:
    problems = []
    for experiment in EXPERIMENTS:
        settings = config[experiment]
        for name in settings["datasets"]:
            if name not in DATASETS or name not in config["datasets"]:
                continue
            if "synthetic" in config["datasets"][name]["sources"] and (
                "standin" not in config["datasets"][name]
            ):
                continue
            wanted = sum(sizes(config, experiment, name).values())
            for line in settings.get("growth", []):
                if line["dataset"] == name:
                    wanted = max(wanted, *line["sizes"])
            if wanted > capacity(config, name):
                problems.append(
                    f"{experiment}: {wanted} points are wanted of {name}, but it has "
                    f"{capacity(config, name)}; ask for fewer, or give the stand-in more "
                    f"(datasets.{name}.standin.n_points)"
                )
    return problems


def _impossible_classes(config: Mapping[str, Any]) -> list[str]:
    most = max(config["dimension"]["features"])
    return [
        f"dimension.classes: {classes} classes need a cube of at least "
        f"{(classes - 1).bit_length()} features, but dimension.features has at most {most}; add a "
        "larger one, or fewer classes"
        for classes in config["dimension"]["classes"]
        if (classes - 1).bit_length() > most
    ]
