"""The desk where submissions come in: receiving, reviewing, entries, reminders, closing. Computes no score.

Every write names an Actor who may do it; everything that happened stays on record.
"""

from scoring.desk.desk import Desk, Refused

__all__ = ["Desk", "Refused"]
