"""权重实验室: which figures of a draft are changed, and the draft scored. What was changed stands in the address.

Nothing official is touched: a draft lives in the visit until it is saved.
"""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

import streamlit as st

from pages.ui import served, state
from scoring.insight.whatif import Lab, WhatIf
from scoring.issues import Issue
from scoring.rubric import Rubric
from scoring.rubric.knobs import What, by_path, issued_targets
from scoring.rubric.scaling import How, NotScaled, scaling
from scoring.rubric.trial import tried
from scoring.source import Loc

TARGETS, MOST_OF_TARGET = "targets", 300  # case_target=120;… in percent
ADDRESS = "change"  # sections.enforcement.indicators.case_volume.full_marks.county=10;…
_TOTAL = {"总分不变": "fixed", "总分跟着变": "free"}
_OVER = {"同一级指标内": "section", "全部指标": "all"}
_PRICES = {"单价跟着变": "scale", "单价不变": "stay"}
_CHOICES = {"total": _TOTAL, "over": _OVER, "prices": _PRICES}
_LABELS = {"total": "其余分值", "over": "由谁分担", "prices": "单价"}
LOCKED = "locked"
HOW = (*_CHOICES, LOCKED)  # what of the address says what happens to the others


def base() -> Rubric:
    """The edition the draft starts from: the one that scores the chosen period."""
    return served.project().edition(served.period())


def lab(rubric: Rubric) -> Lab:
    """Facts and results of the chosen period, made once for a visit and thrown away with it."""
    current = served.project()
    key = (current.version, served.period(), served.as_of(), rubric.document.file)
    found: tuple[object, Lab] | None = st.session_state.get("lab")
    if found is None or found[0] != key:
        if found is not None:
            found[1].close()
        with st.spinner("正在准备数据…"):
            made = Lab(current.store, rubric, rubric.period(served.period()), served.as_of())
        st.session_state["lab"] = found = (key, made)
    return found[1]


def changes(rubric: Rubric) -> dict[str, Decimal]:
    """What was changed, by path. What the address says of figures that are not there is left out."""
    known, found = by_path(rubric), {}
    for piece in (state.parameter(ADDRESS) or "").split(";"):
        path, _, text = piece.partition("=")
        try:
            value = Decimal(text)
        except InvalidOperation:
            continue
        if path in known and value.is_finite() and value != known[path].value:
            found[path] = value
    return found


def targets(rubric: Rubric) -> dict[str, Decimal]:
    """Percent of the issued targets, by measure, where it is not 100."""
    known = {code for group in rubric.groups for code in issued_targets(rubric, group)}
    found = {}
    for piece in (state.parameter(TARGETS) or "").split(";"):
        code, _, text = piece.partition("=")
        if code in known and text.isdecimal() and 0 < int(text) <= MOST_OF_TARGET and int(text) != 100:
            found[code] = Decimal(text)
    return found


def change_target(rubric: Rubric, code: str, percent: int) -> None:
    """100 takes it back."""
    kept = {one: value for one, value in {**targets(rubric), code: Decimal(percent)}.items() if value != 100}
    state.set_parameter(TARGETS, ";".join(f"{one}={value}" for one, value in kept.items()) or None)


def change(rubric: Rubric, path: str, value: Decimal) -> None:
    """Set one figure; its old value takes the change back."""
    put({**changes(rubric), path: value}, rubric)


def take_all_back() -> None:
    for name in (ADDRESS, TARGETS):
        state.set_parameter(name, None)


def put(found: dict[str, Decimal], rubric: Rubric) -> None:
    known = by_path(rubric)
    kept = {path: value for path, value in found.items() if value != known[path].value}
    state.set_parameter(ADDRESS, ";".join(f"{path}={value}" for path, value in kept.items()) or None)


def how(rubric: Rubric, group: str | None = None) -> How:
    """What happens to the others, as chosen on the page or in the address; before the pickers are drawn. No group: of all."""
    total, over, prices = (state.chosen(key, list(options)) for key, options in _CHOICES.items())
    known = _lockable(rubric, group)
    locked = frozenset(known[title] for title in state.chosen_several(LOCKED, list(known)))
    return How(_TOTAL[total], _OVER[over], _PRICES[prices], locked)  # type: ignore[arg-type]


def pick_how(rubric: Rubric, group: str) -> None:
    """The pickers of `how`."""
    for place, (key, label) in zip(st.columns(3), _LABELS.items(), strict=True):
        with place:
            state.pick(label, list(_CHOICES[key]), key)
    state.pick_several("锁定不变的", list(_lockable(rubric, group)), LOCKED, "都可以跟着变")


def _lockable(rubric: Rubric, group: str | None) -> dict[str, Loc]:
    return {
        one.title: one.loc
        for one in by_path(rubric).values()
        if one.what is What.FULL_MARKS and one.about in ("indicator", "section") and (group is None or one.group in (None, group))
    }


def link_to_certainty(rubric: Rubric) -> None:
    """To 名次有多稳, of the draft as it stands here."""
    told = {name: value for name in (ADDRESS, "group", *HOW) if (value := state.parameter(name))}
    label = "按这份草案，名次有多稳" if changes(rubric) else "现在的名次有多稳"
    st.page_link("analysts/certainty.py", label=label, icon=":material/arrow_forward:", query_params=told)


def texts(rubric: Rubric, how: How) -> tuple[dict[Loc, str], tuple[str, ...]]:
    """The scalars of the draft as they would be written, and what whoever changes them should know. Raises NotScaled."""
    known = by_path(rubric)
    found = scaling(rubric, {known[path].loc: value for path, value in changes(rubric).items()}, how)
    return found.changes, found.warnings


def scored(rubric: Rubric, how: How) -> tuple[WhatIf | None, list[str | Issue]]:
    """The draft beside its base; or None and what is wrong with it."""
    try:
        written, warnings = texts(rubric, how)
    except NotScaled as error:
        return None, [str(error)]
    draft, issues = tried(rubric, written)
    if draft is None:
        return None, list(issues)
    return lab(rubric).tried(draft, targets(rubric)), list(warnings)
