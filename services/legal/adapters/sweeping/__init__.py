"""What the sweep of the legal service needs of the views."""
