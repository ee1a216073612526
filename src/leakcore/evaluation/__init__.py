"""Metrics and intervals, computed from scores alone."""
