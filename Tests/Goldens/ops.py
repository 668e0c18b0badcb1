"""What PyTorch's ops and their gradients give: `python3 Tests/Goldens/ops.py` writes ops.json.

Inputs and output gradients are Floats; PyTorch computes in double precision, and the results are
rounded to 9 significant digits (below Float's smallest normal number: to 0).
"""

import torch
import torch.nn.functional as F

from golden import array, write

SEED = 1234
GENERATOR = torch.Generator().manual_seed(SEED)
CASES = []


def as_float(tensor):
    """`tensor` rounded to Floats, in double precision."""
    return tensor.float().double()


def signed(shape, limit=4.0, smallest=0.01):
    """Numbers of either sign with magnitudes in [smallest, limit): away from every kink at 0."""
    negative = torch.rand(shape, generator=GENERATOR) < 0.5
    size = positive(shape, smallest, limit)
    return torch.where(negative, -size, size)


def positive(shape, low=0.1, high=4.0):
    unit = torch.rand(shape, generator=GENERATOR, dtype=torch.float64)
    return as_float(low + (high - low) * unit)


def record(op, function, inputs, **attributes):
    """A case: `function(*inputs)` and its inputs' gradients for a random output gradient."""
    inputs = [x.clone().requires_grad_() for x in inputs]
    output = function(*inputs)
    gradient = signed(list(output.shape), limit=2.0)
    output.backward(gradient)
    CASES.append({
        "op": op, "attributes": attributes, "inputs": [array(x) for x in inputs],
        "output": array(output), "outputGradient": array(gradient),
        "inputGradients": [array(x.grad) for x in inputs],
    })


def elementwise():
    shapes = [([4, 3], [4, 3]), ([4, 3], [3]), ([4, 3], [4, 1]), ([4, 3], []),
              ([2, 1, 3], [4, 1]), ([1], [5])]
    for op in ["add", "subtract", "multiply", "divide"]:
        for a, b in shapes:
            smallest = 0.5 if op == "divide" else 0.01
            record(op, getattr(torch, op), [signed(a), signed(b, smallest=smallest)])
    for a, b in shapes[1:]:
        record("subtract", torch.subtract, [signed(b), signed(a)])
        record("divide", torch.divide, [signed(b), signed(a, smallest=0.5)])
    record("negate", torch.neg, [signed([4, 3])])
    for exponent in [2, 3, 0.5, -1, 1.7]:
        record("pow", lambda x: x**exponent, [positive([4, 3])], exponent=exponent)
    for exponent in [2, 3]:
        record("pow", lambda x: x**exponent, [-positive([4, 3])], exponent=exponent)
    record("exp", torch.exp, [signed([4, 3])])
    record("log", torch.log, [positive([4, 3])])
    record("sqrt", torch.sqrt, [positive([4, 3])])


def reductions():
    shapes = [[5], [4, 3], [2, 3, 4]]
    for shape in shapes:
        for op, function in [("sum", torch.sum), ("mean", torch.mean), ("max", torch.max)]:
            record(op, function, [signed(shape)])
            for axis in range(len(shape)):
                along = torch.amax if op == "max" else function
                record(op, lambda x: along(x, dim=axis), [signed(shape)], axis=axis)
    # A tie: the whole gradient goes to the first maximum.
    ties = torch.tensor([[1, 3, 3, 2], [5, 5, 5, 5], [-2, -7, -2, -9]], dtype=torch.float64)
    for axis, tied in [(1, ties), (0, ties.T.contiguous())]:
        first = tied.max(dim=axis).indices.tolist()
        assert first == [1, 0, 0], first
        record("max", lambda x: x.max(dim=axis).values, [tied], axis=axis)


def shapes_and_rows():
    for m, k, n in [(1, 1, 1), (2, 3, 4), (5, 7, 3), (1, 8, 2), (17, 33, 9)]:
        record("matmul", torch.matmul, [signed([m, k]), signed([k, n])])
    for shape in [[1, 1], [4, 3], [1, 5]]:
        record("transpose", lambda x: x.T, [signed(shape)])
    for shape, to in [([4, 3], [2, 6]), ([4, 3], [12]), ([6], [1, 2, 3]), ([2, 3, 4], [6, 4])]:
        record("reshape", lambda x: x.reshape(to), [signed(shape)], shape=to)
    for rows in [[0], [3, 0, 3, 3, 1], [0, 1, 2, 3]]:
        record("gatherRows", lambda a: a[rows], [signed([4, 3])], rows=rows)
    for rows, columns in [([0, 1, 2, 3], [0, 1, 2, 1]), ([2, 2, 0, 2], [1, 1, 2, 0])]:
        record("gatherElements", lambda a: a[rows, columns], [signed([4, 3])],
               rows=rows, columns=columns)
    for axis, parts in [(0, [[2], [5]]), (0, [[1], [4], [2]]), (0, [[2, 3], [1, 3]]),
                        (0, [[1, 3], [2, 3], [4, 3]]), (1, [[3, 2], [3, 5]]),
                        (1, [[3, 1], [3, 2], [3, 4]])]:
        record("concatenate", lambda *xs: torch.cat(xs, dim=axis), [signed(p) for p in parts],
               axis=axis)


