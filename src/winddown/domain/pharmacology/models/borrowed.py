"""Between-patient spread for models that published none we could read: that of the default model, said aloud on every band."""

from __future__ import annotations

import numpy as np

from winddown.domain.pharmacology.linear import Array
from winddown.domain.pharmacology.models import pk_rs_default


def borrowed_omega(symbols: tuple[str, ...]) -> Array:
    """Diagonal covariance (k, k) of the default model's random effects of these names."""
    names = list(pk_rs_default.MODEL.etas)
    return np.diag([float(pk_rs_default.MODEL.omega[names.index(symbol), names.index(symbol)]) for symbol in symbols])
