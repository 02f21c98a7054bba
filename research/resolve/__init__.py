"""Observations to findings: the identity gate, one finding from many mentions, conflicts kept as conflicts."""
