"""The lender's book over HTTP: accounts, schedules, parties."""
