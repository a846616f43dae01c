"""From a draft to an edition in force: by another person, beside what is there, and nothing official moves otherwise.

By hand (tests/projects/small/README.md): 乙县 has 88.5 points and two commendations of 2 points each; with a pool of 3 its
total of 2024 is 91.5, with a pool of 5 it is 92.5.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from pathlib import Path
from threading import Barrier

import pytest

from scoring.access import Actor
from scoring.desk import Desk, Refused
from scoring.desk.approving import Approved, Issued, approve, file_of, put_in_place, reject
from scoring.desk.closing import lock
from scoring.desk.draft_life import submit
from scoring.desk.draft_texts import base
from scoring.desk.drafts import APPROVED, PENDING, RETURNED, Draft, decisions, read, save
from scoring.desk.files import attachment
from scoring.desk.log import Wanted, lines
from scoring.project import open_project
from scoring.source import Loc
from tests.drafts.conftest import RUBRIC
from tests.drafts.test_drafts import LI, POOL, SECOND_BAND, edit
from tests.hamlet import Hamlet
from tests.town import CHECKER, CLERK

ISSUED = Issued("2024", "小双打办〔2024〕5号", date(2024, 1, 1))


def pending(desk: Desk, changes: Mapping[Loc, str] | None = None, by: Actor = LI, file: str = RUBRIC) -> Draft:
    one = save(desk, by, "提高加分上限", "鼓励争先创优", base(desk, file), changes or {POOL: "5"})
    return submit(desk, by, one.no, 1)


def files(city: Hamlet) -> dict[str, bytes]:
    """Everything in the folder of the project's configuration."""
    folder = city.folder / "config"
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_new_edition_scores_its_year_and_the_old_one_its_own(town_hall: Hamlet) -> None:
    desk, before = town_hall.desk, files(town_hall)
    assert town_hall.placed("c02")[0] == Decimal("91.5")
    one = pending(desk)
    assert town_hall.placed("c02")[0] == Decimal("91.5") and files(town_hall) == before, "a draft changes nothing"
    done = approve(desk, CLERK, one.no, 1, ISSUED, "同意")
    assert (done.file, done.periods) == ("config/rubrics/2024.yaml", ("2024",))
    project = town_hall.project
    assert project.ready
    assert {label: project.edition(label).document.file for label in ("2024", "2023")} == {"2024": done.file, "2023": RUBRIC}
    assert project.edition("2024").spec.document.number == "小双打办〔2024〕5号"
    assert town_hall.placed("c02") == (Decimal("92.5"), 1, "优秀")
    after = files(town_hall)
    new = after.pop("rubrics/2024.yaml")
    assert after == before, "no other file is touched or left behind"
    written = before["scoring.yaml"].decode()
    for old, now in (("pool: 3,  gate", "pool: 5,  gate"), ('edition: "2023"', 'edition: "2024"'), ("in_force: 2023-01-01", "in_force: 2024-01-01"), ("number: 小双打办〔2024〕1号", "number: 小双打办〔2024〕5号")):
        assert written.count(old) == 1
        written = written.replace(old, now)
    assert new.decode() == written, "only these four scalars differ"
    assert done.sha256 == hashlib.sha256(new).hexdigest() and attachment(desk.records, done.sha256) == new
    now = read(desk, LI, one.no)
    assert (now.state, now.decided_by, now.state_reason, now.new_edition, now.new_in_force) == (APPROVED, CLERK.name, "同意", "2024", date(2024, 1, 1))
    (line,) = lines(desk, CLERK, Wanted(act="批准草案"))
    assert line["detail"] == f"config/rubrics/2024.yaml，2024版，小双打办〔2024〕5号，2024-01-01 起施行，文本校验码 {done.sha256[:16]}"


