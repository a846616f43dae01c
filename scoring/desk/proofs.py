"""Evidence files and self scores: kept by content, tied to a unit's indicator or to an entry. Scores nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from scoring.access import Actor
from scoring.desk.desk import Desk, Refused, log
from scoring.desk.files import keep_attachment, safe_name
from scoring.intake.checks.evidence import Proof, SelfScore
from scoring.intake.checks.evidence import proofs as proof_findings
from scoring.intake.checks.evidence import self_scores as self_score_findings
from scoring.intake.reported import Finding
from scoring.store.records import Row, Writer

TOLERATED = Decimal(1)  # points by which a self score may exceed the confirmed one without a question (V21)
LARGEST = 20 * 1024 * 1024
KINDS = {
    "PDF": b"%PDF-",
    "PNG": b"\x89PNG",
    "JPEG": b"\xff\xd8\xff",
    "Office": b"PK\x03\x04",
    "旧版 Office": b"\xd0\xcf\x11\xe0",
    "OFD": b"PK\x03\x04",
}
"""What evidence may be, told by its first bytes."""


def keep_proof(
    writer: Writer,
    desk: Desk,
    actor: Actor,
    proof: tuple[str, bytes],
    *,
    unit: str,
    year: str,
    indicator: str = "",
    submission: str = "",
    dated: date | None = None,
    note: str = "",
) -> str:
    """Write one file down. Returns its number. Raises Refused for a file that is empty, too large or of no known kind."""
    name, data = safe_name(proof[0]), proof[1]
    if not data:
        raise Refused(f"“{name}”是空文件", "请核对后重新选择")
    if len(data) > LARGEST:
        raise Refused(f"“{name}”超过 {LARGEST // 1024 // 1024} MB", "请压缩或分成几个文件")
    if not any(data.startswith(mark) for mark in KINDS.values()):
        raise Refused(f"“{name}”不是可以作证明的文件", "请用 PDF、图片（PNG、JPEG）、Word、Excel 或 OFD 文件")
    digest, now, event = hashlib.sha256(data).hexdigest(), desk.clock(), writer.event()
    keep_attachment(writer, digest, data, now)
    no = f"ZM{now.year}-{event:06d}"
    writer.append(
        "evidence",
        {
            "event": event, "no": no, "unit": unit, "period": year, "indicator": indicator, "submission": submission,
            "sha256": digest, "file_name": name, "dated": dated, "note": note.strip(), "withdrawn": False,
            "done_at": now, "actor": actor.name, "role": actor.role,
        },
    )  # fmt: skip
    return no


def add_proof(
    desk: Desk,
    actor: Actor,
    unit: str,
    year: str,
    indicator: str,
    proof: tuple[str, bytes],
    dated: date | None,
    note: str,
) -> str:
    """A unit proves an indicator."""
    desk.require(actor, "report", unit)
    _of_unit(desk, unit, year, indicator)
    with desk.records.write() as writer:
        _refuse_locked(desk, year)
        no = keep_proof(writer, desk, actor, proof, unit=unit, year=year, indicator=indicator, dated=dated, note=note)
        log(writer, writer.event(), actor, desk.clock(), "上传证明材料", desk.register.title(unit), f"{no} {indicator}")
    return no


def take_back_proof(desk: Desk, actor: Actor, no: str, reason: str) -> None:
    """It stays on record and is shown no more."""
    found = [one for one in _proofs(desk, "no = ?", [no]) if not one["withdrawn"]]
    if not found:
        raise Refused("没有这份证明材料，或已经撤回", "请刷新页面")
    one = found[0]
    desk.require(actor, "report", one["unit"])
    _refuse_locked(desk, one["period"])
    with desk.records.write() as writer:
        event = writer.event()
        row = {key: one[key] for key in one if key not in ("event", "withdrawn", "done_at", "actor", "role", "note")}
        again = {"event": event, "withdrawn": True, "note": reason.strip(), "done_at": desk.clock()}
        writer.append("evidence", {**row, **again, "actor": actor.name, "role": actor.role})
        log(
            writer,
            event,
            actor,
            desk.clock(),
            "撤回证明材料",
            desk.register.title(one["unit"]),
            f"{no} {reason.strip()}",
        )


def proofs(desk: Desk, unit: str, year: str) -> list[Row]:
    """Evidence of a unit that was not taken back, in order."""
    return [one for one in _proofs(desk, "unit = ? AND period = ?", [unit, year]) if not one["withdrawn"]]


def proofs_of_entry(desk: Desk, no: str) -> list[Row]:
    """Evidence that came with an entry of the office."""
    return [one for one in _proofs(desk, "submission = ?", [no]) if not one["withdrawn"]]


def _proofs(desk: Desk, where: str, parameters: list[str]) -> list[Row]:
    return desk.records.fetch(
        f"SELECT * FROM evidence WHERE {where} QUALIFY row_number() OVER (PARTITION BY no ORDER BY event DESC) = 1 ORDER BY no",
        parameters,
    )


def set_self_score(desk: Desk, actor: Actor, unit: str, year: str, indicator: str, score: Decimal, note: str) -> None:
    """自评分; the last one holds. Raises Refused for one below 0 or above full marks."""
    desk.require(actor, "report", unit)
    _refuse_locked(desk, year)
    full = _of_unit(desk, unit, year, indicator)
    if score < 0 or (full is not None and score > full):
        most = f"，最多 {full.normalize():f} 分" if full is not None else ""
        raise Refused(f"自评分 {score} 不在 0 到满分之间{most}", "请核对后重填")
    with desk.records.write() as writer:
        event, now = writer.event(), desk.clock()
        writer.append(
            "self_score",
            {
                "event": event, "unit": unit, "period": year, "indicator": indicator, "score": score,
                "note": note.strip(), "done_at": now, "actor": actor.name, "role": actor.role,
            },
        )  # fmt: skip
        log(writer, event, actor, now, "自评", desk.register.title(unit), f"{year} {indicator} {score}")


def _of_unit(desk: Desk, unit: str, year: str, indicator: str) -> Decimal | None:
    """Full marks of an indicator of the unit. Raises Refused for one that it does not have."""
    full = full_marks(desk, unit, year)
    if indicator not in full:
        raise Refused(f"{desk.register.title(unit)} {year} 年没有“{indicator}”这个指标", "请刷新页面后重选")
    return full[indicator]


def full_marks(desk: Desk, unit: str, year: str) -> dict[str, Decimal | None]:
    """Indicators of the unit's group with their full marks."""
    rubric = desk.project.edition(year)
    group = rubric.group_of(unit)
    return {one.code: one.full(group) for _, one in rubric.placed(group)} if group is not None else {}


