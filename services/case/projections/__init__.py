"""Views over the case feed, one question each; they can be dropped and rebuilt."""
