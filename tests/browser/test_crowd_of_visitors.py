"""Fifty visitors at once over Streamlit's own protocol: no error, nobody gets another's answer, a quick server that forgets.

Each goes round pages, periods, groups and units by its own dice, thinking three seconds on the mean in between, and looks
in each answer for what it asked for and for what it did not. The figures are printed with -s. Streamlit's protocol and not
a browser: fifty of those would take the machine from the server.
"""

from __future__ import annotations

import asyncio
import re
import sys
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from statistics import median, quantiles
from time import monotonic

import pytest

from scoring.project import Project, open_project
from tests.browser.conftest import ROOT, Server
from tests.browser.stream import Answer, Visitor, resident

VISITORS, THINKING = 50, 3.0  # seconds on the mean
AT_MOST = 0.150  # seconds from the message to the script's end, 95 of 100
SESSION, GROWTH = 8.0, 12.0  # megabytes at most: per visitor while they are there; left behind by a whole crowd
KEPT = 128  # sessions that Streamlit keeps for who comes back, two minutes long
PERIODS = ("2024", "2023")
BY_GROUP = ("", "shortfalls", "gap", "certainty", "briefing")  # the ranking lives at ""
PAGES = (*BY_GROUP, "unit", "unit", "rubric")
_PERIOD = {"rubric": re.compile("　(20\\d\\d)版".encode()), "briefing": re.compile(rb"period=(20\d\d)")}
_BASIS = re.compile("(20\\d\\d)年考核".encode())
_GROUP = re.compile("(县区|成员单位)总分组成".encode())
_UNIT = re.compile(r"\*\*([^*]{3,60})\*\*：".encode())


@dataclass(frozen=True)
class Town:
    """Who is assessed, as the project has it."""

    groups: dict[str, str]  # code → title
    units: dict[str, str]

    @classmethod
    def of(cls, project: Project) -> Town:
        rubric = project.edition(PERIODS[0])
        units = {unit.code: unit.title for unit in rubric.register.units if rubric.group_of(unit.code) is not None}
        return cls({code: group.title for code, group in rubric.groups.items()}, units)


@dataclass
class Crowd:
    """What happened."""

    seconds: defaultdict[str, list[float]] = field(default_factory=lambda: defaultdict(list))  # by page
    wrong: list[str] = field(default_factory=list)
    size: int = 0  # bytes
    most: float = 0.0  # megabytes while all were there

    @property
    def all(self) -> list[float]:
        return [one for found in self.seconds.values() for one in found]


def asked(dice: Random, town: Town) -> tuple[str, dict[str, str]]:
    """A link in an answer or in a letter."""
    page = dice.choice(PAGES)
    query = {"period": dice.choice(PERIODS)}
    if page in BY_GROUP:
        query["group"] = dice.choice([*town.groups.values()])
    if page == "unit":
        query["unit"] = dice.choice([*town.units])
    return page, query


def strange(town: Town, page: str, query: dict[str, str], answer: Answer) -> list[str]:
    """What is wrong with an answer: faults, what was not asked for, what was and is not there."""
    told = b"\n".join(answer.elements)

    def shown(pattern: re.Pattern[bytes]) -> set[str]:
        return {hit.decode() for hit in pattern.findall(told)}

    found = {"period": (shown(_PERIOD.get(page, _BASIS)), query["period"])}
    if page == "":
        found["group"] = (shown(_GROUP), query["group"])
    if page == "unit":  # other bold words are no units
        found["unit"] = (shown(_UNIT) & {*town.units.values()}, town.units[query["unit"]])
    return answer.faults + [f"{page} {query}: {seen}" for seen, wanted in found.values() if seen != {wanted}]


