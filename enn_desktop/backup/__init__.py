"""The run: plan, fetch, store, re-read, report. Uses pastell, archive and catalogue, which do not know one another."""
