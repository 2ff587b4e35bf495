"""The rules of matters, letters, suits, costs and limitation; pure."""