def test_a_draft_over_the_new_edition(town_hall: Hamlet) -> None:
    desk = town_hall.desk
    first = approve(desk, CLERK, pending(desk).no, 1, ISSUED)
    desk = town_hall.desk  # read anew: it knows the new file
    one = save(desk, LI, "再提高", "再鼓励", base(desk, first.file), {POOL: "6"})
    assert (one.edition, one.changes[0].old) == ("2024", "5")
    submit(desk, LI, one.no, 1)
    done = approve(desk, CLERK, one.no, 1, Issued("2024 修订", "小双打办〔2024〕9号", date(2024, 7, 1)))
    assert done == Approved("config/rubrics/2024_修订.yaml", done.sha256, ("2024",))
    assert town_hall.placed("c02")[0] == Decimal("92.5"), "4 points of commendations fit under both"


@pytest.mark.parametrize("author", [CLERK, CHECKER])
def test_nobody_approves_a_draft_of_their_own(town_hall: Hamlet, author: Actor) -> None:
    desk = town_hall.desk
    one = pending(desk, by=author)
    with pytest.raises(Refused, match="是你起草或修改过的，不能自己批准。须由另一个人批准"):
        approve(desk, author, one.no, 1, ISSUED)
    other = CHECKER if author is CLERK else CLERK
    assert approve(desk, other, one.no, 1, ISSUED).periods == ("2024",)


def test_who_changed_it_or_handed_it_in_is_an_author_too(town_hall: Hamlet) -> None:
    desk = town_hall.desk
    one = save(desk, LI, "提高加分上限", "鼓励", base(desk), {POOL: "4"})
    again = save(desk, CLERK, one.name, "改成 5", base(desk), {POOL: "5"}, one)
    submit(desk, CHECKER, one.no, again.version)
    assert read(desk, LI, one.no).authors == tuple(sorted([LI.name, CLERK.name, CHECKER.name]))
    for actor in (CLERK, CHECKER):
        with pytest.raises(Refused, match="不能自己批准"):
            approve(desk, actor, one.no, 2, ISSUED)
    with pytest.raises(Refused, match="“李分析”不能批准办法草案"):
        approve(desk, LI, one.no, 2, ISSUED)
    assert approve(desk, Actor("市双打办主任", "office"), one.no, 2, ISSUED).file == "config/rubrics/2024.yaml"


def test_sent_back_with_a_reason(town_hall: Hamlet) -> None:
    desk = town_hall.desk
    one = pending(desk)
    with pytest.raises(Refused, match="没有写退回的理由"):
        reject(desk, CLERK, one.no, 1, " ")
    back = reject(desk, CLERK, one.no, 1, "幅度太大")
    assert (back.state, back.state_reason, back.decided_by) == (RETURNED, "幅度太大", CLERK.name)
    with pytest.raises(Refused, match="现在是“退回”，不能这样办"):
        approve(desk, CLERK, one.no, 1, ISSUED)
    again = save(desk, LI, one.name, "减小幅度", base(desk), {POOL: "4"}, back)
    submit(desk, LI, one.no, again.version)
    with pytest.raises(Refused, match="已经不是你看到的第 1 版"):
        approve(desk, CLERK, one.no, 1, ISSUED)
    approve(desk, CLERK, one.no, 2, ISSUED)
    assert [row["state"] for row in decisions(desk, CLERK, one.no)] == ["草稿", "待批准", "退回", "草稿", "待批准", "已批准"]
    with pytest.raises(Refused, match="现在是“已批准”，不能这样办"):
        approve(desk, CLERK, one.no, 2, ISSUED)


