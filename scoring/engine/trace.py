"""The walk from place to source row as data: a versioned JSON trace. Computes nothing that `explain` does not tell.

Numbers are exact decimal strings. Version 2 added, for each indicator, the rules as the 办法 has them (`written`), the
line they stand in, the value of the indicator, the document number, what the assessors entered, and the figures of the group it is compared with.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from scoring.engine.assessment import Assessment
from scoring.engine.explain import IndicatorTrace, indicator_traces
from scoring.engine.followed import listed as followed
from scoring.engine.sources import source_rows
from scoring.engine.summed import sum_lines
from scoring.rubric import Rubric
from scoring.rubric.assumed import listed
from scoring.rubric.items import located
from scoring.source import Loc
from scoring.store import Store

TRACE_VERSION = "2"
_WRITTEN = (
    "full_marks", "at_most", "actual", "target", "value", "measured_in", "rules", "not_applicable", "void", "base_zero",
    "missing",
)  # fmt: skip


def explain_json(assessment: Assessment, store: Store, unit: str, only: str | None = None) -> dict[str, Any]:
    """One unit: place, sum, indicators with rules, figures and rows. Raises nothing: absence is a state in it."""
    rubric = assessment.rubric
    row = assessment.one("ranking", unit=unit)
    assert row is not None
    places = {one.code: loc for loc, _, one in located(rubric.spec.sections)}
    return {
        "trace_version": TRACE_VERSION,
        "rubric": {
            "title": rubric.title,
            "edition": rubric.spec.edition,
            "document": rubric.spec.document.number,
            "in_force": rubric.spec.document.in_force.isoformat(),
            "file": rubric.document.file,
        },
        "period": assessment.period.label,
        "as_of": assessment.as_of.isoformat(),
        "data_version": assessment.data_version,
        "unit": unit,
        "title": rubric.register.title(unit),
        "place": plain(row),
        "consequences": followed(assessment).get(unit, []),
        "sum": sum_lines(assessment, unit),
        "indicators": [
            _indicator(assessment, store, unit, trace, _place(rubric, trace, places))
            for trace in indicator_traces(assessment, unit, only)
        ],
        "assumptions": listed(rubric),
    }


def _place(rubric: Rubric, trace: IndicatorTrace, places: dict[str, Loc]) -> Loc:
    """Where the indicator stands in the file; one that is scored part by part stands there once for all parts."""
    if trace.indicator.origin == trace.indicator.code:
        return places[trace.indicator.code]
    found = rubric.document.find("code", trace.indicator.origin)
    return found if found is not None else ()


def _indicator(assessment: Assessment, store: Store, unit: str, trace: IndicatorTrace, loc: Loc) -> dict[str, Any]:
    rubric = assessment.rubric
    written = rubric.document.at(loc)
    return {
        "code": trace.indicator.code,
        "title": trace.indicator.title,
        "clause": trace.indicator.clause,
        "document": rubric.spec.document.number,
        "section": rubric.path(trace.section.code),
        "rule": trace.rule,
        "written": {key: as_json(written[key]) for key in _WRITTEN if key in written},
        "line": rubric.document.line(loc),
        "assumption": trace.indicator.assumption,
        "sentence": trace.sentence,
        "score": plain(trace.score),
        "parts": [plain(part) for part in trace.parts],
        "entries": [plain(entry) for entry in trace.entries],
        "compared": [plain(row) for row in trace.compared],
        "measures": [
            {**plain(measure), "rows": _rows(assessment, store, unit, measure["measure"])} for measure in trace.measures
        ],
    }


def _rows(assessment: Assessment, store: Store, unit: str, code: str) -> list[dict[str, Any]]:
    measure = assessment.rubric.measures[code]
    found = source_rows(store, assessment, unit, measure)
    return [{"file": row.file, "row": row.row, "cells": row.cells} for row in found]


def plain(row: dict[str, Any]) -> dict[str, Any]:
    """A row of a result, decimals and dates as text."""
    return {key: as_json(value) for key, value in row.items()}


def as_json(value: Any) -> Any:
    """What was written or found, as JSON can hold it without losing a digit."""
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if isinstance(value, dict):
        return {str(key): as_json(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [as_json(item) for item in value]
    return value if value is None or isinstance(value, (str, int, bool)) else str(value)
