# What the rules share: the checked config, the lists that wildcards are made of, and `code_of`,
# the digest of all source code that a job runs. The digest is a rule's `params.code`; a change of
# it reruns the job, where a file's age alone does not (see docs/architecture.md).

import os
import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(workflow.basedir) / "workflow" / "lib"))
import checkout

checkout.use(Path(workflow.basedir))

from leakcore import provenance
from leakcore.attacks.registry import ATTACKS
from leakcore.datasets.registry import DATASETS
from leakcore.errors import LeakcoreError
from leakcore.explanations.registry import EXPLANATIONS
from snakemake.exceptions import WorkflowError

import configuration
import packing
import rawfiles

try:
    configuration.check(config)
except LeakcoreError as error:
    raise WorkflowError(str(error))

LOCK = Path(workflow.basedir) / "envs" / "requirements.lock"
SCRIPTS = Path(workflow.basedir) / "workflow" / "scripts"
ENVIRONMENT = "../../envs/leakcore.yaml"
GPUS = int(config["device"] == "cuda")
# Whether data sets and targets are shared with other checkouts (snakemake --cache).
SHARED = "SNAKEMAKE_OUTPUT_CACHE" in os.environ

# The priority of what all else waits for: what is wrong with the data shows before anything long
# begins. Explanations come as they are attacked, see `longest_first`: together they would fill a
# disk.
FIRST = 10**6

MEMBERSHIP = config["membership"]
LEVELS = [f"{level:.2f}" for level in MEMBERSHIP["levels"]]
# Groups of membership's seeds; a job from targets to scores does one of them.
PACKS = packing.packs(MEMBERSHIP["seeds"], config["seeds_per_job"])
RECORDS = config["records"]
COMPARISON = config["comparison"]
SMOOTHING = config["smoothing"]
DEFENCE = config["defence"]
EPSILONS = [f"{epsilon:g}" for epsilon in DEFENCE["epsilons"]]
GROWTH = {line["dataset"]: line["sizes"] for line in RECORDS["growth"]}
FIGURES = [
    "fig1",
    "fig2",
    "fig3",
    "fig4",
    "fig5",
    "fig6",
    "fig7",
    "fig8",
    "fig9",
    "fig10",
    "fig11",
    "fig12",
    "fig13",
    "fig14",
    "fig15",
    "defence",
]
FIGURES += ["finding_tolerance", "finding_rank", "finding_low_fpr"]
TABLES = [
    "table1",
    "table2a",
    "table2b",
    "table2c",
    "table3",
    "table4",
    "traversal",
    "approximations",
    "observations",
    "software",
]
TABLES += ["minorities"]


wildcard_constraints:
    dataset="|".join(DATASETS),
    explanation="|".join(EXPLANATIONS),
    attack="|".join(ATTACKS),
    experiment="membership|records",
    epsilon="|".join(re.escape(epsilon) for epsilon in [*EPSILONS, "none"]),
    part="[abc]",
    seed=r"\d+",
    level=r"\d\.\d\d",


def plain(value):
    """Sort the keys of a piece of config, so that their order in the file means nothing."""
    if isinstance(value, dict):
        return {key: plain(value[key]) for key in sorted(value)}
    return value


def code_of(script, *modules):
    """Return the digest of a script, of all it imports, and of the pinned versions it runs on."""
    try:
        return provenance.digest(SCRIPTS / script, LOCK, modules)
    except LeakcoreError as error:
        raise WorkflowError(str(error))


def doubling(amount):
    """Return a resource that doubles with each further attempt at a job.

    `amount` is a number, or a function of the wildcards.
    """

    def asked(wildcards, attempt):
        first = amount(wildcards) if callable(amount) else amount
        return first * 2 ** (attempt - 1)

    return asked


def requested():
    """Return for each rule the memory (MB) and the time (minutes) that its first attempt asks for.

    None where that depends on the job.
    """

    def first(resource):
        try:
            return resource.evaluate(None, attempt=1).value
        except AttributeError:  # asks the wildcards, and there are none
            return None

    return {
        entry.name: [first(entry.resources[name]) for name in ("mem_mb", "runtime")]
        for entry in workflow.rules
        if entry.output
    }


def observations(paths):
    """Keep files of observations, or let Snakemake delete each once every attack has read it."""
    return paths if config["keep_observations"] else [temp(path) for path in paths]


def longest_first(w):
    """Return the priority of a job whose time goes with the width of its data set."""
    return configuration.width(w.dataset)


def numbers(pack):
    """Return the function that gives a job's seeds."""
    return lambda w: [int(seed.format(**w)) for seed in pack.seeds]


def attack_settings(attack):
    """Return an attack's own settings; networks are told the device as well."""
    settings = plain(config["attacks"].get(attack, {}))
    return settings | {"device": config["device"]} if "network" in attack else settings


def explanation_settings(explanation):
    """Return an explanation's own settings."""
    return plain(config["explanations"].get(explanation, {}))


def accesses(attack):
    """Return the kinds of access that attacks on any explanation but the gradient are made with.

    The network's others do not depend on the explanation, or are known well enough from the
    gradient.
    """
    return ["gradient"] if attack == "network" else None


def compared(explanation):
    """Return the data sets on which Figure 12 shows an explanation."""
    limit = COMPARISON.get("limits", {}).get(explanation, MEMBERSHIP["datasets"])
    return [dataset for dataset in MEMBERSHIP["datasets"] if dataset in limit]


def sizes_of(experiment):
    """Return the function that gives how many points a job draws; for an experiment or wildcard."""
    return lambda w: configuration.sizes(config, experiment.format(**w), w.dataset)


def of_samplings(folder, file):
    """Return a file of every data set and sampling of the record-based experiments."""
    return expand(
        f"results/{folder}/{{dataset}}/seed-{{seed}}/{file}",
        dataset=RECORDS["datasets"],
        seed=RECORDS["seeds"],
    )


def scales(experiment):
    """Return how many points an experiment has of each of its data sets, in words."""
    numbers = {
        dataset: configuration.sizes(config, experiment, dataset)
        for dataset in config[experiment]["datasets"]
    }
    return {
        dataset: f"{n['members']:,} + {n['nonmembers']:,} points"
        for dataset, n in numbers.items()
    }
