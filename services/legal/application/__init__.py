"""Loads, decides and appends for legal; reacts to referrals and delivered demands."""
