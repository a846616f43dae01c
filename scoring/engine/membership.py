"""Whose facts count for whom: a unit's own, or those of every unit below it too (a city scored over its counties).

`membership(fact_unit, unit)`. A unit below stands there once, however deep it stands: a functional zone that lies in a
county counts once in the city. Rows keep their own key, so that what counts once (`once_by`) is found among all of them.
"""

from __future__ import annotations

from dataclasses import dataclass

from scoring.rubric import Rubric
from scoring.rubric.model import Period
from scoring.rubric.settings import OWN
from scoring.sql.text import identifier, indent, values_table
from scoring.units import Register

TABLE = "membership"  # fact_unit, unit, own
IN_TABLE = ("", TABLE)  # stands for all pairs where they are a table of the run: too many to be written out


@dataclass(frozen=True)
class Imagined(Register):
    """Units that are not in any register and stand over members told in the table `membership` of the run."""


def has_members(rubric: Rubric) -> bool:
    """Whether any group is scored over the facts of the units below."""
    return any(group.facts == "members" for group in rubric.groups.values())


def membership(rubric: Rubric, period: Period) -> list[tuple[str, str]]:
    """(unit of the fact, scored unit), in the order of the register."""
    if isinstance(rubric.register, Imagined):
        return [IN_TABLE]
    pairs: list[tuple[str, str]] = []
    for code, group in rubric.groups.items():
        for unit in rubric.units(code, period):
            below = rubric.register.below(unit.code) if group.facts == "members" else ()
            pairs += [(unit.code, unit.code), *((one.code, unit.code) for one in below)]
    return pairs


def members_sql(pairs: list[tuple[str, str]]) -> str:
    """As a FROM source `m` with fact_unit and unit."""
    if IN_TABLE in pairs:
        return f"{TABLE} m"
    return f"(\n{indent(values_table('v', ['fact_unit', 'unit'], pairs))}\n) m"


def mapped(table: str, pairs: list[tuple[str, str]]) -> str:
    """Rows of a form, each under the unit that is scored, as a FROM source."""
    own = f"{'m.own' if IN_TABLE in pairs else 't.row_unit = m.unit'} AS {identifier(OWN)}"
    return (
        f"(SELECT t.* REPLACE (m.unit::unit_code AS row_unit), {own} FROM {table} t "
        f"JOIN {members_sql(pairs)} ON m.fact_unit = t.row_unit)"
    )
