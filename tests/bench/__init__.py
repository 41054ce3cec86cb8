"""Benches: ratios measured in one run, with the machine's noise. ``python -m tests.bench``; not part of the tests."""
