-- Who wants to be told that a message was read, and what was read on other devices before it came here.

CREATE TABLE markable (  -- unread messages whose senders ask to be told when they are displayed (XEP-0333)
    message_id INTEGER PRIMARY KEY REFERENCES message (id) ON DELETE CASCADE,
    conversation_id INTEGER NOT NULL REFERENCES conversation (id) ON DELETE CASCADE
) STRICT;

CREATE INDEX markable_by_conversation ON markable (conversation_id);

CREATE INDEX message_not_read_by_them ON message (conversation_id, time, id)
    WHERE direction = 'out' AND state IN ('sent', 'delivered');

CREATE TABLE read_elsewhere (  -- up to where, as an id of our archive whose message is not here yet (XEP-0490)
    account_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    jid TEXT NOT NULL,
    stanza_id TEXT NOT NULL,
    PRIMARY KEY (account_id, jid)
) STRICT, WITHOUT ROWID;
