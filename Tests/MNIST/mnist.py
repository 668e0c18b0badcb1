"""Accuracy and time of Configs/mnist.yaml and Configs/mnist-fast.yaml on digits they have not seen.

usage: mnist.py SKEIN FOLDER SEEDS [JOB...]

FOLDER has MNIST's original files of training samples, packed by gzip or not. The first 50,000 digits
train and the last 10,000 test. Prints the accuracy after the last epoch and the time of the whole
command, from its start to its end, for each seed. Fails where a job stays below what README promises:
mnist-fast, 98 % with each seed; mnist, 98.4 % in the mean.
"""
import gzip
import json
import pathlib
import shutil
import statistics
import struct
import subprocess
import sys
import tempfile
import time

TRAINED = 50_000


def read(folder, name):
    for path in (folder / name, folder / f"{name}.gz"):
        if path.exists():
            data = path.read_bytes()
            return gzip.decompress(data) if path.suffix == ".gz" else data
    sys.exit(f"{folder} has no {name}, packed or not")


def cut(folder, images, labels):
    """Writes the parts under the names of the original files, which `data import` knows."""
    for name, data, header in (("images-idx3-ubyte", images, 16), ("labels-idx1-ubyte", labels, 8)):
        count = struct.unpack(">I", data[4:8])[0]
        size = (len(data) - header) // count
        for part, rows in (("train", range(TRAINED)), ("t10k", range(TRAINED, count))):
            body = data[header + size * rows.start:header + size * rows.stop]
            head = data[:4] + struct.pack(">I", len(rows)) + data[8:header]
            (folder / f"{part}-{name}").write_bytes(head + body)


def train(skein, job, data, seed, run):
    shutil.rmtree(run, ignore_errors=True)
    start = time.perf_counter()
    subprocess.run(
        [skein, "train", job, "--run", run, "--set", f"seed={seed}", "--set", f"data.path={data}"],
        check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    seconds = time.perf_counter() - start
    last = json.loads((run / "metrics.jsonl").read_text().splitlines()[-1])
    return 100 * last["testAccuracy"], seconds


def main():
    skein, source, seeds = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]), int(sys.argv[3])
    jobs = sys.argv[4:] or ["Configs/mnist-fast.yaml", "Configs/mnist.yaml"]
    failed = False
    with tempfile.TemporaryDirectory(prefix="skein-mnist-") as folder:
        folder = pathlib.Path(folder)
        cut(folder, read(source, "train-images-idx3-ubyte"), read(source, "train-labels-idx1-ubyte"))
        data = folder / "mnist"
        subprocess.run(
            [skein, "data", "import", folder, data, "--name", "mnist"],
            check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        print(f"{'job':<14}{'seed':>6}{'accuracy':>12}{'time':>10}")
        for job in jobs:
            name = pathlib.Path(job).stem
            results = [train(skein, job, data, seed, folder / "run") for seed in range(1, seeds + 1)]
            for seed, (accuracy, seconds) in enumerate(results, 1):
                print(f"{name:<14}{seed:>6}{accuracy:>10.2f} %{seconds:>8.2f} s")
            accuracies = [accuracy for accuracy, _ in results]
            print(f"{name:<14}{'mean':>6}{statistics.mean(accuracies):>10.2f} %"
                  f"{statistics.median(seconds for _, seconds in results):>8.2f} s  (median)", flush=True)
            failed |= min(accuracies) < 98 if name == "mnist-fast" else statistics.mean(accuracies) < 98.4
    sys.exit(1 if failed else 0)


main()
