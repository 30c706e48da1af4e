"""Small parts that know nothing of XMPP."""
