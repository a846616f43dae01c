"""/plain: places, totals and grades for a browser that cannot run the pages, and for paper. Says what 排名 says, in its words.

No details of indicators: nobody in particular is looking, and they are not for everybody. Scores nothing itself: the
result is the one the pages have.
"""

from __future__ import annotations

from typing import Any

from pages.ui import identity, navigation, rubric_words, served, words
from scoring.calendar import label_words
from scoring.engine import Assessment
from scoring.engine.explain import period_notices
from scoring.issues import Issue, errors
from scoring.project import Project
from scoring.reports.plain_page import Link, PlainPage, Table, html
from scoring.rubric.assumed import closing_note

ADDRESS = "plain"
HERE = ("localhost", "127.0.0.1", "::1")
AGAIN = "改好以后刷新本页。"
_ABOUT = "这是排名的简版：不用脚本，旧浏览器也能打开，可以直接打印。各指标的得分、失分和依据见"


def local(host: str | None, forwarded: bool) -> bool:
    """As with the pages: until there are accounts, on this machine only, by a name of its own and without a proxy."""
    return identity.on_loopback() and host in HERE and not forwarded


def closed() -> str:
    told = "简版只能在本机使用。请从本机打开，或等账号功能启用后再对外开放。"
    return html(PlainPage(f"简版 · {navigation.NAME}", "没有打开", alerts=(told,)))


def failed() -> str:
    told = "页面出错了，本次内容没有显示。请刷新重试；仍然出错时，请把服务器日志交给维护人员。"
    return html(PlainPage(f"简版 · {navigation.NAME}", "没有显示", alerts=(told,)))


def page(wanted: str | None) -> str:
    """The page for a period as the address names it; one that is not offered: the newest, and it is said."""
    project = served.project()
    if not project.ready:
        return html(_broken(project))
    if not project.has_data:
        return html(_no_data(project))
    offered = project.periods or [str(served.clock().year)]
    label = wanted if wanted in offered else offered[0]
    return html(_ranking(project, served.assessment_of(label), offered, wanted if wanted != label else None))


def _ranking(project: Project, result: Assessment, offered: list[str], refused: str | None) -> PlainPage:
    label = result.period.label
    links = [Link(label_words(one), None if one == label else f"?period={one}") for one in offered]
    rows = [(group, result.rows("ranking", group=code)) for code, group in result.rubric.groups.items()]
    return PlainPage(
        **_frame(project, f"{label_words(label)}排名", f"./?period={label}"),
        links=tuple(links) if len(links) > 1 else (),
        basis=words.plain_basis(result),
        alerts=_notices(project, label, refused),
        tables=tuple(_table(result, group.title, own) for group, own in rows if own),
        legend=_legend(result),
    )


def _table(result: Assessment, group: str, rows: list[words.Row]) -> Table:
    """The columns of 排名 that are for everybody."""
    columns = {
        "名次": [words.short_place(row) for row in rows],
        "单位": [result.rubric.register.title(row["unit"]) for row in rows],
        "总分": [words.short_total(row) for row in rows],
        "等次": [row["grade"] or "暂缺" for row in rows],
        "状态": [words.standing(row) for row in rows],
    }
    if not result.rubric.spec.grades:
        del columns["等次"]
    caption = f"{group}排名，{label_words(result.period.label)}考核，数据截至 {words.day(result.as_of)}"
    told = _unmarked(words.counts(rows))
    return Table(group, caption, told, tuple(columns), tuple(zip(*columns.values(), strict=True)), 1, frozenset({0, 2}))


def _legend(result: Assessment) -> str:
    """How to read it: as below 排名, of the columns that are here."""
    rubric = result.rubric
    levels = f"等次：{rubric_words.grades(rubric)}。" if rubric.spec.grades else ""
    tie = "下一名跳号" if rubric.spec.places.ties == "1-1-3" else "下一名不跳号"
    absent = "“暂缺”是数据不全，不是 0 分；补齐前给出可能的分数和名次范围。"
    return f"{levels}同分并列，{tie}。{absent}{closing_note(rubric, '完整看板的“办法”页')}"


def _notices(project: Project, label: str, refused: str | None) -> tuple[str, ...]:
    told = [f"链接里的考核期“{refused}”不在可选的考核期之内，现在显示的是 {label} 年。"] if refused is not None else []
    offered = project.office.periods if project.office is not None else ()
    return (*told, *period_notices(project.edition(label), project.period(label), offered))


def _broken(project: Project) -> PlainPage:
    found = sorted(errors(project.issues), key=lambda issue: (issue.file, issue.line or 0))
    warnings = [issue for issue in project.issues if issue.level == "warning"]
    return PlainPage(
        **_frame(project, "排名"),
        alerts=(
            f"考核办法或配置有 {len(found)} 处错误，全部单位都没有计分。",
            f"请这样处理：按下面列出的文件和行号逐处改正，全部改完才会计分。{AGAIN}",
        ),
        items=tuple(_issue(issue) for issue in found),
        more=(f"另有 {len(warnings)} 处提醒（不妨碍计分）", tuple(_issue(issue) for issue in warnings)),
    )


def _issue(issue: Issue) -> str:
    """`file:line: path: problem. fix.`"""
    place = issue.file if issue.line is None else f"{issue.file}:{issue.line}"
    told = ": ".join(part for part in (place, issue.path or issue.column, words.stopped(issue.problem)) if part)
    return f"{told}　怎么改　{words.stopped(issue.fix)}" if issue.fix else told


def _no_data(project: Project) -> PlainPage:
    assert project.office is not None
    if project.basis:
        return PlainPage(
            **_frame(project, "排名"),
            alerts=("报送库是空的：还没有已通过的报送，所以没有得分和名次。考核办法已经读入，没有错误。",),
            steps=(
                "各单位到“填报”下载模板、上传、提交。",
                "双打办到“收件与复核”通过；评分、任务等到“评分与加扣分”登记。",
            ),
        )
    folder = f"{project.office.data}/"
    return PlainPage(
        **_frame(project, "排名"),
        alerts=("还没有报送数据，所以没有得分和名次。考核办法已经读入，没有错误。",),
        steps=(
            f"把各单位的报表存成 CSV 文件，放进项目的 {folder} 文件夹，第一列是“单位”。",
            f"有报送期限的报表，在 {folder}submissions.csv（报送登记）里登记收到时间；没有登记的行不计入。",
            AGAIN,
        ),
    )


def _frame(project: Project, heading: str, leave: str = "./") -> dict[str, Any]:
    """What stands on the page whatever there is to show."""
    office = project.office
    sample = f"示例　{told}" if office is not None and (told := words.sample_told(office)) else ""
    return {
        "title": f"{heading} · {navigation.NAME}",
        "heading": heading,
        "issuer": office.office.title if office is not None else "",
        "sample": sample,
        "about": _ABOUT,
        "leave": Link("完整的看板", leave),
    }


def _unmarked(text: str) -> str:
    """Words of the pages without the marks of Markdown."""
    return text.replace("**", "").strip()
