"""The index of everything brought home, in SQLite. It can always be rebuilt from the documents folder."""
