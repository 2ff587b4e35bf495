"""What only PostgreSQL has: arrays in binary, roles, triggers that hold under replication, a server that restarts."""
