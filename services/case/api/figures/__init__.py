"""Figures over HTTP, with the cases behind them; costs and targets."""
