-- The ledger of one service on SQLite, revision 0001. Statements end with a semicolon at the end of a line.
--
-- ids are 16 raw bytes, times are microseconds since 1970-01-01T00:00Z. Wide rows stay in rowid tables (a WITHOUT
-- ROWID row above a quarter of a page would spill); narrow ones are stored in their key.

CREATE TABLE ledger_lane (
    lane             INTEGER NOT NULL PRIMARY KEY CHECK (lane BETWEEN 1 AND 32767),
    tenant           TEXT    NOT NULL,
    shard            INTEGER NOT NULL CHECK (shard >= 0),
    head             INTEGER NOT NULL DEFAULT 0 CHECK (head >= 0),
    last_recorded_at INTEGER,
    epoch            INTEGER NOT NULL DEFAULT 1,
    UNIQUE (tenant, shard)
) STRICT;

-- version >= 0: the streams of the eventsourcing library, in lanes of their own, may start at 0.
CREATE TABLE ledger_event (
    lane           INTEGER NOT NULL,
    position       INTEGER NOT NULL CHECK (position >= 1),
    stream_id      TEXT    NOT NULL,
    version        INTEGER NOT NULL CHECK (version >= 0),
    type           TEXT    NOT NULL,
    schema         INTEGER NOT NULL,
    event_id       BLOB    NOT NULL,
    effective_at   INTEGER NOT NULL,
    recorded_at    INTEGER NOT NULL,
    actor          TEXT    NOT NULL,
    causation_id   BLOB,
    correlation_id BLOB    NOT NULL,
    command_id     BLOB    NOT NULL,
    policy         TEXT,
    leaf           BLOB    NOT NULL,
    body           BLOB    NOT NULL,
    PRIMARY KEY (lane, stream_id, version),
    UNIQUE (lane, position),
    UNIQUE (lane, event_id)
) STRICT;

CREATE TRIGGER ledger_event_refuses_update BEFORE UPDATE ON ledger_event
BEGIN
    SELECT RAISE(ABORT, 'ledger_event is append-only: UPDATE refused');
END;

-- An INSERT OR REPLACE deletes what it replaces: SQLite asks this trigger only under PRAGMA recursive_triggers = ON,
-- which every connection of the store therefore sets.
CREATE TRIGGER ledger_event_refuses_delete BEFORE DELETE ON ledger_event
BEGIN
    SELECT RAISE(ABORT, 'ledger_event is append-only: DELETE refused');
END;

-- position: that of the command's last event, 0 when it appended none.
CREATE TABLE ledger_command (
    lane        INTEGER NOT NULL,
    command_id  BLOB    NOT NULL,
    fingerprint BLOB    NOT NULL,
    position    INTEGER NOT NULL,
    status      INTEGER NOT NULL,
    refs        BLOB    NOT NULL,
    PRIMARY KEY (lane, command_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE subject_map (
    tenant     TEXT NOT NULL,
    ref_hmac   BLOB NOT NULL,
    subject    BLOB NOT NULL UNIQUE,
    sealed_ref BLOB NOT NULL,
    PRIMARY KEY (tenant, ref_hmac)
) STRICT, WITHOUT ROWID;

CREATE TABLE data_key (
    subject    BLOB    NOT NULL,
    class      TEXT    NOT NULL,
    kid        INTEGER NOT NULL,
    wrapped    BLOB    NOT NULL,
    created_at INTEGER NOT NULL DEFAULT (CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER) * 1000),
    PRIMARY KEY (subject, class, kid)
) STRICT, WITHOUT ROWID;

CREATE TABLE projection_checkpoint (
    projection  TEXT    NOT NULL,
    version     INTEGER NOT NULL,
    lane        INTEGER NOT NULL,
    position    INTEGER NOT NULL DEFAULT 0,
    lease_owner TEXT,
    lease_until INTEGER,
    epoch       INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (projection, version, lane)
) STRICT, WITHOUT ROWID;

CREATE TABLE projection_parked (
    projection TEXT    NOT NULL,
    version    INTEGER NOT NULL,
    lane       INTEGER NOT NULL,
    position   INTEGER NOT NULL,
    stream_id  TEXT    NOT NULL,
    error      TEXT    NOT NULL,
    tries      INTEGER NOT NULL DEFAULT 1,
    parked_at  INTEGER NOT NULL,
    PRIMARY KEY (projection, version, lane, position)
) STRICT, WITHOUT ROWID;

CREATE INDEX projection_parked_stream ON projection_parked (projection, version, lane, stream_id);

CREATE TABLE snapshot (
    lane      INTEGER NOT NULL,
    stream_id TEXT    NOT NULL,
    version   INTEGER NOT NULL,
    type      TEXT    NOT NULL,
    schema    INTEGER NOT NULL,
    body      BLOB    NOT NULL,
    PRIMARY KEY (lane, stream_id, version)
) STRICT;

-- How far a recorder of the eventsourcing library has processed an application's notifications.
CREATE TABLE library_tracking (
    recorder        TEXT    NOT NULL,
    application     TEXT    NOT NULL,
    notification_id INTEGER NOT NULL,
    PRIMARY KEY (recorder, application)
) STRICT, WITHOUT ROWID;
