"""The settings: each change is applied at once, each rule shows who fixed it."""
