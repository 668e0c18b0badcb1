"""What is measured: Skein and its peers, each as a command that runs one row of the table."""

import dataclasses
import json
import os
import re
import subprocess
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
SKEIN = "Skein"


class Failure(Exception):
    """Why a program has no figure, in one line."""


@dataclasses.dataclass(frozen=True)
class Row:
    """A line of the table: a workload of workloads.json, in Float or in bfloat16."""

    name: str
    workload: str
    is_bf16: bool = False

    @property
    def job(self):
        return os.path.join(ROOT, "Configs", "bench", self.workload + ".yaml")

    @property
    def settings(self):
        return ["--set", "training.bf16=true"] if self.is_bf16 else []


ROWS = {
    row.name: row
    for row in [Row(name, name) for name in ("lines", "tiny", "mid", "wide")]
    + [Row("wide bf16", "wide", is_bf16=True)]
}


def pin(environment, package):
    """The version of a package that an environment's requirements ask for."""
    with open(os.path.join(HERE, f"requirements-{environment}.txt")) as file:
        return re.search(rf"^{package}==(\S+)$", file.read(), re.MULTILINE)[1]


@dataclasses.dataclass(frozen=True)
class Peer:
    """A program that Skein is compared with. `mode` goes to its script."""

    key: str
    name: str
    environment: str
    script: str
    mode: str = ""

    def takes(self, row):
        """bfloat16 is compared with PyTorch's autocast alone."""
        return not row.is_bf16 or self.script == "torch_peer.py"


PEERS = {
    peer.key: peer
    for peer in [
        Peer("jax-old", "JAX " + pin("jax-0.4.31", "jax"), "jax-0.4.31", "jax_peer.py"),
        Peer("jax", "JAX " + pin("today", "jax"), "today", "jax_peer.py"),
        *(
            Peer(
                f"torch-{mode}",
                f"PyTorch {pin('today', 'torch')} {mode}",
                "today",
                "torch_peer.py",
                mode,
            )
            for mode in ("eager", "compiled")
        ),
    ]
}


class Runner:
    """Runs programs, each in a process of its own."""

    def __init__(self, skein, repeats, seconds, scratch):
        self.skein, self.repeats, self.seconds = skein, repeats, seconds
        self.scratch = scratch

    def measure_skein(self, row, threads):
        """Samples per second of each repetition, and what the peak of the cores is."""
        result = os.path.join(self.scratch, "bench.json")
        length = ["--repeats", str(self.repeats), "--seconds", str(self.seconds)]
        count = ["--threads", str(threads)]
        command = [self.skein, "bench", row.job, *count, *length, *row.settings, "--json", result]
        _, memory = self.execute(command, threads)
        with open(result) as file:
            bench = json.load(file)
        found = bench["rows"][0]
        return {
            "rates": found["repetitions"],
            "memoryMiB": memory,
            "peakGigaflops": found["peakGigaflops"],
            "operationsPerSample": bench["operationsPerSample"],
            "cpu": bench["cpu"],
            "versions": bench["versions"],
        }

    def measure_peer(self, peer, python, row, threads, epochs):
        """The same of a peer, and the mean losses of its first `epochs` epochs."""
        length = [str(self.repeats), str(self.seconds), str(epochs)]
        mode = [peer.mode, "bf16" if row.is_bf16 else "float"] if peer.mode else []
        script = os.path.join(HERE, peer.script)
        command = [python, script, row.workload, str(threads), *length, *mode]
        output, memory = self.execute(command, threads)
        return json.loads(output.strip().splitlines()[-1]) | {"memoryMiB": memory}

    def losses_of_skein(self, row, threads, epochs):
        """The mean losses of the first epochs of the row's job, in a training of its own."""
        run = os.path.join(self.scratch, f"run-{row.name}-{threads}".replace(" ", "-"))
        plain = ["report.history=false", "report.tensorBoard=false", f"training.epochs={epochs}"]
        settings = [word for key in plain for word in ("--set", key)] + row.settings
        command = [self.skein, "train", row.job, "--run", run, "--threads", str(threads)]
        self.execute(command + settings, threads)
        with open(os.path.join(run, "metrics.jsonl")) as file:
            return [json.loads(line)["trainLoss"] for line in file]

    def takes_bf16(self):
        """Whether Skein knows the setting of the bfloat16 row."""
        row = next(row for row in ROWS.values() if row.is_bf16)
        command = [self.skein, "check", row.job, *row.settings]
        return subprocess.run(command, capture_output=True).returncode == 0

    def measure_libxsmm(self, driver, row, work, block, threads):
        """GFLOP/s of libxsmm-dnn's MLP driver on the row's layers and batch size."""
        blocks = [str(block)] * 3
        precision = "1" if row.is_bf16 else "0"
        # Iterations, batch, bias and relu fused, both passes, blocks, precision, layers.
        command = [driver, "10", str(work["batch"]), "3", "A", *blocks, precision]
        output, _ = self.execute(command + [str(width) for width in work["layers"]], threads)
        found = re.findall(r"^GFLOPS\s*=\s*([0-9.e+]+)", output, re.MULTILINE)
        if not found:
            raise Failure("the driver printed no line of GFLOPS")
        return float(found[-1])

    def execute(self, command, threads):
        """The standard output of a command, and its peak memory in MiB."""
        cores = sorted(os.sched_getaffinity(0))[:threads]
        command = ["taskset", "-c", ",".join(map(str, cores)), *command]
        # No thread count of the caller's is inherited: each program sets its own.
        kept = {k: v for k, v in os.environ.items() if not k.endswith("_NUM_THREADS")}
        kept["OMP_NUM_THREADS"] = str(threads)
        kept["TORCHINDUCTOR_CACHE_DIR"] = os.path.join(self.scratch, "inductor")
        kept["PYTHONDONTWRITEBYTECODE"] = "1"
        with tempfile.TemporaryFile("w+") as output, tempfile.TemporaryFile("w+") as errors:
            try:
                process = subprocess.Popen(
                    command, stdout=output, stderr=errors, env=kept, cwd=self.scratch
                )
            except OSError as error:
                raise Failure(str(error)) from error
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            output.seek(0)
            errors.seek(0)
            if process.returncode:
                lines = errors.read().strip().splitlines()
                raise Failure(lines[-1] if lines else f"exit status {process.returncode}")
            return output.read(), usage.ru_maxrss / 1024
