"""What rounding to bfloat16 does to accuracy: jobs with and without `training.bf16`, over several seeds.

usage: accuracy.py SKEIN SEEDS JOB...

Prints each job's accuracy on the test split after the last epoch, its mean over the seeds, and the
difference. Two trainings that differ in a last bit end apart by chance: the standard error of the mean
difference says how far. Fails where bfloat16's mean is more than 0.2 points below Float's.
"""
import json
import math
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile


def accuracy(skein, job, seed, bf16, folder):
    run = pathlib.Path(folder) / "run"
    shutil.rmtree(run, ignore_errors=True)
    subprocess.run(
        [skein, "train", job, "--run", run, "--set", f"seed={seed}", "--set", f"training.bf16={bf16}",
         "--set", "report.history=false", "--set", "report.tensorBoard=false"],
        check=True, stdout=subprocess.DEVNULL)
    return 100 * json.loads((run / "metrics.jsonl").read_text().splitlines()[-1])["testAccuracy"]


def main():
    skein, seeds = sys.argv[1], int(sys.argv[2])
    failed = False
    print(f"{'job':<16}{'seeds':>6}{'Float':>10}{'bf16':>10}{'difference':>12}{'std. error':>12}")
    for job in sys.argv[3:]:
        with tempfile.TemporaryDirectory(prefix="skein-precision-") as folder:
            pairs = [[accuracy(skein, job, seed, kind, folder) for kind in ("false", "true")]
                     for seed in range(1, seeds + 1)]
        differences = [rounded - whole for whole, rounded in pairs]
        mean = statistics.mean(differences)
        error = statistics.stdev(differences) / math.sqrt(seeds) if seeds > 1 else math.nan
        print(f"{pathlib.Path(job).stem:<16}{seeds:>6}{statistics.mean(p[0] for p in pairs):>8.2f} %"
              f"{statistics.mean(p[1] for p in pairs):>8.2f} %{mean:>12.3f}{error:>12.3f}", flush=True)
        failed |= mean < -0.2
    sys.exit(1 if failed else 0)


main()
