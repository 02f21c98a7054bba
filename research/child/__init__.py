"""Processes that can be killed: what strangers wrote is parsed there, and a hang or a crash costs one document."""
