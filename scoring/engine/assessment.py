"""Assessment: what one run found, frozen. Plain tables and the queries that made them; no database, no page."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from threading import Lock
from typing import Any, cast

import pyarrow as pa
import pyarrow.compute as pc

from scoring.engine.plan import Plan
from scoring.rubric import Rubric
from scoring.rubric.model import Period

WITHOUT_RESULT = "暂缺"  # points, total, place or grade that rest on figures that are not there
STATE_TITLES = {  # of figures; see the glossary in docs/rubric.md
    "value": "已计分",
    "missing": "未报送",
    "masked": "脱敏",
    "not_applicable": "不适用",
    "pending": "未登记或未到期",
    "zero_base": "基数为零",
}


@dataclass(frozen=True)
class Assessment:
    """`tables` by name, decimals as decimal128. `previous` is last year's, scored by the edition in force then."""

    rubric: Rubric
    period: Period
    as_of: date
    plan: Plan
    tables: Mapping[str, pa.Table]
    data_version: str
    previous: Assessment | None = None
    _asked: Asked = field(init=False, default_factory=lambda: Asked(), repr=False, compare=False)

    @property
    def edition_changed(self) -> bool:
        """Whether last year's places come from another edition than this year's: 办法有变."""
        return self.previous is not None and self.previous.rubric.spec != self.rubric.spec

    def rows(self, table: str, **equal: object) -> list[dict[str, Any]]:
        """Rows of a table as dictionaries, those with the given values."""
        return self._asked.rows(self.tables[table], table, equal)

    def one(self, table: str, **equal: object) -> dict[str, Any] | None:
        return next(iter(self.rows(table, **equal)), None)


class Asked:
    """Rows that were asked for, kept for the next time: making Python values of a table costs more than finding them. At
    most `MOST` rows, those not asked for the longest go first; each caller gets dictionaries of their own."""

    MOST = 20_000

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[object, ...], list[dict[str, Any]]] = OrderedDict()
        self._size = 0
        self._lock = Lock()

    def rows(self, source: pa.Table, table: str, equal: Mapping[str, object]) -> list[dict[str, Any]]:
        question = table, *((key, type(value), value) for key, value in equal.items())
        with self._lock:
            found = self._kept.get(question)
            if found is not None:
                self._kept.move_to_end(question)
        if found is None:
            found = _filtered(source, equal)
            self._keep(question, found)
        return [row.copy() for row in found]

    def _keep(self, question: tuple[object, ...], found: list[dict[str, Any]]) -> None:
        if len(found) > self.MOST // 4:
            return
        with self._lock:
            if question not in self._kept:
                self._kept[question] = found
                self._size += len(found) + 1
            while self._size > self.MOST:
                self._size -= len(self._kept.popitem(last=False)[1]) + 1


def _filtered(found: pa.Table, equal: Mapping[str, object]) -> list[dict[str, Any]]:
    for key, value in equal.items():
        own = found.column(key)
        found = found.filter(pc.is_null(own) if value is None else pc.equal(own, pa.scalar(value)))
    return cast(list[dict[str, Any]], found.to_pylist())
