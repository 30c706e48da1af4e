-- Messages that were changed after they were said, and what speaks of messages that are not here yet.

ALTER TABLE message ADD COLUMN edited INTEGER NOT NULL DEFAULT 0;  -- its body is that of a correction
ALTER TABLE message ADD COLUMN retracted INTEGER NOT NULL DEFAULT 0;  -- taken back by its author

CREATE TABLE waiting (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    waits_for TEXT NOT NULL,  -- an id, of whatever kind, of the message that it speaks of
    account_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    own_jid TEXT NOT NULL,
    sender TEXT NOT NULL,
    recipient TEXT NOT NULL,
    type TEXT NOT NULL,
    wire_id TEXT NOT NULL,
    stanza TEXT NOT NULL,  -- XML, as it came
    received INTEGER NOT NULL,
    source TEXT NOT NULL,
    archive_ids INTEGER NOT NULL,
    archive_id TEXT NOT NULL,
    stamp INTEGER,
    news INTEGER NOT NULL
) STRICT;

CREATE INDEX waiting_by_id ON waiting (account_id, waits_for);

-- files

CREATE TABLE attachment (  -- a file or picture of a message
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    message_id INTEGER NOT NULL REFERENCES message (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    url TEXT NOT NULL,
    name TEXT NOT NULL,
    media_type TEXT NOT NULL,
    size INTEGER,
    width INTEGER,
    height INTEGER,
    thumbnail BLOB NOT NULL,
    description TEXT NOT NULL,
    hashes TEXT NOT NULL,  -- a JSON array of pairs: algorithm, Base64
    state TEXT NOT NULL,
    path TEXT NOT NULL,  -- of the local copy
    error TEXT NOT NULL,
    UNIQUE (message_id, position)
) STRICT;

CREATE INDEX attachment_by_state ON attachment (state) WHERE state NOT IN ('remote', 'here');

-- people

CREATE TABLE person (  -- what an address tells of itself
    account_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    jid TEXT NOT NULL,  -- bare
    nick TEXT NOT NULL DEFAULT '',  -- XEP-0172
    avatar TEXT NOT NULL DEFAULT '',  -- SHA-1 of the picture that it publishes (XEP-0084); '': none
    photo TEXT NOT NULL DEFAULT '',  -- of that in its vCard (XEP-0153)
    PRIMARY KEY (account_id, jid)
) STRICT, WITHOUT ROWID;

CREATE TABLE picture (  -- as it was fetched; whoever's hash it has
    hash TEXT PRIMARY KEY,  -- SHA-1, hexadecimal
    data BLOB NOT NULL
) STRICT;
