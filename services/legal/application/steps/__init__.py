"""Steps as they are shown and made."""
