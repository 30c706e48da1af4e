-- Which local copies there are is asked whenever a message goes: without going through all rows, with their thumbnails.

CREATE INDEX attachment_by_path ON attachment (path, state) WHERE path <> '';
