-- Times are microseconds since 1970 in UTC. Addresses are normalised (model/jid.py).

CREATE TABLE account (
    id INTEGER PRIMARY KEY AUTOINCREMENT,  -- never used twice: settings and keyrings may still name an old one
    jid TEXT NOT NULL UNIQUE,
    host TEXT NOT NULL,
    port INTEGER NOT NULL,
    security TEXT NOT NULL,
    resource TEXT NOT NULL,
    remember_password INTEGER NOT NULL,
    enabled INTEGER NOT NULL,
    proved INTEGER NOT NULL DEFAULT 0,  -- by SCRAM: PLAIN is refused from then on
    roster_version TEXT  -- NULL: no roster has been fetched (RFC 6121 section 2.6)
) STRICT;

CREATE TABLE contact (
    account_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    jid TEXT NOT NULL,
    name TEXT NOT NULL,
    groups TEXT NOT NULL,  -- a JSON array of names
    subscription TEXT NOT NULL,
    ask INTEGER NOT NULL,
    approved INTEGER NOT NULL,
    removed_by_them INTEGER NOT NULL,
    PRIMARY KEY (account_id, jid)
) STRICT, WITHOUT ROWID;

CREATE TABLE contact_request (
    account_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    jid TEXT NOT NULL,
    message TEXT NOT NULL,
    nick TEXT NOT NULL,
    received INTEGER NOT NULL,
    PRIMARY KEY (account_id, jid)
) STRICT, WITHOUT ROWID;

CREATE TABLE conversation (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    account_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    jid TEXT NOT NULL,
    unread INTEGER NOT NULL DEFAULT 0,
    read_time INTEGER NOT NULL DEFAULT 0,  -- with read_id: the last message that was read
    read_id INTEGER NOT NULL DEFAULT 0,
    last_time INTEGER,
    preview TEXT NOT NULL DEFAULT '',
    preview_outgoing INTEGER NOT NULL DEFAULT 0,
    pinned INTEGER NOT NULL DEFAULT 0,
    UNIQUE (account_id, jid)
) STRICT;

CREATE TABLE message (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    account_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    conversation_id INTEGER NOT NULL REFERENCES conversation (id) ON DELETE CASCADE,
    direction TEXT NOT NULL,
    sender TEXT NOT NULL,
    body TEXT NOT NULL,
    time INTEGER NOT NULL,
    state TEXT NOT NULL,
    wire_id TEXT NOT NULL,
    origin_id TEXT NOT NULL,
    stanza_id TEXT NOT NULL,
    error TEXT NOT NULL DEFAULT ''
) STRICT;

CREATE INDEX message_by_account ON message (account_id);
CREATE INDEX message_by_time ON message (conversation_id, time, id);
CREATE INDEX message_by_wire_id ON message (account_id, wire_id) WHERE direction = 'out';
CREATE INDEX message_by_origin_id ON message (conversation_id, origin_id) WHERE origin_id <> '';
CREATE INDEX message_by_stanza_id ON message (conversation_id, stanza_id) WHERE stanza_id <> '';
CREATE INDEX message_in_flight ON message (account_id) WHERE state = 'in-flight';

CREATE TABLE outbox (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    account_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    key TEXT NOT NULL,
    lane TEXT NOT NULL,
    payload TEXT NOT NULL,  -- a JSON object
    message_id INTEGER REFERENCES message (id) ON DELETE CASCADE,
    in_flight INTEGER NOT NULL DEFAULT 0,
    created INTEGER NOT NULL,
    UNIQUE (account_id, kind, key)
) STRICT;

CREATE INDEX outbox_by_message ON outbox (message_id) WHERE message_id IS NOT NULL;

CREATE TABLE draft (
    conversation_id INTEGER PRIMARY KEY REFERENCES conversation (id) ON DELETE CASCADE,
    body TEXT NOT NULL
) STRICT;

CREATE TABLE deferred (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    account_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    own_jid TEXT NOT NULL,
    sender TEXT NOT NULL,
    recipient TEXT NOT NULL,
    type TEXT NOT NULL,
    wire_id TEXT NOT NULL,
    stanza TEXT NOT NULL,  -- XML, as it came
    received INTEGER NOT NULL,
    source TEXT NOT NULL,
    archive_ids INTEGER NOT NULL
) STRICT;

CREATE INDEX deferred_by_account ON deferred (account_id);
