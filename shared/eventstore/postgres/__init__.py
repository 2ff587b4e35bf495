"""Store on PostgreSQL 18: one call of one function per batch, one connection per lane that commits."""
