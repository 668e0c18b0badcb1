"""A file of three types from the safetensors library, and a check of a file from Skein.

`python3 Tests/Goldens/safetensors_kinds.py` writes safetensors_kinds.safetensors beside itself;
with a path it reads that file and prints what is in it. `pip install safetensors numpy`.
"""

import pathlib
import sys

import numpy
from safetensors import safe_open
from safetensors.numpy import save_file

PATH = pathlib.Path(__file__).resolve().with_suffix(".safetensors")
TENSORS = {
    "layers.0.weight": numpy.array([[0.5, -1.25, 3.0], [-0.125, 1e-3, 65504.0]], numpy.float32),
    "scalar": numpy.array(-0.0, numpy.float32),
    "empty": numpy.zeros((0, 4), numpy.float32),
    "steps": numpy.array([0, -1, 2**63 - 1, -(2**63)], numpy.int64),
    "bytes": numpy.array([0, 1, 255], numpy.uint8),
    'naïve "name"\t\\': numpy.array([7], numpy.uint8),
}
METADATA = {"format": "np", "job": "name: x\nseed: 1\n", "é": "日本 \U0001f426 \x1b"}

if __name__ == "__main__":
    if len(sys.argv) == 2:
        with safe_open(sys.argv[1], "numpy") as file:
            for name in file.keys():
                tensor = file.get_tensor(name)
                print(repr(name), tensor.dtype, tensor.shape, tensor.tolist())
                assert name not in TENSORS or numpy.array_equal(tensor, TENSORS[name])
            print(file.metadata())
    else:
        save_file(TENSORS, PATH, metadata=METADATA)
        print(f"{PATH.name}: {PATH.stat().st_size} bytes")
