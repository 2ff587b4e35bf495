"""What is said to people: templates and scripts, what they may and must say, and the exact text of a message."""
