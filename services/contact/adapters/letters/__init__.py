"""Letters: a letterhead, the sheet made of a message, the spool that is printed from, receipts of the post."""
