"""Tests of personal data: found, masked, revealed, and on record."""
