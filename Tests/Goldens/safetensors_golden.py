"""A small file from the safetensors library: `python3 Tests/Goldens/safetensors_golden.py` writes
small.safetensors (`pip install safetensors torch`).

`layers.0.weight` is [[0.5, -1.25, 3], [-0.125, 1e-3, 65504]], `layers.0.bias` is [-0.75, 1e30].
"""

import pathlib

import torch
from safetensors.torch import load_file, save_file

PATH = pathlib.Path(__file__).resolve().parent / "small.safetensors"
TENSORS = {
    "layers.0.weight": torch.tensor([[0.5, -1.25, 3.0], [-0.125, 1e-3, 65504.0]]),
    "layers.0.bias": torch.tensor([-0.75, 1e30]),
}

if __name__ == "__main__":
    save_file(TENSORS, PATH, metadata={"format": "pt"})
    read = load_file(PATH)
    assert all(torch.equal(read[name], TENSORS[name]) for name in TENSORS)
    print(f"{PATH.name}: {PATH.stat().st_size} bytes")
