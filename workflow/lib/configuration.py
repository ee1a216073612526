"""Check the config before anything runs: every message names the key, the value and the remedy."""

from __future__ import annotations

import ast
import difflib
import importlib
import importlib.util
import math
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import jsonschema
import yaml

from leakcore.attacks.registry import ATTACKS
from leakcore.datasets.registry import DATASETS
from leakcore.errors import LeakcoreError
from leakcore.explanations.registry import EXPLANATIONS

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
        *_explanations(config),
        *_smoothing_and_defence(config),
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


def width(dataset: str) -> int:
    """Return how many features a point of a data set has."""
    return math.prod(importlib.import_module(DATASETS[dataset]).SHAPE)


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
    unknown = [name for name in config["membership"]["attacks"] if name not in ATTACKS]
    if unknown:
        problems.append(f"membership.attacks: unknown attack {_suggest(unknown, ATTACKS)}")
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


def _settings_of(explanation: str) -> list[str]:
    """Return the names of an explanation's settings, read from its source.

    Importing it would import torch, seconds whenever the Snakefile is parsed.
    """
    spec = importlib.util.find_spec(EXPLANATIONS[explanation])
    if spec is None or spec.origin is None:
        raise LeakcoreError(
            f"explanation {explanation!r}: no module {EXPLANATIONS[explanation]}; write it, or "
            "correct its line in src/leakcore/explanations/registry.py"
        )
    for node in ast.parse(Path(spec.origin).read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef) and node.name == "explain":
            names = [argument.arg for argument in node.args.kwonlyargs]
            return [name for name in names if name not in ("seed", "index")]
    raise LeakcoreError(f"{spec.origin}: has no function explain; see docs/add-an-explanation.md")


def _explanations(config: Mapping[str, Any]) -> list[str]:
    comparison = config["comparison"]
    places = {
        "explanations": config["explanations"],
        "comparison.explanations": comparison["explanations"],
        "comparison.limits": comparison.get("limits", {}),
    }
    problems = []
    for place, names in places.items():
        unknown = [name for name in names if name not in EXPLANATIONS]
        if unknown:
            problems.append(f"{place}: unknown explanation {_suggest(unknown, EXPLANATIONS)}")
    for name, settings in config["explanations"].items():
        if name not in EXPLANATIONS:
            continue
        known = _settings_of(name)
        unknown = [key for key in settings if key not in known]
        if unknown and known:
            problems.append(f"explanations.{name}: unknown setting {_suggest(unknown, known)}")
        elif unknown:
            problems.append(f"explanations.{name}: takes no settings; remove {', '.join(unknown)}")
    for name, datasets in comparison.get("limits", {}).items():
        unknown = [dataset for dataset in datasets if dataset not in DATASETS]
        if unknown:
            problems.append(
                f"comparison.limits.{name}: unknown data set {_suggest(unknown, DATASETS)}"
            )
    return problems


def _smoothing_and_defence(config: Mapping[str, Any]) -> list[str]:
    chosen, defence = config["membership"]["datasets"], config["defence"]
    places = {"smoothing.dataset": config["smoothing"]["dataset"]}
    places |= {f"defence.datasets.{i}": name for i, name in enumerate(defence["datasets"])}
    problems = [
        f"{place}: {name!r} is not under membership.datasets; add it there, or name one of "
        f"{', '.join(chosen)}"
        for place, name in places.items()
        if name not in chosen
    ]
    unknown = [name for name in defence.get("training", {}) if name not in DATASETS]
    if unknown:
        problems.append(f"defence.training: unknown data set {_suggest(unknown, DATASETS)}")
    for name in defence["datasets"]:
        if name not in chosen or name not in config["targets"]:
            continue
        members = sizes(config, "membership", name)["members"]
        if defence["delta"] >= 1 / members:
            problems.append(
                f"defence.delta: {defence['delta']} is not below 1 / {members}, one over the "
                f"members of {name}: a larger delta permits to publish a member as it is; lower it"
            )
        batch = private_training(config, name)["batch_size"]
        if batch > members:
            problems.append(
                f"defence.training.{name}.batch_size: {batch}, but there are {members} members; "
                "lower it"
            )
    return problems


def private_training(config: Mapping[str, Any], dataset: str) -> dict[str, Any]:
    """Return a data set's target settings as private training has them."""
    return {**config["targets"][dataset], **config["defence"].get("training", {}).get(dataset, {})}


def _impossible_classes(config: Mapping[str, Any]) -> list[str]:
    most = max(config["dimension"]["features"])
    return [
        f"dimension.classes: {classes} classes need a cube of at least "
        f"{(classes - 1).bit_length()} features, but dimension.features has at most {most}; add a "
        "larger one, or fewer classes"
        for classes in config["dimension"]["classes"]
        if (classes - 1).bit_length() > most
    ]
