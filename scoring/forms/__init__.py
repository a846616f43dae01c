"""Forms (报表、台账) as typed data: columns, keys, who reports, when. Knows units and calendar; no rubric, no database."""

from scoring.forms.load import load_forms
from scoring.forms.model import Column, Derived, Form, Forms

__all__ = ["Column", "Derived", "Form", "Forms", "load_forms"]
