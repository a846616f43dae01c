"""Random rules of every kind: how they are drawn, and how figures are tried on them by the real engine."""
