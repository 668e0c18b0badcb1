"""JAX on one workload: one jitted scan per epoch, the fastest way to write it.

usage: jax_peer.py WORKLOAD THREADS REPEATS

The order of the samples is drawn outside of the timed part: inside, JAX's sort would cost it more
than PyTorch's and Skein's shuffles cost them.
"""

import os
import sys
import time

name, threads, repeats = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
os.environ["JAX_PLATFORMS"] = "cpu"
os.environ["XLA_FLAGS"] = (
    f"--xla_cpu_multi_thread_eigen={'true' if threads > 1 else 'false'}"
    f" intra_op_parallelism_threads={threads}"
)
import jax  # noqa: E402  (reads the environment when it is imported)
import jax.numpy as jnp  # noqa: E402
import numpy as np  # noqa: E402

from workload import load, report, steps  # noqa: E402

work, x, y = load(name)
x, y = jnp.asarray(x), jnp.asarray(y)
draw = np.random.default_rng(1)
parameters = [
    (
        jnp.asarray(draw.uniform(-1, 1, (a, b)).astype(np.float32) / np.float32(np.sqrt(a))),
        jnp.zeros(b),
    )
    for a, b in zip(work["layers"], work["layers"][1:])
]


def loss_of(parameters, samples, labels):
    h = samples
    for index, (weights, biases) in enumerate(parameters):
        h = h @ weights + biases
        if index < len(parameters) - 1:
            h = jax.nn.relu(h)
    return -jnp.take_along_axis(jax.nn.log_softmax(h), labels[:, None], 1).mean()


def epoch(parameters, orders, x, y):
    def step(parameters, rows):
        loss, gradients = jax.value_and_grad(loss_of)(parameters, x[rows], y[rows])
        new = jax.tree.map(lambda p, g: p - work["rate"] * g, parameters, gradients)
        return new, loss

    return jax.lax.scan(step, parameters, orders)


epoch = jax.jit(epoch, donate_argnums=0)
seconds = []
# The first repetition compiles.
for repeat in range(repeats + 1):
    total = 0.0
    for _ in range(work["epochs"]):
        rows = draw.permutation(len(x))[: steps(work) * work["batch"]]
        orders = jnp.asarray(rows.reshape(-1, work["batch"]).astype(np.int32))
        orders.block_until_ready()
        start = time.perf_counter()
        parameters, losses = epoch(parameters, orders, x, y)
        losses.block_until_ready()
        total += time.perf_counter() - start
    if repeat:
        seconds.append(total)
report(seconds, work, float(losses[-1]))
