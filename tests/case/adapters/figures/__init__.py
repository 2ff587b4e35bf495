"""Tests of the figures of a department."""
