"""A process whose files may not grow, as on a full disk: says what each step answered. Run by test_full_disk."""

from __future__ import annotations

import json
import resource
import signal
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from scoring.desk import Refused, handing_in, receiving, reviewing
from scoring.store.backup import backup, restore
from scoring.store.problems import RecordsError
from scoring.store.records import Records
from tests.village import CLERK, Village, case_rows, csv_of, reporter, village, workbook

WHO = reporter("c1")


def limit(size: int) -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))


def answer(act: Callable[[], object]) -> str:
    try:
        act()
    except (RecordsError, Refused) as told:
        return f"{type(told).__name__}: {told}"
    return "done"


def trial(place: Village, folder: Path) -> dict[str, object]:
    """Small, then none at all; then room again."""
    desk, told = place.desk, {}
    data = workbook(desk, "c1", [("cases", "2024Q1", case_rows("c1", "2024Q1", 3))])
    (first,) = receiving.upload(desk, WHO, "c1", "一季度.xlsx", data).drafts
    handing_in.hand_in(desk, WHO, first.no)
    told["before"] = place.counts()
    for name, size in (("half", 1_500_000), ("none", 64)):
        limit(size)  # bytes that a file may have
        told[f"{name} upload"] = answer(
            lambda: receiving.upload(desk, WHO, "c1", "大.csv", csv_of(case_rows("c1", "2024Q3", 30_000)), "cases", "2024Q3")
        )
        if name == "none":
            told["none accept"] = answer(lambda: reviewing.accept(desk, CLERK, [first.no]))
            told["none backup"] = answer(lambda: backup(place.records, folder / "备份", datetime(2024, 1, 1)))
        limit(resource.RLIM_INFINITY)
        told[f"{name} then"] = place.counts()
    told["accept"] = answer(lambda: reviewing.accept(desk, CLERK, [first.no]))
    told["rows"] = len(place.project.sheets["cases"])
    told["left in the backup folder"] = sorted(path.name for path in (folder / "备份").iterdir())
    made = backup(place.records, folder / "备份", datetime(2024, 1, 2))
    place.records.close()
    limit(64)
    told["restore"] = answer(lambda: restore(made, place.database, datetime.now))
    limit(resource.RLIM_INFINITY)
    records = Records.open(place.database, "测试", datetime.now)
    told["at last"] = records.fetch("SELECT count(*) AS them FROM submission")[0]["them"]
    records.close()
    return told


if __name__ == "__main__":
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    given = Path(sys.argv[1])
    sys.stdout.write(json.dumps(trial(village(given), given), ensure_ascii=False))
