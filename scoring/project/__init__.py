"""A project: a folder with config/ and data/, or a database for the data. Puts the rooms together; holds no rule."""

from scoring.project.facts import reporting_facts
from scoring.project.model import Project
from scoring.project.office import Holidays, Office
from scoring.project.opening import open_project, working_project

__all__ = ["Holidays", "Office", "Project", "open_project", "reporting_facts", "working_project"]
