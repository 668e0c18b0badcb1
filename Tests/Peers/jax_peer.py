"""JAX on one workload. usage: jax_peer.py WORKLOAD THREADS REPEATS SECONDS EPOCHS

The fastest way to write it that we found, for JAX 0.4.31 and for today's: one jitted scan over
many batches, whose parameters are donated; samples as bytes, which the step itself converts; labels
as one-hot rows, whose gradient needs no scatter.
"""

import os
import sys

name, threads = sys.argv[1], int(sys.argv[2])
repeats, seconds, epochs = int(sys.argv[3]), float(sys.argv[4]), int(sys.argv[5])
os.environ["JAX_PLATFORMS"] = "cpu"
# With one thread, products are not handed to a pool: this doubles the speed of 0.4.31 at lines.
os.environ["XLA_FLAGS"] = f"--xla_cpu_multi_thread_eigen={'true' if threads > 1 else 'false'}"
import jax  # noqa: E402  (reads the environment when it is imported)
import jax.numpy as jnp  # noqa: E402
import numpy as np  # noqa: E402

from workload import load, measure, parameters as first  # noqa: E402

work, x, y = load(name)
x, y = jnp.asarray(x), jax.nn.one_hot(jnp.asarray(y), work["layers"][-1])
parameters = jax.tree.map(jnp.asarray, first(work))


def loss_of(parameters, samples, targets):
    h = samples.astype(jnp.float32) * np.float32(1 / 255)
    for index, (weights, biases) in enumerate(parameters):
        h = h @ weights + biases
        if index < len(parameters) - 1:
            h = jax.nn.relu(h)
    return -(jax.nn.log_softmax(h) * targets).sum() / work["batch"]


def scan(parameters, orders, x, y):
    def step(parameters, rows):
        loss, gradients = jax.value_and_grad(loss_of)(parameters, x[rows], y[rows])
        return jax.tree.map(lambda p, g: p - work["rate"] * g, parameters, gradients), loss

    return jax.lax.scan(step, parameters, orders, unroll=work["unroll"])


scan = jax.jit(scan, donate_argnums=0)


def train(orders):
    global parameters
    parameters, losses = scan(parameters, orders, x, y)
    return np.asarray(losses)  # waits


def prepare(rows):
    return jnp.asarray(rows).block_until_ready()


measure(work, prepare, train, repeats, seconds, epochs)
