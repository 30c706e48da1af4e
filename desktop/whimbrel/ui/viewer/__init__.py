"""Pictures, large: a window of their own."""
