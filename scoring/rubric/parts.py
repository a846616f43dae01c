"""Sections that are scored part by part (month by month, by quarter, half-year), unrolled for one run.

What a person writes once becomes one section for each part of the period, and every figure below it a figure of that
part; the section takes their average. Parts that are over by the day of the run count (the running one where none is
over yet), so that nobody loses points for months still to come.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal

from scoring.rubric.each import MONTHS, YearPart
from scoring.rubric.items import Indicator, Section
from scoring.rubric.model import Measure, Period, Rubric
from scoring.rubric.points import Grouped, Points


def at_work(rubric: Rubric, period: Period, as_of: date) -> Rubric:
    """The rubric as it scores on that day; itself where nothing is scored part by part."""
    if not any(node.section.each is not None for node in rubric.nodes()):
        return rubric

    def work() -> Rubric:
        measures = dict(rubric.measures)
        sections = tuple(_unrolled(section, rubric, period, as_of, measures) for section in rubric.spec.sections)
        spec = rubric.spec.model_copy(update={"sections": sections})
        return Rubric(spec, rubric.document, rubric.forms, rubric.register, measures, rubric.warnings)

    found: Rubric = rubric.once(f"at work {period.start} {as_of}", work)
    return found


def _unrolled(section: Section, rubric: Rubric, period: Period, as_of: date, measures: dict[str, Measure]) -> Section:
    if section.each is None:
        below = tuple(_unrolled(one, rubric, period, as_of, measures) for one in section.sections)
        return section.model_copy(update={"sections": below})
    parts = []
    for part in parts_over(section, period, as_of):
        names = _of_part(rubric, part, set(section.whole_period), period, measures)
        weight = section.part_weights[part.number - 1] if section.part_weights else Decimal(1)
        parts.append(_clone(section, part, period, names, Grouped(Points(weight))))
    alone = {
        "indicators": (), "sections": tuple(parts), "each": None, "part_weights": (), "cumulative": False,
        "whole_period": (), "takes": "average",
    }  # fmt: skip
    return section.model_copy(update=alone)


def parts_over(section: Section, period: Period, as_of: date) -> list[YearPart]:
    """The parts that are over; the first where none is. A part of weight 0 is left out."""
    assert section.each is not None
    every = [YearPart(section.each, n, section.cumulative) for n in range(1, 12 // MONTHS[section.each] + 1)]
    if section.part_weights:
        every = [part for part in every if section.part_weights[part.number - 1]]
    return [part for part in every if part.span(period.start)[1] <= as_of] or every[:1]


def _of_part(
    rubric: Rubric, part: YearPart, whole: set[str], period: Period, measures: dict[str, Measure]
) -> dict[str, str]:
    """The figures of one part, by the code they have in the text. Adds them to the measures."""
    names = {}
    for code, measure in rubric.measures.items():
        if code not in whole:
            names[code] = f"{code}.{part.label}"
            title = f"{measure.title}（{part.title(period.start)}）"
            measures[names[code]] = replace(
                measure, code=names[code], title=title, window=f"{measure.window}@{part.label}"
            )
    return names


def _clone(section: Section, part: YearPart, period: Period, names: dict[str, str], weight: Grouped | None) -> Section:
    """The section, or one below it, as it is scored in one part."""
    head = {"code": f"{section.code}_{part.label}", "title": part.title(period.start), "weight": weight, "each": None}
    if weight is None:  # below the first: it keeps what it is
        head = {"code": f"{section.code}_{part.label}"}
    inside = tuple(_item(one, part, period, names) for one in section.indicators)
    below = tuple(_clone(one, part, period, names, None) for one in section.sections)
    alone = {"part_weights": (), "cumulative": False, "whole_period": ()}
    return section.model_copy(update={**head, **alone, "indicators": inside, "sections": below})


def _item(one: Indicator, part: YearPart, period: Period, names: dict[str, str]) -> Indicator:
    update = {"code": f"{one.code}_{part.label}", "title": f"{one.title}（{part.title(period.start)}）"}
    return one.model_copy(update=update).in_part(one.code, names)


def written_as(rubric: Rubric) -> Iterator[tuple[str, str]]:
    """(code at work, code in the text) of indicators scored in parts."""
    for code, one in rubric.indicators.items():
        if one.origin != code:
            yield code, one.origin
