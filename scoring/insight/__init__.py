"""Assessments → meaning: what two of them say beside each other. Reads result tables, computes no points, no place."""
