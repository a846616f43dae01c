"""Sealed packs: any changed byte is found and its file named; forged results are recomputed. On 小城 (tests/projects/small)."""

from __future__ import annotations

import hashlib
import io
import json
import random
import zipfile
from datetime import date
from pathlib import Path

import pytest

from scoring.packs import Header, Verdict, contents, opened, sealed, verify
from scoring.packs.contents import MANIFEST, manifest_json
from scoring.project import open_project
from tests.hamlet import SMALL

HEADER = Header("小城双打办（测试）", True, "2024", 1, "2025-01-20", "2025-01-21 09:00:00", "经办人", "年终", "")
Files = dict[str, bytes]


@pytest.fixture(scope="module")
def files() -> Files:
    project = open_project(SMALL)
    return contents(project, project.assess("2024", date(2025, 1, 20)), HEADER, {})


@pytest.fixture(scope="module")
def data(files: Files) -> bytes:
    return sealed(files)


def forged(files: Files, **changed: bytes) -> bytes:
    """A pack whose manifest and seal were made anew for what was changed."""
    now = files | {name.replace("__", "/"): text for name, text in changed.items()}
    manifest = json.loads(now[MANIFEST])
    manifest["files"] = {name: hashlib.sha256(text).hexdigest() for name, text in now.items() if name != MANIFEST}
    return sealed(now | {MANIFEST: manifest_json(manifest)})


def said(verdict: Verdict) -> str:
    return "\n".join(verdict.problems)


def test_a_pack_verifies_and_is_the_same_bytes_again(files: Files, data: bytes) -> None:
    verdict = verify(data)
    assert verdict.problems == []
    assert verdict.notes == []
    results = [name for name in files if name.startswith("results/")]
    assert verdict.compared == len(results) + 1, "and the queries"
    assert sealed(files) == data
    assert (verdict.header["period"], verdict.header["version"]) == ("2024", 1)
    assert data[-64:].decode() == hashlib.sha256(data[:-64]).hexdigest() == verdict.digest


def test_the_results_are_those_reckoned_by_hand(files: Files) -> None:
    """The README of 小城: 57.25, 91.5, 60, 38, 40."""
    rows = [line.split(",") for line in files["results/ranking.csv"].decode("utf-8-sig").splitlines()]
    unit, total = rows[0].index("unit"), rows[0].index("total")
    found = {row[unit]: row[total] for row in rows[1:]}
    assert found == {"c01": "57.25", "c02": "91.50", "c03": "60.00", "d01": "38.00", "d02": "40.00"}


def test_one_changed_byte_of_any_file_names_the_file(files: Files) -> None:
    """Packed anew with the seal that was there: manifest.json itself is named as well."""
    for name, text in files.items():
        at = len(text) // 2
        changed = files | {name: text[:at] + bytes([text[at] ^ 1]) + text[at + 1 :]}
        broken = sealed(changed)[:-64] + sealed(files)[-64:]
        verdict = verify(broken)
        assert not verdict.holds, name
        assert f"文件 {name}" in said(verdict), name


def test_one_changed_byte_of_the_zip_is_found_and_its_file_named(data: bytes) -> None:
    """Wherever it lies: in what is packed, in the heads beside it, in the directory, in the seal."""
    chance = random.Random(20250121)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        starts = [(info.header_offset, info.filename) for info in archive.infolist()]
        directory = archive.start_dir
    places = [chance.randrange(len(data)) for _ in range(200)]
    places += [starts[3][0] + step for step in range(30)]  # the head of a member, byte by byte
    places += [directory + step for step in range(60)] + [len(data) - step for step in range(1, 90)]
    for at in places:
        changed = bytearray(data)
        changed[at] ^= chance.randrange(1, 256)
        verdict = verify(bytes(changed))
        assert not verdict.holds, at
        if at < directory:
            inside = [name for start, name in starts if start <= at][-1]
            assert f"文件 {inside}" in said(verdict), at


def test_a_file_added_removed_or_there_twice_is_named(files: Files, data: bytes) -> None:
    assert said(verify(sealed(files | {"extra.txt": b"x"}))) == "文件 extra.txt 是封存以后加进来的"
    assert said(verify(sealed({name: text for name, text in files.items() if name != "sources.csv"}))) == (
        "文件 sources.csv 不在包里"
    )
    assert "不是封存的结果包" in said(verify(sealed({name: text for name, text in files.items() if name != MANIFEST})))
    buffer = io.BytesIO(data)
    with pytest.warns(UserWarning, match="Duplicate name"), zipfile.ZipFile(buffer, "a") as archive:
        archive.writestr("results/ranking.csv", b"unit,total\n")
    assert "文件 results/ranking.csv 在包里有两份" in said(verify(buffer.getvalue()))


