"""Messages we send ourselves: what state one is in, what may be done to it, and when it is tried again."""
