"""Findings and themes to sections, and the gate that every sentence passes; pure."""
