"""Timed trials of the engine. Nothing in the product imports from here."""
