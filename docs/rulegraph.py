"""Draw docs/images/rulegraph.svg: `python docs/rulegraph.py` (needs Graphviz's `dot`)."""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
PICTURE = ROOT / "docs" / "images" / "rulegraph.svg"
# The stages of docs/architecture.md, by the file that a rule stands in; Okabe-Ito, lightened.
COLOURS = {
    "datasets": "#cfe8f7",
    "sampling": "#cfe8f7",
    "targets": "#fbe3b5",
    "explanations": "#bfe8da",
    "influence": "#bfe8da",
    "attacks": "#f6d0b8",
    "reconstruction": "#f6d0b8",
    "evaluation": "#f0d6e4",
    "signals": "#f0d6e4",
    "defence": "#fbe3b5",
    "dimension": "#f0d6e4",
    "reproduction": "#e8e8e8",
    "figures": "#e8e8e8",
    "tables": "#e8e8e8",
    "provenance": "#e8e8e8",
}


def colours() -> dict[str, str]:
    """Return for each rule the colour of its stage."""
    found = {}
    for path in (ROOT / "workflow" / "rules").glob("*.smk"):
        named = r'^rule (\w+):|(?:pack\.name|packing\.numbered)\("(\w+)"'
        for plain, packed in re.findall(named, path.read_text(), re.MULTILINE):
            found[plain or packed] = COLOURS.get(path.stem, "#ffffff")
    return found


def main() -> None:
    """Ask Snakemake for the graph, restyle its nodes, and draw it."""
    command = [sys.executable, "-m", "snakemake", "--rulegraph", "dot", "--forceall"]
    # One seed a job, so that there is one rule for all seeds.
    command += ["--config", "seeds_per_job=1", "--", "all"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    fill, lines = colours(), []
    for line in done.stdout[done.stdout.index("digraph") :].splitlines():
        if "[label" in line:
            number, name = line.split("[", 1)[0].strip(), line.split('"')[1]
            if name == "all":
                continue
            line = f'    {number}[label="{name}", fillcolor="{fill[name]}"];'
            lines.append(line)
        elif "->" in line:
            lines.append(line)
    head = (
        "digraph rules { rankdir=LR; ranksep=0.5; nodesep=0.12; bgcolor=white;\n"
        'node[shape=box, style="rounded,filled", fontname="Helvetica", fontsize=11, '
        "penwidth=0.6, height=0.3];\nedge[color=grey50, penwidth=0.7, arrowsize=0.5];\n"
    )
    numbers = {line.split("[")[0].strip() for line in lines if "label" in line}
    kept = [
        line
        for line in lines
        if "->" not in line or {part.strip(" ;\t") for part in line.split("->")} <= numbers
    ]
    subprocess.run(
        ["dot", "-Tsvg", "-o", PICTURE],
        input=head + "\n".join(kept) + "\n}\n",
        text=True,
        check=True,
    )


if __name__ == "__main__":
    main()
