"""Routes of lawyers' letters: asked for, drafted, reviewed, signed, posted, delivered, answered."""
