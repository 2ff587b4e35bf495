"""The events of a case by topic; events.py stores them under their names."""
