"""Everything is broken on the way between devices; at the end every message is everywhere, once, in order."""
