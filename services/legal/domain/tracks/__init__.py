"""The tracks of a matter: what may follow what, and what each step needs."""
