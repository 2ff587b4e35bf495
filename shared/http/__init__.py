"""What every HTTP surface has in common: problems, ETags, idempotency keys, authentication."""
