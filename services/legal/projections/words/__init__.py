"""The words of the legal service in both languages: titles and sentences of its events, tracks, statuses and codes."""
