"""The XML console: what goes over an account's stream, as it goes."""