REFUSED = [
    (Issued("2023", "新〔2024〕5号", date(2024, 1, 1)), r"版本名“2023”已经用于 config/scoring\.yaml。请换一个版本名"),
    (Issued("2024", "新〔2024〕5号", date(2023, 1, 1)), r"施行日期 2023-01-01 不晚于“2023”版（config/scoring\.yaml）的施行日期 2023-01-01"),
    (Issued("2024", "新〔2024〕5号", date(2022, 6, 1)), "新版本要在已有各版之后施行"),
    (Issued("  ", "新〔2024〕5号", date(2024, 1, 1)), "没有写版本名"),
    (Issued("2024", "", date(2024, 1, 1)), "没有写文号"),
    (Issued("年" * 41, "新〔2024〕5号", date(2024, 1, 1)), "版本名超过 40 个字"),
    (Issued("../..", "新〔2024〕5号", date(2024, 1, 1)), r"版本名“\.\./\.\.”不能用作文件名"),
    (Issued("CON", "新〔2024〕5号", date(2024, 1, 1)), "不能用作文件名"),
    (Issued("Taken", "新〔2024〕5号", date(2024, 1, 1)), r"已经有 config/rubrics/taken\.YAML 这个文件，不会覆盖它"),
    (Issued("2024", "新〔2024〕5号, 二", date(2024, 1, 1)), "不加引号写不进这一处"),
]  # fmt: skip


@pytest.mark.parametrize("issued, told", REFUSED, ids=[one[1] for one in REFUSED])
def test_what_would_confuse_is_refused_and_nothing_is_left_behind(town_hall: Hamlet, issued: Issued, told: str) -> None:
    (town_hall.folder / "config" / "rubrics").mkdir()
    (town_hall.folder / "config" / "rubrics" / "taken.YAML").write_text("以前的笔记", encoding="utf-8")
    desk = town_hall.desk
    one, before = pending(desk), files(town_hall)
    with pytest.raises(Refused, match=told) as refused:
        approve(desk, CLERK, one.no, 1, issued)
    assert refused.value.fix
    assert files(town_hall) == before and read(desk, LI, one.no).state == PENDING
    assert not lines(desk, CLERK, Wanted(act="批准草案"))


def test_an_edition_that_changed_since(town_hall: Hamlet) -> None:
    desk = town_hall.desk
    one = pending(desk)
    edit(town_hall, "title: 案卷质量", "title: 案卷评查")
    with pytest.raises(Refused, match=r"在起草以后改过.*请把改动带到现在的办法上"):
        approve(desk, CLERK, one.no, 1, ISSUED)
    assert not (town_hall.folder / "config" / "rubrics").exists()


def test_a_locked_period_keeps_its_edition(town_hall: Hamlet) -> None:
    desk = town_hall.desk
    lock(desk, CLERK, "2024", "年终", even_so=True)
    one = pending(desk)
    for day in (date(2024, 1, 1), date(2024, 12, 31)):
        with pytest.raises(Refused, match=rf"施行日期 {day} 不晚于已锁定的 2024 年考核期（到 2024-12-31 止），那一年会改按新版计分"):
            approve(desk, CLERK, one.no, 1, Issued("2025", "小双打办〔2025〕1号", day))
    done = approve(desk, CLERK, one.no, 1, Issued("2025", "小双打办〔2025〕1号", date(2025, 1, 1)))
    assert done.periods == () and done.file == "config/rubrics/2025.yaml"
    project = town_hall.project
    assert project.edition("2024").spec.edition == "2023" and project.edition("2025").spec.edition == "2025"
    assert town_hall.placed("c02")[0] == Decimal("91.5")


REAL = """\
samples:
  - title: 乙县 2024 年
    clause: 第八条
    period: "2024"
    units: [{unit: 乙县, expect: {total: 91.5}}]
"""


def test_a_draft_that_fails_on_the_data_is_not_put_in_place(town_hall: Hamlet) -> None:
    """A sample of a real unit is reckoned when the file is opened with the project: 92.5, not 91.5."""
    edit(town_hall, "total: {at_least: 0, at_most: none}", f"total: {{at_least: 0, at_most: none}}\n{REAL}")
    desk = town_hall.desk
    one, before = pending(desk), files(town_hall)
    with pytest.raises(Refused, match=r"草案还不能用来计分：.*总分应为 91\.5 分，按本办法算出 92\.5 分.*请退回起草人修改"):
        approve(desk, CLERK, one.no, 1, ISSUED)
    assert files(town_hall) == before and read(desk, LI, one.no).state == PENDING


