"""What goes wrong at the counter: a clear answer in Chinese with what to do, and everything that was there is there still."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread
from typing import Any

import openpyxl
import pytest

from scoring.access import Actor
from scoring.desk import Desk, Refused, closing, entries, handing_in, receiving, reviewing
from scoring.desk.files import attachment
from scoring.desk.proofs import add_proof, proofs
from scoring.desk.receiving import Upload
from scoring.store.records import Records
from tests.village import CLERK, Village, another, case_rows, csv_of, reporter, stats_row, village, workbook

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
WHO = reporter("c1")
NAMES = [
    "'; DROP TABLE submission; --.xlsx",
    "../../../etc/passwd",
    "..\\..\\windows\\system32\\x.xlsx",
    "报表\x00\x07\x1b[31m\u202exslx.xlsx",
    "长" * 300 + ".xlsx",
    "",
    "=HYPERLINK(1).xlsx",
]
TEXTS = ["'; DROP TABLE submission; --", "../../etc/passwd", "=1+1", "@SUM(A1)", "{k: 'x'}", 'a"b,c', "$1 ? %s {}", "x" * 3000]


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Village]:
    """甲县 has reported the first quarter, and it was accepted."""
    found = village(tmp_path)
    data = workbook(found.desk, "c1", [("cases", "2024Q1", case_rows("c1", "2024Q1", 3))])
    handed_in(found.desk, receiving.upload(found.desk, WHO, "c1", "一季度.xlsx", data), accept=True)
    yield found
    found.records.close()


@pytest.fixture(scope="module")
def counter(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Village]:
    """One for many tests, each of which compares before and after."""
    found = village(tmp_path_factory.mktemp("counter"))
    yield found
    found.records.close()


def handed_in(desk: Desk, upload: Upload, accept: bool = False) -> list[str]:
    numbers = [draft.no for draft in upload.drafts]
    for no in numbers:
        handing_in.hand_in(desk, WHO, no)
    if accept:
        reviewing.accept(desk, CLERK, numbers)
    return numbers


def second(place: Village, count: int = 4, mark: str = "") -> bytes:
    return workbook(place.desk, "c1", [("cases", "2024Q2", case_rows("c1", "2024Q2", count, mark))])


def content(place: Village) -> dict[str, list[dict[str, Any]]]:
    """Everything on record but the log."""
    return {table: place.records.fetch(f"SELECT * FROM {table}") for table in place.counts() if table != "audit"}


def in_chinese(text: str) -> bool:
    return bool(re.search(r"[\u4e00-\u9fff]{4}", text)) and not re.search(r"[A-Za-z]{4,}", re.sub(r"\.xlsx|CSV|Excel", "", text))


def zip_bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part:
            for _ in range(60):
                part.write(b"\0" * 8 * 1024 * 1024)
    return out.getvalue()


def answer(place: Village, name: str, data: bytes) -> str:
    """What is said to whoever uploads it for the second quarter: of the file, or of the sheet in it."""
    try:
        upload = receiving.upload(place.desk, WHO, "c1", name, data, "cases", "2024Q2")
    except Refused as refused:
        return f"{refused}" if refused.fix else ""
    return "；".join(f"{one.problem}。{one.fix}" for sheet in upload.refused for one in sheet.findings)


NO_WORKBOOK: dict[str, tuple[bytes | Callable[[], bytes], str]] = {
    "text": (b"\x00\x01\x02 not a workbook \xff\xfe", "读不|不是|编码|乱码|二进制"),
    "empty": (b"", "空的"),
    "picture": (b"\x89PNG\r\n\x1a\n" + b"0" * 100, "图片"),
    "cut off": (b"PK\x03\x04" + b"\x14\x00" * 40, "损坏"),
    "password": (OLE + b"\0" * 504 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 3000, "密码|损坏"),
    "bomb": (zip_bomb, "过大"),
    "program": (b"MZ\x90\x00" + b"\0" * 60, "程序"),
    "page": (b"<html><body><table><tr><td>1</td></tr></table></body></html>", "网页"),
}


@pytest.mark.parametrize("what", NO_WORKBOOK)
def test_no_workbook(counter: Village, what: str) -> None:
    place = counter
    made, words = NO_WORKBOOK[what]
    data = made() if callable(made) else made
    before = content(place)
    told = answer(place, "报表.xlsx", data)
    assert re.search(words, told), told
    assert in_chinese(told), told
    after = content(place)
    after["attachment"] = after["attachment"][: len(before["attachment"])]
    assert after == before


def test_a_template_of_another_unit(place: Village) -> None:
    other = workbook(place.desk, "c2", [("cases", "2024Q2", case_rows("c2", "2024Q2", 2))])
    before = content(place)
    upload = receiving.upload(place.desk, WHO, "c1", "乙县的.xlsx", other)
    assert not upload.drafts
    (sheet,) = upload.refused
    (finding,) = [one for one in sheet.findings if one.level == "A"]
    assert "乙县" in finding.problem
    assert finding.fix
    assert content(place)["submission"] == before["submission"]


def test_rows_of_another_period(place: Village) -> None:
    """A template of the second quarter with cases of the first: every row says so."""
    data = workbook(place.desk, "c1", [("cases", "2024Q2", case_rows("c1", "2024Q1", 2, "重"))])
    (draft,) = receiving.upload(place.desk, WHO, "c1", "二季度.xlsx", data).drafts
    assert draft.sheet.set_aside == 2
    assert all("不在" in one.problem for one in draft.sheet.findings if one.level == "A")
    with pytest.raises(Refused, match=r"有 2 行存在强制性错误.*改好后重新上传"):
        handing_in.hand_in(place.desk, WHO, draft.no)


def test_cells_with_errors_and_formulas_without_result(place: Village) -> None:
    book = openpyxl.load_workbook(io.BytesIO(second(place, 3)))
    sheet = book.worksheets[1]
    sheet.cell(6, 4, "#DIV/0!").data_type = "e"
    sheet.cell(7, 4, "=1+1")
    out = io.BytesIO()
    book.save(out)
    (draft,) = receiving.upload(place.desk, WHO, "c1", "二季度.xlsx", out.getvalue()).drafts
    assert {(one.line, one.level) for one in draft.sheet.findings if one.column == "amount"} == {(6, "A"), (7, "A")}
    assert draft.sheet.aside == [True, True, False]
    assert (draft.state, draft.sheet.values["amount"]) == ("校验不通过", [None, None, draft.sheet.values["amount"][2]])


def test_rows_with_faults_can_be_left_out_and_stay_on_record(place: Village) -> None:
    rows = case_rows("c1", "2024Q2", 4)
    rows[1][4] = "不详"
    data = workbook(place.desk, "c1", [("cases", "2024Q2", rows)])
    (draft,) = receiving.upload(place.desk, WHO, "c1", "二季度.xlsx", data).drafts
    receipt = handing_in.hand_in(place.desk, WHO, draft.no, leave_out=True)
    assert (receipt.rows, receipt.aside) == (4, 1)
    reviewing.accept(place.desk, CLERK, [draft.no])
    project = place.project
    assert len(project.sheets["cases"]) == 3 + 3
    assert project.rows_set_aside == 1
    (typed,) = place.records.fetch("SELECT typed FROM ledger_row WHERE submission = ? AND aside", [draft.no])
    assert typed["typed"]["filed_on"] == "不详"


def test_the_same_file_twice(place: Village) -> None:
    data = second(place)
    (first,) = receiving.upload(place.desk, WHO, "c1", "二季度.xlsx", data).drafts
    before = content(place)
    (again,) = receiving.upload(place.desk, WHO, "c1", "改了名字.xlsx", data).drafts
    assert (again.no, again.same_as, first.same_as) == (first.no, True, False)
    assert content(place) == before
    handing_in.hand_in(place.desk, WHO, first.no)
    reviewing.give_back(place.desk, CLERK, first.no, "数字与上月不衔接")
    (anew,) = receiving.upload(place.desk, WHO, "c1", "二季度.xlsx", data).drafts
    assert anew.no != first.no, "what was returned may be brought again"


def test_two_people_for_one_unit(place: Village) -> None:
    one, other = reporter("c1", "张某（示例）"), reporter("c1", "李某（示例）")
    data = second(place)
    first = receiving.upload(place.desk, one, "c1", "甲.xlsx", data).drafts[0]
    later = receiving.upload(place.desk, other, "c1", "乙.xlsx", second(place, 5, "补")).drafts[0]
    assert {draft.no for draft in receiving.drafts(place.desk, "c1")} == {first.no, later.no}
    handing_in.hand_in(place.desk, one, first.no)
    before = content(place)
    with pytest.raises(Refused, match=r"张某（示例）已在 .* 提交了这一期.*核对") as refused:
        handing_in.hand_in(place.desk, other, later.no)
    assert refused.value.other == first.no
    assert content(place) == before
    handing_in.hand_in(place.desk, other, later.no, replacing=first.no)
    reviewing.accept(place.desk, CLERK, [later.no])
    assert len(place.project.sheets["cases"]) == 3 + 5
    assert handing_in.standing(place.desk, first.no)["row_count"] == 4, "it stays on record"


def test_the_same_draft_handed_in_twice_at_once(place: Village) -> None:
    """Two clicks: one receipt, one decision."""
    (draft,) = receiving.upload(place.desk, WHO, "c1", "二季度.xlsx", second(place)).drafts
    told: list[str] = []

    def click() -> None:
        try:
            told.append(handing_in.hand_in(place.desk, WHO, draft.no).no)
        except Refused as refused:
            told.append(refused.problem)

    clicks = [Thread(target=click) for _ in range(4)]
    for one in clicks:
        one.start()
    for one in clicks:
        one.join()
    assert sorted(told)[0] == draft.no
    assert sum("不能再提交" in one for one in told) == 3
    assert [one["state"] for one in reviewing.history(place.desk, draft.no)] == ["草稿", "已提交", "待复核"]


def test_explanations_that_are_not_there_or_too_short(place: Village) -> None:
    data = workbook(place.desk, "c1", [("stats", "2024Q2", stats_row("2024Q2", 16, 24))])
    (draft,) = receiving.upload(place.desk, WHO, "c1", "统计.xlsx", data).drafts
    (question,) = [one for one in draft.sheet.findings if one.level == "C"]
    before = content(place)
    for answer in ("", "上年抓获", "   ", "上 年 抓 获"):
        with pytest.raises(Refused, match=r"有 1 处需要说明还没有写（第 6 行）.*至少写 6 个字"):
            handing_in.hand_in(place.desk, WHO, draft.no, {question.key: answer})
        assert content(place) == before
    handing_in.hand_in(place.desk, WHO, draft.no, {question.key: "上年抓获八人本年批捕"})
    assert list(handing_in.explanations(place.records, draft.no).values()) == ["上年抓获八人本年批捕"]


def test_a_locked_period(place: Village) -> None:
    desk = place.desk
    (draft,) = receiving.upload(desk, WHO, "c1", "二季度.xlsx", second(place)).drafts
    closing.lock(desk, CLERK, "2024", "年度考核结束，照现状锁定", even_so=True)
    before = content(place)
    upload = receiving.upload(desk, WHO, "c1", "三季度.xlsx", second(place, 6, "迟"))
    assert not upload.drafts
    assert "2024 年考核已经锁定，不再收件" in [one.problem for one in upload.refused[0].findings]
    for act in (
        lambda: handing_in.hand_in(desk, WHO, draft.no),
        lambda: reviewing.give_back(desk, CLERK, counted(place), "数字与上月不衔接"),
        lambda: entries.enter(desk, CLERK, "awards", "c2", {"doc_no": "示1", "issued_on": "2024-05-01"}, "省级表扬"),
        lambda: add_proof(desk, WHO, "c1", "2024", "a", ("证明.pdf", b"%PDF-1.4"), None, ""),
    ):
        with pytest.raises(Refused, match=r"2024 年考核已经锁定.*先解锁"):
            act()
    after = content(place)
    assert {key: rows for key, rows in after.items() if key != "attachment"} == {
        key: rows for key, rows in before.items() if key != "attachment"
    }
    closing.reopen(desk, CLERK, "2024", "漏收二季度台账，予以补收")
    handing_in.hand_in(desk, WHO, draft.no)


def counted(place: Village) -> str:
    return str(place.records.fetch("SELECT no FROM counted_submission WHERE form = 'cases'")[0]["no"])


def test_a_lost_connection(place: Village, tmp_path: Path) -> None:
    """The browser is gone after the upload; the program is started anew: the draft is there."""
    (draft,) = receiving.upload(place.desk, WHO, "c1", "二季度.xlsx", second(place)).drafts
    place.records.close()
    place.records = Records.open(place.database, "看板", place.clock)
    (found,) = receiving.drafts(place.desk, "c1")
    assert (found.no, found.state, found.sheet.typed, found.sheet.values) == (draft.no, "草稿", draft.sheet.typed, draft.sheet.values)
    assert [one.key for one in found.sheet.findings] == [one.key for one in draft.sheet.findings]
    handing_in.hand_in(place.desk, WHO, found.no)


@pytest.mark.parametrize("name", NAMES, ids=range(len(NAMES)))
def test_names_of_files_are_text(counter: Village, name: str) -> None:
    place, folder = counter, counter.database.parent.parent
    before, around = place.counts(), {path for path in folder.rglob("*") if "snapshots" not in str(path)}
    data = another(second(place), NAMES.index(name))
    (draft,) = receiving.upload(place.desk, WHO, "c1", name, data).drafts
    handing_in.hand_in(place.desk, WHO, draft.no)
    add_proof(place.desk, WHO, "c1", "2024", "a", (name, b"%PDF-1.4 ..."), None, name)
    (kept,) = place.records.fetch("SELECT file_name, sha256 FROM submission WHERE no = ?", [draft.no])
    assert kept["file_name"].isprintable()
    assert 0 < len(kept["file_name"]) <= 120
    assert "/" not in kept["file_name"] and "\\" not in kept["file_name"]
    assert attachment(place.records, kept["sha256"]) == data
    assert proofs(place.desk, "c1", "2024")[-1]["file_name"] == kept["file_name"]
    assert set(place.counts()) == set(before), "the same tables"
    assert place.counts()["submission"] == before["submission"] + 1
    assert {path for path in folder.rglob("*") if "snapshots" not in str(path)} == around


def test_contents_of_cells_are_text(place: Village) -> None:
    rows = [[f"{text[:40]}{at}", "行政", text, 1, "2024-05-20"] for at, text in enumerate(TEXTS)]
    book = openpyxl.Workbook()
    book.active.title = "案件台账"
    book.active.append(["文号", "案件类别", "当事人", "案值", "立案日期"])
    for line, row in enumerate(rows, 2):
        for at, value in enumerate(row, 1):
            book.active.cell(line, at, value).data_type = "n" if at == 4 else "s"
    out = io.BytesIO()
    book.save(out)
    before = place.counts()
    (draft,) = receiving.upload(place.desk, WHO, "c1", "二季度.xlsx", out.getvalue(), "cases", "2024Q2").drafts
    handed_in(place.desk, Upload("", "", (draft,)), accept=True)
    kept = place.records.fetch("SELECT typed FROM ledger_row WHERE submission = ? ORDER BY position", [draft.no])
    assert [row["typed"]["party"] for row in kept] == TEXTS
    assert set(place.counts()) == set(before)
    mine = [
        party for party, no in zip(place.project.sheets["cases"].values["party"], place.project.sheets["cases"].values["doc_no"], strict=True)
        if not str(no).startswith("甲县")
    ]
    assert sorted(map(str, mine)) == sorted(TEXTS)


def test_words_of_people_are_text(place: Village) -> None:
    """Names, reasons, explanations with quotes and SQL go in and come out as they are."""
    word = "'; DROP TABLE decision; -- \" ${x} \\"
    who = Actor(word, "reporter", "c1")
    (draft,) = receiving.upload(place.desk, who, "c1", "二季度.xlsx", second(place)).drafts
    handing_in.hand_in(place.desk, who, draft.no)
    reviewing.give_back(place.desk, Actor(word, "office"), draft.no, word)
    last = reviewing.history(place.desk, draft.no)[-1]
    assert (last["actor"], last["reason"]) == (word, word)
    with pytest.raises(Refused, match="没有编号为"):
        handing_in.standing(place.desk, word)


def test_csv_of_another_encoding_with_a_null_in_it(place: Village) -> None:
    rows = case_rows("c1", "2024Q2", 2)
    rows[0][2] = "示例\x00商行"
    data = csv_of(rows).decode().encode("gb18030")
    told = answer(place, "二季度.csv", data)
    if not told:  # taken: then it can be kept as well
        handed_in(place.desk, Upload("", "", tuple(receiving.drafts(place.desk, "c1"))))
    assert not told or in_chinese(told)


def test_who_may_not(place: Village) -> None:
    before = content(place)
    for act in (
        lambda: receiving.upload(place.desk, reporter("c2"), "c1", "甲县.xlsx", b"x"),
        lambda: receiving.upload(place.desk, WHO, None, "登记.xlsx", b"x"),
        lambda: reviewing.accept(place.desk, WHO, [counted(place)]),
        lambda: reviewing.give_back(place.desk, WHO, counted(place), "自己退回自己的"),
    ):
        with pytest.raises(Refused, match="不能"):
            act()
    assert content(place) == before
