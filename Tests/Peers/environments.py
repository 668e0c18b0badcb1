"""The peers' virtual environments: two below .build-peers, each of a file of pinned versions."""

import json
import os
import shutil
import subprocess
import sys

from programs import HERE, Failure

TORCH_CPU = "https://download.pytorch.org/whl/cpu"  # a tenth of the size: no libraries for GPUs
PYTHONS = {"today": None, "jax-0.4.31": ((3, 11), (3, 12))}  # those that its wheels are built for


def make(folder, name):
    """The environment's Python. The environment is made anew where its requirements changed.

    Raises `Failure` where it cannot be made, with the reason in one line.
    """
    requirements = os.path.join(HERE, f"requirements-{name}.txt")
    home = os.path.join(folder, name)
    python, stamp = os.path.join(home, "bin", "python"), os.path.join(home, "installed.txt")
    with open(requirements) as file:
        wanted = file.read()
    if os.path.exists(stamp) and os.access(python, os.X_OK):
        with open(stamp) as file:
            if file.read() == wanted:
                return python
    print(f"making {home}, which takes minutes", file=sys.stderr, flush=True)
    run([interpreter(name), "-m", "venv", "--clear", home])
    pip = [python, "-m", "pip", "--quiet", "--disable-pip-version-check", "--no-input", "install"]
    for pin in wanted.split():
        if pin.startswith("torch=="):
            # Where that index cannot be reached, the next command takes PyPI's build.
            small = ["--retries", "0", "--timeout", "15", "--no-deps", "--index-url", TORCH_CPU]
            subprocess.run(pip + small + [pin], capture_output=True)
    run(pip + ["--requirement", requirements])
    with open(stamp, "w") as file:
        file.write(wanted)
    return python


def interpreter(name):
    """A Python that the wheels of environment `name` are built for."""
    versions = PYTHONS[name]
    if versions is None or sys.version_info[:2] in versions:
        return sys.executable
    words = [f"python{major}.{minor}" for major, minor in versions]
    found = next(filter(None, map(shutil.which, words)), None)
    if found is None:
        raise Failure(f"needs {' or '.join(words)} on the PATH: PyPI has no other build")
    return found


def run(command):
    try:
        done = subprocess.run(command, capture_output=True, text=True)
    except OSError as error:
        raise Failure(str(error)) from error
    if done.returncode:
        lines = (done.stderr.strip() or done.stdout.strip() or "no message").splitlines()
        raise Failure(f"cannot be installed: {lines[-1]}")


def versions(python):
    """The versions of what is installed, by name."""
    listed = subprocess.run(
        [python, "-m", "pip", "--disable-pip-version-check", "list", "--format", "json"],
        capture_output=True,
        text=True,
    )
    if listed.returncode:
        return {}
    return {row["name"]: row["version"] for row in json.loads(listed.stdout)}
