"""What a page says when there is nothing to show, and what to do about it. Decides that, and nothing else."""

from __future__ import annotations

import streamlit as st

from pages.ui import state, tables, words
from scoring.access import Actor, may
from scoring.engine import Assessment
from scoring.issues import Issue, errors
from scoring.project import Project

AGAIN = "改好以后刷新本页。"


def assessed() -> tuple[Project, Assessment]:
    """The project and its result; a page without a result shows why and ends here."""
    project = configured()
    if not project.has_data:
        _no_data(project)
        st.stop()
    return project, state.assessment()


def configured() -> Project:
    """The project with its rubric in order; otherwise the page lists what is wrong and ends here."""
    project = state.project()
    if not project.ready:
        _broken(project)
        st.stop()
    return project


def _broken(project: Project) -> None:
    found = sorted(errors(project.issues), key=lambda issue: (issue.file, issue.line or 0))
    st.error(f"考核办法或配置有 {len(found)} 处错误，全部单位都没有计分。", icon=":material/report:")
    st.markdown(f"**请这样处理**：按下面列出的文件和行号逐处改正，全部改完才会计分。{AGAIN}")
    for issue in found:
        _issue(issue)
    warnings = [issue for issue in project.issues if issue.level == "warning"]
    if warnings:
        with st.expander(f"另有 {len(warnings)} 处提醒（不妨碍计分）"):
            for issue in warnings:
                _issue(issue)


def _issue(issue: Issue) -> None:
    """`file:line: path: problem. fix.`, the place as code."""
    place = issue.file if issue.line is None else f"{issue.file}:{issue.line}"
    head = ": ".join(f"`{part}`" for part in (place, issue.path or issue.column) if part)
    told = words.code(words.stopped(issue.problem))
    fix = f"  \n**怎么改**　{words.code(words.stopped(issue.fix))}" if issue.fix else ""
    with st.container(border=True):
        st.markdown(f"{head}: {told}{fix}" if head else f"{told}{fix}")


def warnings(project: Project) -> None:
    """What is odd about the rubric without stopping it."""
    found = [issue for issue in project.issues if issue.level == "warning"]
    if not found:
        st.success("核对办法时没有发现需要提醒的地方。", icon=":material/check_circle:")
    for issue in found:
        _issue(issue)


def _no_data(project: Project) -> None:
    assert project.office is not None and project.forms is not None
    folder = f"{project.office.data}/"
    st.info("还没有报送数据，所以没有得分和名次。考核办法已经读入，没有错误。", icon=":material/inbox:")
    st.markdown(
        f"**请这样处理**\n\n1. 把各单位的报表存成 CSV 文件，放进项目的 `{folder}` 文件夹，文件名见下表，第一列是“单位”。\n"
        f"2. 有报送期限的报表，在 `{folder}submissions.csv`（报送登记）里登记收到时间；没有登记的行不计入。\n"
        f"3. {AGAIN}"
    )
    tables.forms(project)
    if project.rows_set_aside:
        tables.set_aside([issue for issue in project.issues if issue.level in ("A", "B")])


def no_shortfall(scope: str) -> None:
    """Nothing fell below its flag: said plainly, with what the statement covers."""
    st.success(f"{scope}：没有短板。凡设了预警线的指标都已达到，也没有缺数据的指标。", icon=":material/check_circle:")
    st.markdown("**接下来可以**　到“单位”页逐项核对得分，或到“办法”页查看各指标的预警线。数据更新后本页随之更新。")


def nothing_left(scope: str) -> None:
    """The filters leave nothing."""
    st.info(f"{scope}：按现在的筛选没有短板。请放宽或清除上面的筛选。", icon=":material/filter_alt:")


def closed(title: str) -> None:
    """A unit's own points are not for other units."""
    st.info(f"{title}的各项得分、短板和报送数据只对本单位和市双打办开放；名次和总分见上。", icon=":material/lock:")


def set_aside(project: Project, actor: Actor) -> None:
    """Rows that were not counted: how many, and which, as far as they concern the reader."""
    every = may(actor, "see_rows")
    shown = [issue for issue in project.issues if issue.level in ("A", "B")]
    own = shown if every else [issue for issue in shown if may(actor, "see_rows", issue.unit)]
    rows = len({(issue.file, issue.line) for issue in own if issue.level == "A"})
    count = project.rows_set_aside if every else rows
    whose = "" if every else "本单位"
    if not own:
        st.caption(f"{whose}搁置数据 0 行：报送的数据都已计入。")
        return
    doubts = sum(issue.level == "B" for issue in own)
    more = f" :orange-badge[{doubts} 处没有报送登记]" if doubts else ""
    with st.expander(
        f":orange-badge[{whose}搁置数据 {count} 行]{more} 这些行没有计入，其余照常计分。点开查看是哪些、怎么改。"
    ):
        tables.set_aside(own)
