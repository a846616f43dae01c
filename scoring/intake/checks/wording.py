"""What text says: words that a column may hold (V16), stray markup and characters that look alike (V15).

Suggestions only: a text is never changed. Each look-alike comes from the seeds of the office (domain.md B2); where a good
word contains one (公平合理, 近期问题) what follows or goes before tells them apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from scoring.forms.checks import DictionaryCheck
from scoring.intake.checks.context import Context
from scoring.intake.checks.rows import Rows
from scoring.intake.reported import Finding

# pattern → what is meant
LOOK_ALIKE: dict[str, str] = {
    "奥情": "舆情",
    "奥论(?!坛)": "舆论",
    "街接(?!头|到|送|入)": "衔接",
    "平合(?!理|作|法|同|计|并|格|规|成|乎|适|资|影|唱|约|力|议)": "平台",
    "出合(?!理|作|法|同|计|并|格|规|成|乎|适|资|影|唱|约|力|议)": "出台",
    "(?<![联整融结配组复综汇集])合阶(?!段|层|级)": "台阶",
    "积板(?!块)": "积极",
    "(?<![检列选推荐])举指(?!标|认|控|出|定|引|明|数)": "举措",
    "严之叉严": "严之又严",
    "(?<![长永久])远用": "运用",
    "(?<![以])及打办": "双打办",
    "(?<![近长中短到逾前后定学本上下])期问(?!题|询|卷|责|答|政|候|讯|世)": "期间",
    "氛国": "氛围",
    "(?<![武兵机仪乐])器张": "嚣张",
    "压实压实": "压实",
    "部门问(?!题|责|询|卷|政|答|及|道)": "部门间",
}
_PLAIN = {pattern: re.sub(r"\(\?<?!.*?\)", "", pattern) for pattern in LOOK_ALIKE}
_COMPILED = {pattern: re.compile(pattern) for pattern in LOOK_ALIKE}
MARKUP = re.compile(r"##\w+##|</?[A-Za-z][^<>]*>|&(?:nbsp|amp|lt|gt|quot|#\d+);|锟斤拷|烫烫烫|ï¼|â€")
_MARKS = ("##", "<", "&", "锟", "烫", "ï¼", "â€")


def dictionary(check: DictionaryCheck, rows: Rows, context: Context) -> Iterator[Finding]:
    """Outside the declared words; or one of those, or containing one of those, that are asked about."""
    allowed, options = frozenset(check.words), rows.form.by_code[check.column].values
    column, title = rows.words(check.column), rows.title(check.column)
    for at in rows.chosen:
        text = column[at]
        if text is None:
            continue
        asked = [word for word in check.ask if (text == word if options else word in text)]
        if asked:
            problem = f"“{title}”填“{asked[0]}”" if options else f"“{title}”里有“{asked[0]}”"
            yield rows.finding(
                check, at, check.column, f"{problem}，须说明是什么" if options else f"{problem}，可能不属于本表"
            )
        elif allowed and text not in allowed:
            problem = f"“{title}”填“{text}”，不在规定的用词之内"
            yield rows.finding(check, at, check.column, problem)


def slips(rows: Rows, context: Context) -> Iterator[Finding]:
    """Stray markup and look-alikes in columns of text; most columns hold neither, so the whole column is searched first."""
    for column in rows.form.columns:
        if column.type != "text":
            continue
        texts = rows.words(column.code)
        whole = "\n".join({text for text in texts if text is not None})
        marks = any(mark in whole for mark in _MARKS)
        patterns = [pattern for pattern, plain in _PLAIN.items() if plain in whole]
        if marks or patterns:
            yield from _slips_of(rows, column.code, marks, patterns)


def _slips_of(rows: Rows, code: str, marks: bool, patterns: list[str]) -> Iterator[Finding]:
    texts = rows.words(code)
    for at in rows.chosen:
        text = texts[at]
        if text is None:
            continue
        told = [
            f"“{found.group()}”疑为“{LOOK_ALIKE[one]}”" for one in patterns if (found := _COMPILED[one].search(text))
        ]
        if marks and (found := MARKUP.search(text)):
            told.append(f"“{found.group()}”像是网页或文档的标记")
        if told:
            yield rows.told(
                "V15", "D", at, code, f"“{rows.title(code)}”里" + "，".join(told), "请核对原文；系统不会代改"
            )
