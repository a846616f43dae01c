"""The 办法 as typed data: model, rules, checks. Knows forms and expressions; opens no database, runs nothing."""

from scoring.rubric.load import load_rubric
from scoring.rubric.model import Adjustment, Group, Indicator, Measure, Rubric, Section

__all__ = ["Adjustment", "Group", "Indicator", "Measure", "Rubric", "Section", "load_rubric"]
