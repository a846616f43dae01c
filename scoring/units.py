"""The register of units (被考核单位): codes, titles, aliases, kinds, tags, validity. Knows no form and no rubric."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path

from pydantic import Field

from scoring.issues import Issue
from scoring.source import Code, Day, Document, Spec, Text, Whole, load, read


class Validity(Spec):
    """From and to are both included."""

    from_: Day | None = Field(default=None, alias="from")
    to: Day | None = None


class Contact(Spec):
    """Whom to call about reports."""

    name: Text
    phone: Text | None = None


class Unit(Spec):
    """Who is assessed: a county, a functional zone, a member unit."""

    code: Code
    title: Text
    kind: Code
    in_: Code | None = Field(default=None, alias="in")
    tile: tuple[Whole, Whole] | None = None
    valid: Validity = Validity()
    aliases: tuple[Text, ...] = ()
    tags: tuple[Code, ...] = ()
    population: Whole | None = None
    contact: Contact | None = None

    def valid_in(self, start: date, end: date) -> bool:
        """Whether the unit exists on some day of [start, end]."""
        begins, ends = self.valid.from_, self.valid.to
        return (begins is None or begins <= end) and (ends is None or ends >= start)


class Who(Spec):
    """A choice of units: any of the kinds (or all), and all of the tags."""

    kinds: tuple[Code, ...] = ()
    tags: tuple[Code, ...] = ()
    units: tuple[Code, ...] = ()

    @property
    def everybody(self) -> bool:
        return not (self.kinds or self.tags or self.units)

    def includes(self, unit: Unit) -> bool:
        if self.units and unit.code not in self.units:
            return False
        return (not self.kinds or unit.kind in self.kinds) and all(tag in unit.tags for tag in self.tags)


class RegisterSpec(Spec):
    """The file of units as written."""

    kinds: dict[Code, Text]
    units: tuple[Unit, ...] = Field(min_length=1)


@dataclass(frozen=True)
class Register:
    """All units, in administrative-code order."""

    kinds: dict[str, str]
    units: tuple[Unit, ...]

    @cached_property
    def by_code(self) -> dict[str, Unit]:
        return {unit.code: unit for unit in self.units}

    @cached_property
    def _by_name(self) -> dict[str, Unit]:
        names: dict[str, Unit] = {}
        for unit in self.units:
            for name in (unit.code, unit.title, *unit.aliases):
                names[name] = unit
        return names

    def find(self, name: str) -> Unit | None:
        """By code, title or alias."""
        return self._by_name.get(name.strip())

    def nearest(self, name: str) -> str | None:
        """The title most like this one, for a message."""
        close = get_close_matches(name, [u.title for u in self.units], n=1, cutoff=0.5)
        return close[0] if close else None

    def title(self, code: str) -> str:
        return self.by_code[code].title if code in self.by_code else code

    def below(self, code: str) -> tuple[Unit, ...]:
        """All units that lie in this one, directly or in one that does; each once, in the order of the register."""
        inside = {code}
        while True:
            more = {unit.code for unit in self.units if unit.in_ in inside} - inside
            if not more:
                return tuple(unit for unit in self.units if unit.code in inside and unit.code != code)
            inside |= more

    def chosen(self, who: Who, start: date, end: date) -> tuple[Unit, ...]:
        """Those the choice includes and that exist in the period."""
        return tuple(unit for unit in self.units if who.includes(unit) and unit.valid_in(start, end))


def load_units(path: Path, shown_as: str) -> tuple[Register | None, list[Issue]]:
    """Read config/units.yaml. Two units that could be confused (same code, title or alias) are an error."""
    document, issues = load(path, shown_as)
    if document is None:
        return None, issues
    register, found = read(RegisterSpec, document)
    issues += found
    if register is None:
        return None, issues
    issues += list(_confusions(register.units, document))
    for index, unit in enumerate(register.units):
        if unit.kind not in register.kinds:
            loc = ("units", index, "kind")
            issues.append(document.issue(loc, f"没有“{unit.kind}”这类单位", "请先在 kinds 里写明，或改用已有的类别"))
    issues += list(_places(register.units, document))
    if issues:
        return None, issues
    return Register(dict(register.kinds), register.units), []


def _places(units: Sequence[Unit], document: Document) -> Iterable[Issue]:
    """Where a unit lies, and when it exists."""
    codes = {unit.code for unit in units}
    for index, unit in enumerate(units):
        if unit.in_ == unit.code:
            yield document.issue(("units", index, "in"), "单位不能在它自己下面", "请写上一级单位的代码，或删去 in")
        elif unit.in_ is not None and unit.in_ not in codes:
            close = get_close_matches(unit.in_, sorted(codes), n=1, cutoff=0.6)
            fix = f"是不是“{close[0]}”？" if close else "请写上一级单位的代码"
            yield document.issue(("units", index, "in"), f"没有单位“{unit.in_}”", fix)
        if unit.valid.from_ and unit.valid.to and unit.valid.from_ > unit.valid.to:
            yield document.issue(("units", index, "valid"), "起始日晚于截止日", "请核对 from 和 to")


def _confusions(units: Iterable[Unit], document: Document) -> Iterable[Issue]:
    seen: dict[str, str] = {}
    for index, unit in enumerate(units):
        own = {unit.code: "code", unit.title: "title"} | dict.fromkeys(unit.aliases, "aliases")
        for name, key in own.items():
            if name in seen and seen[name] != unit.code:
                problem = f"“{name}”与单位 {seen[name]} 重名"
                yield document.issue(("units", index, key), problem, "代码、名称、别名在全部单位中都要唯一")
            elif name in seen and key == "code":
                yield document.issue(("units", index, key), f"代码“{name}”重复", "每个单位用不同的代码")
            seen[name] = unit.code
