"""The list of recent conversations."""
