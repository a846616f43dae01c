"""The synthetic project as a folder of configuration and CSV files, which the product opens as it would a city's own.

Run it by itself to have one: `python -m benchmarks.written_project FOLDER --rows 30000 --units 3000`. Knows the formats
of the files; what stands in them, synthetic.py and clauses.py say. Run so, it also opens the folder and scores it.
"""

from __future__ import annotations

import argparse
import csv
import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

from benchmarks.clauses import rubric_text
from benchmarks.synthetic import PERIOD, Synthetic, make
from scoring.forms import Form
from scoring.project import Project, open_project

TODAY = date(2025, 2, 1)  # after the cut-off
OFFICE = f"""office: {{title: 规模试验办公室（合成）, short: 试验办}}
city: 合成市
sample: true
today: {TODAY}
periods: ["{PERIOD}"]
"""
_CELLS = {True: "是", False: "否", None: ""}


def write(folder: Path, rows: int = 30_000, units: int = 3000) -> Synthetic:
    """Writes config/ and data/ into the folder, which must exist and be empty; gives what was written.

    `rows`: of the ledger, over three years. Raises ValueError where the folder is not empty.
    """
    if any(folder.iterdir()):
        raise ValueError(f"{folder} 里已有文件，请给一个空文件夹")
    synthetic = make(rows, units)
    (folder / "config" / "forms").mkdir(parents=True)
    (folder / "data").mkdir()
    _text(folder / "config" / "office.yaml", OFFICE)
    _text(folder / "config" / "units.yaml", "".join(_units(synthetic)))
    _text(folder / "config" / "scoring.yaml", flagged(rubric_text()))
    for form in synthetic.forms.values():
        _text(folder / "config" / "forms" / f"{form.code}.yaml", "".join(_form(form)))
        with (folder / "data" / f"{form.code}.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(_rows(synthetic, form))
    return synthetic


def flagged(rubric: str) -> str:
    """With a flag on each of the twelve targets, so that there is something to filter; no point depends on it."""
    return re.sub(r"(- code: i_target_(\d+)\n)", r"\1        flag: {when: value < 60, label: 任务\2未达六成}\n", rubric)


def _text(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")


def _units(synthetic: Synthetic) -> Iterator[str]:
    kinds = ", ".join(f"{code}: {title}" for code, title in synthetic.register.kinds.items())
    yield f"kinds: {{{kinds}}}\nunits:\n"
    for unit in synthetic.register.units:
        yield f"  - {{code: {unit.code}, title: {unit.title}, kind: {unit.kind}}}\n"


def _form(form: Form) -> Iterator[str]:
    yield f"form: {form.code}\ntitle: {form.title}\nkept_by: {form.kept_by}\ndated_by: {form.dated_by}\ncolumns:\n"
    for column in form.columns:
        parts = [f"code: {column.code}", f"title: {column.title}", f"type: {column.type}"]
        parts += [f"decimals: {column.decimals}"] if column.type == "decimal" else []
        parts += [f"unit: {column.unit}"] if column.unit else []
        parts += ["required: true"] if column.required else []
        parts += [f"at_least: {column.at_least}"] if column.at_least is not None else []
        parts += [f"values: [{', '.join(column.values)}]"] if column.values else []
        yield f"  - {{{', '.join(parts)}}}\n"


def _rows(synthetic: Synthetic, form: Form) -> Iterator[list[str]]:
    """The heading, then the rows as they stand in the store, units by their titles."""
    yield ["单位", *(column.title for column in form.columns)]
    codes = ", ".join(column.code for column in form.columns)
    table = synthetic.store.fetch(f"SELECT row_unit, {codes} FROM {form.code} ORDER BY row_id")
    for unit, *cells in zip(*(column.to_pylist() for column in table.columns), strict=True):
        yield [synthetic.register.title(unit), *(_cell(value) for value in cells)]


def _cell(value: object) -> str:
    if isinstance(value, Decimal):
        return f"{value:f}"
    return _CELLS[value] if value is None or isinstance(value, bool) else str(value)


def opened(folder: Path) -> Project:
    """The project as the product reads it. Raises ValueError with what is wrong where it cannot be scored."""
    project = open_project(folder)
    if not (project.ready and project.has_data) or project.rows_set_aside:
        raise ValueError("\n".join(str(issue) for issue in project.issues[:20]))
    return project


def main() -> None:
    parser = argparse.ArgumentParser(description="写出规模试验的项目文件夹")
    parser.add_argument("folder", type=Path, help="空文件夹，没有就新建")
    parser.add_argument("--rows", type=int, default=30_000, help="台账行数，默认 30000")
    parser.add_argument("--units", type=int, default=3000, help="单位数，默认 3000")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    write(options.folder, options.rows, options.units)
    ranked = opened(options.folder).assess(PERIOD, TODAY, with_previous=False).rows("ranking")
    placed = sum(row["place"] is not None for row in ranked)
    print(f"已写出 {options.folder}：{options.units} 个单位，台账 {options.rows} 行，{placed} 个单位有名次。")


if __name__ == "__main__":
    main()
