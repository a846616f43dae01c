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

from scoring.packs.contents import FORMAT, MANIFEST, OWN, QUERIES, engine_version, own_digest, queries, results
from scoring.packs.difference import KEYS, differences
from scoring.packs.seal import Opened, opened, place_of_change
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
        verdict.problems.append(_seal_broken(data, found))
    if verdict.problems:
        verdict.notes.append("文件已被改动，没有重新计分。")
        return verdict
    if manifest["engine"] != engine_version():
        verdict.notes.append(
            f"封存时的程序版本是 {manifest['engine']}，现在的是 {engine_version()}；按现在的程序重算。"
        )
    _recompute(found, manifest, verdict)
    return verdict


def _seal_broken(data: bytes, found: Opened) -> str:
    """Every file is as the manifest says, but some byte is not as it was sealed."""
    if around := place_of_change(data, found.files):
        return f"文件 {around} 的内容与登记相符，但压缩包里它的登记信息（名称、时间、大小等）被改动过"
    return f"其他文件都与登记相符；文件 {MANIFEST} 本身，或压缩包的目录、结尾的封存码被改动过"


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
        assert all(isinstance(manifest[name], str) for name in ("period", "engine", "as_of"))
    except (ValueError, KeyError, AssertionError, TypeError):
        verdict.problems.append(f"文件 {MANIFEST} 读不懂，已被改动或损坏")
        return None
    if manifest["format"] != FORMAT:
        told = f"文件 {MANIFEST} 写的封存格式是第 {manifest['format']} 种，本程序只认第 {FORMAT} 种"
        verdict.problems.append(f"{told}；请用封存时的程序核验")
        return None
    if manifest.get(OWN) != own_digest(manifest):
        verdict.problems.append(f"文件 {MANIFEST} 被改动过")
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
    for name in found.twice:
        yield f"文件 {name} 在包里有两份，是封存以后加进来的"
    for name in (*found.files, *found.broken, *found.odd_names):
        if name not in named and name != MANIFEST:
            yield f"文件 {name} 是封存以后加进来的"


def _recompute(found: Opened, manifest: Mapping[str, Any], verdict: Verdict) -> None:
    with tempfile.TemporaryDirectory() as folder:
        try:
            for name, data in found.files.items():
                path = Path(folder, *name.split("/"))
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(data)
        except (OSError, ValueError):
            verdict.problems.append("包里有文件不能按它的名字解开，或磁盘写不进去；没有重新计分")
            return
        again = _scored(Path(folder), manifest, verdict)
    if again is None:
        return
    recorded = {name: data for name, data in found.files.items() if name.startswith("results/") or name in again}
    for name in dict.fromkeys([*recorded, *again]):
        told = _differing(name, recorded.get(name), again.get(name))
        verdict.problems += told
        verdict.compared += not told


def _scored(folder: Path, manifest: Mapping[str, Any], verdict: Verdict) -> dict[str, bytes] | None:
    """What the pack gives when it is scored anew; None where it cannot be, which the verdict then says."""
    project = open_project(folder)
    if not project.ready:
        wrong = [issue for issue in project.issues if issue.stops_scoring]
        verdict.problems += [f"包里的配置不能计分：{issue}" for issue in wrong[:MOST_TOLD]]
        return None
    if manifest["period"] not in project.periods:
        verdict.problems.append(f"包里的办法和数据没有“{manifest['period']}”这个考核期，不能重新计分")
        return None
    assessment = project.assess(manifest["period"], date.fromisoformat(manifest["as_of"]))
    again = results(assessment)
    project.store.close()
    if manifest["engine"] == engine_version():
        again[QUERIES] = queries(assessment)
    return again


def _differing(name: str, recorded: bytes | None, again: bytes | None) -> list[str]:
    if recorded == again:
        return []
    if recorded is None or again is None:
        return [f"{name}：{'封存时没有这张表' if recorded is None else '重算没有这张表'}"]
    if not name.endswith(".csv"):
        return [f"{name}：与重新生成的不同"]
    keys = KEYS.get(name.removeprefix("results/").removesuffix(".csv"), ())
    found = differences(recorded, again, keys)
    told = [f"{name}：{row} 的 {column} 封存为“{old}”，重算为“{new}”" for row, column, old, new in found[:MOST_TOLD]]
    if len(found) > MOST_TOLD:
        told.append(f"{name}：另有 {len(found) - MOST_TOLD} 处不同")
    return told or [f"{name}：各格相同，写法不同"]