async def stay(number: int, url: str, town: Town, until: float, crowd: Crowd) -> None:
    dice = Random(number)
    await asyncio.sleep(dice.uniform(0, THINKING))
    async with Visitor(url) as visitor:
        while monotonic() < until:
            page, query = asked(dice, town)
            answer = await visitor.go(page, **query)
            crowd.seconds[page or "ranking"].append(answer.seconds)
            crowd.size += answer.size
            crowd.wrong += strange(town, page, query, answer)
            await asyncio.sleep(min(dice.expovariate(1 / THINKING), 15))


async def together(url: str, town: Town, seconds: float, seed: int) -> Crowd:
    crowd, until = Crowd(), monotonic() + seconds

    async def look() -> None:
        await asyncio.sleep(seconds - 1)
        crowd.most = resident(url) or 0.0

    await asyncio.gather(look(), *(stay(seed + number, url, town, until, crowd) for number in range(VISITORS)))
    return crowd


async def forgotten(url: str) -> float:
    """Megabytes once those who left are forgotten: so many others came and went that none of them is kept."""
    for _ in range(KEPT + 2):
        async with Visitor(url):
            pass
    await asyncio.sleep(3)
    return resident(url) or 0.0


async def everything(url: str, town: Town) -> list[str]:
    """One visitor sees every page, period, group and unit: what the server keeps for all is made."""
    wrong = []
    async with Visitor(url) as visitor:
        for period in PERIODS:
            asks = [(page, {"group": group}) for page in BY_GROUP for group in town.groups.values()]
            asks += [("unit", {"unit": unit}) for unit in town.units] + [("rubric", {})]
            for page, query in asks:
                whole = {"period": period, **query}
                wrong += strange(town, page, whole, await visitor.go(page, **whole))
    return wrong


@pytest.mark.trial
def test_fifty_visitors(
    start_server: Callable[..., Server], trial_size: Callable[[int, int], int], capsys: pytest.CaptureFixture[str]
) -> None:
    server, town = start_server(), Town.of(open_project(ROOT))
    seconds = trial_size(300, 20)
    assert asyncio.run(everything(server.url, town)) == []
    before = asyncio.run(forgotten(server.url))
    crowd = asyncio.run(together(server.url, town, seconds, 1000))
    after = asyncio.run(forgotten(server.url))
    again = asyncio.run(together(server.url, town, seconds, 2000))
    at_last = asyncio.run(forgotten(server.url))
    with capsys.disabled():
        tell(crowd, seconds)
        tell(again, seconds)
        sys.stdout.write(f"\n  memory: {before:.0f} MB, {crowd.most:.0f} with {VISITORS} ({(crowd.most - before) / VISITORS:.1f} each)")
        sys.stdout.write(f"; after they left {after:.0f}; {again.most:.0f} with {VISITORS} others; after these {at_last:.0f}\n")
    assert crowd.wrong == again.wrong == []
    assert "Traceback" not in server.log.read_text(), server.log.read_text()[-3000:]
    assert min(len(crowd.all), len(again.all)) > VISITORS * seconds / THINKING / 2
    if before:  # without /proc nobody knows
        assert (crowd.most - before) / VISITORS < SESSION
        assert at_last - after < GROWTH
    if trial_size(1, 0):  # reduced it runs beside others, and then says nothing of the server
        assert quantiles(crowd.all + again.all, n=20)[-1] < AT_MOST


def tell(crowd: Crowd, seconds: float) -> None:
    pages = sorted(crowd.seconds.items())
    told = [f"{page} {median(found) * 1000:.0f}/{quantiles(found, n=20)[-1] * 1000:.0f}" for page, found in pages]
    every = crowd.all
    p95 = quantiles(every, n=20)[-1]
    sys.stdout.write(
        f"\n  {len(every)} answers, {len(every) / seconds:.1f}/s, {crowd.size / len(every) / 1000:.0f} kB each; ms p50 {median(every) * 1000:.0f}, "
        f"p95 {p95 * 1000:.0f}, most {max(every) * 1000:.0f}; by page p50/p95: {', '.join(told)}"
    )