def activations():
    for op, function in [("softmax", torch.softmax), ("logSoftmax", torch.log_softmax)]:
        for shape, limit in [([5], 4), ([4, 6], 4), ([5], 30), ([4, 6], 30), ([3, 4], 200)]:
            record(op, lambda x: function(x, dim=-1), [signed(shape, limit)])
        record(op, lambda x: function(x, dim=-1),
               [torch.tensor([[200.0, -200.0, 200.0], [-200.0, -200.0, -199.0]]).double()])
    one_parameter = [("leakyRelu", F.leaky_relu, "slope", 0.01),
                     ("leakyRelu", F.leaky_relu, "slope", 0.2),
                     ("elu", F.elu, "alpha", 1.0), ("elu", F.elu, "alpha", 0.5)]
    plain = [("relu", torch.relu), ("sigmoid", torch.sigmoid), ("tanh", torch.tanh),
             ("selu", F.selu), ("gelu", F.gelu), ("swish", F.silu), ("identity", torch.clone),
             # Beyond its threshold F.softplus returns x itself; 100 keeps the formula throughout.
             ("softplus", lambda x: F.softplus(x, threshold=100))]
    for limit in [4, 50]:
        for op, function in plain:
            record(op, function, [signed([3, 7], limit)])
        for op, function, name, value in one_parameter:
            record(op, lambda x: function(x, value), [signed([3, 7], limit)], **{name: value})
        for slope in [0.25, -0.5]:
            record("parametricRelu", F.prelu,
                   [signed([3, 7], limit), torch.full([1], slope, dtype=torch.float64)])


def layers_and_losses():
    for n, i, o in [(1, 1, 1), (1, 3, 1), (4, 3, 1), (1, 5, 2), (7, 10, 16), (9, 17, 5)]:
        record("linear", F.linear, [signed([n, i]), signed([o, i], 1.0), signed([o], 1.0)])
    reductions = ["mean", "sum"]
    for n, c in [(1, 2), (6, 5), (17, 10)]:
        labels = torch.randint(c, [n], generator=GENERATOR)
        chosen = {"labels": labels.tolist()}
        for r in reductions:
            record("negativeLogLikelihood", lambda p: F.nll_loss(torch.log(p), labels, reduction=r),
                   [as_float(torch.softmax(signed([n, c]), dim=1))], **chosen, reduction=r)
            record("negativeLogLikelihoodOfLogProbabilities",
                   lambda l: F.nll_loss(l, labels, reduction=r),
                   [as_float(torch.log_softmax(signed([n, c]), dim=1))], **chosen, reduction=r)
            for limit in [4, 100]:
                record("crossEntropy", lambda x: F.cross_entropy(x, labels, reduction=r),
                       [signed([n, c], limit)], **chosen, reduction=r)
            record("meanSquaredError", squared_errors[r], [signed([n, c]), signed([n, c])],
                   reduction=r)


def weighted_losses():
    """Losses of softened labels and weighted classes; comes last, likewise."""
    for n, c in [(1, 2), (6, 5), (17, 10)]:
        labels = torch.randint(c, [n], generator=GENERATOR)
        weights = positive([c], 0, 2)
        chosen = {"labels": labels.tolist(), "weights": array(weights)["values"]}
        for smoothing in [0.0, 0.1, 0.75]:
            for r in ["mean", "sum"]:
                record("smoothedCrossEntropy",
                       lambda x: F.cross_entropy(x, labels, reduction=r, label_smoothing=smoothing),
                       [signed([n, c])], labels=labels.tolist(), reduction=r, smoothing=smoothing)
            for limit in [4, 30]:
                record("smoothedCrossEntropy",
                       lambda x: F.cross_entropy(x, labels, weights, reduction="sum",
                                                 label_smoothing=smoothing),
                       [signed([n, c], limit)], **chosen, reduction="sum", smoothing=smoothing)
        record("weighted", lambda losses: losses * weights[labels], [signed([n])], **chosen)


squared_errors = {
    "mean": F.mse_loss,
    # The sum over the samples of each one's mean over its columns.
    "sum": lambda prediction, target: ((prediction - target) ** 2).mean(dim=1).sum(),
}


def squared_errors_of_classes():
    """Against labels; comes last, so that the draws of the other cases stay."""
    for n, c in [(1, 1), (1, 2), (6, 5), (17, 10)]:
        labels = torch.randint(c, [n], generator=GENERATOR)
        target = F.one_hot(labels, c).double()
        for r in ["mean", "sum"]:
            record("meanSquaredErrorOfClasses", lambda x: squared_errors[r](x, target),
                   [signed([n, c])], labels=labels.tolist(), reduction=r)


def value_errors():
    """Errors of values; comes last, so that the draws of the other cases stay."""
    per_row = {
        "mean": lambda errors: errors.mean(),
        "sum": lambda errors: errors.reshape(len(errors), -1).mean(dim=1).sum(),
    }
    for shape in [[1], [5], [6, 1], [7, 3]]:
        for r in ["mean", "sum"]:
            record("meanAbsoluteError",
                   lambda x, t: per_row[r](F.l1_loss(x, t, reduction="none")),
                   [signed(shape), signed(shape)], reduction=r)
            for delta in [1.0, 0.25]:
                record("huber",
                       lambda x, t: per_row[r](F.huber_loss(x, t, reduction="none", delta=delta)),
                       [signed(shape), signed(shape)], reduction=r, delta=delta)
    for n, c in [(1, 1), (6, 3)]:
        for r in ["mean", "sum"]:
            record("meanAbsoluteError",
                   lambda x, t, w: per_row[r](F.l1_loss(x, t, reduction="none") * w),
                   [signed([n, c]), signed([n, c]), positive([c])], reduction=r)


if __name__ == "__main__":
    for part in [elementwise, reductions, shapes_and_rows, activations, layers_and_losses,
                 squared_errors_of_classes, value_errors, weighted_losses]:
        part()
    write("ops.json", CASES, seed=SEED)
