"""The place « Ma clé »: one sentence, one drawing, the ladder behind them; what it shows is worked out elsewhere."""
