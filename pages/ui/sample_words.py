"""标准样例 in words, one row for each unit: what is given, what the rubric must give. Calls no Streamlit."""

from __future__ import annotations

from scoring.rubric import Rubric
from scoring.rubric.sample_checks import OF_THE_UNIT
from scoring.rubric.samples import SampleUnit

MOST_FIGURES = 12  # that a cell of a table can hold
DITTO = "〃"


def rows(rubric: Rubric) -> list[dict[str, str]]:
    """In the order of the text."""
    titles = {one.code: one.title for one in (*rubric.indicators.values(), *rubric.spec.adjustments)}
    titles |= {node.section.code: node.section.title for node in rubric.nodes()} | OF_THE_UNIT
    found = []
    for sample in rubric.spec.samples:
        head, clause, note = sample.title or f"{sample.period} 年实际得分", sample.clause or "—", sample.note or "—"
        order = [f"名次由先到后：{'、'.join('＝'.join(level) for level in sample.order)}"] if sample.order else []
        for unit in sample.units:
            told = [f"{titles.get(key, key)} {expected.text.strip('“”')}" for key, expected in unit.expect.items()]
            found.append({
                "样例": head, "条款": clause, "单位": unit.called, "数值": _figures(rubric, unit),
                "应得": "；".join([*told, *order]) or "—", "手算": note,
            })  # fmt: skip
            head = clause = note = DITTO
            order = []
    return found


def _figures(rubric: Rubric, unit: SampleUnit) -> str:
    """What a sample says of a unit."""
    if unit.unit is not None:
        return "项目里的数据"
    said = [
        f"{rubric.measures[code].title if code in rubric.measures else code} {one.written}"
        for code, one in unit.figures.items()
    ]
    told = "；".join(said) if len(said) <= MOST_FIGURES else f"{len(said)} 项数值，见办法文件"
    same = f"除下列外同{unit.like}" if unit.like is not None and told else ""
    return "；".join(text for text in (same, told) if text) or "—"
