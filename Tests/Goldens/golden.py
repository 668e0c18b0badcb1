"""What the golden scripts share: rounding, and one JSON layout with a case per line."""

import json
import pathlib
import sys

import torch

FOLDER = pathlib.Path(__file__).resolve().parent
SMALLEST_NORMAL = torch.finfo(torch.float32).tiny
LARGEST = torch.finfo(torch.float32).max


def number(value, digits=9):
    """`value` with `digits` significant digits; 9 give a Float back exactly.

    Magnitudes below the smallest normal Float become 0, so that a reader never meets a number
    that Float cannot hold.
    """
    value = float(value)
    assert abs(value) <= LARGEST, value
    return float(f"{value:.{digits}g}") if abs(value) >= SMALLEST_NORMAL else 0.0


def numbers(tensor):
    """The elements of `tensor`, row-major."""
    return [number(v) for v in tensor.detach().reshape(-1).tolist()]


def array(tensor):
    """`tensor` as a shape and its elements, row-major."""
    return {"shape": list(tensor.shape), "values": numbers(tensor)}


def write(name, cases, **head):
    """Writes `name`: the torch version, the script, the fields of `head`, then a case per line."""
    top = {"torch": torch.__version__.split("+")[0], "script": pathlib.Path(sys.argv[0]).name}
    fields = [f'"{k}": {json.dumps(v)}' for k, v in (top | head).items()]
    lines = ",\n".join(json.dumps(case, separators=(",", ":"), allow_nan=False) for case in cases)
    text = "{" + ",\n".join(fields) + ',\n"cases": [\n' + lines + "\n]}\n"
    json.loads(text)
    (FOLDER / name).write_text(text)
    print(f"{name}: {len(cases)} cases, {len(text)} bytes")
