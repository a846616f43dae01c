"""The benchmark's programs agree with the engine at a tiny size: what it times is the same work."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks import frames, peers_pandas, peers_polars
from benchmarks.engine_scale import Exact, engine, exact
from benchmarks.synthetic import Synthetic, make


@pytest.fixture(scope="module")
def synthetic() -> Synthetic:
    return make(rows=2_000, units=50)


@pytest.fixture(scope="module")
def found(synthetic: Synthetic) -> Exact:
    return exact(engine(synthetic.store, synthetic.rubric()), synthetic)


PROGRAMS = {
    "pandas groupby": (peers_pandas.prepare, peers_pandas.run),
    "numpy bincount": (peers_pandas.prepare, peers_pandas.by_bincount),
    "polars": (peers_polars.prepare, peers_polars.run),
}


@pytest.mark.parametrize("program", PROGRAMS)
def test_exact_programs_give_the_same_totals_and_places(
    synthetic: Synthetic, found: Exact, program: str
) -> None:
    prepare, run = PROGRAMS[program]
    result = run(prepare(frames.export(synthetic), True))  # type: ignore[operator]
    np.testing.assert_array_equal(result.totals, found.totals)
    np.testing.assert_array_equal(result.places, found.places)


@pytest.mark.parametrize("program", PROGRAMS)
def test_float_programs_give_the_same_totals_within_a_millionth(
    synthetic: Synthetic, found: Exact, program: str
) -> None:
    prepare, run = PROGRAMS[program]
    result = run(prepare(frames.export(synthetic), False))  # type: ignore[operator]
    np.testing.assert_allclose(result.totals, found.totals / 100, atol=1e-6, rtol=0)


def test_the_totals_are_worth_comparing(found: Exact) -> None:
    """Neither all alike nor at an end of the scale, so that agreement says something."""
    assert len(set(found.totals)) > 40
    assert 0 < found.totals.min() < found.totals.max() < 10_000


def test_other_weights_change_totals_from_the_same_measures(synthetic: Synthetic, found: Exact) -> None:
    heavier = synthetic.rubric({"i_target_1": 400})
    assert not np.array_equal(
        exact(engine(synthetic.store, heavier), synthetic).totals, found.totals
    )
