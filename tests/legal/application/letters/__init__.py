"""Letters with real case and contact services behind them."""
