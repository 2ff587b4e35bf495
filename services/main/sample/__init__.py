"""What is bundled to work on: real statements of 500 accounts, and an INVENTED (虚构) book of the same accounts."""