def test_a_project_with_errors_takes_no_edition(town_hall: Hamlet) -> None:
    desk = town_hall.desk
    one = pending(desk)
    (town_hall.folder / "config" / "units.yaml").write_text("units: [", encoding="utf-8")
    with pytest.raises(Refused, match="项目的配置有错误，现在不能启用新的版本"):
        approve(desk, CLERK, one.no, 1, ISSUED)


def test_two_people_approve_at_once(town_hall: Hamlet) -> None:
    desk = town_hall.desk
    one, start = pending(desk), Barrier(2)

    def attempt(actor: Actor) -> bool:
        start.wait()
        try:
            approve(desk, actor, one.no, 1, ISSUED)
        except Refused:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(attempt, [CLERK, CHECKER])) == [False, True]
    assert [row["state"] for row in decisions(desk, CLERK, one.no)].count(APPROVED) == 1
    assert town_hall.project.ready


def test_a_file_system_without_second_names(town_hall: Hamlet, monkeypatch: pytest.MonkeyPatch) -> None:
    def none(*_: object) -> None:
        raise OSError("no links here")

    monkeypatch.setattr(os, "link", none)
    desk = town_hall.desk
    done = approve(desk, CLERK, pending(desk).no, 1, ISSUED)
    assert [path.name for path in (town_hall.folder / "config" / "rubrics").iterdir()] == ["2024.yaml"]
    assert hashlib.sha256((town_hall.folder / done.file).read_bytes()).hexdigest() == done.sha256


def test_a_file_that_could_not_be_written_is_told_and_written_later(
    town_hall: Hamlet, monkeypatch: pytest.MonkeyPatch
) -> None:
    def none(*_: object) -> None:
        raise OSError("disk is gone")

    desk = town_hall.desk
    one, before = pending(desk), files(town_hall)
    with pytest.raises(Refused, match="批准以后才有文件"):
        put_in_place(desk, CLERK, one.no)
    with monkeypatch.context() as broken:
        broken.setattr(os, "link", none)
        broken.setattr(Path, "rename", none)
        with pytest.raises(Refused, match=r"草案已经批准，但 config/rubrics/2024\.yaml 没有写成，新版本还没有生效"):
            approve(desk, CLERK, one.no, 1, ISSUED)
    assert files(town_hall) == before and read(desk, LI, one.no).state == APPROVED
    assert put_in_place(desk, CHECKER, one.no) == "config/rubrics/2024.yaml"
    assert open_project(town_hall.folder, database=town_hall.database).edition("2024").spec.edition == "2024"
    with pytest.raises(Refused, match="不会覆盖它"):
        put_in_place(desk, CHECKER, one.no)


def test_names_of_files() -> None:
    assert [file_of(label) for label in ("2025", "2025 修订", "2025/版", "a.b", "第（二）版")] == [
        "2025.yaml", "2025_修订.yaml", "2025_版.yaml", "a_b.yaml", "第_二_版.yaml",
    ]  # fmt: skip
    for label in ("..", "///", "nul", "COM1"):
        with pytest.raises(Refused, match="不能用作文件名"):
            file_of(label)


def test_a_draft_with_errors_never_gets_that_far(town_hall: Hamlet) -> None:
    desk = town_hall.desk
    one = save(desk, LI, "错的", "试", base(desk), {SECOND_BAND: "95"})
    with pytest.raises(Refused, match="这一档永远轮不到"):
        submit(desk, LI, one.no, 1)
    with pytest.raises(Refused, match="现在是“草稿”，不能这样办"):
        approve(desk, CLERK, one.no, 1, ISSUED)
