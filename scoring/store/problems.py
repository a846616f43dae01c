"""What can go wrong with the records, as something to read and to act on. Knows no table."""

from __future__ import annotations


class RecordsError(Exception):
    """A Chinese sentence with what to do about it; what was in the records before is still there."""

    def __init__(self, problem: str, fix: str = "") -> None:
        super().__init__(f"{problem}。{fix}。" if fix else f"{problem}。")
        self.problem, self.fix = problem, fix


class Held(RecordsError):
    """Another program writes to the file."""


class NoSpace(RecordsError):
    """The disk is full, or a limit of the system was met."""


class Damaged(RecordsError):
    """The file is there and cannot be read, or is not what its name says."""
