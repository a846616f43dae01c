"""Places at an edge that several units share: the last place of a quota, the last three; a share that is no whole number."""

from __future__ import annotations

from scoring.expressions import names
from scoring.expressions.words import number
from scoring.rubric.lint.reading import Doubt, Doubts, Reading


def ties_at_the_quota(reading: Reading) -> Doubts:
    for index, grade in enumerate(reading.spec.grades):
        if grade.quota is not None and "tie" not in grade.quota.model_fields_set:
            unsaid = f"等次“{grade.title}”：最后一个名额上有几个单位同分时，没有写明谁得"
            wording = "建议写明“同分者都不得”（tie: out）或“同分者都得”（tie: in）；现都不得"
            yield Doubt(("grades", index, "quota"), unsaid, wording)


def quotas_that_are_no_whole_number(reading: Reading) -> Doubts:
    for index, grade in enumerate(reading.spec.grades):
        quota = grade.quota
        if quota is None or quota.share is None or "round" in quota.model_fields_set:
            continue
        unsaid = f"等次“{grade.title}”：本组单位数的 {number(quota.share * 100)}% 不是整数时，没有写明取几个"
        wording = "建议写明“小数舍去”（round: down）、“小数进一”（round: up）或“四舍五入”（round: half_up）；现舍去"
        yield Doubt(("grades", index, "quota"), unsaid, wording)


def ties_at_the_last_places(reading: Reading) -> Doubts:
    """The last three report: and if two share the third place from last (D45.1, D58.1)?"""
    for index, one in enumerate(reading.spec.consequences):
        if "edge" in one.model_fields_set or not names(one.when.tree) & {"place_from_last"}:
            continue
        unsaid = f"{one.clause}“{one.action}”：倒数名次的界上有几个单位并列时，没有写明算不算"
        wording = "建议写明“并列的都算”（edge: in）或“并列的都不算”（edge: out）；现都算"
        yield Doubt(("consequences", index, "when"), unsaid, wording)


OF_THE_WHOLE = (ties_at_the_quota, quotas_that_are_no_whole_number, ties_at_the_last_places)
