"""The command whatif: figures of the 办法 are changed for a trial, and everybody is scored both ways. Changes no file."""

from __future__ import annotations

import argparse
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from scoring.engine import Assessment
from scoring.expressions.words import number
from scoring.insight.whatif import Lab, WhatIf
from scoring.issues import errors
from scoring.project import Project
from scoring.reports import effects
from scoring.reports.slope import slope
from scoring.reports.study import Row, Sheet, Study
from scoring.rubric import Rubric
from scoring.rubric.knobs import by_path, issued_targets
from scoring.rubric.rewriting import NotRewritten, rewritten
from scoring.rubric.scaling import How, NotScaled, Scaled, scaling
from scoring.rubric.trial import tried
from scoring.source import Loc
from scoring.studies.delivery import NotDone, named

UNITS = ("考核分组", "单位", "原名次", "新名次", "升降", "原总分", "新总分", "分差", "因为", "等次", "结果运用")
FIGURES = ("位置", "现在是", "单位", "是什么")


def add(commands: Any, parents: list[argparse.ArgumentParser]) -> None:
    found = commands.add_parser(
        "whatif", parents=parents, help="试改办法里的分值、门槛，看谁的名次因此变动；不带 --set 列出可以改的各处"
    )
    found.add_argument("--set", action="append", default=[], metavar="位置=值", help="改一处，可写多次")
    found.add_argument(
        "--target", action="append", default=[], metavar="任务=百分数", help="任务数按已下达数的百分之几计，可写多次，例如 case_target=120"
    )
    found.add_argument("--lock", action="append", default=[], metavar="位置", help="这一处满分不跟着变，可写多次")
    found.add_argument(
        "--total", choices=["fixed", "free"], default="fixed", help="fixed 总分不变，其余分值按比例分担（默认）；free 总分跟着变"
    )
    found.add_argument("--over", choices=["section", "all"], default="section", help="由同一一级指标内（默认）还是全部指标分担")
    found.add_argument("--prices", choices=["scale", "stay"], default="scale", help="满分变了，单价跟着变（默认）还是不变")
    found.add_argument("--write", type=Path, metavar="文件", help="把改后的办法另存为 YAML，只有改动的数字不同；不覆盖已有的文件")


def study(project: Project, result: Assessment, arguments: argparse.Namespace) -> Study:
    """Both rankings, group by group. Raises NotDone."""
    rubric = result.rubric
    targets = dict(_target(rubric, text) for text in arguments.target)
    if not arguments.set and not targets:
        return _figures(project, result)
    scaled = _scaled(rubric, arguments)
    draft, issues = tried(rubric, scaled.changes)
    if draft is None:
        raise NotDone("；".join(str(issue).rstrip("。") for issue in errors(issues)))
    with Lab(project.store, rubric, result.period, result.as_of) as lab:
        found = lab.tried(draft, targets)
    told = [f"已改：{one}" for one in changes_told(rubric, scaled.changes)]
    told += [f"已改：{rubric.measures[code].title}按下达数的 {percent}% 计（不写在办法里，不随草案保存）" for code, percent in targets.items()]
    told += [*scaled.warnings, *(effects.summary(found, group) for group in rubric.groups)]
    told += [ties for group in rubric.groups if (ties := effects.ties(found, group))]
    if arguments.write is not None:
        _write(rubric, project, scaled, arguments.write)
        told.append(f"改后的办法写在 {arguments.write}；要正式启用，请在看板上保存草案，由另一个人批准。")
    title, period, sample = named(project, result, f"试改《{rubric.title}》{rubric.spec.edition}版")
    sheets = (Sheet("改了什么", ("位置", "原为", "改为"), _changed(rubric, scaled)), Sheet("名次变动", UNITS, rows(found)))
    return Study(title, period, result.as_of, sample, tuple(told), sheets, _picture(found))


def rows(found: WhatIf) -> list[Row]:
    """As printed, group by group in the order of the new ranking."""
    return [
        (
            found.draft.groups[one.group].title, one.title, effects.place(one.before), effects.place(one.after),
            effects.move(one), effects.total(one.before), effects.total(one.after), effects.signed(one.difference),
            effects.why(one), effects.grade(one), effects.followed(one),
        )
        for group in found.draft.groups
        for one in found.of_group(group)
    ]  # fmt: skip


