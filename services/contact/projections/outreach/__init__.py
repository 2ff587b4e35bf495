"""Where outreach stands, and who is to be called."""
