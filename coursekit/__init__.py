"""A course on the sigmoid."""
