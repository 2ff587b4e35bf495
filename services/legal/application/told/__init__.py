"""The feeds of the case and contact services are heard: events become facts about limitation, and matters."""
