"""Whether programs train alike: none may be fast because it skips work.

All have the same samples, batch size and rate. The peers also have the same weights at the start
and the same order of samples, so that their losses differ by rounding alone; Skein draws its own.
"""

import math
import statistics

PEERS = 1.02  # at most so many times the peers' median, or its inverse
OTHERS = 1.25  # the same for Skein: other weights at the start, another order


def fault(first, last):
    """What is wrong with a training whose loss began at `first` and ended at `last`, or None."""
    if not (math.isfinite(first) and math.isfinite(last)):
        return f"the loss went from {first} to {last}: it is not finite"
    if not last < first:
        return f"the loss went from {first} to {last}: it does not fall"
    return None


def disagreement(own, peers, limit):
    """Where a program's mean losses of some epochs leave those of all peers, or None.

    own: the losses of the program, one an epoch. peers: such lists of all peers, perhaps none.
    """
    for epoch, (loss, *others) in enumerate(zip(own, *peers), 1):
        if others:
            middle = statistics.median(others)
            if not middle / limit <= loss <= middle * limit:
                return f"the loss of epoch {epoch} is {loss:.4g}, the peers' {middle:.4g}"
    return None
