"""收件与复核 without a browser: what waits, what one submission holds, by role."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from pages.ui.identity import ANALYST
from scoring.desk import handing_in, receiving
from tests.pages.conftest import Visit, said
from tests.pages.test_report import CASE, CODE, workbook
from tests.town import Town, reporter, town


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    found = town(tmp_path_factory.mktemp("inbox"))
    desk = found.desk
    data = workbook(desk, "case_ledger", CASE)
    (draft,) = receiving.upload(desk, reporter(CODE), CODE, "台账.xlsx", data).drafts
    handing_in.hand_in(desk, reporter(CODE), draft.no)
    yield found
    found.records.close()


def test_what_waits_is_listed_with_its_lateness(visit: Visit, city: Town) -> None:
    app = visit("inbox", database=city.database)
    frame = app.dataframe[0].value
    assert list(frame["单位"]) == ["茗川县"]
    # due on 10 October 2024, received on 9 January 2025 by the clock of this test: 21 + 30 + 31 + 9 = 91 days
    assert list(frame["期限"]) == ["迟报 91 天"]
    assert list(frame["行数"]) == ["1 行"]
    labels = {one.label: one.disabled for one in app.button}
    assert labels["通过所选 0 份"] and labels["退回所选的一份"], "nothing is ticked"


def test_only_the_office_reviews(visit: Visit, city: Town) -> None:
    assert "不对现在的身份开放" in said(visit("inbox", role=ANALYST, database=city.database))
    assert "不对现在的身份开放" in said(visit("inbox", role="县区", database=city.database))


def test_without_records(visit: Visit) -> None:
    assert "没有报送库" in said(visit("inbox"))
