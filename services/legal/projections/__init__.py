"""Views over the legal feed: the matter board and the deadlines that fall due."""
