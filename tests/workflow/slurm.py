"""A Slurm cluster of one node on the loopback device, for tests; it needs root."""

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

# The only place where a job's own commands look: the plugin clears SLURM_CONF.
CONFIG = Path("/etc/slurm/slurm.conf")
PROGRAMS = ("munged", "slurmctld", "slurmd", "sbatch", "squeue", "scontrol")


def missing() -> str | None:
    """Return why no cluster can be brought up here; None if one can."""
    path = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/sbin"])
    absent = [program for program in PROGRAMS if not shutil.which(program, path=path)]
    if absent:
        return f"not installed: {', '.join(absent)} (Debian: slurm-wlm, munge)"
    if os.geteuid():
        return "the daemons of Slurm need root"
    if CONFIG.exists():
        return f"{CONFIG} exists: this machine has a Slurm of its own"
    return None


@contextmanager
def cluster(folder: Path) -> Iterator[None]:
    """Run munged, slurmctld and slurmd in `folder` while the block lasts."""
    ctld, slurmd = _free_port(), _free_port()
    host = socket.gethostname().split(".")[0]
    for name in ("munge", "state", "spool"):
        (folder / name).mkdir(parents=True)
    key = folder / "munge" / "key"
    key.write_bytes(os.urandom(128))
    key.chmod(0o600)
    settings = {
        "ClusterName": "leakcore",
        "SlurmctldHost": f"{host}(127.0.0.1)",
        "SlurmctldPort": ctld,
        "SlurmdPort": slurmd,
        "AuthType": "auth/munge",
        "AuthInfo": f"socket={folder}/munge/socket",
        "SlurmUser": "root",
        "SlurmdUser": "root",
        "StateSaveLocation": folder / "state",
        "SlurmdSpoolDir": folder / "spool",
        "SlurmctldPidFile": folder / "slurmctld.pid",
        "SlurmdPidFile": folder / "slurmd.pid",
        "ProctrackType": "proctrack/linuxproc",
        "TaskPlugin": "task/none",
        "MpiDefault": "none",
        "SelectType": "select/cons_tres",
        "SelectTypeParameters": "CR_CPU",
        "AccountingStorageType": "accounting_storage/none",
        "JobAcctGatherType": "jobacct_gather/none",
        "ReturnToService": 2,
        "CommunicationParameters": "NoCtldInAddrAny,NoInAddrAny",
        "SlurmdParameters": "config_overrides",
        "SchedulerParameters": "batch_sched_delay=0,sched_interval=1",
    }
    lines = [f"{name}={value}" for name, value in settings.items()]
    lines.append(f"NodeName={host} NodeAddr=127.0.0.1 CPUs=2 RealMemory=64000 State=UNKNOWN")
    lines.append(f"PartitionName=normal Nodes={host} Default=YES MaxTime=INFINITE State=UP")
    with ExitStack() as stack:
        CONFIG.parent.mkdir(parents=True, exist_ok=True)
        CONFIG.write_text("\n".join(lines) + "\n")
        stack.callback(CONFIG.unlink)
        munge = [f"--{name}={folder}/munge/{name.split('-')[0]}" for name in ("key-file", "socket")]
        munge += [f"--{name}-file={folder}/munge/{name}" for name in ("pid", "log", "seed")]
        _start(stack, folder, "munged", "--foreground", "--force", *munge)
        _wait(lambda: (folder / "munge" / "socket").exists(), "munged")
        _start(stack, folder, "slurmctld", "-D")
        _start(stack, folder, "slurmd", "-D")
        stack.callback(subprocess.run, ["scancel", "--user=root"], check=False)
        _wait(lambda: "idle" in _said("sinfo", "--noheader", "--format=%T"), "the node")
        yield


def _start(stack: ExitStack, folder: Path, program: str, *arguments: str) -> None:
    log = stack.enter_context((folder / f"{program}.log").open("w"))
    path = shutil.which(program) or f"/usr/sbin/{program}"
    daemon = subprocess.Popen([path, *arguments], stdout=log, stderr=log, start_new_session=True)

    def stop() -> None:
        daemon.send_signal(signal.SIGTERM)
        try:
            daemon.wait(15)
        except subprocess.TimeoutExpired:
            daemon.kill()
            daemon.wait()

    stack.callback(stop)


def _said(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout


def _wait(ready, what: str, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not ready():
        if time.monotonic() > end:
            raise TimeoutError(f"{what} did not come up within {seconds} s")
        time.sleep(0.2)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
