"""Lessons of one's own: a teacher writes one in a TOML file (docs/lessons.md)."""
