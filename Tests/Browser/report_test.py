"""Opens a run's page in headless Chromium and uses it as a reader would.

usage: report_test.py SKEIN [SCREENSHOT_FOLDER]

Trains small runs with SKEIN, the command line, and checks that their pages log no error and ask for
nothing, that the slider moves the weights, that play plays, that what is drawn gets the answer of
`skein predict` to 1e-5 under every activation, that values are told in their own units, and that
hostile names stay text.
"""
import json
import os
import pathlib
import shutil
import struct
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from chrome import Chrome  # noqa: E402
from hostile import PAYLOADS  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parents[2]
ACTIVATIONS = ["relu", "leakyRelu", "{leakyRelu: 0.2}", "parametricRelu", "sigmoid", "tanh", "elu", "{elu: 0.5}",
               "selu", "gelu", "swish", "softplus", "identity"]
failures = []


def check(holds, what):
    print(("ok    " if holds else "FAIL  ") + what, flush=True)
    if not holds:
        failures.append(what)


class Skein:
    def __init__(self, program):
        self.program = str(pathlib.Path(program).resolve())

    def __call__(self, *arguments):
        done = subprocess.run([self.program, *arguments], cwd=ROOT, capture_output=True, text=True)
        if done.returncode != 0:
            raise RuntimeError(f"skein {' '.join(arguments)}: {done.returncode} {done.stderr}")
        return done.stdout

    def predict(self, run, pixels, shape, folder):
        """The scores of one sample of bytes."""
        file = pathlib.Path(folder) / "drawn.idx"
        dims = [1, *shape]
        header = bytes([0, 0, 8, len(dims)]) + b"".join(struct.pack(">I", d) for d in dims)
        file.write_bytes(header + bytes(int(p) for p in pixels))
        return json.loads(self("predict", run, str(file), "--json"))[0]["scores"]


def largest_difference(a, b):
    return max(abs(x - y) for x, y in zip(a, b, strict=True))


def digits(chrome, skein, folder, shots):
    run = f"{folder}/digits"
    skein("train", "Configs/digits.yaml", "--run", run)
    page = pathlib.Path(run) / "report.html"
    check(page.exists(), "train writes report.html")
    size = page.stat().st_size
    check(size <= 5_000_000, f"the digits page has {size} bytes, at most 5 MB")
    chrome.open(page)
    seconds = min(chrome.open(page) for _ in range(3))
    check(seconds < 1, f"it opens in {seconds:.2f} s, less than 1 s")
    check(not chrome.errors and not chrome.requests, f"no error, no request: {chrome.errors} {chrome.requests}")
    check(chrome.evaluate("document.documentElement.scrollWidth") <= 1280, "it fits 1280 px")

    weights = "[...document.querySelectorAll('#drawing line')].map(line => line.dataset.weight).join()"
    newest = chrome.evaluate(weights)
    slide = "(v => { const s = document.getElementById('epoch'); s.value = v; s.dispatchEvent(new Event('input')); })"
    chrome.evaluate(slide + "(0)")
    check(chrome.evaluate("skein.epoch()") == 0, "the slider goes to epoch 0")
    oldest = chrome.evaluate(weights)
    check(oldest != newest and len(oldest) > 100, "the slider moves the weights")
    before = chrome.evaluate("skein.scores()")
    chrome.evaluate(slide + "(document.getElementById('epoch').max)")
    check(before != chrome.evaluate("skein.scores()"), "the slider moves the probabilities")

    chrome.evaluate("document.getElementById('epoch').value = 0, document.getElementById('epoch').dispatchEvent(new Event('input'))")
    chrome.evaluate("document.getElementById('play').click()")
    deadline = time.time() + 10
    while chrome.evaluate("skein.epoch()") < 2 and time.time() < deadline:
        time.sleep(0.05)
    check(chrome.evaluate("skein.epoch()") >= 2, "play moves through the epochs")
    chrome.evaluate("document.getElementById('play').click()")
    stopped = chrome.evaluate("skein.epoch()")
    time.sleep(1)
    check(chrome.evaluate("skein.epoch()") == stopped, "and stops")

    chrome.open(page)
    chrome.evaluate("document.getElementById('clear').click()")
    check(sum(chrome.evaluate("skein.pixels()")) == 0, "clear clears")
    chrome.evaluate("document.getElementById('sample').scrollIntoView({block: 'center'})")
    x, y, w, h = chrome.evaluate("(b => [b.x, b.y, b.width, b.height])(document.getElementById('sample').getBoundingClientRect())")
    # A seven: along the top, then down.
    path = [(0.3, 0.28), (0.7, 0.28), (0.45, 0.82)]
    chrome.mouse("mousePressed", x + w * path[0][0], y + h * path[0][1], 1)
    for start, end in zip(path, path[1:]):
        for i in range(1, 11):
            px, py = (start[k] + (end[k] - start[k]) * i / 10 for k in (0, 1))
            chrome.mouse("mouseMoved", x + w * px, y + h * py, 1)
    chrome.mouse("mouseReleased", x + w * path[-1][0], y + h * path[-1][1])
    pixels, scores = chrome.evaluate("skein.pixels()"), chrome.evaluate("skein.scores()")
    check(sum(pixel > 100 for pixel in pixels) > 40, "the mouse draws")
    check(scores.index(max(scores)) == 7, f"a drawn seven is a seven: {max(scores):.3f}")
    difference = largest_difference(scores, skein.predict(run, pixels, [28, 28], folder))
    check(difference <= 1e-5, f"a drawn digit's probabilities equal skein predict's to {difference:.1e}")

    chrome.evaluate("document.getElementById('clear').click(); document.getElementById('sample').focus()")
    for key in ["ArrowDown"] * 5 + ["ArrowRight"] * 5 + [" "]:
        chrome.key(key)
    check(chrome.evaluate("skein.pixels()")[5 * 28 + 5] > 200, "the keyboard draws")
    chrome.evaluate("document.getElementById('wrong').click()")
    truth = chrome.evaluate("document.getElementById('truth').textContent")
    scores = chrome.evaluate("skein.scores()")
    check(not truth.endswith(f": {scores.index(max(scores))}"), f"next mistake finds one: {truth}")
    check(chrome.evaluate("document.querySelectorAll('#mistakes button').length") > 5, "mistakes are shown")
    check(chrome.evaluate("document.querySelectorAll('#plane circle').length") == 300, "hidden states are shown")
    chrome.evaluate("document.querySelector('svg[data-chart]').scrollIntoView({block: 'center'})")
    x, y, w, h = chrome.evaluate("(b => [b.x, b.y, b.width, b.height])(document.querySelector('svg[data-chart]').getBoundingClientRect())")
    chrome.mouse("mouseMoved", x + w / 2, y + h / 2)
    check("train" in chrome.evaluate("document.getElementById('tip').textContent"), "hovering a curve shows its values")
    check(not chrome.errors and not chrome.requests, f"still no error, no request: {chrome.errors} {chrome.requests}")
    for width in (1280, 400):
        for dark in (False, True):
            chrome.open(page, width, 900, dark)
            check(chrome.evaluate("document.documentElement.scrollWidth") <= width, f"it fits {width} px")
            if shots:
                chrome.screenshot(f"{shots}/digits-{width}-{'dark' if dark else 'light'}.png")


