"""Adding accounts and looking after them: start page, sign in, create an account, list of accounts."""
