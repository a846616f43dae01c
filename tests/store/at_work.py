"""Somebody at work until killed: a program that imports everything once and forks a worker for each order.

Order (a line on stdin): database, file of acknowledgements, seed, start of the workbooks' numbers. Answer: the pid. A
worker writes one line for each call that has returned, and what was acknowledged is what has to be there afterwards.
"""

from __future__ import annotations

import json
import os
import random
import sys
from collections.abc import Iterator
from datetime import datetime
from itertools import count
from pathlib import Path

from scoring.access import Actor
from scoring.desk import Desk, Refused, entries, handing_in, receiving, reviewing
from scoring.desk.registers import close_register
from scoring.project import open_project
from scoring.store.records import Records
from tests.village import CLERK, UNITS, another, reporter

WHY = "上年抓获、今年批捕，已逐人核对"


class Worker:
    """One worker: everything it does comes out of its seed, and how far it gets out of the one who kills it."""

    def __init__(self, database: Path, told: Path, seed: int, first: int, config: Path, books: list[Path]) -> None:
        self.out = os.open(told, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        self.random, self.first = random.Random(seed), first
        self.desk = Desk(open_project(config), Records.open(database, "看板", datetime.now), datetime.now)
        self.books = books
        self.tell(act="ready")

    def tell(self, **told: object) -> None:
        os.write(self.out, (json.dumps(told, ensure_ascii=False) + "\n").encode())

    def work(self) -> None:
        for number in count(self.first):
            for act in self.acts(number):
                act()

    def acts(self, number: int) -> Iterator[object]:
        """One workbook from upload to acceptance, and what the office does meanwhile."""
        book = self.random.choice(self.books)
        yield lambda: self.upload(book, number)
        if self.random.random() < 0.8:
            yield lambda: self.hand_in()
        if self.random.random() < 0.7:
            yield lambda: self.accept()
        if self.random.random() < 0.3:
            yield lambda: self.give_back()
        if self.random.random() < 0.4:
            yield lambda: self.enter(number)
        if self.random.random() < 0.3:
            yield lambda: self.close()
        if self.random.random() < 0.3:
            yield lambda: self.tell(act="publish", number=self.published())

    def published(self) -> int:
        snapshot = self.desk.publish()
        assert snapshot is not None
        return snapshot.number

    def upload(self, book: Path, number: int) -> None:
        unit = book.stem[:2]
        data = another(book.read_bytes(), number)
        found = receiving.upload(self.desk, reporter(unit), unit, f"{book.stem}_{number}.xlsx", data)
        assert found.drafts and not found.refused, [str(one) for sheet in found.refused for one in sheet.findings]
        self.drafts = [one.no for one in found.drafts]
        self.sheets = {one.no: one.sheet for one in found.drafts}
        self.tell(act="upload", book=book.name, number=number, drafts=self.drafts, sha256=found.sha256)

    def hand_in(self) -> None:
        for no in self.drafts:
            sheet = self.sheets[no]
            answers = {one.key: WHY for one in sheet.findings if one.level in ("B", "C")}
            try:
                handing_in.hand_in(self.desk, reporter(sheet.unit), no, answers)
            except Refused as refused:  # somebody else's of before: what a person does then
                handing_in.hand_in(self.desk, reporter(sheet.unit), no, answers, replacing=refused.other)
            self.tell(act="hand_in", no=no, explained=len(answers))

    def waiting(self) -> list[str]:
        return [str(one["no"]) for one in reviewing.waiting(self.desk)]

    def accept(self) -> None:
        if found := self.waiting():
            chosen = self.random.sample(found, min(len(found), 3))
            reviewing.accept(self.desk, CLERK, chosen)
            self.tell(act="accept", numbers=chosen)

    def give_back(self) -> None:
        if found := self.waiting():
            reviewing.give_back(self.desk, CLERK, found[0], "数字与上月不衔接，请核对")
            self.tell(act="give_back", no=found[0])

    def enter(self, number: int) -> None:
        cells = {"doc_no": f"示表〔2024〕{number}号", "issued_on": "2024-09-01"}
        unit = self.random.choice(list(UNITS))
        no = entries.enter(self.desk, Actor(CLERK.name, "office"), "awards", unit, cells, "省级通报表扬")
        self.tell(act="enter", no=no)

    def close(self) -> None:
        closed = self.random.random() < 0.5
        close_register(self.desk, CLERK, "awards", "2024", closed, "补登")
        self.tell(act="close", closed=closed)


def serve(config: Path, books: list[Path]) -> None:
    """Forks when ordered; a worker that was killed is collected before the next is made."""
    for line in sys.stdin:
        database, told, seed, first = json.loads(line)
        pid = os.fork()
        if pid == 0:
            Worker(Path(database), Path(told), seed, first, config, books).work()
        answer(pid)
        _, status = os.waitpid(pid, 0)
        answer(os.waitstatus_to_exitcode(status))


def answer(number: int) -> None:
    sys.stdout.write(f"{number}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    serve(Path(sys.argv[1]), [Path(one) for one in sys.argv[2:]])
