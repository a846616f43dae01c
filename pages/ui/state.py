"""The state of a visit: what was chosen in the pickers of a page and stands in the address. Alone in naming query parameters.

What comes of the choice, project and results, is in served.py.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Literal

import streamlit as st
from streamlit.elements.lib.mutable_tab_container import TabContainer

from pages.ui import served
from scoring.engine import Assessment
from scoring.project import Project
from scoring.rubric import Rubric


def refused_period() -> str | None:
    """What the address of this page asked for and the picker does not offer, until the visitor chooses or moves on."""
    return st.session_state.get("refused_period", (None, None))[0]


def pick_period(page: str) -> None:
    """The picker; its choice stands in the address as ?period=."""
    offered, wanted = served.project().periods, parameter("period")
    if offered:
        if wanted is not None and wanted not in offered:
            st.session_state["refused_period"] = (wanted, page)  # the picker takes it out of the address
        elif wanted is not None or st.session_state.get("refused_period", (None, page))[1] != page:
            _period_chosen()
        st.selectbox("考核期", offered, key="period", bind="query-params", on_change=_period_chosen, width=96)


def arrive(page: str) -> None:
    """Called by the shell in every run, so that pickers know whether the visitor has just come to the page."""
    number, last = st.session_state.get("arrival", (0, None))
    if page != last:
        st.session_state["arrival"] = (number + 1, page)


def _period_chosen() -> None:
    st.session_state.pop("refused_period", None)


def pick_group(result: Assessment, own: str | None = None) -> str:
    """The group on show, at first the reader's own, in the address as ?group=. One group needs no picker."""
    groups = {code: group.title for code, group in result.rubric.groups.items()}
    codes = {title: code for code, title in groups.items()}
    if len(codes) == 1:
        return next(iter(groups))
    return codes[_segments("考核分组", list(codes), "group", groups.get(result.rubric.group_of(own) if own else None))]


def pick(label: str, options: list[str], key: str, everything: str | None = None) -> str | None:
    """One of the options, in the address as ?key=; with `everything`, nothing chosen means all of them."""
    first = options[0] if everything is None else None
    _follow(key, options, first)
    chosen = st.selectbox(label, options, None, key=key, placeholder=everything, on_change=_chosen, args=(key,))
    _keep(key, chosen, first)
    return chosen


def _segments(label: str, options: list[str], key: str, first: str | None = None) -> str:
    first = first or options[0]
    _follow(key, options, first)
    chosen: str = st.segmented_control(
        label, options, key=key, required=True, on_change=_chosen, args=(key,), label_visibility="collapsed"
    )
    _keep(key, chosen, first)
    return chosen


def _follow(key: str, options: Sequence[str], first: str | None) -> None:
    """Before a picker is drawn: the address decides; the group is carried along from page to page besides.

    Not Streamlit's own binding: on the way to a page with a picker of the same name it drops the choice from the address.
    """
    asked = parameter(key), st.session_state.get("group_last") if key == "group" else None
    _settle(key, next((one for one in asked if one in options), first))


def _settle(key: str, wanted: str | list[str] | None) -> None:
    arrival = st.session_state.get("arrival")
    if key not in st.session_state or st.session_state[key] != wanted or st.session_state.get(f"{key}_arrival") != arrival:
        st.session_state[key] = wanted  # also where a picker of another page left the same choice: it is not this one's
    st.session_state[f"{key}_arrival"] = arrival


def _chosen(key: str) -> None:
    """The visitor chose: the address says so before the page runs."""
    set_parameter(key, st.session_state[key])


def _keep(key: str, chosen: str | None, first: str | None) -> None:
    """What anybody would be shown need not stand in the address."""
    set_parameter(key, chosen if chosen != first else None)
    if key == "group":
        st.session_state["group_last"] = chosen


def pick_code(
    label: str,
    codes: Mapping[str, str],
    name: str,
    first: str | None = None,
    width: int | Literal["stretch"] = "stretch",
) -> str:
    """One of several by its title; its code stands in the address as ?name=. Nothing there: `first`, else the first."""
    wanted = [parameter(name), first]
    index = next((place for code in wanted for place, one in enumerate(codes.values()) if one == code), 0)
    chosen = codes[st.selectbox(label, list(codes), index, width=width)]
    set_parameter(name, chosen)
    return chosen


def pick_units(rubric: Rubric | None, codes: Sequence[str], own: str | None = None) -> list[str]:
    """Those of the units that are in the group on show, in the address as ?group=; who belongs to no group stands apart.

    Counties and departments are never in one list. With `own`, that unit alone and no picker.
    """
    if own is not None:
        return [code for code in codes if code == own]
    groups: dict[str, list[str]] = {}
    for code in codes:
        groups.setdefault(group_title(rubric, code), []).append(code)
    titles = [group.title for group in rubric.groups.values() if group.title in groups] if rubric is not None else []
    titles += [title for title in groups if title not in titles]
    if len(titles) < 2:
        return list(codes)
    return groups[_segments("考核分组", titles, "group")]


def group_title(rubric: Rubric | None, unit: str) -> str:
    """县区, 成员单位; 其他单位 for who reports and is not ranked. While the 办法 has errors: the kind of unit."""
    if rubric is None:
        register = served.project().register
        return register.kinds[register.by_code[unit].kind] if register is not None else "其他单位"
    group = rubric.group_of(unit)
    return rubric.groups[group].title if group is not None else "其他单位"


def pick_day(label: str, key: str, first: date | None = None, least: date | None = None) -> date | None:
    """A day, in the address as ?key=; without `first` none is chosen to begin with."""
    return st.date_input(label, first, least, key=key, format="YYYY-MM-DD", bind="query-params", width=240)


