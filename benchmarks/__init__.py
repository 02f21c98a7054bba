"""Measurements that take too long for the test suite, each with the goal that it is held to."""
