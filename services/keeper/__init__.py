"""Looks after the streams."""
