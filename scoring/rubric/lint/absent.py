"""Entries of the assessors that may never come: does no entry mean no loss, or that nobody has looked yet?"""

from __future__ import annotations

from scoring.rubric.judging import closes
from scoring.rubric.lint.reading import Doubt, Doubts, Item
from scoring.rubric.rules import Judged


def losses_not_entered(item: Item) -> Doubts:
    """A discretionary loss in a register that the office closes: most units will have no row in it."""
    for loc, rule in item.rules(Judged):
        form = item.reading.forms.get(rule.form)
        if not rule.is_loss or rule.measure is not None or "unless_entered" in rule.model_fields_set:
            continue
        if form is not None and closes(form):
            unsaid = f"“{form.title}”关账后没有登记的，没有写明扣不扣"
            wording = (
                "建议写明“没有登记的不扣”（unless_entered: none）或“没有登记的待定”（unless_entered: pending）；现待定"
            )
            yield Doubt((*loc, "as"), unsaid, wording)


OF_ITEMS = (losses_not_entered,)
