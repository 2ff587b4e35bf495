"""A month through the contact service: permits, refusals, deliveries, a bounce, and a breach that was found late."""
