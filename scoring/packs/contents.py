"""What a pack holds: configuration, rows, register, queries, results, and a manifest with the digest of each.

A pack is itself a project folder: unpacked, it can be opened and scored like any other.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache
from importlib.metadata import version as version_of
from pathlib import Path
from typing import Any

from scoring.engine import Assessment
from scoring.packs.tables import result_csv, sheet_csv, sources_csv, written
from scoring.project import Project

FORMAT = 1
MANIFEST = "manifest.json"
QUERIES = "queries.sql"
OWN = "manifest"  # of the manifest: the digest of all the rest of it


@dataclass(frozen=True)
class Header:
    """What is printed on the pack."""

    office: str
    sample: bool
    period: str
    version: int
    as_of: str
    sealed_at: str
    sealed_by: str
    reason: str
    previous: str = ""  # digest of the version before


@cache
def engine_version() -> str:
    """12 digits over the program text, so that a change of the program shows."""
    digest = hashlib.sha256()
    root = Path(__file__).resolve().parent.parent
    for file in sorted([*root.rglob("*.py"), *root.rglob("*.sql")]):
        digest.update(file.relative_to(root).as_posix().encode())
        digest.update(file.read_bytes().replace(b"\r\n", b"\n"))
    return digest.hexdigest()[:12]


def contents(
    project: Project, assessment: Assessment, header: Header, further: Mapping[str, bytes]
) -> dict[str, bytes]:
    """Every file of the pack by name; `further` go in as they are (the difference from the version before)."""
    assert project.office is not None and project.forms is not None and project.register is not None
    files: dict[str, bytes] = {}
    config = project.folder / "config"
    for path in sorted(config.rglob("*.yaml")):
        files[f"config/{path.relative_to(config).as_posix()}"] = path.read_bytes()
    for code, sheet in project.sheets.items():
        files[f"{project.office.data}/{code}.csv"] = sheet_csv(sheet, project.register)
    files[f"{project.office.data}/submissions.csv"] = _submissions(project)
    files["sources.csv"] = sources_csv(project.sheets, project.forms)
    files |= results(assessment)
    files[QUERIES] = queries(assessment)
    files |= dict(further)
    files["说明.txt"] = _readme(header).encode()
    manifest = {
        "format": FORMAT,
        **asdict(header),
        "rubric": assessment.rubric.document.file,
        "engine": engine_version(),
        "duckdb": version_of("duckdb"),
        "files": {name: hashlib.sha256(data).hexdigest() for name, data in files.items()},
    }
    return {MANIFEST: manifest_json(manifest), **files}


def manifest_json(manifest: Mapping[str, Any]) -> bytes:
    """The manifest with a digest of itself, so that a change of it is not taken for one of the files it names."""
    own = {name: value for name, value in manifest.items() if name != OWN}
    return json.dumps({**own, OWN: own_digest(own)}, ensure_ascii=False, indent=1).encode()


def own_digest(manifest: Mapping[str, Any]) -> str:
    """The digest that a manifest should say of itself."""
    own = {name: value for name, value in manifest.items() if name != OWN}
    return hashlib.sha256(json.dumps(own, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def results(assessment: Assessment) -> dict[str, bytes]:
    """The result tables, those that name source files apart: a file lies elsewhere in a pack."""
    return {f"results/{name}.csv": result_csv(table, name == "ranking") for name, table in assessment.tables.items()}


def queries(assessment: Assessment) -> bytes:
    """Every step of the reckoning."""
    return ";\n\n".join(query.sql for query in assessment.plan.queries).encode()


def _submissions(project: Project) -> bytes:
    assert project.forms is not None and project.register is not None
    rows = [
        [
            one.no, project.forms[one.form].title, project.register.title(one.unit) if one.unit else "", one.period,
            f"{one.received_at:%Y-%m-%d %H:%M:%S}", one.outcome, "是" if one.nil else "否", one.note,
        ]
        for one in project.submissions
    ]  # fmt: skip
    return written(["报送编号", "报表", "单位", "报送期", "收到时间", "结果", "零报告", "备注"], rows)


def _readme(header: Header) -> str:
    sample = "本包为示例数据，单位和成绩均为虚构。\n" if header.sample else ""
    return (
        f"{header.office} {header.period} 年考核结果封存包（第 {header.version} 版）\n{sample}"
        f"封存时间：{header.sealed_at}　经办：{header.sealed_by}　数据截至：{header.as_of}\n\n"
        "config/ 是考核办法、报表和单位登记，data/ 一类的文件夹是计入的数据和报送登记，results/ 是计分结果，\n"
        "sources.csv 写明每一行来自哪个文件的哪一行，queries.sql 是全部计算步骤，manifest.json 是各文件的校验值。\n"
        "核验：python -m scoring verify 本文件.zip。核验只读本包，重新计分并逐格比对；任何一个字节改动过都会指出是哪个文件。\n"
    )