def every_activation(chrome, skein, folder):
    for number, activation in enumerate(ACTIVATIONS):
        for loss in ["crossEntropy", "meanSquaredError"] if number == 0 else ["crossEntropy"]:
            run = f"{folder}/lines-{number}-{loss}"
            skein("train", "Configs/lines.yaml", "--run", run, "--set", f"model.activation={activation}", "--set", f"loss={loss}",
                  "--set", "training.epochs=2", "--set", "optimizer.learningRate=0.02")
            chrome.open(f"{run}/report.html")
            chrome.evaluate("document.getElementById('clear').click()")
            chrome.evaluate("document.getElementById('sample').scrollIntoView({block: 'center'})")
            x, y, w, h = chrome.evaluate("(b => [b.x, b.y, b.width, b.height])(document.getElementById('sample').getBoundingClientRect())")
            for pixel in (2, 3, 4):
                chrome.mouse("mousePressed", x + w / 2, y + h * (pixel + 0.5) / 10, 1)
                chrome.mouse("mouseReleased", x + w / 2, y + h * (pixel + 0.5) / 10)
            pixels, scores = chrome.evaluate("skein.pixels()"), chrome.evaluate("skein.scores()")
            difference = largest_difference(scores, skein.predict(run, pixels, [10, 1], folder))
            check(pixels == [0, 0, 1, 1, 1, 0, 0, 0, 0, 0] and difference <= 1e-5 and not chrome.errors,
                  f"{activation}, {loss}: toggled pixels, scores equal to {difference:.1e} {chrome.errors}")


def hostile_names(chrome, skein, folder):
    """Payloads as dataset, class and job names: the page shows them and does nothing else."""
    data = pathlib.Path(folder) / "hostile"
    shutil.copytree(ROOT / "Datasets" / "lines", data)
    manifest = json.loads((data / "dataset.json").read_text())
    for start in range(0, len(PAYLOADS), len(manifest["classes"])):
        names = (PAYLOADS * 2)[start:start + len(manifest["classes"])]
        manifest["classes"], manifest["name"] = names, names[0]
        (data / "dataset.json").write_text(json.dumps(manifest))
        run = f"{folder}/hostile-{start}"
        job_name = "".join(c for c in names[1] if c.isprintable() and c != "/")[:60] or "job"
        skein("train", "Configs/lines.yaml", "--run", run, "--set", f"data.path={data}", "--set", "training.epochs=1",
              "--set", "name=" + json.dumps(job_name))
        chrome.open(f"{run}/report.html")
        chrome.evaluate("document.getElementById('next').click(); document.getElementById('wrong').click()")
        shown = chrome.evaluate("document.body.innerText")
        harm = chrome.evaluate("window.harmed === true || document.querySelectorAll('main script, main iframe, main img, main object, main a, main style, [onerror], [onload], [onclick], [onmouseover]').length > 0")
        plain = [name for name in names if name.isascii() and name.isprintable() and name == name.strip() and "  " not in name and len(name) < 40]
        missing = [name for name in plain if name not in shown]
        check(not harm and not chrome.errors and not chrome.requests and not missing and job_name in chrome.evaluate("document.title"),
              f"payloads {start}…: shown as text {harm} {chrome.errors} {chrome.requests} {missing}")


