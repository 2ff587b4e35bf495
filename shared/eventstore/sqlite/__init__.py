"""The embedded back end: one file a service, WAL, every commit flushed (synchronous=FULL)."""
