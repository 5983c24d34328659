"""Virtual patients: reproducible standard normals, for a few patients spread evenly, for a population each patient by its number.

A band of 200 patients must not wobble with the seed, so they are stratified. A population of a million is made in chunks on many cores,
so its patients are drawn by a counter: patient 812,345 of a seed is the same person in every chunk, order and number of workers.
"""

from __future__ import annotations

import zlib
from functools import lru_cache
from statistics import NormalDist

import numpy as np

from winddown.domain.pharmacology.linear import Array

STANDARD = NormalDist()
FEW = 20_000  # normals: what a chart draws, and what is worth keeping
BLOCK = 1024  # patients behind one position of the counter; part of what a seed means


class Rows(int):
    """A seed for some patients of an endless row: the n that are drawn with it are the patients `first` to `first + n - 1`.

    Whatever draws patients from a seed draws them by their numbers when it is handed one of these.
    """

    first: int

    def __new__(cls, seed: int, first: int) -> Rows:
        rows = super().__new__(cls, seed)
        rows.first = first
        return rows


def generator(seed: int, purpose: str) -> np.random.Generator:
    """A generator of its own for each purpose, so that one more draw in one place shifts no other."""
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed & 0xFFFFFFFF, zlib.crc32(purpose.encode())])))


def stratified_normals(n: int, k: int, seed: int, purpose: str) -> Array:
    """Latin hypercube of standard normals; independent ones, by number, when the seed is of `Rows`.

    returns  (n, k); each column has one value in each of n equally likely slices, in an order independent of the others
    source   McKay, Beckman and Conover 1979
    """
    if isinstance(seed, Rows):
        return counted_normals(seed.first, n, k, seed, purpose)
    return _kept(n, k, int(seed), purpose).copy() if n * k <= FEW else _stratified(n, k, seed, purpose)


@lru_cache(maxsize=64)
def _kept(n: int, k: int, seed: int, purpose: str) -> Array:
    """The same patients are drawn for every chart: their numbers depend on nothing else."""
    return _stratified(n, k, seed, purpose)


def _stratified(n: int, k: int, seed: int, purpose: str) -> Array:
    random = generator(seed, purpose)
    columns = [(random.permutation(n) + random.random(n)) / n for _ in range(k)]
    uniform = np.clip(np.stack(columns, axis=1), 1e-12, 1 - 1e-12) if k else np.zeros((n, 0))
    return np.asarray([[STANDARD.inv_cdf(value) for value in row] for row in uniform.tolist()], dtype=np.float64).reshape(n, k)


def counted_uniforms(first: int, n: int, k: int, seed: int, purpose: str) -> Array:
    """(n, k) numbers strictly between 0 and 1 of the patients `first` onwards.

    source  Philox, a counter-based generator: Salmon and others 2011
    """
    block, last = first // BLOCK, (first + n - 1) // BLOCK
    key = np.array([seed & 0xFFFFFFFFFFFFFFFF, zlib.crc32(purpose.encode())], dtype=np.uint64)
    drawn = [np.random.Philox(key=key, counter=[0, 0, 0, number]).random_raw(BLOCK * k) for number in range(block, last + 1)]
    bits = np.concatenate(drawn).reshape(-1, k)[first - block * BLOCK :][:n]
    return ((bits >> np.uint64(11)).astype(np.float64) + 0.5) * 2.0**-53


def counted_normals(first: int, n: int, k: int, seed: int, purpose: str) -> Array:
    """(n, k) independent standard normals of the patients `first` onwards."""
    from scipy.special import ndtri  # slow import

    return np.asarray(ndtri(counted_uniforms(first, n, k, seed, purpose)), dtype=np.float64)