def test_forged_results_are_recomputed_and_the_cell_is_named(files: Files) -> None:
    """甲县 with 87.25 instead of 57.25, under a manifest and a seal that fit."""
    ranking = files["results/ranking.csv"]
    assert ranking.count(b"57.25") > 0
    verdict = verify(forged(files, results__ranking=b""))
    assert "results/ranking" in said(verdict), "an added file of results that nobody computes"
    text = files["results/unit_score.csv"].decode("utf-8-sig").splitlines()
    at = next(place for place, line in enumerate(text) if ",c01," in line)
    line = text[at].replace("57.25", "87.25", 3)
    assert line != text[at]
    wrong = "\n".join([*text[:at], line, *text[at + 1 :], ""]).encode("utf-8-sig")
    verdict = verify(sealed_with(files, "results/unit_score.csv", wrong))
    assert "results/unit_score.csv：c01 的 total 封存为“87.25”，重算为“57.25”" in said(verdict)


def sealed_with(files: Files, name: str, text: bytes) -> bytes:
    return forged(files, **{name.replace("/", "__"): text})


def test_forged_data_do_not_give_the_recorded_results(files: Files) -> None:
    """甲县 judged 10 instead of 8, the results left as they were: 57.25 + 2 = 59.25."""
    review = files["data/review.csv"].decode("utf-8-sig")
    assert "甲县,quality,8" in review
    wrong = review.replace("甲县,quality,8", "甲县,quality,10").encode("utf-8-sig")
    verdict = verify(sealed_with(files, "data/review.csv", wrong))
    assert "results/ranking.csv：" in said(verdict)
    assert "封存为“57.25”，重算为“59.25”" in said(verdict)


def test_a_forged_rubric_or_query_is_found(files: Files) -> None:
    rubric = files["config/scoring.yaml"].replace(b"cap: 6", b"cap: 5")
    assert rubric != files["config/scoring.yaml"]
    assert not verify(sealed_with(files, "config/scoring.yaml", rubric)).holds
    broken = files["config/scoring.yaml"].replace(b"rubric:", b"rubrik:")
    assert "包里的配置不能计分" in said(verify(sealed_with(files, "config/scoring.yaml", broken)))
    assert "queries.sql：与重新生成的不同" in said(verify(sealed_with(files, "queries.sql", b"SELECT 1")))


@pytest.mark.parametrize(
    "change",
    [
        {"period": "2019"}, {"period": "../2024"}, {"period": 2024}, {"as_of": "yesterday"}, {"as_of": None},
        {"files": []}, {"format": 99}, {"engine": None}, {"version": None},
    ],
)  # fmt: skip
def test_a_manifest_that_makes_no_sense_is_told(files: Files, change: dict[str, object]) -> None:
    manifest = json.loads(files[MANIFEST])
    verdict = verify(sealed(files | {MANIFEST: manifest_json({**manifest, **change})}))
    assert verdict.holds == (change == {"version": None}), "what is only printed changes nothing that is computed"


@pytest.mark.parametrize(
    "name", ["../evil.txt", "/evil.txt", "a/../../evil.txt", "C:/evil.txt", "a\\..\\evil.txt", "a//b"]
)
def test_a_name_that_leads_outside_writes_nothing(
    files: Files, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "inner"))
    (tmp_path / "inner").mkdir()
    verdict = verify(sealed_with(files, name, b"evil"))
    assert not verdict.holds
    assert "evil" in said(verdict) or "a//b" in said(verdict)
    assert [path for path in tmp_path.rglob("*") if path.name != "inner"] == []


def test_names_that_cannot_stand_side_by_side_are_told(files: Files) -> None:
    """A file that would have to be a folder as well, and a name longer than a disk takes."""
    verdict = verify(forged(files, **{"config/scoring.yaml/x": b"1"}))
    assert "不能按它的名字解开" in said(verdict)
    assert not verify(forged(files, **{"x" * 300: b"1"})).holds


@pytest.mark.parametrize("what", [b"", b"PK", b"not a zip at all", b"PK\x03\x04" + b"\x00" * 200, "表".encode() * 99])
def test_what_is_no_pack_is_told_so(what: bytes) -> None:
    verdict = verify(what)
    assert verdict.problems == ["这不是封存的结果包，或压缩包已损坏，打不开"]
    assert not verdict.header


def test_any_other_zip_is_told_so() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("readme.txt", "hello")
    assert "文件 manifest.json 不在包里，这不是封存的结果包" in said(verify(buffer.getvalue()))


def test_a_bomb_is_not_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scoring.packs.seal.LARGEST", 1_000_000)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(MANIFEST, b"0" * 1_000_001)
    assert len(buffer.getvalue()) < 10_000
    assert said(verify(buffer.getvalue())) == "包内文件过大，不像是封存的结果包"


def test_a_cut_off_pack_is_told(data: bytes) -> None:
    for length in (64, 1000, len(data) - 1, len(data) - 64, len(data) - 100):
        assert not verify(data[:length]).holds
    assert not verify(data + b"x").holds
    assert not opened(data + b"x").sealed
