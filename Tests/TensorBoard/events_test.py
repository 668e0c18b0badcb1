"""Reads a run's event files with TensorBoard's own reader, and compares it with what the run says.

usage: events_test.py SKEIN; wants the packages of requirements.txt
"""
import json
import pathlib
import subprocess
import sys
import tempfile

from tensorboard.backend.event_processing import event_accumulator
from tensorboard.backend.event_processing.event_file_loader import RawEventFileLoader

ROOT = pathlib.Path(__file__).resolve().parents[2]
failures = []


def check(holds, what):
    print(("ok    " if holds else "FAIL  ") + what)
    if not holds:
        failures.append(what)


def skein(*arguments):
    subprocess.run([str(pathlib.Path(sys.argv[1]).resolve()), *arguments], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)


def read(run):
    """Everything in the run's event files, as TensorBoard sees them, nothing thinned out."""
    sizes = {kind: 0 for kind in (event_accumulator.SCALARS, event_accumulator.HISTOGRAMS, event_accumulator.IMAGES, event_accumulator.TENSORS)}
    accumulator = event_accumulator.EventAccumulator(str(run), size_guidance=sizes)
    accumulator.Reload()
    return accumulator


def compare(run, epochs):
    events = read(run)
    metrics = [json.loads(line) for line in (run / "metrics.jsonl").read_text().splitlines()]
    check(len(metrics) == epochs, f"metrics.jsonl has {epochs} epochs")
    steps = [line["step"] for line in metrics]
    tags = events.Tags()
    for tag, key in [("loss/train", "trainLoss"), ("loss/test", "testLoss"), ("accuracy/train", "trainAccuracy"),
                     ("accuracy/test", "testAccuracy"), ("speed/samples_per_second", "samplesPerSecond")]:
        found = events.Scalars(tag)
        near = all(abs(e.value - line[key]) <= 1e-6 * max(1, abs(line[key])) for e, line in zip(found, metrics))
        check([e.step for e in found] == steps and near, f"{tag}: {len(found)} values equal metrics.jsonl's, at its steps")
    check([e.value for e in events.Scalars("learning_rate")][0] > 0, "learning_rate")
    for layer in range(3):
        for tag in (f"weights/layers.{layer}.weight", f"gradients/layers.{layer}.weight"):
            found = events.Histograms(tag)
            counts = {sum(e.histogram_value.bucket) for e in found}
            right = counts == {[160, 256, 80][layer]} and all(len(e.histogram_value.bucket) == 48 for e in found)
            ordered = all(e.histogram_value.min <= e.histogram_value.bucket_limit[0] and
                          sorted(e.histogram_value.bucket_limit) == list(e.histogram_value.bucket_limit) for e in found)
            check([e.step for e in found] == [0] + steps and right and ordered, f"{tag}: a histogram per epoch over all values")
        check([e.step for e in events.Scalars(f"gradient_norm/layers.{layer}")] == [0] + steps, f"gradient_norm/layers.{layer}")
    images = events.Images(tags["images"][0])
    check(len(tags["images"]) == 8 and images[0].encoded_image_string.startswith(b"\x89PNG") and (images[0].width, images[0].height) == (1, 10),
          "eight samples as PNG pictures")
    text = events.Tensors("job")[0].tensor_proto.string_val[0].decode()
    job = (run / "job.yaml").read_text()
    lines = [line.strip() for line in text.splitlines()]
    check(all(line.strip() in lines for line in job.splitlines() if not line.startswith("training:")), "the job as text")


def main():
    folder = pathlib.Path(tempfile.mkdtemp(prefix="skein-events-"))
    run = folder / "run"
    skein("train", "Configs/lines.yaml", "--run", str(run), "--set", "training.epochs=3")
    compare(run, 3)
    file = next(run.glob("events.out.tfevents.*"))
    # A TensorBoard that looks on, and a run of another program in the same folder.
    live = read(run)
    foreign = run / "events.out.tfevents.1000000000.host.1.0"
    foreign.write_bytes(b"not a record")
    # A run that was killed in a write: epochs from after its checkpoint, and a torn record.
    whole = file.read_bytes()
    ahead = folder / "ahead"
    skein("train", "Configs/lines.yaml", "--run", str(ahead), "--set", "training.epochs=4")
    late = next(ahead.glob("events.out.tfevents.*")).read_bytes()[len(whole):]
    torn = whole + late + whole[-100:-20]
    file.write_bytes(torn)
    skein("train", "Configs/lines.yaml", "--run", str(run), "--resume", "--allow-changes", "--set", "training.epochs=5")
    check(file.read_bytes() == torn and foreign.read_bytes() == b"not a record", "files that were there stay as they were")
    foreign.unlink()
    files = sorted(run.glob("events.out.tfevents.*"))
    check(len(files) == 2 and files[0] == file, "a resumed run begins a file of its own, whose name comes later")
    compare(run, 5)
    live.Reload()
    check([e.step for e in live.Scalars("loss/train")] == [500, 1000, 1500, 2000, 2500], "a TensorBoard that looks on follows")
    check(sum(1 for _ in RawEventFileLoader(str(files[1])).Load()) > 5, "every record's checksums hold")
    # Resumed when all was done, and from the beginning: nothing is there twice.
    skein("train", "--run", str(run), "--resume")
    compare(run, 5)
    for checkpoint in (run / "checkpoints").iterdir():
        checkpoint.unlink()
    skein("train", "--run", str(run), "--resume")
    check(len(list(run.glob("events.out.tfevents.*"))) == 4, "each start has a file")
    compare(run, 5)
    off = folder / "off"
    skein("train", "Configs/lines.yaml", "--run", str(off), "--set", "training.epochs=1", "--set", "report.tensorBoard=false",
          "--set", "report.history=false")
    check(not list(off.glob("events*")) and not (off / "history").exists() and not (off / "report.html").exists(),
          "nothing is written when switched off")
    print(f"{len(failures)} failures")
    sys.exit(1 if failures else 0)


main()
