"""The command line: the same engine as the window, in French, with exit codes that scripts can rely on."""
