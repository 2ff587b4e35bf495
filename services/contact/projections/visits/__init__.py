"""Visits: appointments, and what became of them."""
