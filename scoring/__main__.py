"""The command line: check, score, explain, sql, diff, schema, the commands of commands.py and studies/. Computes nothing.

Exit codes: 0 scored, nothing set aside; 1 not scored (errors listed); 2 wrong use; 3 scored, rows set aside.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import os
import sys
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from difflib import get_close_matches
from pathlib import Path
from typing import Any, NoReturn, TextIO

from scoring.commands import COMMANDS, add_to
from scoring.commands import run as run_command
from scoring.engine import Assessment
from scoring.engine import followed as followed_by
from scoring.engine.explain import explain_text, is_open, period_notices, place_range, provisional_note
from scoring.engine.placed import Placed
from scoring.engine.plan import make_plan
from scoring.engine.printed import between, points
from scoring.engine.trace import explain_json, plain
from scoring.insight.moved import moved
from scoring.insight.told import difference_document, difference_text, not_one_edition
from scoring.issues import LEVEL_TITLES, Issue, errors
from scoring.project import Project, working_project
from scoring.project.office import clock_of
from scoring.reports.text_width import text_width
from scoring.rubric import Rubric
from scoring.rubric.assumed import closing_note, listed, notices
from scoring.rubric.editions import Stopped
from scoring.rubric.model import Period
from scoring.schema import FILES
from scoring.schema import text as schema_text
from scoring.schema import write as write_schemas
from scoring.studies import STUDIES, add_studies
from scoring.studies.delivery import NotDone, deliver, unit_of
from scoring.studies.options import day

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
        (f"invalid {day.__name__} value:", "日期读不懂（请写成 2024-12-31）："),
    ):
        message = message.replace(english, chinese)
    return message


def parser() -> argparse.ArgumentParser:
    """Commands and options, with Chinese help."""
    where = _Parser(add_help=False)
    where.add_argument("--project", type=Path, default=Path("."), metavar="文件夹", help="项目文件夹，默认当前文件夹")
    where.add_argument(
        "--database",
        default=os.environ.get("SCORING_DATABASE"),
        metavar="文件",
        help="报送库，默认 office.yaml 写的；无 表示只读数据文件",
    )
    common = _Parser(add_help=False, parents=[where])
    common.add_argument("--rubric", type=Path, default=None, metavar="文件", help="考核办法，默认 config/scoring.yaml")
    run = _Parser(add_help=False)
    run.add_argument("--period", metavar="年份", help="考核期，默认项目里最近的一期")
    run.add_argument("--as-of", type=day, metavar="日期", help="数据截至，默认今天与截止日中较早的一天")
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
    diff = commands.add_parser("diff", parents=[where, run], help="两版办法有什么不同，谁的名次因哪一条变动")
    diff.add_argument("old", metavar="旧版", help="版本名（如 2023）或办法文件")
    diff.add_argument("new", metavar="新版", help="版本名（如 2024）或办法文件")
    diff.add_argument("--format", choices=["table", "json"], default="table", help="输出格式")
    diff.set_defaults(rubric=None)
    add_studies(commands, [common, run])
    schema = commands.add_parser("schema", help="打印各种文件的写法（JSON Schema），供编辑器提示和核对")
    schema.add_argument(
        "kind",
        nargs="?",
        choices=list(FILES),
        default="rubric",
        metavar="种类",
        help=f"{'、'.join(FILES)}，默认 rubric",
    )
    schema.add_argument("--write", type=Path, metavar="文件夹", help="不打印，各种都写进这个文件夹")
    add_to(commands, where)
    return top


def main(argv: Sequence[str] | None = None) -> int:
    arguments = parser().parse_args(argv)
    if arguments.command == "schema":
        return _schema(arguments.kind, arguments.write)
    if arguments.command in COMMANDS:
        return run_command(arguments)
    project, database = working_project(arguments.project, arguments.rubric, arguments.database)
    if database is not None and not project.basis and not errors(project.issues):
        sys.stderr.write("报送库还没有建立，以下按数据文件计算。\n")
    if arguments.command == "check":
        return _check(project)
    if not project.ready:
        _print_issues([issue for issue in project.issues if issue.level in ("error", "warning")], sys.stderr)
        sys.stderr.write(f"没有计分：先改正以上 {len(errors(project.issues))} 处错误。\n")
        return NOT_SCORED
    label = arguments.period or (project.offered[0] if project.offered else str(date.today().year))
    try:
        period = project.period(label)
    except ValueError as error:
        sys.stderr.write(f"用法有误：{error}\n")
        return WRONG_USE
    today = clock_of(project.office, datetime.now()).date()
    as_of = arguments.as_of or project.default_as_of(period, today)
    if as_of < period.start:
        sys.stderr.write(f"用法有误：--as-of {as_of} 早于考核期的第一天 {period.start}。\n")
        return WRONG_USE
    if arguments.command == "diff":
        return _diff(project, label, as_of, arguments)
    if (stopped := project.stopped(label)) is not None:
        _print_issues(stopped.issues, sys.stderr)
        sys.stderr.write(
            f"没有计分：{label} 年应按 {stopped.file} 计分，先改正以上 {len(errors(stopped.issues))} 处错误。\n"
        )
        return NOT_SCORED
    if arguments.command == "sql":
        return _sql(project, period, as_of, arguments.indicator)
    assessment = project.assess(label, as_of)
    if arguments.command in STUDIES:
        return _study(project, assessment, arguments)
    if arguments.command == "score":
        _score(project, assessment, arguments.format)
    elif not _explain(project, assessment, arguments):
        return WRONG_USE
    return _aside(project)


def _study(project: Project, assessment: Assessment, arguments: argparse.Namespace) -> int:
    """What a study found; why it cannot be made is one Chinese sentence."""
    try:
        sys.stdout.write(deliver(STUDIES[arguments.command](project, assessment, arguments), arguments.out))
    except NotDone as told:
        sys.stderr.write(f"没有完成：{told.ended}\n")
        return NOT_SCORED
    return _aside(project)


def _aside(project: Project) -> int:
    rows = [issue for issue in project.issues if issue.level in ("A", "B")]
    if rows:
        _print_issues(rows[:50], sys.stderr)
        more = f"（只列出前 50 条，共 {len(rows)} 条；check 可看全部）" if len(rows) > 50 else ""
        sys.stderr.write(f"{project.aside_words}，其余已计分。{more}\n")
    return ROWS_SET_ASIDE if project.sets_aside else SCORED


def _warn(project: Project, period: Period, stream: TextIO) -> None:
    """Says what is odd about the period; it is scored all the same."""
    for told in period_notices(project.edition(period.label), period, project.office.periods if project.office else ()):
        stream.write(f"{LEVEL_TITLES['warning']}：{told}\n")


def _print_issues(issues: Sequence[Issue], stream: Any) -> None:
    for issue in issues:
        stream.write(f"{LEVEL_TITLES[issue.level]} {issue}\n")


def _check(project: Project) -> int:
    told = [notice for rubric in project.editions.all for notice in notices(rubric)]
    failed = project.failed_samples() if project.ready else []
    _print_issues([*project.issues, *failed, *told], sys.stdout)
    bad = len(errors(project.issues))
    warnings = sum(issue.level == "warning" for issue in project.issues)
    if bad:
        print(f"有 {bad} 处错误，{warnings} 处提醒：改正错误之前不能计分。")
        return NOT_SCORED
    if failed:
        print(f"有 {len(failed)} 处错误：标准样例与按数据算出的不符，核对清楚之前不要用这份办法计分。")
        return NOT_SCORED
    assert project.rubric is not None
    size = len(project.rubric.indicators)
    print(f"办法可以计分：{size} 个指标，{warnings} 处提醒；数据{project.aside_words}。")
    samples = sum(len(rubric.spec.samples) for rubric in project.editions.all)
    if samples:
        print(f"标准样例 {samples} 个，算出的都与写明的相符。")
    if told:
        print(f"原文未写明、由编写者认定的有 {len(told)} 处，就是以上各条“认定”；认定不是错误，也不是提醒。")
    if project.editions.others and project.editions.draft is None:
        used = [f"{label} 年按 {project.edition(label).spec.edition}版计分" for label in project.periods]
        beside = [one for one in project.editions.all if one not in project.editions.same]
        used += [f"《{one.title}》用 --rubric {one.document.file} 指定" for one in beside]
        print(f"办法共 {len(project.editions.all)} 份：{'，'.join(used)}。")
    return ROWS_SET_ASIDE if project.sets_aside else SCORED


def score_document(project: Project, assessment: Assessment) -> dict[str, Any]:
    """The JSON of `score`: numbers as exact decimal strings."""
    rubric = assessment.rubric
    units = []
    scores: dict[str, list[dict[str, Any]]] = {}
    followed = followed_by.listed(assessment)
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
        head = {"unit": row["unit"], "title": rubric.register.title(row["unit"])}
        units.append({**head, **told, "consequences": followed.get(row["unit"], []), "indicators": own})
    issues = [{"level": issue.level, "message": str(issue)} for issue in project.issues]
    return {
        "rubric": rubric.title,
        "edition": rubric.spec.edition,
        "period": assessment.period.label,
        "as_of": assessment.as_of.isoformat(),
        "sample": bool(project.office and project.office.sample),
        "units": units,
        "issues": issues,
        "assumptions": listed(rubric),
    }


CSV_COLUMNS = (
    "group", "unit", "title", "total", "place", "grade", "state", "total_low", "total_high", "best_place",
    "worst_place", "to_next", "previous_place", "counted", "countable",
)  # fmt: skip


def _score(project: Project, assessment: Assessment, form: str) -> None:
    _warn(project, assessment.period, sys.stdout if form == "table" else sys.stderr)
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
        sys.stdout.write(_table(project, assessment))


def _table(project: Project, assessment: Assessment) -> str:
    sample = "（示例）" if project.office and project.office.sample else ""
    lines = [f"{assessment.rubric.title} {assessment.period.label} 年，数据截至 {assessment.as_of}{sample}"]
    for code, group in assessment.rubric.groups.items():
        lines += ["", f"{group.title}", _cells("名次", "单位", "总分", "等次", "已计/应计", "上年")]
        rows = assessment.rows("ranking", group=code)
        for row in rows:
            total = points(row["total"]) if row["total"] is not None else _range(row["total_low"], row["total_high"])
            total = "不计分" if row["state"] in ("stopped", "not_applicable") else total
            grade = row["grade"] or ("暂缺" if row["total"] is None and assessment.rubric.spec.grades else "—")
            grade += "（暂定）" if row["quota_open"] else ""
            before = str(row["previous_place"]) if row["previous_place"] is not None else "—"
            counted = f"{row['counted']}/{row['countable']}"
            title = assessment.rubric.register.title(row["unit"])
            lines.append(_cells(_place(row), title, total, grade, counted, before))
        if any(row["provisional"] for row in rows):
            lines.append(f"名次暂定：{provisional_note(rows)}；括号内是都补齐后的名次。")
        if any(row["quota_open"] for row in rows):
            lines.append("等次暂定：还有单位数据不全，名额未定。")
        lines += followed_by.by_clause(assessment, code)
    if note := closing_note(assessment.rubric, " check"):
        lines += ["", note]
    return "\n".join(lines) + "\n"


def _place(row: dict[str, Any]) -> str:
    """8; 2（并列）; 8（暂定，第 9–10 名）; 暂缺（第 5–12 名）."""
    if row["place"] is None:
        return f"暂缺（{place_range(row)}）" if is_open(row) else "不排名"
    marks = ["并列"] if row["tied"] else []
    marks += [f"暂定，{place_range(row)}"] if row["provisional"] else []
    return f"{row['place']}（{'，'.join(marks)}）" if marks else str(row["place"])


def _range(low: Decimal | None, high: Decimal | None) -> str:
    return between(low, high).replace(" 至 ", "–")


_WIDTHS = (26, 26, 16, 16, 12, 6)


def _cells(*texts: str) -> str:
    out = []
    for text, width in zip(texts, _WIDTHS, strict=True):
        out.append(text + " " * max(1, width - text_width(text)))
    return "".join(out).rstrip()


def _explain(project: Project, assessment: Assessment, arguments: argparse.Namespace) -> bool:
    try:
        unit = unit_of(assessment, arguments.unit)
    except NotDone as told:
        sys.stderr.write(f"{told.ended}\n")
        return False
    only = arguments.indicator
    group = assessment.rubric.group_of(unit) or ""
    if only is not None and only not in [one.code for _, one in assessment.rubric.placed(group)]:
        codes = [one.code for _, one in assessment.rubric.placed(group)]
        near = get_close_matches(only, codes, n=1, cutoff=0.5)
        hint = f"是不是“{near[0]}”？" if near else "可用：" + "、".join(codes)
        sys.stderr.write(f"“{assessment.rubric.register.title(unit)}”没有指标“{only}”。{hint}\n")
        return False
    _warn(project, assessment.period, sys.stderr if arguments.json else sys.stdout)
    if arguments.json:
        print(json.dumps(explain_json(assessment, project.store, unit, only), ensure_ascii=False, indent=1))
    else:
        print(explain_text(assessment, project.store, unit, only))
    return True


def _diff(project: Project, label: str, as_of: date, arguments: argparse.Namespace) -> int:
    """Differences in words, then the moved places."""
    found: list[Rubric] = []
    for name in (arguments.old, arguments.new):
        named = project.rubrics_named(name)
        if len(named) != 1:
            sys.stderr.write(f"{not_one_edition(project.editions, name, named)}\n")
            return WRONG_USE
        (one,) = named
        if isinstance(one, Stopped):
            _print_issues(one.issues, sys.stderr)
            sys.stderr.write(f"没有比较：先改正 {one.file} 的 {len(errors(one.issues))} 处错误。\n")
            return NOT_SCORED
        found.append(one)
    old, new = found
    result = moved(project.store, old, new, label, as_of)
    if arguments.format == "json":
        print(json.dumps(difference_document(result), ensure_ascii=False, indent=1))
    else:
        print("\n".join(difference_text(result)))
    return _aside(project)


def _schema(kind: str, folder: Path | None) -> int:
    if folder is None:
        sys.stdout.write(schema_text(kind))
        return SCORED
    try:
        written = write_schemas(folder)
    except OSError:
        sys.stderr.write(f"用法有误：写不进文件夹 {folder}。\n")
        return WRONG_USE
    print(f"已写 {'、'.join(path.as_posix() for path in written)}。")
    return SCORED


def _sql(project: Project, period: Period, as_of: date, indicator: str | None) -> int:
    rubric = project.edition(period.label)
    plan = make_plan(rubric, period, as_of)
    queries = plan.queries
    if indicator is not None:
        found = rubric.indicators.get(indicator)
        if found is None:
            sys.stderr.write(f"没有指标“{indicator}”。可用：{'、'.join(rubric.indicators)}\n")
            return WRONG_USE
        needs: set[str] = set()
        for group in rubric.groups:
            if found.in_group(group):
                section = rubric.section_of[indicator]
                needs |= set(Placed(rubric, group, section, found).everything)
        queries = plan.about(indicator, tuple(needs))
    _warn(project, period, sys.stderr)
    sys.stdout.write("\n\n".join(f"{query.sql};" for query in queries) + "\n")
    return SCORED


def run() -> int:
    """As a command. Who reads only the first lines (`| head`) has what was wanted: that is no fault."""
    try:
        code = main()
        sys.stdout.flush()
        return code
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return SCORED


if __name__ == "__main__":
    sys.exit(run())
