"""Messages on their way: the outbox and its dispatcher, reports that come back, the guards of every channel."""
