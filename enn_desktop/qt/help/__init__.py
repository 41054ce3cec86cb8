"""The help: how to begin, accessibility, the log, the diagnostic, what this program is made of."""
