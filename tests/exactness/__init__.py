"""Trials against Python's Fraction: single ratios, whole rubrics, each rounding stage, negatives."""
