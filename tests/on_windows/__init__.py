"""Situations that only a Windows has; ``tests/wine/test_windows_suite.py`` runs them there."""
