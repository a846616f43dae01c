"""The desk: a project's forms, units and deadlines together with its records. Knows no page and no score."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property

from scoring.access import Act, Actor, may
from scoring.calendar import DuePeriod, WorkCalendar, label_words
from scoring.forms import Form, Forms
from scoring.project import Project
from scoring.project.facts import belongs_on, dues_of
from scoring.store.records import Records, Writer
from scoring.store.snapshots import Snapshot, publish
from scoring.units import Register


class Refused(Exception):
    """What was asked for is not done, and nothing has changed: why, and what to do instead, in Chinese.

    `other`: the submission that stands in the way.
    """

    def __init__(self, problem: str, fix: str = "", other: str = "") -> None:
        super().__init__(f"{problem}。{fix}。" if fix else f"{problem}。")
        self.problem, self.fix, self.other = problem, fix, other


@dataclass(frozen=True)
class Desk:
    """One project's configuration, its records and the clock. Make a new one whenever the project was read anew."""

    project: Project
    records: Records
    clock: Callable[[], datetime]
    _held_back: list[bool] = field(default_factory=list)

    @property
    def forms(self) -> Forms:
        assert self.project.forms is not None
        return self.project.forms

    @property
    def register(self) -> Register:
        assert self.project.register is not None
        return self.project.register

    @property
    def calendar(self) -> WorkCalendar:
        assert self.project.calendar is not None
        return self.project.calendar

    @cached_property
    def dues(self) -> Mapping[str, Mapping[str, DuePeriod]]:
        """Form → label → what is due. A form without a schedule is due once for each assessment period."""
        found: dict[str, Mapping[str, DuePeriod]] = dict(dues_of(self.forms, self.calendar))
        for form in self.forms.values():
            if form.derived is None and not form.has_schedule:
                found[form.code] = {label: self._whole(label) for label in self.project.offered}
        return found

    def _whole(self, label: str) -> DuePeriod:
        start, end = date(int(label), 1, 1), date(int(label), 12, 31)
        cut_off = end
        if self.project.rubric is not None:
            period = self.project.rubric.period(label)
            start, end, cut_off = period.start, period.end, period.cut_off
        return DuePeriod(
            label, start, end, cut_off, cut_off, datetime(cut_off.year, cut_off.month, cut_off.day, 23, 59, 59)
        )

    def year_of(self, form: Form, label: str) -> str:
        """The assessment period that a due period belongs to; its calendar year where no 办法 can be read."""
        due = self.dues[form.code][label]
        day = belongs_on(due)
        if self.project.rubric is not None:
            for offered in self.project.offered:
                period = self.project.rubric.period(offered)
                if period.start <= day <= period.end:
                    return offered
        return str(day.year)

    def labels(self, form: Form, year: str) -> list[str]:
        """The due periods of a form that belong to an assessment period."""
        return [label for label in self.dues[form.code] if self.year_of(form, label) == year]

    def report_words(self, form: str, label: str) -> str:
        """案件台账（2024年第1季度）."""
        title = self.forms[form].title if form in self.forms else form
        return f"{title}（{label_words(label)}）" if label else title

    def locked(self) -> dict[str, int]:
        """Assessment periods that are locked, with the version of their sealed pack."""
        found = self.records.fetch(
            """SELECT period, max_by(locked, event) AS locked, max_by(version, event) AS version
FROM period_closing GROUP BY period"""
        )
        return {row["period"]: row["version"] for row in found if row["locked"]}

    def refuse_locked(self, form: Form, label: str) -> None:
        """Raises Refused where the assessment period is locked."""
        year = self.year_of(form, label)
        if year in self.locked():
            raise Refused(f"{year} 年考核已经锁定，不再收件", "确须更正的，请市双打办先解锁并写明原因")

    def require(self, actor: Actor, act: Act, unit: str | None = None) -> None:
        """Raises Refused where the actor may not."""
        if not may(actor, act, unit):
            raise Refused(f"“{actor.name}”不能{ACT_WORDS[act]}", "请换用有权限的身份")

    @contextmanager
    def one_publication(self) -> Iterator[None]:
        """Many changes, published once when the block ends."""
        self._held_back.append(True)
        try:
            yield
        finally:
            self._held_back.pop()
            self.publish()

    def publish(self) -> Snapshot | None:
        """Bring the snapshot that is scored up to date with the records."""
        if self._held_back:
            return None
        return publish(self.records, self.forms, [unit.code for unit in self.register.units], self.clock())


def label_of(desk: Desk, form: Form, day: date) -> str:
    """The due period of a form that a day falls in; empty where there is none."""
    found = (label for label, due in desk.dues[form.code].items() if due.covers_from <= day <= due.covers_to)
    return next(found, "")


ACT_WORDS: dict[Act, str] = {
    "see_place": "看这个单位的名次",
    "see_scores": "看这个单位的得分",
    "see_rows": "看这个单位的报送数据",
    "report": "替这个单位报送",
    "review": "复核报送",
    "enter": "登记评分和加扣分",
    "close": "锁定或解锁考核期",
    "see_log": "看操作日志",
    "see_drafts": "看办法草案",
    "draft": "起草和修改办法草案",
    "approve": "批准办法草案",
}


def log(writer: Writer, event: int, actor: Actor, now: datetime, act: str, subject: str, detail: str = "") -> None:
    """A line of the 操作日志."""
    writer.append(
        "audit",
        {
            "event": event, "done_at": now, "actor": actor.name, "role": actor.role,
            "act": act, "subject": subject, "detail": detail,
        },
    )  # fmt: skip


def decide(
    writer: Writer, no: str, state: str, actor: Actor, now: datetime, reason: str = "", never_received: bool = False
) -> int:
    """A change of state, as an event of its own."""
    event = writer.event()
    writer.append(
        "decision",
        {
            "event": event, "submission": no, "state": state, "reason": reason, "never_received": never_received,
            "done_at": now, "actor": actor.name, "role": actor.role,
        },
    )  # fmt: skip
    return event
