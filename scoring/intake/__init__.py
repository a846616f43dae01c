"""Submitted files ↔ typed rows: reading, checking, setting aside. Decides no score."""
