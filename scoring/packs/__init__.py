"""Sealed result packs: an assessment with everything it came from, recomputed anywhere. Opens no database."""

from scoring.packs.contents import Header, contents
from scoring.packs.seal import opened, sealed
from scoring.packs.verifying import Verdict, verify

__all__ = ["Header", "Verdict", "contents", "opened", "sealed", "verify"]
