"""What waits, was sent, bounced or lies aside: the message outbox and the health of its channels."""
