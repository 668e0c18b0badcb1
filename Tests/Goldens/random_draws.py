"""What PyTorch's CPU generator draws: `python3 Tests/Goldens/random_draws.py` writes random.json.

(A script called random.py would hide the module that torch imports.)
Every field starts from a fresh `torch.manual_seed(seed)`; `thenRand` is a `torch.rand(2)` right
after it, which shows where the stream stands. `normal_` has two paths: below 16 elements one
Box-Muller pair in double precision per two values, whose second value waits for the next call;
from 16 elements on blocks of 16 floats. The second path takes vectorised log, cos and sin, whose
last bits differ between processors; the draws of the first path are exact to the last bit.
"""

import torch

from golden import number, numbers, write

SEEDS = [0, 1, 7, 1234, 2**31 + 5, 2**32 - 1]
PERMUTATION_SIZES = [0, 1, 2, 10, 1000]
NORMAL_COUNTS = [[1], [5], [15], [16], [17], [20], [40], [100], [5, 5], [3, 20, 4], [1, 2, 15]]
NORMAL_SHAPES = [(0, 1), (1.5, 0.2)]


def permutation(size):
    order = torch.randperm(size).tolist()
    return {"first": order[:20], "checksum": sum(i * p for i, p in enumerate(order))}


def permutations(seed, size):
    """Two in a row."""
    torch.manual_seed(seed)
    drawn = [permutation(size), permutation(size)]
    return {"size": size, "drawn": drawn, "thenRand": numbers(torch.rand(2))}


def normals(seed, mean, deviation, counts):
    """One `normal_` per count, in a row."""
    torch.manual_seed(seed)
    drawn = [numbers(torch.empty(n).normal_(mean, deviation)) for n in counts]
    return {
        "mean": number(mean), "deviation": number(deviation), "counts": counts,
        "drawn": drawn, "thenRand": numbers(torch.rand(2)),
    }


def case(seed):
    torch.manual_seed(seed)
    rand = numbers(torch.cat([torch.rand(3), torch.rand(3), torch.rand(14)]))
    torch.manual_seed(seed)
    uniform = numbers(torch.empty(3, 4).uniform_(-0.5, 0.5))
    return {
        "seed": seed, "rand": rand,
        "uniform": {"lower": -0.5, "upper": 0.5, "shape": [3, 4], "values": uniform},
        "permutations": [permutations(seed, n) for n in PERMUTATION_SIZES],
        "normals": [normals(seed, *s, c) for s in NORMAL_SHAPES for c in NORMAL_COUNTS],
    }


if __name__ == "__main__":
    write("random.json", [case(seed) for seed in SEEDS])