def pick_text(label: str, key: str, hint: str) -> str:
    """Words to look for, in the address as ?key=."""
    return st.text_input(label, key=key, placeholder=hint, bind="query-params")


def page_start(rows: int, size: int, key: str = "page") -> int:
    """The first row, counted from 0, of the page that `pick_page` has chosen below the table."""
    pages = max(1, -(-rows // size))
    wanted = st.session_state.get(key) or parameter(key) or "1"
    page = int(wanted) if str(wanted).isdecimal() else 1
    return (page - 1) * size if 1 <= page <= pages else 0


def pick_page(rows: int, size: int, key: str = "page") -> None:
    """Which page of many rows, in the address as ?page=; one page needs no picker."""
    pages = max(1, -(-rows // size))
    if not 1 <= int(st.session_state.get(key) or 1) <= pages:
        st.session_state[key] = 1  # the filters have left fewer
    if pages > 1:
        st.pagination(pages, key=key, bind="query-params")


def pick_only(label: str, key: str) -> bool:
    """A switch, in the address as ?key=true."""
    return st.toggle(label, key=key, bind="query-params")


def pick_many(label: str, counts: dict[str, int], key: str) -> list[str]:
    """Any number of the options, each shown with its count of units, in the address as ?key=."""
    several = max(counts.values(), default=0) > 1
    label += "（数字是单位数），点一下只看这一类，可以选几类" if several else "，点一下只看这一类，可以选几类"
    _settle(key, [option for option in counts if option in (parameter(key) or "").split("、")])
    picked: list[str] = st.pills(
        label, list(counts), selection_mode="multi", key=key, on_change=_many_chosen, args=(key,),
        format_func=lambda option: f"{option} {counts[option]}" if several else option,
    )  # fmt: skip
    set_parameter(key, "、".join(picked) or None)
    return picked


def _many_chosen(key: str) -> None:
    """As `_chosen`."""
    set_parameter(key, "、".join(st.session_state[key]) or None)


def pick_several(label: str, options: list[str], key: str, none: str) -> list[str]:
    """Any number of the options, in the address as ?key=; `none`: what nothing chosen means."""
    wanted = chosen_several(key, options)
    picked: list[str] = st.multiselect(label, options, wanted, key=f"{key}_picked", placeholder=none)
    set_parameter(key, "、".join(picked) or None)
    return picked


def chosen_several(key: str, options: Sequence[str]) -> list[str]:
    """What `pick_several` will say, before it is drawn."""
    picked = st.session_state.get(f"{key}_picked")
    wanted = (parameter(key) or "").split("、") if picked is None else picked
    return [one for one in wanted if one in options]


def chosen(key: str, options: Sequence[str]) -> str:
    """What `pick` will say, before it is drawn: the choice, the address, else the first."""
    found = parameter(key)
    return found if found in options else options[0]


def pick_unit(result: Assessment, own: str | None) -> str:
    """One assessed unit, in the address as ?unit=; at first the reader's own, else the first of the register."""
    assessed = {row["unit"] for row in result.rows("ranking")}
    codes = {unit.title: unit.code for unit in result.rubric.register.units if unit.code in assessed}
    return pick_code("被考核单位", codes, "unit", own, 320)


def pick_reporter(current: Project, own: str | None) -> str:
    """The unit that reports: one's own, or, for the office, any; in the address as ?unit=."""
    assert current.register is not None
    if own is not None:
        return own
    return pick_code("报送单位", {unit.title: unit.code for unit in current.reporting}, "unit", width=320)


def pick_view(options: list[str], key: str) -> str:
    """One of a few views of a page, in the address as ?key=."""
    return _segments("视图", options, key)


def tabs(labels: list[str], key: str) -> Sequence[TabContainer]:
    """Parts of a page of which only the open one is drawn; which it is stands in the address as ?key=."""
    return st.tabs(labels, key=key, on_change="rerun", bind="query-params")


def clicked(key: str) -> int | None:
    """The row of the cell selected in a table, known before the table is drawn."""
    cells = st.session_state.get(key, {}).get("selection", {}).get("cells", [])
    return cells[0][0] if cells else None


def taken(key: str) -> tuple[int, str] | None:
    """Row and column of the cell selected in a table that `take_once` names; it is forgotten at the same time."""
    found = st.session_state.get(take_once(key), {}).get("selection", {}).get("cells", [])
    if not found:
        return None
    forget(key)
    return found[0][0], found[0][1]


def choose(**choices: str | None) -> None:
    """Set pickers of this page that are not drawn yet; None takes a choice back."""
    for key, value in choices.items():
        set_parameter(key, value)


def take_once(key: str) -> str:
    """A widget key for a table whose selection is acted upon and then forgotten: see `forget`."""
    return f"{key}_{st.session_state.setdefault(f'{key}_turn', 0)}"


def forget(key: str) -> None:
    """From the next run on the table has a new key, and so no selection."""
    st.session_state[f"{key}_turn"] += 1


def theme() -> Literal["light", "dark"]:
    """What the reader's screen shows, for colours that the theme cannot set."""
    return "dark" if st.context.theme.type == "dark" else "light"


def parameter(name: str) -> str | None:
    """One parameter of the address, such as ?unit=c01."""
    return st.query_params.get(name)


def set_parameter(name: str, value: str | None) -> None:
    """Put a choice into the address, so that the link can be sent."""
    if value is None:
        st.query_params.pop(name, None)
    elif st.query_params.get(name) != value:
        st.query_params[name] = value
