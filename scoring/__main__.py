"""The command line: check, score, explain, sql. May import every room; computes nothing itself.

Exit codes: 0 scored, nothing set aside; 1 not scored (errors listed); 2 wrong use; 3 scored, rows set aside.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import sys
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from pathlib import Path
from typing import Any, NoReturn

from scoring.engine import Assessment
from scoring.engine.explain import explain_json, explain_text, plain, points, unit_code
from scoring.engine.placed import Placed
from scoring.engine.plan import make_plan
from scoring.issues import LEVEL_TITLES, Issue, errors
from scoring.project import Project, open_project

SCORED, NOT_SCORED, WRONG_USE, ROWS_SET_ASIDE = 0, 1, 2, 3


class _Parser(argparse.ArgumentParser):
    """argparse, speaking Chinese."""

    def __init__(self, **keywords: Any) -> None:
        wants_help = keywords.pop("add_help", True)
        super().__init__(add_help=False, **keywords)
        self._positionals.title, self._optionals.title = "参数", "选项"
        if wants_help:
            self.add_argument("-h", "--help", action="help", help="显示这份说明")

    def format_usage(self) -> str:
        return super().format_usage().replace("usage: ", "用法：")

    def format_help(self) -> str:
        return super().format_help().replace("usage: ", "用法：")

    def error(self, message: str) -> NoReturn:
        sys.stderr.write(f"用法有误：{_in_chinese(message)}\n{self.format_usage()}")
        raise SystemExit(WRONG_USE)


def _in_chinese(message: str) -> str:
    for english, chinese in (
        ("the following arguments are required:", "缺少参数"),
        ("unrecognized arguments:", "不认识的参数"),
        ("invalid choice:", "不能是"),
        ("expected one argument", "后面要跟一个值"),
        ("choose from", "只能是"),
        ("argument ", "参数 "),
        ("invalid _day value:", "日期读不懂（请写成 2024-12-31）："),
    ):
        message = message.replace(english, chinese)
    return message


def _day(text: str) -> date:
    return date.fromisoformat(text)


def parser() -> argparse.ArgumentParser:
    """Commands and options, with Chinese help."""
    common = _Parser(add_help=False)
    common.add_argument("--project", type=Path, default=Path("."), metavar="文件夹", help="项目文件夹，默认当前文件夹")
    common.add_argument("--rubric", type=Path, default=None, metavar="文件", help="考核办法，默认 config/scoring.yaml")
    run = _Parser(add_help=False)
    run.add_argument("--period", metavar="年份", help="考核期，默认项目里最近的一期")
    run.add_argument("--as-of", type=_day, metavar="日期", help="数据截至，默认今天与截止日中较早的一天")
    top = _Parser(prog="python -m scoring", description="双打工作考核：核对办法、计分、解释、看计算步骤")
    commands = top.add_subparsers(dest="command", required=True, metavar="命令", parser_class=_Parser)
    commands.add_parser("check", parents=[common], help="核对办法、报表和数据，列出全部问题")
    score = commands.add_parser("score", parents=[common, run], help="计分并排名")
    score.add_argument("--format", choices=["table", "json", "csv"], default="table", help="输出格式")
    explain = commands.add_parser("explain", parents=[common, run], help="一个单位的得分从何而来")
    explain.add_argument("unit", metavar="单位", help="单位名称、别名或代码")
    explain.add_argument("--indicator", metavar="指标代码", help="只看一个指标")
    explain.add_argument("--json", action="store_true", help="输出 JSON")
    sql = commands.add_parser("sql", parents=[common, run], help="打印计算步骤，不运行")
    sql.add_argument("--indicator", metavar="指标代码", help="只看与一个指标有关的步骤")
    return top


def main(argv: Sequence[str] | None = None) -> int:
    arguments = parser().parse_args(argv)
    project = open_project(arguments.project, arguments.rubric)
    if arguments.command == "check":
        return _check(project)
    if not project.ready:
        _print_issues([issue for issue in project.issues if issue.level in ("error", "warning")], sys.stderr)
        sys.stderr.write(f"没有计分：先改正以上 {len(errors(project.issues))} 处错误。\n")
        return NOT_SCORED
    assert project.rubric is not None
    label = arguments.period or (project.periods[0] if project.periods else str(date.today().year))
    try:
        period = project.rubric.period(label)
    except ValueError as error:
        sys.stderr.write(f"用法有误：{error}\n")
        return WRONG_USE
    as_of = arguments.as_of or project.default_as_of(period, date.today())
    if as_of < period.start:
        sys.stderr.write(f"用法有误：--as-of {as_of} 早于考核期的第一天 {period.start}。\n")
        return WRONG_USE
    if arguments.command == "sql":
        return _sql(project, label, as_of, arguments.indicator)
    assessment = project.assess(label, as_of)
    if arguments.command == "score":
        _score(project, assessment, arguments.format)
    elif not _explain(project, assessment, arguments):
        return WRONG_USE
    return _aside(project)


def _aside(project: Project) -> int:
    rows = [issue for issue in project.issues if issue.level in ("A", "B")]
    if rows:
        _print_issues(rows[:50], sys.stderr)
        more = f"（只列出前 50 条，共 {len(rows)} 条；check 可看全部）" if len(rows) > 50 else ""
        sys.stderr.write(f"搁置 {project.rows_set_aside} 行，其余已计分。{more}\n")
    return ROWS_SET_ASIDE if project.sets_aside else SCORED


def _print_issues(issues: Sequence[Issue], stream: Any) -> None:
    for issue in issues:
        stream.write(f"{LEVEL_TITLES[issue.level]} {issue}\n")


def _check(project: Project) -> int:
    _print_issues(project.issues, sys.stdout)
    bad = len(errors(project.issues))
    warnings = sum(issue.level == "warning" for issue in project.issues)
    if bad:
        print(f"有 {bad} 处错误，{warnings} 处提醒：改正错误之前不能计分。")
        return NOT_SCORED
    assert project.rubric is not None
    size = len(project.rubric.indicators)
    print(f"办法可以计分：{size} 个指标，{warnings} 处提醒；数据搁置 {project.rows_set_aside} 行。")
    return ROWS_SET_ASIDE if project.sets_aside else SCORED


def score_document(project: Project, assessment: Assessment) -> dict[str, Any]:
    """The JSON of `score`: numbers as exact decimal strings."""
    rubric = assessment.rubric
    units = []
    scores: dict[str, list[dict[str, Any]]] = {}
    for row in assessment.rows("indicator_score"):
        scores.setdefault(row["unit"], []).append(row)
    for row in assessment.rows("ranking"):
        own = [
            {
                "code": score["indicator"],
                "clause": rubric.indicators[score["indicator"]].clause,
                **{k: plain(score)[k] for k in ("value", "state", "points", "points_low", "points_high", "full_marks")},
            }
            for score in scores.get(row["unit"], [])
        ]
        told = plain(row)
        units.append({"unit": row["unit"], "title": rubric.register.title(row["unit"]), **told, "indicators": own})
    issues = [{"level": issue.level, "message": str(issue)} for issue in project.issues]
    return {
        "rubric": rubric.title,
        "edition": rubric.spec.edition,
        "period": assessment.period.label,
        "as_of": assessment.as_of.isoformat(),
        "sample": bool(project.office and project.office.sample),
        "units": units,
        "issues": issues,
    }


CSV_COLUMNS = (
    "group", "unit", "title", "total", "place", "grade", "state", "total_low", "total_high", "best_place",
    "worst_place", "to_next", "previous_place", "counted", "countable",
)  # fmt: skip


def _score(project: Project, assessment: Assessment, form: str) -> None:
    document = score_document(project, assessment)
    if form == "json":
        print(json.dumps(document, ensure_ascii=False, indent=1))
    elif form == "csv":
        buffer = io.StringIO()
        writer = csv.DictWriter(buffer, CSV_COLUMNS, extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
        writer.writerows(document["units"])
        sys.stdout.write(buffer.getvalue())
    else:
        sys.stdout.write(_table(project, assessment, document["units"]))


def _table(project: Project, assessment: Assessment, units: list[dict[str, Any]]) -> str:
    sample = "（示例）" if project.office and project.office.sample else ""
    lines = [f"{assessment.rubric.title} {assessment.period.label} 年，数据截至 {assessment.as_of}{sample}"]
    for code, group in assessment.rubric.groups.items():
        lines += ["", f"{group.title}", _cells("名次", "单位", "总分", "等次", "已计/应计", "上年")]
        for row in units:
            if row["group"] != code:
                continue
            place = str(row["place"]) if row["place"] is not None else f"{row['best_place']}–{row['worst_place']}"
            total = _total(row)
            mark = "（暂定）" if row["provisional"] else "（并列）" if row["tied"] else ""
            grade = row["grade"] or ("暂缺" if row["total"] is None else "—")
            before = str(row["previous_place"]) if row["previous_place"] is not None else "—"
            counted = f"{row['counted']}/{row['countable']}"
            lines.append(_cells(place + mark, row["title"], total, grade, counted, before))
    return "\n".join(lines) + "\n"


def _total(row: dict[str, Any]) -> str:
    if row["total"] is not None:
        return points(Decimal(row["total"]))
    top = points(Decimal(row["total_high"])) if row["total_high"] is not None else "不封顶"
    return f"{points(Decimal(row['total_low']))}~{top}"


_WIDTHS = (14, 26, 16, 10, 12, 6)


def _cells(*texts: str) -> str:
    out = []
    for text, width in zip(texts, _WIDTHS, strict=True):
        size = sum(2 if ord(char) > 0x2E80 else 1 for char in text)
        out.append(text + " " * max(1, width - size))
    return "".join(out).rstrip()


def _explain(project: Project, assessment: Assessment, arguments: argparse.Namespace) -> bool:
    unit = unit_code(assessment, arguments.unit)
    if unit is None:
        close = assessment.rubric.register.nearest(arguments.unit)
        hint = f"是不是“{close}”？" if close else "请用单位名称、别名或代码。"
        sys.stderr.write(f"没有被考核单位“{arguments.unit}”。{hint}\n")
        return False
    only = arguments.indicator
    group = assessment.rubric.group_of(unit) or ""
    if only is not None and only not in [one.code for _, one in assessment.rubric.placed(group)]:
        codes = [one.code for _, one in assessment.rubric.placed(group)]
        near = get_close_matches(only, codes, n=1, cutoff=0.5)
        hint = f"是不是“{near[0]}”？" if near else "可用：" + "、".join(codes)
        sys.stderr.write(f"“{assessment.rubric.register.title(unit)}”没有指标“{only}”。{hint}\n")
        return False
    if arguments.json:
        print(json.dumps(explain_json(assessment, project.store, unit, only), ensure_ascii=False, indent=1))
    else:
        print(explain_text(assessment, project.store, unit, only))
    return True


def _sql(project: Project, label: str, as_of: date, indicator: str | None) -> int:
    assert project.rubric is not None
    plan = make_plan(project.rubric, project.rubric.period(label), as_of)
    queries = plan.queries
    if indicator is not None:
        found = project.rubric.indicators.get(indicator)
        if found is None:
            sys.stderr.write(f"没有指标“{indicator}”。可用：{'、'.join(project.rubric.indicators)}\n")
            return WRONG_USE
        needs: set[str] = set()
        for group in project.rubric.groups:
            if found.in_group(group):
                section = project.rubric.section_of[indicator]
                needs |= set(Placed(project.rubric, group, section, found).everything)
        queries = plan.about(indicator, tuple(needs))
    sys.stdout.write("\n\n".join(f"{query.sql};" for query in queries) + "\n")
    return SCORED


if __name__ == "__main__":
    sys.exit(main())
