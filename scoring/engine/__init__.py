"""rubric + snapshot → Assessment. Compiles to named SQL, runs it, explains it. Never asks the clock."""

from scoring.engine.assessment import Assessment
from scoring.engine.run import assess

__all__ = ["Assessment", "assess"]
