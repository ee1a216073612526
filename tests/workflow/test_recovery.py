"""Kills, a full disk, want of memory, a read-only folder: a clear message, and the run goes on."""

import contextlib
import os
import random
import re
import resource
import signal
import subprocess
import time

import psutil
import pytest

from .conftest import TINY, Checkout, contents, differences

pytestmark = pytest.mark.workflow
FIGURE_1 = "results/figures/fig1.pdf"
OBSERVED = "results/observations/purchase/seed-0/gradient/level-0.00.safetensors"


class Watched:
    """A run whose output goes to a file, so that no killed process can hold it up."""

    def __init__(self, checkout, log, *arguments):
        self.log = log
        with open(log, "w") as file:
            self.process = subprocess.Popen(
                checkout.command(*arguments),
                cwd=checkout.folder,
                env={**os.environ, "PYTHONPATH": ""},
                stdout=file,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def output(self):
        return self.log.read_text()

    @property
    def started(self):
        return len(re.findall(r"^(?:Job \d+: |localrule |rule )", self.output, re.MULTILINE))

    @property
    def finished(self):
        return len(re.findall(r"^Finished jobid", self.output, re.MULTILINE))

    def wait_for(self, condition, seconds=120):
        end = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < end, self.output
            if self.process.poll() is not None:
                return
            time.sleep(0.02)

    def jobs(self):
        with contextlib.suppress(psutil.NoSuchProcess):
            return psutil.Process(self.process.pid).children()
        return []


def expect_same(checkout, complete):
    made, undisturbed = contents(checkout), contents(complete)
    assert made
    assert differences(made, {name: undisturbed[name] for name in made}) == []


def test_killed_at_random_moments_the_run_goes_on_where_it_was(complete, tmp_path):
    seed = random.SystemRandom().randrange(10**6)
    print(f"seed {seed}")  # shown if the test fails
    moments = random.Random(seed)
    (tmp_path / "checkout").mkdir()
    checkout = Checkout(tmp_path / "checkout", TINY)
    starts, killed = 0, 0
    for number, whom in enumerate(["scheduler", "job", "scheduler", "job"]):
        run = Watched(checkout, tmp_path / f"{number}.log", FIGURE_1)
        enough = moments.randint(1, 5)
        run.wait_for(lambda run=run, enough=enough: run.finished >= enough and run.jobs())
        time.sleep(moments.uniform(0, 2))
        if whom == "scheduler":
            jobs = run.jobs()
            run.process.send_signal(signal.SIGKILL)
            run.process.wait()
            # Also a job that has just ended, if the scheduler had not taken note of it yet.
            killed += run.started - run.finished
            locked = checkout.run(FIGURE_1, check=False)
            assert "--unlock" in locked.stdout
            checkout.run("--unlock")
            for job in jobs:  # a second run while these go on would be right, but slow
                with contextlib.suppress(psutil.NoSuchProcess, psutil.TimeoutExpired):
                    job.wait(60)
        else:
            run.wait_for(lambda run=run: bool(run.jobs()))
            victim = moments.choice(run.jobs())
            victim.kill()
            run.process.wait(120)
            killed += 1
            assert run.process.returncode != 0
            assert "SIGKILL" in run.output
            assert "Error in rule" in run.output
        starts += run.started
    last = Watched(checkout, tmp_path / "last.log", FIGURE_1)
    assert last.process.wait(300) == 0, last.output
    starts += last.started
    jobs = int(re.search(r"^total +(\d+)", (tmp_path / "0.log").read_text(), re.MULTILINE)[1])
    assert jobs <= starts <= jobs + killed
    expect_same(checkout, complete)


@pytest.fixture
def small_disk(tmp_path):
    """A checkout whose results lie on a file system of a megabyte; and how to change that."""
    folder = tmp_path / "checkout"
    folder.mkdir()
    checkout = Checkout(folder, TINY)
    results = folder / "results"
    results.mkdir()

    def mount(options):
        command = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(results)]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    made = mount("size=1000k")
    if made.returncode:
        pytest.skip(f"no file system can be mounted here: {made.stderr.strip()}")
    yield checkout, lambda options: mount(f"remount,{options}").check_returncode()
    subprocess.run(["umount", "--lazy", str(results)], check=True)


def test_a_full_disk_is_named_and_the_run_goes_on(small_disk, complete):
    checkout, remount = small_disk
    full = checkout.run(OBSERVED, check=False)
    assert full.returncode != 0
    assert "no space left on the disk; make room" in full.stdout
    assert "Traceback" not in full.stdout
    remount("size=100m")
    checkout.run(OBSERVED)
    expect_same(checkout, complete)


def test_a_read_only_folder_is_named_and_the_run_goes_on(small_disk, complete):
    checkout, remount = small_disk
    remount("size=100m")
    checkout.run("results/datasets/purchase.safetensors")
    remount("ro")
    refused = checkout.run(OBSERVED, check=False)
    assert refused.returncode != 0
    assert "Read-only file system" in refused.stdout
    remount("rw,size=100m")
    checkout.run(OBSERVED)
    expect_same(checkout, complete)


def test_a_job_without_enough_memory_says_so_and_the_run_goes_on(complete, tmp_path):
    (tmp_path / "checkout").mkdir()
    target = "results/datasets/purchase.safetensors"
    big = {"purchase": {"sources": ["synthetic"], "standin": {"n_points": 20_000_000}}}
    checkout = Checkout(tmp_path / "checkout", {**TINY, "datasets": {**TINY["datasets"], **big}})
    limit = 6 * 2**30
    done = subprocess.run(
        checkout.command(target),
        cwd=checkout.folder,
        env={**os.environ, "PYTHONPATH": ""},
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (limit, limit)),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    assert "code purchase: error: not enough memory" in done.stderr
    assert "--set-resources" in done.stderr
    checkout.configure(TINY)
    checkout.run(target)
    expect_same(checkout, complete)
