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
CREATE INDEX attachment_by_preview ON attachment (substr(url, 1, 200));  -- a conversation's, where its message says no more

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

-- finding

CREATE TABLE search_document (  -- a message in the index; the id grows with its time, so that the newest are found first
    id INTEGER PRIMARY KEY,
    message_id INTEGER NOT NULL UNIQUE
) STRICT;

CREATE VIRTUAL TABLE search_index USING fts5 (  -- see storage/search.py
    words, tags, content = '', contentless_delete = 1, tokenize = 'unicode61 remove_diacritics 2'
);
INSERT INTO search_index (search_index, rank) VALUES ('automerge', 0);  -- is merged by portions, when nothing waits
INSERT INTO search_index (search_index, rank) VALUES ('crisismerge', 1000);

CREATE TABLE search_pending (  -- messages of which the index does not know what they say now
    message_id INTEGER PRIMARY KEY
) STRICT;

CREATE TABLE search_state (  -- one row
    backlog INTEGER NOT NULL,  -- of what was here before the index, messages up to this id are yet to be taken in
    purge INTEGER NOT NULL  -- 1: words of what was deleted are to be removed from the index for good
) STRICT;
INSERT INTO search_state SELECT coalesce(max(id), 0), 0 FROM message;

CREATE TRIGGER search_message_added AFTER INSERT ON message BEGIN
    INSERT INTO search_pending VALUES (new.id) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER search_message_changed AFTER UPDATE OF body, retracted, time ON message
    WHEN new.body <> old.body OR new.retracted <> old.retracted OR abs(new.time - old.time) > 60000000 BEGIN
    DELETE FROM search_index WHERE rowid = (SELECT id FROM search_document WHERE message_id = new.id);
    DELETE FROM search_document WHERE message_id = new.id;
    INSERT INTO search_pending VALUES (new.id) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER search_message_removed AFTER DELETE ON message BEGIN
    DELETE FROM search_index WHERE rowid = (SELECT id FROM search_document WHERE message_id = old.id);
    DELETE FROM search_document WHERE message_id = old.id;
    DELETE FROM search_pending WHERE message_id = old.id;
END;
CREATE TRIGGER search_file_added AFTER INSERT ON attachment BEGIN
    INSERT INTO search_pending VALUES (new.message_id) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER search_file_changed AFTER UPDATE OF name, description ON attachment
    WHEN new.name <> old.name OR new.description <> old.description BEGIN
    INSERT INTO search_pending VALUES (new.message_id) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER search_file_removed AFTER DELETE ON attachment BEGIN
    DELETE FROM search_index WHERE rowid = (SELECT id FROM search_document WHERE message_id = old.message_id);
    DELETE FROM search_document WHERE message_id = old.message_id;
    INSERT INTO search_pending SELECT id FROM message WHERE id = old.message_id ON CONFLICT DO NOTHING;
END;

-- corrections and deletions

