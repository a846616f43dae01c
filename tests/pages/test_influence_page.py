"""影响省对市: who sees what, the same figures as the command, and what is said where there is nothing to reckon."""

from __future__ import annotations

from scoring.reports import influence as told
from tests.demo import ROOT, demo, scored, title
from tests.pages.conftest import Visit, said
from tests.test_influence import demo_study


def test_the_page_shows_the_study(visit: Visit) -> None:
    app = visit("influence", role="分析人员")
    study, text = demo_study("counties"), said(app)
    assert "青岚市得 59.41 分，失 40.59 分。" in text
    for one in study.parts:
        assert told.sentence(study, one) in text
    tables = [table.value for table in app.main.get("dataframe")]
    units = next(table for table in tables if list(table.columns) == list(told.UNITS))
    assert [tuple(row) for row in units.itertuples(index=False)] == told.unit_rows(study)


def test_all_units_with_their_error(visit: Visit) -> None:
    app = visit("influence", role="领导", by="全部单位之间")
    assert told.method(demo_study("all")) in said(app)


def test_a_county_sees_its_own_sentence_only(visit: Visit) -> None:
    app = visit("influence", role="县区", who=title("c04"))
    text = said(app)
    study = demo_study("counties")
    assert told.sentence(study, next(one for one in study.parts if one.unit == "c04")) in text
    assert not [one.title for one in demo().reporting if one.code != "c04" and one.title in text]
    assert not app.main.get("dataframe") and not app.main.get("download_button")


def test_a_year_without_a_total(visit: Visit) -> None:
    text = said(visit("influence", role="分析人员", period="2023"))
    assert "青岚市的总分还没有定（案件总量同比还没有定）" in text and "拉低" not in text.replace("谁拉低了多少", "")


def test_a_project_without_such_a_rubric(visit: Visit) -> None:
    text = said(visit("influence", project=ROOT / "examples" / "nanjiang_2023", role="分析人员"))
    assert "没有一份是按所辖单位合计的数据给全市计分的" in text


def test_the_place_beside_is_the_official_one() -> None:
    places = {row["unit"]: row["place"] for row in scored("2024").assessment.rows("ranking")}
    assert {one.unit: one.place for one in demo_study("counties").parts} == {code: places[code] for code in places if code[0] in "cz"}