def self_scores(desk: Desk, unit: str, year: str) -> dict[str, Row]:
    """The last self score of each indicator."""
    found = desk.records.fetch(
        """SELECT * FROM self_score WHERE unit = ? AND period = ?
QUALIFY row_number() OVER (PARTITION BY indicator ORDER BY event DESC) = 1""",
        [unit, year],
    )
    return {one["indicator"]: one for one in found}


def doubts(desk: Desk, unit: str, year: str, confirmed: Mapping[str, Decimal | None]) -> list[Finding]:
    """What is odd about self scores and evidence (V21, V22). `confirmed`: points by indicator, None while open."""
    rubric = desk.project.edition(year)
    group = rubric.group_of(unit)
    if group is None:
        return []
    titles = {one.code: one.title for _, one in rubric.placed(group)}
    own = self_scores(desk, unit, year)
    scores = [
        SelfScore(code, titles[code], own[code]["score"].normalize(), confirmed.get(code))
        for code in own
        if code in titles
    ]
    filed = [
        Proof(one["indicator"], titles[one["indicator"]], one["file_name"], one["sha256"], one["dated"])
        for one in proofs(desk, unit, year)
        if one["indicator"] in titles
    ]
    needed = [(code, titles[code]) for code in own if code in titles]
    period = rubric.period(year)
    return [*self_score_findings(scores, TOLERATED), *proof_findings(filed, needed, period.start, period.end)]


def _refuse_locked(desk: Desk, year: str) -> None:
    if year in desk.locked():
        raise Refused(f"{year} 年考核已经锁定", "确须更正的，请市双打办先解锁并写明原因")