CREATE TABLE version (  -- the texts of a message that was corrected
    message_id INTEGER NOT NULL REFERENCES message (id) ON DELETE CASCADE,
    correction_id TEXT NOT NULL,  -- the correction's id; '' of the text as it was first
    body TEXT NOT NULL,
    time INTEGER NOT NULL,  -- of sending
    PRIMARY KEY (message_id, correction_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE deleted (  -- the ids of messages that the person deleted here, so that no archive brings them back
    conversation_id INTEGER NOT NULL REFERENCES conversation (id) ON DELETE CASCADE,
    value TEXT NOT NULL,
    kind TEXT NOT NULL,
    scope TEXT NOT NULL,
    PRIMARY KEY (conversation_id, value, kind, scope)
) STRICT, WITHOUT ROWID;

-- replies and reactions

CREATE TABLE reply (  -- which message a message answers
    message_id INTEGER PRIMARY KEY REFERENCES message (id) ON DELETE CASCADE,
    answers TEXT NOT NULL,  -- its id, as its sender gave it
    author TEXT NOT NULL,  -- who is said to have written it; '' where that is not told
    quoted TEXT NOT NULL  -- what it said, for programs that know no replies
) STRICT;

CREATE INDEX reply_by_answered ON reply (answers);

CREATE TABLE reaction (  -- what somebody said of a message with emoji: their newest set counts
    message_id INTEGER NOT NULL REFERENCES message (id) ON DELETE CASCADE,
    sender TEXT NOT NULL,  -- bare
    emoji TEXT NOT NULL,  -- a JSON array; [] where all were taken back
    time INTEGER NOT NULL,  -- when it was said
    wire_id TEXT NOT NULL,  -- of the stanza that said it
    former TEXT NOT NULL,  -- of ours: what it was before, should it be refused
    PRIMARY KEY (message_id, sender)
) STRICT, WITHOUT ROWID;

CREATE INDEX reaction_by_wire_id ON reaction (wire_id);
CREATE INDEX version_by_correction ON version (correction_id);  -- who reacts to a correction reacts to its message

-- styling

CREATE TABLE unstyled (  -- messages whose senders want them shown as their bare text
    message_id INTEGER PRIMARY KEY REFERENCES message (id) ON DELETE CASCADE
) STRICT;

-- the list of chats

ALTER TABLE conversation ADD COLUMN muted_until INTEGER;  -- NULL: it is not
ALTER TABLE conversation ADD COLUMN archived INTEGER NOT NULL DEFAULT 0;
ALTER TABLE conversation ADD COLUMN marked_unread INTEGER NOT NULL DEFAULT 0;  -- by the person, with nothing new in it

-- deletion of much at once

CREATE TABLE deleted_until (  -- up to when the person deleted what was said with an address: no archive brings it back
    account_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    jid TEXT NOT NULL,  -- bare
    until INTEGER NOT NULL,
    PRIMARY KEY (account_id, jid)
) STRICT, WITHOUT ROWID;

CREATE TABLE deleted_late (  -- ids of what was deleted and is not surely older than that, by whichever clock
    account_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    jid TEXT NOT NULL,
    value TEXT NOT NULL,
    kind TEXT NOT NULL,
    scope TEXT NOT NULL,
    PRIMARY KEY (account_id, jid, value, kind, scope)
) STRICT, WITHOUT ROWID;

-- what was begun and not sent

CREATE TABLE draft_message (  -- a message that is being edited or answered
    conversation_id INTEGER NOT NULL REFERENCES conversation (id) ON DELETE CASCADE,
    purpose TEXT NOT NULL,  -- 'edit' or 'answer'
    message_id INTEGER NOT NULL REFERENCES message (id) ON DELETE CASCADE,
    body TEXT NOT NULL,  -- the correction as far as it is written
    PRIMARY KEY (conversation_id, purpose)
) STRICT, WITHOUT ROWID;

CREATE INDEX draft_message_by_message ON draft_message (message_id);

CREATE TABLE draft_file (  -- a file that was chosen to be sent
    conversation_id INTEGER NOT NULL REFERENCES conversation (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    source TEXT NOT NULL,  -- where it was chosen; '': it was pasted
    name TEXT NOT NULL,
    smaller INTEGER NOT NULL,  -- 1: the copy is of a picture that was made smaller
    path TEXT NOT NULL,  -- of our copy; '': it is not made yet
    media_type TEXT NOT NULL,
    size INTEGER NOT NULL,
    sha256 TEXT NOT NULL,  -- Base64
    width INTEGER,
    height INTEGER,
    thumbnail BLOB NOT NULL,
    PRIMARY KEY (conversation_id, position)
) STRICT, WITHOUT ROWID;

-- what was refused

CREATE TABLE refusal (  -- what was said of a message last (corrections, retractions, reactions), and why it came back
    message_id INTEGER NOT NULL REFERENCES message (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,  -- of the outbox
    wire_id TEXT NOT NULL,  -- of the stanza that said it
    reason TEXT,  -- NULL: it did not come back
    PRIMARY KEY (message_id, kind)
) STRICT, WITHOUT ROWID;

CREATE INDEX refusal_by_wire_id ON refusal (wire_id);

-- Which local copies there are is asked whenever a message goes: without going through all rows, with their thumbnails.

CREATE INDEX attachment_by_path ON attachment (path, state) WHERE path <> '';
