"""The commands that concern the records: import, demo, publish, lock, unlock, pack, verify, backup, restore.

May import every room. Each returns the exit code: 0 done, 1 not done (said why), 2 wrong use.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from scoring.access import Actor
from scoring.desk import Desk, Refused, closing
from scoring.desk.files import attachment
from scoring.desk.importing import import_folder
from scoring.issues import errors
from scoring.packs import verify
from scoring.project import open_project
from scoring.project.office import clock_of, database_of, load_office
from scoring.store.backup import backup, restore
from scoring.store.problems import RecordsError
from scoring.store.records import Records

DONE, NOT_DONE, WRONG_USE = 0, 1, 2
ACTOR = Actor("命令行", "office")
Command = Callable[[argparse.Namespace], int]


def add_to(commands: Any, where: argparse.ArgumentParser) -> None:
    """The commands with their options; `where` names project and records."""
    imported = commands.add_parser("import", parents=[where], help="把一个文件夹里的 CSV 数据整批导入空的报送库")
    imported.add_argument("folder", type=Path, nargs="?", metavar="文件夹", help="默认 office.yaml 里 data 写的文件夹")
    commands.add_parser("demo", parents=[where], help="报送库还是空的，就载入示例城市；已有数据则不动")
    commands.add_parser("publish", parents=[where], help="重新发布快照（报表定义改过以后）")
    lock = commands.add_parser("lock", parents=[where], help="锁定一个考核期，封存结果包")
    lock.add_argument("--period", required=True, metavar="年份", help="考核期")
    lock.add_argument("--reason", default="", metavar="说明", help="封存的说明")
    lock.add_argument("--even-so", action="store_true", help="还有没办完的事，也照现状锁定")
    unlock = commands.add_parser("unlock", parents=[where], help="解锁一个考核期，以便更正；以前的封存版本都保留")
    unlock.add_argument("--period", required=True, metavar="年份", help="考核期")
    unlock.add_argument("--reason", required=True, metavar="原因", help="为什么解锁，至少 6 个字")
    pack = commands.add_parser("pack", parents=[where], help="取出封存的结果包")
    pack.add_argument("--period", required=True, metavar="年份", help="考核期")
    pack.add_argument("--version", type=int, metavar="版本", help="第几版，默认最后一版")
    pack.add_argument("--out", type=Path, default=Path("."), metavar="文件夹", help="放到哪里，默认当前文件夹")
    verified = commands.add_parser("verify", help="核验一个封存的结果包：校验每个文件，重新计分，逐格比对")
    verified.add_argument("pack", type=Path, metavar="结果包", help="封存的 .zip 文件")
    saved = commands.add_parser("backup", parents=[where], help="备份报送库")
    saved.add_argument("folder", type=Path, metavar="文件夹", help="备份放到哪里")
    restored = commands.add_parser("restore", parents=[where], help="用备份恢复报送库；现有的库另存，不删除")
    restored.add_argument("backup", type=Path, metavar="备份文件", help="backup 生成的 .duckdb 文件")


def run(arguments: argparse.Namespace) -> int:
    """Whatever keeps a command from being done is said in one Chinese sentence."""
    try:
        return COMMANDS[arguments.command](arguments)
    except (RecordsError, Refused) as told:
        sys.stderr.write(f"没有完成：{told}\n")
        return NOT_DONE


def _database(arguments: argparse.Namespace) -> Path:
    office, _ = load_office(arguments.project / "config" / "office.yaml")
    database = database_of(arguments.project, office, arguments.database)
    if database is None:
        raise Refused("这个项目没有报送库", "请在 config/office.yaml 里写 database，或用 --database 指明文件")
    return database


@contextmanager
def _desk(arguments: argparse.Namespace) -> Iterator[Desk]:
    """A desk on the records, which are closed afterwards. Raises where the configuration cannot be read."""
    database = _database(arguments)
    project = open_project(arguments.project)
    if project.forms is None or project.register is None or project.calendar is None:
        for issue in errors(project.issues):
            sys.stderr.write(f"错误 {issue}\n")
        raise Refused("报表、单位或本单位设置有错误", "请先改正以上错误")

    def clock() -> datetime:
        return clock_of(project.office, datetime.now())

    records = Records.open(database, "命令行", clock)
    try:
        yield Desk(project, records, clock)
    finally:
        records.close()


def _import(arguments: argparse.Namespace) -> int:
    with _desk(arguments) as desk:
        assert desk.project.office is not None
        folder = arguments.folder or desk.project.folder / desk.project.office.data
        shown = arguments.folder.name if arguments.folder else desk.project.office.data
        found = import_folder(desk, ACTOR, folder, shown)
    aside = f"，其中搁置 {found.aside} 行" if found.aside else ""
    print(f"已导入 {found.submissions} 份报送，{found.rows} 行{aside}；快照已发布。")
    return DONE


def _demo(arguments: argparse.Namespace) -> int:
    """Only what is labelled 示例, and only into records that are still empty."""
    office, _ = load_office(arguments.project / "config" / "office.yaml")
    if office is None or database_of(arguments.project, office, arguments.database) is None:
        print("这个项目没有报送库，直接读取数据文件。")
        return DONE
    if not office.sample:
        print("这个项目不是示例，没有载入示例数据。")
        return DONE
    with _desk(arguments) as desk:
        if desk.records.fetch("SELECT 1 FROM submission LIMIT 1"):
            print("报送库里已有数据，示例没有再载入。")
            return DONE
        found = import_folder(desk, ACTOR, arguments.project / office.data, office.data)
    print(f"已载入示例城市：{found.submissions} 份报送，{found.rows} 行。")
    return DONE


def _publish(arguments: argparse.Namespace) -> int:
    with _desk(arguments) as desk:
        snapshot = desk.publish()
    assert snapshot is not None
    print(f"第 {snapshot.number} 号快照（{snapshot.published_at} 发布）是最新的。")
    return DONE


def _lock(arguments: argparse.Namespace) -> int:
    with _desk(arguments) as desk:
        row = closing.lock(desk, ACTOR, arguments.period, arguments.reason, arguments.even_so)
    print(f"{arguments.period} 年考核已锁定，第 {row['version']} 版，封存码 {row['pack_sha256'][:16]}。")
    print(f"取出结果包：python -m scoring pack --period {arguments.period}")
    return DONE


def _unlock(arguments: argparse.Namespace) -> int:
    with _desk(arguments) as desk:
        closing.reopen(desk, ACTOR, arguments.period, arguments.reason)
    print(f"{arguments.period} 年考核已解锁，可以更正；更正后请重新锁定，生成新的版本。")
    return DONE


def _pack(arguments: argparse.Namespace) -> int:
    with _desk(arguments) as desk:
        sealed = closing.versions(desk, arguments.period)
        wanted = [one for one in sealed if arguments.version in (None, one["version"])]
        if not wanted:
            raise Refused(f"{arguments.period} 年没有封存过这一版", "请先锁定考核期，或核对 --version")
        name = closing.pack_name(desk, wanted[-1])
        arguments.out.mkdir(parents=True, exist_ok=True)
        (arguments.out / name).write_bytes(attachment(desk.records, wanted[-1]["pack_sha256"]))
    print(f"已写出 {name}，封存码 {wanted[-1]['pack_sha256'][:16]}。")
    return DONE


def _verify(arguments: argparse.Namespace) -> int:
    try:
        data = arguments.pack.read_bytes()
    except OSError:
        sys.stderr.write(f"用法有误：打不开“{arguments.pack.name}”，请核对路径。\n")
        return WRONG_USE
    verdict = verify(data)
    header = verdict.header
    if header:
        sample = "（示例）" if header.get("sample") else ""
        print(
            f"{header.get('office')} {header['period']} 年考核结果，第 {header['version']} 版，数据截至 {header['as_of']}{sample}"
        )
        print(f"封存于 {header.get('sealed_at')}，经办 {header.get('sealed_by')}，封存码 {verdict.digest[:16]}")
    for note in verdict.notes:
        print(f"说明：{note}")
    for problem in verdict.problems:
        print(f"不符：{problem}")
    if verdict.holds:
        print(f"核验通过：{len(header['files'])} 个文件一个字节未变，重新计分的 {verdict.compared} 张结果表逐格相同。")
        print("封存码请与操作日志或通报上的核对：两者一致，才是当时封存的那一份。")
        return DONE
    print(f"核验不通过：{len(verdict.problems)} 处不符。")
    return NOT_DONE


def _backup(arguments: argparse.Namespace) -> int:
    with _desk(arguments) as desk:
        path = backup(desk.records, arguments.folder, datetime.now())
    print(f"已备份为 {path.name}（{path.stat().st_size / 1024 / 1024:.1f} MB），打开核对过。")
    return DONE


def _restore(arguments: argparse.Namespace) -> int:
    kept = restore(arguments.backup, _database(arguments), datetime.now)
    with _desk(arguments) as desk:
        snapshot = desk.publish()
    assert snapshot is not None
    before = f"原来的库另存为 {kept.name}。" if kept else ""
    print(f"已恢复，并发布了第 {snapshot.number} 号快照。{before}")
    return DONE


COMMANDS: dict[str, Command] = {
    "import": _import, "demo": _demo, "publish": _publish, "lock": _lock, "unlock": _unlock, "pack": _pack,
    "verify": _verify, "backup": _backup, "restore": _restore,
}  # fmt: skip
