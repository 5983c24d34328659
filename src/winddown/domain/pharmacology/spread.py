"""Virtual patients: reproducible standard normals, spread evenly so that a band of 200 patients does not wobble with the seed."""

from __future__ import annotations

import zlib
from statistics import NormalDist

import numpy as np

from winddown.domain.pharmacology.linear import Array

STANDARD = NormalDist()


def generator(seed: int, purpose: str) -> np.random.Generator:
    """A generator of its own for each purpose, so that one more draw in one place shifts no other."""
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed & 0xFFFFFFFF, zlib.crc32(purpose.encode())])))


def stratified_normals(n: int, k: int, seed: int, purpose: str) -> Array:
    """Latin hypercube of standard normals.

    returns  (n, k); each column has one value in each of n equally likely slices, in an order independent of the others
    source   McKay, Beckman and Conover 1979
    """
    random = generator(seed, purpose)
    columns = [(random.permutation(n) + random.random(n)) / n for _ in range(k)]
    uniform = np.clip(np.stack(columns, axis=1), 1e-12, 1 - 1e-12) if k else np.zeros((n, 0))
    return np.asarray([[STANDARD.inv_cdf(value) for value in row] for row in uniform.tolist()], dtype=np.float64).reshape(n, k)