def changes_told(rubric: Rubric, changes: dict[Loc, str]) -> list[str]:
    """第六条（一）办案任务完成率 · 满分（县区） 12 → 14, in the order of the text."""
    known = {one.loc: one for one in by_path(rubric).values()}
    return [f"{one.title} {one.written} → {changes[loc]}" for loc, one in known.items() if loc in changes]


def _figures(project: Project, result: Assessment) -> Study:
    listed = [(path, one.written, one.unit, one.title) for path, one in by_path(result.rubric).items()]
    title, period, sample = named(project, result, f"《{result.rubric.title}》{result.rubric.spec.edition}版可以试改的各处")
    told = f"共 {len(listed)} 处。试改：python -m scoring whatif --set {listed[0][0]}={listed[0][1]}" if listed else "没有可以试改的数字。"
    return Study(title, period, result.as_of, sample, (told,), (Sheet("可以试改的各处", FIGURES, listed),))


def _scaled(rubric: Rubric, arguments: argparse.Namespace) -> Scaled:
    wanted = dict(_change(rubric, text) for text in arguments.set)
    locked = frozenset(_known(rubric, path) for path in arguments.lock)
    how = How(total=arguments.total, over=arguments.over, prices=arguments.prices, locked=locked)
    try:
        return scaling(rubric, wanted, how)
    except NotScaled as told:
        raise NotDone(f"{told.problem}。{told.fix}") from told


def _change(rubric: Rubric, text: str) -> tuple[Loc, Decimal]:
    path, sign, value = text.partition("=")
    loc = _known(rubric, path.strip())
    try:
        found = Decimal(value.strip())
    except InvalidOperation:
        found = Decimal("NaN")
    if not sign or not found.is_finite():
        raise NotDone(f"--set {text} 读不懂。请写成 位置=数字，例如 {path.strip()}={number(by_path(rubric)[path.strip()].value)}")
    return loc, found


def _target(rubric: Rubric, text: str) -> tuple[str, Decimal]:
    code, _, percent = (part.strip() for part in text.partition("="))
    known = {one for group in rubric.groups for one in issued_targets(rubric, group)}
    if code not in known:
        raise NotDone(f"没有下达的任务“{code}”。" + (f"可用：{'、'.join(sorted(known))}" if known else "这份办法没有下达任务"))
    if not percent.isdecimal() or int(percent) == 0:
        raise NotDone(f"--target {text} 读不懂。请写成 任务=百分数，例如 {code}=120")
    return code, Decimal(percent)


def _known(rubric: Rubric, path: str) -> Loc:
    known = by_path(rubric)
    if path in known:
        return known[path].loc
    near = get_close_matches(path, known, n=1, cutoff=0.5)
    raise NotDone(f"办法里没有可以改的“{path}”。" + (f"是不是“{near[0]}”？" if near else "不带 --set 运行，列出可以改的各处"))


def _changed(rubric: Rubric, scaled: Scaled) -> list[Row]:
    known = {one.loc: one for one in by_path(rubric).values()}
    listed = [(loc, one) for loc, one in known.items() if loc in scaled.changes]
    return [(f"{one.title}", one.written, scaled.changes[loc]) for loc, one in listed]


def _write(rubric: Rubric, project: Project, scaled: Scaled, out: Path) -> None:
    try:
        text = (project.folder / rubric.document.file).read_bytes().decode()
        with out.open("xb") as file:
            file.write(rewritten(text, scaled.changes, rubric.document.file).encode())
    except NotRewritten as told:
        raise NotDone("；".join(str(issue).rstrip("。") for issue in told.issues)) from told
    except FileExistsError as error:
        raise NotDone(f"{out} 已经有了，没有覆盖。请换一个文件名") from error
    except OSError as error:
        raise NotDone(f"写不进 {out}。请核对文件夹和权限") from error


def _picture(found: WhatIf) -> str:
    """Of the first group in which anybody moves."""
    groups = [group for group in found.draft.groups if any(one.up for one in found.of_group(group))]
    lines = effects.lines(found.of_group(groups[0] if groups else next(iter(found.draft.groups))))
    return slope(lines, ("现行办法", "草案"), "light")
