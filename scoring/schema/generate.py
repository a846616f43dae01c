"""The JSON Schema (draft 2020-12) of each kind of file, as editors like it: shared parts by name, messages in Chinese.

The schema says what the first reading says: keys, types, kinds. What the parts mean to each other (a name that does not
exist, bands out of order) only `check` can tell. There is no `$ref` out of the file: no editor has to ask the network.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from scoring.expressions.field import FormulaField
from scoring.forms.model import Clock, FormSpec
from scoring.project import Office
from scoring.rubric.model import DaysAfter, Decimals, Limit, MonthDay, RubricSpec
from scoring.rubric.points import CapField, FullMarksField, PriceField, ThresholdField, WeightField
from scoring.rubric.samples import ExpectedField, SaidField
from scoring.schema.hints import HINTS, ITSELF
from scoring.schema.written import of_field, of_file
from scoring.source import Code, Day, Share, Text
from scoring.units import RegisterSpec

DIALECT = "https://json-schema.org/draft/2020-12/schema"
FILES: dict[str, type[BaseModel]] = {"rubric": RubricSpec, "form": FormSpec, "units": RegisterSpec, "office": Office}


@dataclass(frozen=True)
class Shared:
    """What is written in many places: it stands once in `$defs`, with a title and how to write it, for editors."""

    annotation: Any
    title: str
    how: str
    examples: tuple[str, ...] = ()  # words that an editor offers


NAMED: dict[str, Shared] = {
    "text": Shared(Text, "文字", "请填写文字，不要留空"),
    "code": Shared(Code, "代码", "代码用小写字母开头，只含小写字母、数字和单个下划线"),
    "day": Shared(Day, "日期", "请写成 2024-01-31 的样子"),
    "month_day": Shared(MonthDay, "月日", "请写成 01-01 的样子", ("01-01",)),
    "days_after": Shared(DaysAfter, "期后天数", "请写成 +10d，表示考核期结束后 10 天", ("+10d",)),
    "clock": Shared(Clock, "钟点", "请写成 15:00 的样子；全天写 24:00"),
    "share": Shared(Share, "百分数", "请写成 30% 的样子", ("30%",)),
    "decimals": Shared(Decimals, "小数位数", "请写 0 到 6 的整数，或 none（不舍入）", ("none",)),
    "limit": Shared(Limit, "限度", "请用半角数字，不带单位；不限的写 none", ("none",)),
    "said": Shared(SaidField, "数值", "请写数字、是或否，或 未报送、脱敏、不适用、暂缺"),
    "expected": Shared(
        ExpectedField, "应得的结果", "请写一个数、[最低, 最高]（不封顶的写 [最低, none]），或暂缺一类的词"
    ),
    "expression": Shared(FormulaField, "表达式", "请写一个表达式，例如 value < 100"),
    "price": Shared(
        PriceField,
        "分值",
        "请写半角数字（不带单位）、full 或 50% of full；各组不同的写成 {组: 分值}",
        ("full", "50% of full"),
    ),
    "cap": Shared(
        CapField,
        "上限",
        "请写半角数字（不带单位）、full 或 50% of full；不限的写 none；各组不同的写成 {组: 分值}",
        ("full", "none"),
    ),
    "threshold": Shared(ThresholdField, "界限", "请用半角数字，不带单位；各组不同的写成 {组: 数字}"),
    "full_marks": Shared(FullMarksField, "满分", "请写半角数字（不带单位）；各组不同的写成 {组: 分值}"),
    "weight": Shared(WeightField, "权重", "请写成 60% 或 0.6，须大于 0；各组不同的写成 {组: 权重}", ("60%",)),
}
HOW = {
    "number": "请用半角数字，不带单位和千位分隔符",
    "integer": "请填写整数",
    "boolean": "请写 true 或 false",
    "array": "须为列表：每项以“- ”开头，或写成 [甲, 乙]",
}


def generated(kind: str) -> dict[str, Any]:
    """The schema of one kind of file."""
    whole = deepcopy(of_file(FILES[kind]))
    shared = {name: deepcopy(of_field(one.annotation)) for name, one in NAMED.items()}
    used = _name_the_shared(whole, shared)
    models = dict(sorted(whole.pop("$defs", {}).items()))
    whole["$defs"] = models
    _tell_kinds(whole)
    _tell_how(whole)
    for name in used:
        _tell_how(shared[name], NAMED[name].how)
        shared[name] |= {"examples": list(NAMED[name].examples)} if NAMED[name].examples else {}
    return {
        "$schema": DIALECT, **whole,
        "$defs": {**{name: {"title": NAMED[name].title, **shared[name]} for name in sorted(used)}, **models},
    }  # fmt: skip


def text(kind: str) -> str:
    """The schema of one kind of file, as a file."""
    return json.dumps(generated(kind), ensure_ascii=False, indent=1) + "\n"


def write(folder: Path) -> list[Path]:
    """One file for each kind, the same bytes on every system."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"{kind}.json" for kind in FILES]
    for path in paths:
        path.write_text(text(path.stem), encoding="utf-8", newline="\n")
    return paths


