"""Tests of money in."""