def idx(code, shape, payload):
    """An IDX file of elements of type `code`, big-endian."""
    return bytes([0, 0, code, len(shape)]) + b"".join(struct.pack(">I", d) for d in shape) + payload


def values(chrome, skein, folder, shots):
    """Regression: what is told is in the targets' own units, and hostile names stay text."""
    names = ["price"] + [name for name in PAYLOADS if "," not in name and name.isprintable()][:3]
    pixels = [[(row * 37 + place * 91 + row * place * 13) % 256 for place in range(4)] for row in range(300)]
    told = [[200_000 + 700 * p[0] - 300 * p[2], p[1] / 8, p[0] + p[3], p[3] * 2 + 0.5] for p in pixels]
    job = pathlib.Path(folder) / "values.yaml"
    job.write_text("data: {path: values, scale: 255}\nmodel: {hidden: [16]}\noptimizer: {learningRate: 0.05}\n"
                   "training: {epochs: 6, batchSize: 16}\n")
    for split in ["train", "test"]:
        samples, targets = f"{folder}/values-{split}-x", f"{folder}/values-{split}-y"
        pathlib.Path(samples).write_bytes(idx(8, [300, 4], bytes(v for p in pixels for v in p)))
        pathlib.Path(targets).write_bytes(idx(0x0D, [300, 4], b"".join(struct.pack(">4f", *t) for t in told)))
        skein("data", "pack", f"{folder}/values", "--images", samples, "--labels", targets, "--split", split,
              "--target-names", ",".join(names))
    run = f"{folder}/values-run"
    skein("train", str(job), "--run", run)
    chrome.open(f"{run}/report.html")
    check(not chrome.errors and not chrome.requests, f"values: no error, no request: {chrome.errors} {chrome.requests}")
    expected = json.loads(skein("predict", run, f"{folder}/values-test-x", "--json"))[0]["values"]
    scores = chrome.evaluate("skein.scores()")
    difference = max(abs(s / expected[name] - 1) for s, name in zip(scores, names, strict=True))
    check(difference <= 1e-5, f"values are those of skein predict, to {difference:.1e}")
    check(chrome.evaluate("document.querySelectorAll('#confusion svg').length") == 4, "a chart for each value")
    check(chrome.evaluate("document.querySelectorAll('#confusion svg circle').length") == 1200, "a point for each sample")
    check(chrome.evaluate("document.querySelectorAll('#mistakes button').length") == 24, "the largest errors are shown")
    check(chrome.evaluate("document.getElementById('wrong').hidden"), "no button for the next mistake")
    shown = chrome.evaluate("document.body.innerText")
    check("Predicted against true" in shown and "Error" in chrome.evaluate("document.querySelector('.charts').textContent")
          and "confusion" not in shown.lower(), "the page speaks of values")
    harm = chrome.evaluate("window.harmed === true || document.querySelectorAll('main script, main iframe, main img, main a').length > 0")
    check(not harm, "hostile names of values stay text")
    slide = "(v => { const s = document.getElementById('epoch'); s.value = v; s.dispatchEvent(new Event('input')); })"
    chrome.evaluate(slide + "(0)")
    check("move the slider" in chrome.evaluate("document.getElementById('confusion-note').textContent"),
          "before training nothing is evaluated")
    chrome.evaluate(slide + "(1)")
    check("After epoch 1" in chrome.evaluate("document.getElementById('confusion-note').textContent"), "the slider moves the charts")
    for width in (1280, 400):
        chrome.open(f"{run}/report.html", width, 900, False)
        check(chrome.evaluate("document.documentElement.scrollWidth") <= width, f"values fit {width} px")
        if shots:
            chrome.screenshot(f"{shots}/values-{width}.png")
    check(not chrome.errors, f"values: still no error: {chrome.errors}")


def main():
    skein = Skein(sys.argv[1])
    shots = sys.argv[2] if len(sys.argv) > 2 else None
    if shots:
        os.makedirs(shots, exist_ok=True)
    folder = tempfile.mkdtemp(prefix="skein-report-")
    chrome = Chrome()
    try:
        values(chrome, skein, folder, shots)
        digits(chrome, skein, folder, shots)
        every_activation(chrome, skein, folder)
        hostile_names(chrome, skein, folder)
    finally:
        chrome.close()
        shutil.rmtree(folder, ignore_errors=True)
    print(f"{len(failures)} failures")
    sys.exit(1 if failures else 0)


main()
