"""The sentence on the whole group: counts worked out by hand from draws written by hand, plain words, no jargon."""

from __future__ import annotations

import pytest

from scoring.insight.robustness import NotStudied, certainty, shares_of
from scoring.insight.robustness.told_group import group_sentence, near_units
from scoring.insight.robustness.ways import Way, nominal_aims, tried_out, way
from tests.demo import demo, scored
from tests.robustness.test_certainty import by_hand
from tests.robustness.test_told import JARGON

HEAD = "把每项分值上下浮动 10%、试 20 种组合，"
SIX = (1, 2, 3, 4, 5, 6)


def told(places: list[list[int]], nominal: tuple[int | None, ...], first: int = 2, last: int = 2) -> str:
    sentence = group_sentence(certainty(by_hand(places, nominal), first, last))
    assert sentence.startswith(HEAD)
    return sentence.removeprefix(HEAD)


def test_nothing_ever_moves() -> None:
    assert told([list(SIX)] * 20, SIX) == "6 个单位的名次一次也没有变。"


def test_the_middle_swaps() -> None:
    """丙 and 丁 change places in 3 draws of 20, 15 %: everybody stays within one place, both ends always the same."""
    words = "名次很稳：前两名和后两名每次都还是现在这些单位；6 个单位十次有九次名次出入都不超过 1 名；最拿不准的是第 3、4 名（丙县、丁县），15% 的情况下会对调。"
    assert told([list(SIX)] * 17 + [[1, 2, 4, 3, 5, 6]] * 3, SIX) == words


def test_neighbours_that_swap_in_half_the_draws_are_not_very_sure() -> None:
    """The same with 10 of 20: nobody moves by more than one, but the order of 丙 and 丁 is open."""
    words = "名次大体稳：前两名和后两名每次都还是现在这些单位；6 个单位十次有九次名次出入都不超过 1 名；最拿不准的是第 3、4 名（丙县、丁县），50% 的情况下会对调。"
    assert told([list(SIX)] * 10 + [[1, 2, 4, 3, 5, 6]] * 10, SIX) == words


def test_one_of_the_first_falls_out() -> None:
    """乙 falls to the fourth place in 5 draws of 20 and is among the first two in the other 15, 75 %; 丙 and 丁 each move up
    by one. Two places away is 乙 alone, in a quarter of the draws: five of six stay about where they are. 乙 and 丙 swap in
    5 of 20."""
    words = (
        "名次大体稳：现在前两名的单位里有一个每次都在，乙县 75% 的情况下还在；后两名每次都还是现在这些单位；"
        "6 个单位里有 5 个，十次有九次名次出入不超过 1 名；最拿不准的是第 2、3 名（乙县、丙县），25% 的情况下会对调。"
    )
    assert told([list(SIX)] * 15 + [[1, 4, 2, 3, 5, 6]] * 5, SIX) == words


def test_the_whole_order_turned_round() -> None:
    """Half the draws the other way round: 丙 and 丁 move by one place, the others by three and five. 甲 and 乙 are among the
    first in 10 of 20."""
    words = (
        "名次有稳有不稳：现在前两名的单位没有一个每次都在，最少的是甲县，50% 的情况下还在；"
        "现在后两名的单位没有一个每次都在，最少的是戊县，50% 的情况下还在；"
        "6 个单位里有 2 个，十次有九次名次出入不超过 1 名；最拿不准的是第 1、2 名（甲县、乙县），50% 的情况下会对调。"
    )
    assert told([list(SIX)] * 10 + [[6, 5, 4, 3, 2, 1]] * 10, SIX) == words


def test_a_leader_who_mostly_is_not_first_makes_it_doubtful() -> None:
    """甲 and 乙 keep within one place, but 乙 is second in only 8 of 20: with one first place meant, 甲 always is; with two,
    乙 is not in most: never better than 有稳有不稳."""
    draws = [list(SIX)] * 8 + [[1, 3, 2, 4, 5, 6]] * 12
    assert told(draws, SIX, first=1).startswith("名次大体稳：前一名和后两名每次都还是现在这些单位；")
    assert told(draws, SIX).startswith("名次有稳有不稳：现在前两名的单位里有一个每次都在，乙县 40% 的情况下还在；")


