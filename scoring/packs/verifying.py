"""Checks a pack: every byte against its digest, every result against one computed anew. Changes nothing."""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from scoring.packs.contents import FORMAT, MANIFEST, engine_version, results
from scoring.packs.difference import KEYS, differences
from scoring.packs.seal import Opened, opened
from scoring.project import open_project

MOST_TOLD = 20


@dataclass
class Verdict:
    """`problems`: what does not hold; `notes`: what should be known beside."""

    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    header: Mapping[str, Any] = field(default_factory=dict)
    digest: str = ""
    compared: int = 0  # result files computed anew and found the same

    @property
    def holds(self) -> bool:
        return not self.problems


def verify(data: bytes) -> Verdict:
    """Never raises for what is in the pack."""
    found = opened(data)
    verdict = Verdict(digest=found.digest)
    if found.problem:
        verdict.problems.append(found.problem)
        return verdict
    manifest = _manifest(found, verdict)
    if manifest is None:
        return verdict
    verdict.header = manifest
    verdict.problems += _changed(found, manifest)
    if not found.sealed and not verdict.problems:
        verdict.problems.append("各文件的内容都与登记相符，但压缩包本身（目录、时间或结尾的封存码）被改动过")
    if verdict.problems:
        verdict.notes.append("文件已被改动，没有重新计分。")
        return verdict
    if manifest["engine"] != engine_version():
        verdict.notes.append(
            f"封存时的程序版本是 {manifest['engine']}，现在的是 {engine_version()}；按现在的程序重算。"
        )
    _recompute(found, manifest, verdict)
    return verdict


def _manifest(found: Opened, verdict: Verdict) -> dict[str, Any] | None:
    if MANIFEST not in found.files:
        broken = MANIFEST in found.broken
        verdict.problems.append(
            f"文件 {MANIFEST} {'读不出来，已被改动或损坏' if broken else '不在包里，这不是封存的结果包'}"
        )
        return None
    try:
        manifest = json.loads(found.files[MANIFEST])
        assert isinstance(manifest, dict) and isinstance(manifest["files"], dict)
        assert {"period", "as_of", "engine", "version", "format"} <= set(manifest)
        date.fromisoformat(manifest["as_of"])
    except (ValueError, KeyError, AssertionError, TypeError):
        verdict.problems.append(f"文件 {MANIFEST} 读不懂，已被改动或损坏")
        return None
    if manifest["format"] != FORMAT:
        verdict.problems.append(f"封存格式是第 {manifest['format']} 种，本程序只认第 {FORMAT} 种；请用封存时的程序核验")
        return None
    return manifest


def _changed(found: Opened, manifest: Mapping[str, Any]) -> Iterator[str]:
    named = manifest["files"]
    for name, digest in named.items():
        if name in found.broken:
            yield f"文件 {name} 读不出来，已被改动或损坏"
        elif name not in found.files:
            yield f"文件 {name} 不在包里"
        elif (now := hashlib.sha256(found.files[name]).hexdigest()) != digest:
            yield f"文件 {name} 被改动过（登记的校验值 {str(digest)[:12]}…，现在是 {now[:12]}…）"
    for name in (*found.files, *found.broken, *found.odd_names):
        if name not in named and name != MANIFEST:
            yield f"文件 {name} 是封存以后加进来的"


def _recompute(found: Opened, manifest: Mapping[str, Any], verdict: Verdict) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for name, data in found.files.items():
            path = Path(folder, *name.split("/"))
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        project = open_project(folder)
        if not project.ready:
            verdict.problems += [f"包里的配置不能计分：{issue}" for issue in project.issues if issue.stops_scoring][
                :MOST_TOLD
            ]
            return
        assessment = project.assess(str(manifest["period"]), date.fromisoformat(manifest["as_of"]))
        project.store.close()
        again = results(assessment)
    recorded = {name: data for name, data in found.files.items() if name.startswith("results/")}
    for name in dict.fromkeys([*recorded, *again]):
        told = _differing(name, recorded.get(name), again.get(name))
        verdict.problems += told
        verdict.compared += not told


def _differing(name: str, recorded: bytes | None, again: bytes | None) -> list[str]:
    if recorded == again:
        return []
    if recorded is None or again is None:
        return [f"{name}：{'封存时没有这张表' if recorded is None else '重算没有这张表'}"]
    keys = KEYS.get(name.removeprefix("results/").removesuffix(".csv"), ())
    found = differences(recorded, again, keys)
    told = [f"{name}：{row} 的 {column} 封存为“{old}”，重算为“{new}”" for row, column, old, new in found[:MOST_TOLD]]
    if len(found) > MOST_TOLD:
        told.append(f"{name}：另有 {len(found) - MOST_TOLD} 处不同")
    return told or [f"{name}：各格相同，写法不同"]
