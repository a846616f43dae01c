"""What the text leaves open and the author chose, on every page where somebody reads points that rest on it."""

from __future__ import annotations

from scoring.project import open_project
from scoring.rubric.assumed import assumed
from tests.pages.conftest import ROOT, Visit, said

ANTIDRUG = ROOT / "examples" / "antidrug_d38"
CHOICE = "全年各次株数先合计；不足 200 株的按比例扣；隐瞒的株数既按查获扣，又按隐瞒扣。"
NOTE = "本办法有 15 处原文未写明、由编写者认定，见“办法”页。"


def test_the_rubric_page_tells_it_at_the_item_and_lists_them_all(visit: Visit) -> None:
    app = visit("rubric", ANTIDRUG, indicator="zero_planting")
    text = said(app)
    assert f"**我们的理解**　{CHOICE}" in text
    assert [tab.label for tab in app.tabs][-1] == "认定（15）"
    assert "**我们的理解（基本达标）**　" in said(visit("rubric", ANTIDRUG, part="加分、扣分、否决和等次"))
    rubric = open_project(ANTIDRUG).rubric
    assert rubric is not None
    listed = visit("rubric", ANTIDRUG, part="认定（15）").tabs[-1].get("table")[0].value
    assert list(listed["条款"]) == [one.clause or "—" for one in assumed(rubric.spec)]
    assert f"{CHOICE}" in list(listed["我们的理解"])


def test_the_choice_of_a_section_stands_at_its_items(visit: Visit) -> None:
    assert "**对这个一级指标的理解**　清单的说明只提到有一个标题" in said(
        visit("rubric", ANTIDRUG, indicator="custody")
    )


def test_the_unit_page_tells_it_beside_the_rule(visit: Visit) -> None:
    text = said(visit("unit", ANTIDRUG, unit="t03", indicator="zero_planting"))
    assert f"**我们的理解**　{CHOICE}" in text


def test_the_ranking_says_how_many_it_rests_on(visit: Visit) -> None:
    assert NOTE in said(visit("ranking", ANTIDRUG))


def test_a_rubric_without_any_has_no_tab_for_them(visit: Visit) -> None:
    app = visit("rubric")
    assert not [tab.label for tab in app.tabs if "认定" in tab.label]
    assert "我们的理解" not in said(app)
