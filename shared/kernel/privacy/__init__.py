"""How personal data is shown: masked by default, in clear for a purpose of the list, not often and not for long."""
