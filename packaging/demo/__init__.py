"""The demonstration: a private server, a person and her friends. Started by ``packaging/run --demo``."""
