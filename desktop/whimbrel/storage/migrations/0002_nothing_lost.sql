-- References of messages in one table, what is here of archives, sessions that go on, what may have been sent, what was read.

CREATE TABLE reference (  -- the ids by which others speak of a message; dedupe by archive, then by sender
    account_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,  -- stanza, origin, wire
    scope TEXT NOT NULL,  -- whose id it is: an archive, or a sender
    value TEXT NOT NULL,
    message_id INTEGER NOT NULL REFERENCES message (id) ON DELETE CASCADE,
    rank INTEGER,  -- of an id of our archive: its place there
    PRIMARY KEY (account_id, value, kind, scope, message_id)  -- the value first: it tells the most
) STRICT, WITHOUT ROWID;

CREATE INDEX reference_by_message ON reference (message_id);

INSERT INTO reference (account_id, kind, scope, value, message_id) SELECT message.account_id, 'stanza', account.jid, stanza_id, message.id
    FROM message JOIN account ON account.id = message.account_id WHERE stanza_id <> '';
INSERT INTO reference (account_id, kind, scope, value, message_id) SELECT account_id, 'origin',
    CASE instr(sender, '/') WHEN 0 THEN sender ELSE substr(sender, 1, instr(sender, '/') - 1) END, origin_id, id
    FROM message WHERE origin_id <> '';
INSERT INTO reference (account_id, kind, scope, value, message_id) SELECT account_id, 'wire', sender, wire_id, id FROM message WHERE wire_id <> '';

DROP INDEX message_by_origin_id;
DROP INDEX message_by_stanza_id;
ALTER TABLE message DROP COLUMN origin_id;
ALTER TABLE message DROP COLUMN stanza_id;

DROP INDEX message_in_flight;
CREATE INDEX message_unsure ON message (account_id, state) WHERE state IN ('in-flight', 'unconfirmed');

ALTER TABLE message ADD COLUMN rank INTEGER;  -- its place in the whole archive, see archive_range
CREATE INDEX message_by_rank ON message (conversation_id, rank) WHERE rank IS NOT NULL;

CREATE TABLE archive_range (  -- what is here of an archive without a hole; those of one archive and peer never touch
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    account_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    archive TEXT NOT NULL,  -- its address: our own bare one
    peer TEXT NOT NULL DEFAULT '',  -- '': everything; else only what was said with this address
    first_id TEXT NOT NULL,
    first_time INTEGER NOT NULL,
    first_rank INTEGER NOT NULL,  -- ranks grow with the order of the whole archive; 0 in the part of one peer
    last_id TEXT NOT NULL,
    last_time INTEGER NOT NULL,
    last_rank INTEGER NOT NULL,
    last_stamp INTEGER NOT NULL,  -- by the archive's own clock, nothing after the last one is older than this
    first_stamp INTEGER NOT NULL,  -- by that clock, nothing before the first one is newer than this
    reaches_start INTEGER NOT NULL DEFAULT 0  -- nothing older was ever archived
) STRICT;

CREATE INDEX archive_range_by_archive ON archive_range (account_id, archive, peer, first_time);

CREATE TABLE session (  -- what is needed to resume a stream (XEP-0198), also after a restart of the program
    account_id INTEGER PRIMARY KEY REFERENCES account (id) ON DELETE CASCADE,
    session_id TEXT NOT NULL,
    address TEXT NOT NULL,  -- full, as it was bound
    location TEXT NOT NULL,
    handled INTEGER NOT NULL  -- stanzas of the server's that are done with
) STRICT;

ALTER TABLE deferred ADD COLUMN archive_id TEXT NOT NULL DEFAULT '';
ALTER TABLE deferred ADD COLUMN stamp INTEGER;  -- its place in the order of the conversation
ALTER TABLE deferred ADD COLUMN news INTEGER NOT NULL DEFAULT 1;

ALTER TABLE outbox ADD COLUMN unconfirmed INTEGER NOT NULL DEFAULT 0;  -- was in flight when its session ended
ALTER TABLE outbox ADD COLUMN sequence INTEGER;  -- of one in flight: its number in the session (XEP-0198)

CREATE INDEX outbox_waiting ON outbox (account_id, lane, id) WHERE in_flight = 0;

ALTER TABLE account ADD COLUMN mechanism TEXT NOT NULL DEFAULT '';  -- the strongest that the server has ever offered
ALTER TABLE account ADD COLUMN certificate TEXT NOT NULL DEFAULT '';  -- SHA-256 of one that is trusted as it is
UPDATE account SET mechanism = 'SCRAM-SHA-1' WHERE proved;
ALTER TABLE account DROP COLUMN proved;

CREATE TABLE markable (  -- unread messages whose senders ask to be told when they are displayed (XEP-0333)
    message_id INTEGER PRIMARY KEY REFERENCES message (id) ON DELETE CASCADE,
    conversation_id INTEGER NOT NULL REFERENCES conversation (id) ON DELETE CASCADE
) STRICT;

CREATE INDEX markable_by_conversation ON markable (conversation_id);

CREATE INDEX message_not_read_by_them ON message (conversation_id, time, id)
    WHERE direction = 'out' AND state IN ('sent', 'delivered');
CREATE INDEX message_failed ON message (conversation_id) WHERE state = 'failed';

CREATE TABLE read_elsewhere (  -- up to where, as an id of our archive whose message is not here yet (XEP-0490)
    account_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    jid TEXT NOT NULL,
    stanza_id TEXT NOT NULL,
    PRIMARY KEY (account_id, jid)
) STRICT, WITHOUT ROWID;