def test_units_that_share_a_place_have_no_order_to_change() -> None:
    """甲 and 乙 share the first place now; each is ahead in half the draws, and 丙 never passes 丁."""
    words = told([[1, 2, 3, 4, 5, 6], [2, 1, 3, 4, 5, 6]] * 10, (1, 1, 3, 4, 5, 6))
    assert words.endswith("；名次相邻的单位一次也没有对调。")
    assert words.startswith("名次很稳：前两名和后两名每次都还是现在这些单位")


def test_who_has_no_place_yet() -> None:
    """己 stands third in 2 draws, fifth in 18: in nine of ten it is 3 to 5. The last are not told while a place is open; 丙, 丁
    and 戊 fall by one when 己 passes them."""
    places = [[1, 2, 4, 5, 6, 3]] * 2 + [[1, 2, 3, 4, 6, 5]] * 18
    words = (
        "名次很稳：前两名每次都还是现在这些单位；5 个单位十次有九次名次出入都不超过 1 名；名次相邻的单位一次也没有对调；"
        "还没有名次的己县十次有九次在第 3 至 5 名。"
    )
    assert told(places, (1, 2, 3, 4, 5, None)) == words


def test_few_units_have_no_ends() -> None:
    words = "名次很稳：2 个单位十次有九次名次出入都不超过 1 名；最拿不准的是第 1、2 名（甲县、乙县），10% 的情况下会对调。"
    assert told([[1, 2]] * 18 + [[2, 1]] * 2, (1, 2)) == words


def test_nobody_ever_has_a_place() -> None:
    assert told([[0, 0]] * 20, (1, 2)) == "一次也排不出名次。"


def test_nine_of_ten_exactly() -> None:
    """Two places away in 2 of 20 draws is nine of ten; in 3 it is not."""
    for away, near in ((2, True), (3, False)):
        places = [[1, 2, 3, 4, 5, 6]] * (20 - away) + [[3, 2, 1, 4, 5, 6]] * away
        assert ("c1" in near_units(certainty(by_hand(places, SIX)))) is near


def test_plain_words_for_the_demo_city() -> None:
    """Each way to vary, both groups: one sentence, no word that asks for statistics."""
    for year in ("2024", "2023"):
        assessment = scored(year).assessment
        for group in assessment.rubric.groups:
            for text in ("5", "20", "any", "ordered", *(["missing"] if year == "2024" else [])):
                for by in ("item", "section"):
                    found = certainty(tried_out(assessment, group, way(text, by), demo().store, 300))  # type: ignore[arg-type]
                    sentence = group_sentence(found)
                    assert not JARGON.search(sentence), sentence
                    assert sentence.count("。") == 1 and sentence.endswith("。") and len(sentence) < 260, sentence


def test_ways_are_read_as_they_are_typed() -> None:
    assert way("±12.5%") == way("12.5") and way("12.5").percent.as_tuple() == way("12.50").percent.normalize().as_tuple()
    assert way("ordered", "section") == Way("ordered", by="section")
    assert [way(text).number for text in ("10", "thresholds")] == [10_000, 50]
    for wrong in ("", "ten", "-5", "1e3", "١٠", "..", "10%%x", "nan"):
        with pytest.raises(NotStudied, match="读不懂"):
            way(wrong)


def test_the_same_choice_gives_the_same_places() -> None:
    """Thresholds are scored by the exact engine; four drafts are enough to see that the seed decides."""
    assessment = scored("2024").assessment
    for text, times in (("10", 200), ("thresholds", 4)):
        one, two = (tried_out(assessment, "county", way(text), demo().store, times) for _ in range(2))
        assert (one.places == two.places).all() and len(one.places) == times


def test_aims_as_on_paper() -> None:
    """Of the members' 100 points 29 are for 查办案件 and 5 for 维权与评价: the aims stand as 29 to 5, and together leave room
    for what comes from no item."""
    aims = nominal_aims(shares_of(scored("2024").assessment, "department"))
    assert abs(float(aims["enforcement"] / aims["public"]) - 29 / 5) < 0.15
    assert 90 < sum(aims.values()) <= 100
