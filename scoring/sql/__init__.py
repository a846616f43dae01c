"""SQL as text: literals, names, exact arithmetic, rounding, layout. Opens no database, knows no rubric."""
