"""Creating an account at a provider (XEP-0077)."""