def gaps() -> list[str]:
    """What hints.py still owes: keys and types without a hint, and hints of what is no longer there."""
    known = objects()
    owed = [f"{name}: {ITSELF}" for name, one in known.items() if "description" not in one]
    owed += [
        f"{name}.{key}"
        for name, one in known.items()
        for key, value in one["properties"].items()
        if "description" not in value
    ]
    stale = [name for name in HINTS if name not in known]
    stale += [
        f"{name}.{key}" for name, hints in HINTS.items() if name in known for key in hints
        if key != ITSELF and key not in known[name]["properties"]
    ]  # fmt: skip
    return [f"没有说明：{one}" for one in owed] + [f"已没有这个键：{one}" for one in stale]


def objects() -> dict[str, Any]:
    """The schema of every type with keys of its own, by the name of the type."""
    found: dict[str, Any] = {}
    for kind, model in FILES.items():
        whole = generated(kind)
        found |= {model.__name__: whole, **{name: one for name, one in whole["$defs"].items() if "properties" in one}}
    return found


def _parts(node: Any) -> Iterator[dict[str, Any]]:
    """Every schema inside a schema, itself included."""
    if not isinstance(node, dict):
        return
    yield node
    for key in ("properties", "$defs"):
        for inner in list(node.get(key, {}).values()):
            yield from _parts(inner)
    for key in ("items", "additionalProperties", "propertyNames"):
        yield from _parts(node.get(key))
    for key in ("anyOf", "oneOf", "prefixItems"):
        for inner in node.get(key, []):
            yield from _parts(inner)


def _name_the_shared(whole: dict[str, Any], shared: dict[str, Any]) -> set[str]:
    """Refers to what has a name where it stands; the names used."""
    used: set[str] = set()
    for part in list(_parts(whole)):
        beside: dict[str, Any] = {key: part[key] for key in ("description", "default") if key in part}
        bare = {key: value for key, value in part.items() if key not in beside}
        for name in [name for name, one in shared.items() if one == bare]:
            used.add(name)
            part.clear()
            part.update({"$ref": f"#/$defs/{name}", **beside})
    return used


def _tell_how(whole: dict[str, Any], how: str = "") -> None:
    """A Chinese message (`errorMessage`, which editors show) where a plain value is not what it should be."""
    for part in _parts(whole):
        kind = part.get("type")
        if how and (kind not in (None, "object") or "const" in part):
            part["errorMessage"] = how
        elif isinstance(kind, str) and kind in HOW:
            part["errorMessage"] = HOW[kind]


def _tell_kinds(whole: dict[str, Any]) -> None:
    """A misspelt kind is told all there are, not the one that the editor takes for the nearest."""
    for part in _parts(whole):
        models = [whole["$defs"][one["$ref"].rpartition("/")[2]] for one in part.get("oneOf", []) if "$ref" in one]
        kinds = [model["properties"]["kind"] for model in models if "const" in model["properties"].get("kind", {})]
        for kind in kinds:
            kind["errorMessage"] = "没有这种 kind，只能是 " + "、".join(other["const"] for other in kinds)
