"""工作台: what one visit looks at: project, records, result, the group on show. Finds it; judges nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import streamlit as st

from pages.ui import served, state, words
from scoring.access import Actor
from scoring.calendar import label_words
from scoring.desk import Desk
from scoring.engine import Assessment
from scoring.project import Project
from scoring.rubric import Rubric
from scoring.store.problems import RecordsError


@dataclass(frozen=True)
class Look:
    """`desk` is None where there are no records, and an error where they cannot be used now. `result` is None while nothing
    can be scored. `units`: those of the group on show."""

    project: Project
    actor: Actor
    year: str
    now: datetime
    desk: Desk | RecordsError | None
    locked: bool
    result: Assessment | None
    units: tuple[str, ...]

    @property
    def rubric(self) -> Rubric | None:
        return self.project.edition(self.year) if self.project.ready else None

    @property
    def group(self) -> str | None:
        """The assessment group on show; None where its units are not ranked, or while nothing can be scored."""
        if self.result is None or not self.units:
            return None
        return self.result.rubric.group_of(self.units[0])

    @property
    def group_title(self) -> str:
        return state.group_title(self.rubric, self.units[0]) if self.units else ""

    @property
    def no_records(self) -> str:
        """Why a block that needs the records has nothing to show."""
        if isinstance(self.desk, RecordsError):
            return words.plain(str(self.desk))
        return "这个项目没有报送库，数据直接读自文件，所以没有收件、催报和登记。"

    @property
    def no_result(self) -> str:
        """Why a block that needs the result has none."""
        return "办法有错误，全部单位都没有计分。" if not self.project.ready else "还没有报送数据，没有计分。"

    def unit(self, code: str) -> str:
        """Its title, for cells."""
        return self.project.register.title(code) if self.project.register is not None else code

    def title(self, code: str) -> str:
        """Its title, for Markdown."""
        return words.plain(self.unit(code))

    def named(self, units: Iterable[str], most: int = 3) -> str:
        """甲县、乙县、丙县等 5 个."""
        titles = [self.title(unit) for unit in units]
        told = "、".join(titles[:most])
        return f"{told}等 {len(titles)} 个" if len(titles) > most else told


def looked(project: Project, actor: Actor) -> Look:
    """Everything a visit looks at, with the line that says on what it rests and the switch of groups."""
    year, now, desk = served.period(), served.clock(), served.desk()
    locked = isinstance(desk, Desk) and year in desk.locked()
    result = served.assessment() if project.ready and project.has_data else None
    left, right = st.columns([3, 2], vertical_alignment="center")
    until = f"　数据截至 **{words.day(result.as_of)}**" if result is not None and result.as_of != now.date() else ""
    left.markdown(
        f"{label_words(year)}考核　今天 **{words.day(now.date())}**{until}" + ("　:blue-badge[■ 已锁定]" if locked else "")
    )
    with right, st.container(horizontal_alignment="right"):
        units = state.pick_units(project.edition(year) if project.ready else None, _listed(project, year))
    return Look(project, actor, year, now, desk, locked, result, tuple(units))


def _listed(project: Project, year: str) -> list[str]:
    """Who reports or is ranked, in the order of the register."""
    reporting = {unit.code for unit in project.reporting}
    rubric = project.edition(year) if project.ready else None
    units = project.register.units if project.register is not None else ()
    return [one.code for one in units if one.code in reporting or (rubric is not None and rubric.group_of(one.code))]
