"""What the commands of analysts share: how a study is printed, or written to a file of the kind its name ends with."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

from scoring.desk.exports import csv_file
from scoring.engine import Assessment
from scoring.engine.explain import unit_code
from scoring.project import Project
from scoring.reports.pictures import png
from scoring.reports.study import Cell, Sheet, Study
from scoring.reports.study_workbook import study_workbook
from scoring.reports.text_width import text_width

KINDS = ("csv", "xlsx", "json", "svg", "png")


class NotDone(ValueError):
    """Why it cannot be done, in Chinese: problem and fix, without full stop."""

    @property
    def ended(self) -> str:
        """As it is printed: with a full stop, unless it ends with a question."""
        told = str(self)
        return told if told.endswith("？") else f"{told}。"


def unit_of(result: Assessment, name: str) -> str:
    """The code of an assessed unit named by title, alias or code. Raises NotDone."""
    found = unit_code(result, name)
    if found is not None:
        return found
    register = result.rubric.register
    close = register.nearest(name) if register.find(name) is None else None  # a name that is known needs no other
    raise NotDone(f"没有被考核单位“{name}”。" + (f"是不是“{close}”？" if close else "请用单位名称、别名或代码"))


def group_of(result: Assessment, name: str | None) -> str:
    """The code of a group named by title or code; without a name the first. Raises NotDone."""
    groups = result.rubric.groups
    if name is None:
        return next(iter(groups))
    found = next((code for code, group in groups.items() if name in (code, group.title)), None)
    if found is None:
        raise NotDone(f"没有考核分组“{name}”。可用：{'、'.join(group.title for group in groups.values())}")
    return found


def named(project: Project, result: Assessment, title: str) -> tuple[str, str, bool]:
    """(title with 示例 where the data are invented, period, sample)."""
    sample = bool(project.office and project.office.sample)
    return (f"{title}（示例）" if sample else title), result.period.label, sample


def deliver(study: Study, out: Path | None) -> str:
    """The study as text; or it is written to `out`, and the text says so. Raises NotDone."""
    if out is None:
        return as_text(study)
    kind = out.suffix.removeprefix(".").lower()
    if kind not in WRITERS:
        raise NotDone(f"不会写“{out.suffix or out.name}”这种文件。文件名请以 {'、'.join(f'.{one}' for one in KINDS)} 结尾")
    try:
        out.write_bytes(WRITERS[kind](study))
    except OSError as error:
        raise NotDone(f"写不进 {out}。请核对文件夹和权限") from error
    return "\n".join([*study.told, f"已写 {out}。"]) + "\n"


def as_text(study: Study) -> str:
    """For the terminal: the sentences, then every table."""
    lines = [f"{study.title}　{study.period} 年，数据截至 {study.as_of}", *study.told]
    for sheet in study.sheets:
        lines += ["", sheet.title, *_aligned([sheet.head, *([shown(cell) for cell in row] for row in sheet.rows)])]
    return "\n".join(lines) + "\n"


def shown(cell: Cell) -> str:
    return "—" if cell is None else str(cell)


def _aligned(rows: list[tuple[str, ...] | list[str]]) -> list[str]:
    widths = [max(text_width(row[column]) for row in rows) + 2 for column in range(len(rows[0]))]
    return ["".join(text + " " * (width - text_width(text)) for text, width in zip(row, widths, strict=True)).rstrip() for row in rows]


def _csv(study: Study) -> bytes:
    if len(study.sheets) == 1:
        (sheet,) = study.sheets
        return csv_file(study.title, study.as_of, sheet.head, sheet.rows, study.sample)
    out = io.StringIO()
    for sheet in study.sheets:
        out.write(csv_file(f"{study.title}：{sheet.title}", study.as_of, sheet.head, sheet.rows, study.sample).decode("utf-8-sig"))
        csv.writer(out, lineterminator="\r\n").writerow([])
    return out.getvalue().encode("utf-8-sig")


def _json(study: Study) -> bytes:
    tables = [{"title": one.title, "rows": [_named(one, row) for row in one.rows]} for one in study.sheets]
    head = {"title": study.title, "period": study.period, "as_of": study.as_of.isoformat(), "sample": study.sample}
    return json.dumps({**head, "told": study.told, "tables": tables}, ensure_ascii=False, indent=1).encode()


def _named(sheet: Sheet, row: tuple[Cell, ...]) -> dict[str, object]:
    """Points as exact decimal strings."""
    return {name: cell if cell is None or isinstance(cell, int) else str(cell) for name, cell in zip(sheet.head, row, strict=True)}


def _svg(study: Study) -> bytes:
    return _picture(study).encode()


def _png(study: Study) -> bytes:
    return png(_picture(study))


def _picture(study: Study) -> str:
    if not study.picture:
        raise NotDone("这项研究没有图。请写成 .csv、.xlsx 或 .json")
    return study.picture


WRITERS: dict[str, Callable[[Study], bytes]] = {
    "csv": _csv, "xlsx": study_workbook, "json": _json, "svg": _svg, "png": _png,
}  # fmt: skip
