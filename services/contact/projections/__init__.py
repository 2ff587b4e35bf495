"""Views over the contact feed: history, outreach queues, channel health."""
