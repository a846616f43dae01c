"""Assessment: what one run found, frozen. Plain tables and the queries that made them; no database, no page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

import pyarrow as pa
import pyarrow.compute as pc

from scoring.engine.plan import Plan
from scoring.rubric import Rubric
from scoring.rubric.model import Period

STATE_TITLES = {
    "value": "已计分",
    "missing": "未报送",
    "masked": "脱敏",
    "not_applicable": "不适用",
    "pending": "暂缺",
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

    @property
    def edition_changed(self) -> bool:
        """Whether last year's places come from another edition than this year's: 办法有变."""
        return self.previous is not None and self.previous.rubric.spec != self.rubric.spec

    def rows(self, table: str, **equal: object) -> list[dict[str, Any]]:
        """Rows of a table as dictionaries, those with the given values."""
        found = self.tables[table]
        for key, value in equal.items():
            own = found.column(key)
            found = found.filter(pc.is_null(own) if value is None else pc.equal(own, pa.scalar(value)))
        return cast(list[dict[str, Any]], found.to_pylist())

    def one(self, table: str, **equal: object) -> dict[str, Any] | None:
        return next(iter(self.rows(table, **equal)), None)
