"""锁定与封存 without a browser: what is open, locking, correcting, versions, verifying. Points of 小城, by hand."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from pages.ui import served
from tests.hamlet import copied
from tests.pages.conftest import Visit, said
from tests.pages.test_scores import fill, press


@pytest.fixture
def town(tmp_path: Path) -> Path:
    """小城 with records of its own."""
    return copied(tmp_path)


def closing(visit: Visit, town: Path) -> AppTest:
    return visit("closing", town, database=town / "hamlet.duckdb")


def lock(app: AppTest, reason: str, as_it_stands: bool = True) -> AppTest:
    next(one for one in app.text_input if one.label.startswith("锁定的依据")).input(reason)
    if as_it_stands:
        app.checkbox[0].check()
    return press(app, "锁定 2024 年考核并封存")


def packs(town: Path) -> list[bytes]:
    found = served._records(str(town / "hamlet.duckdb")).fetch(
        "SELECT a.content FROM period_closing c JOIN attachment a ON a.sha256 = c.pack_sha256 WHERE c.locked ORDER BY c.event"
    )
    return [bytes(row["content"]) for row in found]


def verified(app: AppTest, name: str, data: bytes) -> AppTest:
    (place,) = [one for one in app.main.get("file_uploader") if one.label.startswith("选择结果包")]
    place.set_value((name, data, "application/zip"))
    app.run()
    assert not app.exception
    return app


def test_what_is_open_is_told_and_locking_as_it_stands_has_to_be_said(visit: Visit, town: Path) -> None:
    app = closing(visit, town)
    assert "○ 未锁定" in said(app)
    assert "- 1 份报表一直没有报" in said(app)
    assert "去“催报”" in [one.label for one in app.main.get("page_link")]
    lock(app, "年终考核", as_it_stands=False)
    assert "还有没办完的事：1 份报表一直没有报" in app.error[0].value
    app = lock(closing(visit, town), "")
    assert "照现状锁定没有写理由" in app.error[0].value
    assert not packs(town)


def test_lock_correct_and_lock_again(visit: Visit, town: Path) -> None:
    """丙区 7 → 4 of 10: 60 − 3 = 57, below 60 不合格, and behind 甲县 with 57.25."""
    app = lock(closing(visit, town), "年终考核")
    assert "2024 年考核已锁定，第 1 版，封存码" in app.success[0].value
    assert "■ 已锁定　第 1 版" in said(app)
    assert "年终考核" in said(app)
    assert not list(app.checkbox), "no second lock"

    next(one for one in app.text_input if one.label.startswith("解锁的依据")).input("更正")
    press(app, "解锁 2024 年考核")
    assert "至少 6 个字" in app.error[0].value
    next(one for one in app.text_input if one.label.startswith("解锁的依据")).input("更正丙区案卷质量评分")
    press(app, "解锁 2024 年考核")
    assert "○ 未锁定　已解锁更正" in said(app)
    assert "再次锁定生成第 2 版" in said(app)

    entry = visit("scores", town, database=town / "hamlet.duckdb", form="review", unit="c03")
    press(press(fill(entry, 评分="4", 理由="复核案卷"), "登记"), "确认更正")

    app = lock(closing(visit, town), "更正后重新锁定")
    assert "第 2 版" in app.success[0].value
    assert [one.label for one in app.main.get("download_button")] == [
        f"下载（{len(one) // 1024} KB）" for one in reversed(packs(town))
    ]
    app.session_state["difference_2024_2"] = True
    app.run()
    (frame,) = [one.value for one in app.main.get("dataframe")]
    assert list(frame.columns) == ["单位", "项目", "原来", "现在"]
    assert {tuple(row) for row in frame.to_numpy().tolist()} == {
        ("丙区", "总分", "60.00", "57.00"),
        ("丙区", "名次", "2", "3"),
        ("丙区", "等次", "合格", "不合格"),
        ("甲县", "名次", "3", "2"),
        ("丙区", "案卷质量　得分", "7.00", "4.00"),
    }


def test_a_pack_is_verified(visit: Visit, town: Path) -> None:
    app = lock(closing(visit, town), "年终考核")
    (data,) = packs(town)
    verified(app, "包.zip", data)
    told = [one.value for one in app.success]
    assert any("核验通过" in one and "2024 年第 1 版" in one for one in told)
    assert "与本库登记的 2024 年第 1 版的封存码一致" in said(app)
    changed = bytearray(data)
    changed[len(data) // 3] ^= 1
    verified(app, "改过的.zip", bytes(changed))
    assert "核验不通过" in app.error[0].value
    assert "- 文件 " in said(app)
    verified(app, "<b>不是包</b>.zip", b"hello")
    assert "这不是封存的结果包" in said(app)
    assert len(packs(town)) == 1, "nothing of it is kept"
