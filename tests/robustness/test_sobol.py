"""Sobol' indices of functions whose indices are known from the literature."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from scoring.insight.robustness.sobol import CLOSE, sobol

Floats = NDArray[np.float64]


def ishigami(cube: Floats) -> Floats:
    """Ishigami & Homma 1990 with a = 7, b = 0.1 over [−π, π]³."""
    x = (2 * cube - 1) * np.pi
    found: Floats = np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])
    return found


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_ishigami(seed: int) -> None:
    """S = (0.3139, 0.4424, 0), ST = (0.5576, 0.4424, 0.2437); mean a/2 = 3.5, variance 13.8446 (Saltelli et al. 2008)."""
    found = sobol(ishigami, 3, 8192, seed)
    assert np.abs(found.first[0] - np.array([0.3139, 0.4424, 0])).max() < 0.01
    assert np.abs(found.total[0] - np.array([0.5576, 0.4424, 0.2437])).max() < 0.01
    assert found.mean[0] == pytest.approx(3.5, abs=0.05)
    assert found.spread[0] ** 2 == pytest.approx(13.8446, rel=0.01)
    assert found.runs == 8192 * 5
    assert (found.first <= found.total + CLOSE).all()


def test_sobol_g() -> None:
    """g = Π (|4x − 2| + a) ÷ (1 + a): Vᵢ = 1 ÷ (3 (1 + aᵢ)²), S = Vᵢ ÷ V, ST = Vᵢ Π_{j≠i} (1 + Vⱼ) ÷ V, V = Π (1 + Vⱼ) − 1."""
    a = np.array([0, 1, 4.5, 9, 99, 99, 99, 99])

    def g(cube: Floats) -> Floats:
        found: Floats = np.prod((np.abs(4 * cube - 2) + a) / (1 + a), axis=1)
        return found

    parts = 1 / (3 * (1 + a) ** 2)
    whole = np.prod(1 + parts) - 1
    found = sobol(g, 8, 8192, 4)
    assert np.abs(found.first[0] - parts / whole).max() < 0.01
    assert np.abs(found.total[0] - parts * np.prod(1 + parts) / (1 + parts) / whole).max() < 0.01
    assert found.first[0][0] == pytest.approx(0.7165, abs=0.01)  # as Saltelli et al. 2010 print it
    assert found.total[0][0] == pytest.approx(0.7871, abs=0.01)
    assert (found.first <= found.total + CLOSE).all()


def test_several_outputs_and_one_that_never_changes() -> None:
    """x₁ + 2 x₂: variances 1 : 4. A constant has no indices."""

    def f(cube: Floats) -> Floats:
        return np.column_stack([cube[:, 0] + 2 * cube[:, 1], np.full(len(cube), 5.0)])

    found = sobol(f, 2, 4096, 5, at_once=1000)
    assert np.abs(found.first[0] - np.array([0.2, 0.8])).max() < 0.01
    assert np.abs(found.total[0] - np.array([0.2, 0.8])).max() < 0.01
    assert found.spread[1] == 0
    assert found.first[1].tolist() == found.total[1].tolist() == [0, 0]
    assert found.mean[1] == 5


def test_the_seed_brings_it_back_and_odd_numbers_are_refused() -> None:
    one, again, other = (sobol(ishigami, 3, 256, seed) for seed in (1, 1, 2))
    assert (one.first == again.first).all()
    assert not (one.first == other.first).any()
    for number in (0, 1, 1000):
        with pytest.raises(ValueError, match="power of 2"):
            sobol(ishigami, 3, number, 1)
