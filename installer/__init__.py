"""Sets up the project on a bare machine; standard library only, so it works before anything is installed."""
