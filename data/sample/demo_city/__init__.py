"""Makes the rows of the invented city: plan (what is planted), cases, ledgers, filing. Knows no rubric."""
