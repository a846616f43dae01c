"""What a page says when there is nothing to show, and what to do about it. Decides that, and nothing else."""

from __future__ import annotations

import streamlit as st

from pages.ui import served, state, tables, words
from pages.ui.identity import visitor
from scoring.access import Actor, may
from scoring.desk import Desk
from scoring.desk.importing import import_folder
from scoring.engine import Assessment
from scoring.engine.explain import period_notices
from scoring.issues import Issue, errors
from scoring.project import Project

AGAIN = "改好以后刷新本页。"


def assessed() -> tuple[Project, Assessment]:
    """The project and its result; a page without a result shows why and ends here."""
    project = configured()
    if not project.has_data:
        _no_data(project)
        st.stop()
    return project, served.assessment()


def configured() -> Project:
    """The project with its rubric in order; otherwise the page lists what is wrong and ends here."""
    project = served.project()
    if not project.ready:
        _broken(project)
        st.stop()
    _period_notices(project)
    return project


def at_desk() -> Project:
    """For pages that take in reports: they go on while the 办法 has errors, which are told; without forms they cannot."""
    project = served.project()
    if project.ready:
        _period_notices(project)
    else:
        if project.forms is None or project.register is None or project.calendar is None:
            _broken(project)
            st.stop()
        with st.container():
            _broken(project)
            st.markdown("**收件不受影响**：报送、复核照常，办法改正以后再计分。")
    return project


def _period_notices(project: Project) -> None:
    """What is odd about the period on show, or about the one the address asked for."""
    label, refused = served.period(), state.refused_period()
    if refused is not None:
        st.warning(
            f"链接里的考核期“{words.plain(refused)}”不在可选的考核期之内，现在显示的是 {label} 年。",
            icon=":material/event_busy:",
        )
    offered = project.office.periods if project.office is not None else ()
    for told in period_notices(project.edition(label), project.period(label), offered):
        st.warning(told, icon=":material/event_busy:")


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
    if project.basis:
        _empty_records(project)
        return
    folder = f"{project.office.data}/"
    st.info("还没有报送数据，所以没有得分和名次。考核办法已经读入，没有错误。", icon=":material/inbox:")
    st.markdown(
        f"**请这样处理**\n\n1. 把各单位的报表存成 CSV 文件，放进项目的 `{folder}` 文件夹，文件名见下表，第一列是“单位”。\n"
        f"2. 有报送期限的报表，在 `{folder}submissions.csv`（报送登记）里登记收到时间；没有登记的行不计入。\n"
        f"3. {AGAIN}"
    )
    tables.forms(project)
    if project.sets_aside:
        tables.set_aside([issue for issue in project.issues if issue.level in ("A", "B")])


def _empty_records(project: Project) -> None:
    """The first start: nothing was submitted yet. The demo city is loaded on request."""
    assert project.office is not None
    st.info("报送库是空的：还没有已通过的报送，所以没有得分和名次。考核办法已经读入，没有错误。", icon=":material/inbox:")
    st.markdown(
        "**请这样处理**\n\n1. 各单位到“填报”下载模板、上传、提交。\n2. 双打办到“收件与复核”通过；评分、任务等到“评分与加扣分”登记。\n"
        f"3. 已有的 CSV 数据，可以停下看板，运行 `python -m scoring import` 整批导入（默认读 `{project.office.data}/`）。"
    )
    desk, actor = served.desk(), visitor()
    if project.office.sample and isinstance(desk, Desk) and may(actor, "enter"):
        st.markdown("**先看看样子**　本项目是示例，可以载入虚构城市的数据。")
        if st.button("载入示例城市", type="primary", icon=":material/download:"):
            with st.spinner("正在载入示例城市并计分…"):
                import_folder(desk, actor, project.folder / project.office.data, project.office.data)
            st.rerun()


def no_shortfall(result: Assessment, group: str, scope: str) -> None:
    """Nothing fell below its flag: said plainly, with what the statement covers."""
    if not any(one.flag for _, one in result.rubric.placed(group)):
        told = "没有数据不全的指标。本办法没有给任何指标设预警线，所以判断不了短板。"
        st.info(f"{scope}：{told}", icon=":material/info:")
        st.markdown("**接下来可以**　到“单位”页逐项核对失分；需要预警的，在办法里给指标写上预警线。")
        return
    st.success(f"{scope}：没有短板。凡设了预警线的指标都已达到，也没有数据不全的指标。", icon=":material/check_circle:")
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
    more = f" :orange-badge[{doubts} 处需说明]" if doubts else ""
    if every and project.files_not_counted:
        more = f" :orange-badge[{len(project.files_not_counted)} 张表没有计入]{more}"
    told = "这些行没有计入，其余照常计分。点开查看是哪些、怎么改。"
    if doubts:
        told = "搁置的行没有计入，其余照常计分；需说明的见“原因”。点开查看是哪些、怎么改。"
    with st.expander(f":orange-badge[{whose}搁置数据 {count} 行]{more} {told}"):
        tables.set_aside(own)
