"""Views of the staff, of runs that shared cases out, and of cases kept or helped with."""
