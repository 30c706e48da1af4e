"""The conversation: timeline, composer, and what holds them."""
