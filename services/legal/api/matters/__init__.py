"""Routes of matters: opened, closed, and the facts beside their tracks."""
