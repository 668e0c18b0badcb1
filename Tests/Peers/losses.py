"""Whether a training has learnt anything: no program may be fast because it does nothing."""

import math


def fault(first, last):
    """What is wrong with a training whose loss began at `first` and ended at `last`, or None."""
    if not (math.isfinite(first) and math.isfinite(last)):
        return f"the loss went from {first} to {last}: it is not finite"
    if not last < first:
        return f"the loss went from {first} to {last}: it does not fall"
    return None
