"""Who works on cases: the staff, how cases are shared out among them, who keeps and who helps."""
