"""Makes the demo data (示例) of the invented city: `python data/sample/generate.py`.

Seeded: the same files come out every time. What is planted on purpose stands in demo_city/plan.py and, with
what the product must show for it, in README.md.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path[:0] = [str(HERE), str(ROOT)]

from demo_city.cases import City  # noqa: E402
from demo_city.filing import submissions  # noqa: E402
from demo_city.ledgers import MAKERS  # noqa: E402

from scoring.forms import load_forms  # noqa: E402
from scoring.units import load_units  # noqa: E402


def main(folder: Path = HERE) -> None:
    """Write every file of the demo data into a folder."""
    register, problems = load_units(ROOT / "config/units.yaml", "config/units.yaml")
    forms, more = load_forms(ROOT / "config/forms", "config/forms")
    if register is None or forms is None:
        raise SystemExit("\n".join(str(issue) for issue in problems + more))
    reporting = tuple(unit for unit in register.units if unit.kind != "city")  # the city itself hands in nothing
    city = City(reporting)
    rows = {code: list(make(city, forms)) for code, make in MAKERS.items()}
    for code, listed in rows.items():
        header = {"unit": "单位", **{column.code: column.title for column in forms[code].columns}}
        _write(
            folder / f"{code}.csv", [{title: row.get(key) for key, title in header.items()} for row in listed]
        )
    _write(folder / "submissions.csv", list(submissions(forms, reporting, rows)))


def _write(path: Path, rows: list[dict[str, object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    main()
