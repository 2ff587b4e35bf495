-- The ledger of one service on PostgreSQL, revision 0001: tables, immutability, provisioning, roles.
-- Runs with search_path set to the service's own schema. The append function is in postgres_append.sql.

-- Updated once a batch: room in the page keeps those updates out of the index (HOT).
CREATE TABLE ledger_lane (
    lane             smallint    NOT NULL PRIMARY KEY CHECK (lane >= 1),
    tenant           text        NOT NULL,
    shard            smallint    NOT NULL CHECK (shard >= 0),
    head             bigint      NOT NULL DEFAULT 0 CHECK (head >= 0),
    last_recorded_at timestamptz,
    epoch            bigint      NOT NULL DEFAULT 1,
    UNIQUE (tenant, shard)
) WITH (fillfactor = 10);

-- version >= 0: the streams of the eventsourcing library, in lanes of their own, may start at 0.
-- leaf and body are hashes and ciphertext: EXTERNAL spares the attempt to compress them.
CREATE TABLE ledger_event (
    lane           smallint    NOT NULL,
    position       bigint      NOT NULL CHECK (position >= 1),
    stream_id      text        COLLATE "C" NOT NULL,
    version        bigint      NOT NULL CHECK (version >= 0),
    type           text        NOT NULL,
    schema         integer     NOT NULL,
    event_id       uuid        NOT NULL,
    effective_at   timestamptz NOT NULL,
    recorded_at    timestamptz NOT NULL,
    actor          text        NOT NULL,
    causation_id   uuid,
    correlation_id uuid        NOT NULL,
    command_id     uuid        NOT NULL,
    policy         text,
    leaf           bytea       STORAGE EXTERNAL NOT NULL,
    body           bytea       STORAGE EXTERNAL NOT NULL,
    CONSTRAINT ledger_event_stream_version PRIMARY KEY (lane, stream_id, version),
    CONSTRAINT ledger_event_position UNIQUE (lane, position),
    CONSTRAINT ledger_event_event_id UNIQUE (lane, event_id)
) PARTITION BY LIST (lane);

-- position: that of the command's last event, 0 when it appended none.
CREATE TABLE ledger_command (
    lane        smallint NOT NULL,
    command_id  uuid     NOT NULL,
    fingerprint bytea    NOT NULL,
    position    bigint   NOT NULL,
    status      integer  NOT NULL,
    refs        bytea    NOT NULL,
    CONSTRAINT ledger_command_id PRIMARY KEY (lane, command_id)
);

CREATE TABLE subject_map (
    tenant     text  NOT NULL,
    ref_hmac   bytea NOT NULL,
    subject    uuid  NOT NULL UNIQUE,
    sealed_ref bytea NOT NULL,
    PRIMARY KEY (tenant, ref_hmac)
);

CREATE TABLE data_key (
    subject    uuid        NOT NULL,
    class      text        NOT NULL,
    kid        integer     NOT NULL,
    wrapped    bytea       NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (subject, class, kid)
);

CREATE TABLE projection_checkpoint (
    projection  text     NOT NULL,
    version     integer  NOT NULL,
    lane        smallint NOT NULL,
    position    bigint   NOT NULL DEFAULT 0,
    lease_owner text,
    lease_until timestamptz,
    epoch       bigint   NOT NULL DEFAULT 0,
    PRIMARY KEY (projection, version, lane)
) WITH (fillfactor = 50);

CREATE TABLE projection_parked (
    projection text        NOT NULL,
    version    integer     NOT NULL,
    lane       smallint    NOT NULL,
    position   bigint      NOT NULL,
    stream_id  text        NOT NULL,
    error      text        NOT NULL,
    tries      integer     NOT NULL DEFAULT 1,
    parked_at  timestamptz NOT NULL,
    PRIMARY KEY (projection, version, lane, position)
);

CREATE INDEX projection_parked_stream ON projection_parked (projection, version, lane, stream_id);

CREATE TABLE snapshot (
    lane      smallint NOT NULL,
    stream_id text     COLLATE "C" NOT NULL,
    version   bigint   NOT NULL,
    type      text     NOT NULL,
    schema    integer  NOT NULL,
    body      bytea    NOT NULL,
    PRIMARY KEY (lane, stream_id, version)
);

-- How far a recorder of the eventsourcing library has processed an application's notifications.
CREATE TABLE library_tracking (
    recorder        text   NOT NULL,
    application     text   NOT NULL,
    notification_id bigint NOT NULL,
    PRIMARY KEY (recorder, application)
);

-- Immutability. ENABLE ALWAYS holds under session_replication_role = replica too. One exception: the role
-- quittance_eraser may make a body shorter (drop sections), which the commitments in the leaf make checkable.

CREATE FUNCTION ledger_event_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    kept ledger_event%ROWTYPE;
BEGIN
    IF TG_OP = 'UPDATE' AND current_user = 'quittance_eraser' THEN
        kept := OLD;
        kept.body := NEW.body;
        IF NEW IS NOT DISTINCT FROM kept AND octet_length(NEW.body) < octet_length(OLD.body) THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'ledger_event is append-only: % refused', TG_OP USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE TRIGGER ledger_event_refuses_change BEFORE UPDATE OR DELETE ON ledger_event
    FOR EACH ROW EXECUTE FUNCTION ledger_event_refuse();
ALTER TABLE ledger_event ENABLE ALWAYS TRIGGER ledger_event_refuses_change;

CREATE TRIGGER ledger_event_refuses_truncate BEFORE TRUNCATE ON ledger_event
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_event_refuse();
ALTER TABLE ledger_event ENABLE ALWAYS TRIGGER ledger_event_refuses_truncate;

-- Provisioning: a lane and its partition for each shard of a tenant; a tenant that has lanes keeps them as they are.
-- Row triggers are cloned onto a partition; the statement trigger and the revocations are not, so they are made here.
-- SECURITY DEFINER: a service role that owns no table may provision.

CREATE FUNCTION ledger_provision(p_tenant text, p_shards integer) RETURNS SETOF ledger_lane
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
    new_lane smallint;
    name text;
BEGIN
    LOCK TABLE ledger_lane IN SHARE ROW EXCLUSIVE MODE;
    IF NOT EXISTS (SELECT FROM ledger_lane WHERE tenant = p_tenant) THEN
        FOR new_shard IN 0 .. p_shards - 1 LOOP
            SELECT coalesce(max(lane), 0) + 1 INTO new_lane FROM ledger_lane;
            name := 'ledger_event_' || new_lane;
            EXECUTE format('CREATE TABLE %I PARTITION OF ledger_event FOR VALUES IN (%s)', name, new_lane);
            EXECUTE format('CREATE TRIGGER ledger_event_refuses_truncate BEFORE TRUNCATE ON %I '
                           'FOR EACH STATEMENT EXECUTE FUNCTION ledger_event_refuse()', name);
            EXECUTE format('ALTER TABLE %I ENABLE ALWAYS TRIGGER ledger_event_refuses_truncate', name);
            EXECUTE format('ALTER TABLE %I ENABLE ALWAYS TRIGGER ledger_event_refuses_change', name);
            EXECUTE format('REVOKE UPDATE, DELETE, TRUNCATE ON %I FROM PUBLIC, CURRENT_USER', name);
            INSERT INTO ledger_lane (lane, tenant, shard) VALUES (new_lane, p_tenant, new_shard);
        END LOOP;
    END IF;
    RETURN QUERY SELECT * FROM ledger_lane WHERE tenant = p_tenant ORDER BY lane;
END $$;

-- Roles. The owner of these tables migrates. In production the service connects as quittance_service, which may add
-- to the ledger and change only what can be rebuilt or must be erasable; without that role (a test, a trial) the
-- owner itself gives up what nobody needs, which stops a slip, and the triggers stop the rest.

REVOKE UPDATE, DELETE, TRUNCATE ON ledger_event FROM PUBLIC, CURRENT_USER;

DO $$
DECLARE
    here text := quote_ident(current_schema());
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'quittance_service') THEN
        EXECUTE 'GRANT USAGE, CREATE ON SCHEMA ' || here || ' TO quittance_service';
        GRANT SELECT, INSERT ON ledger_event, ledger_command TO quittance_service;
        GRANT SELECT, UPDATE ON ledger_lane TO quittance_service;
        GRANT SELECT ON alembic_version TO quittance_service;
        GRANT SELECT, INSERT, UPDATE, DELETE
            ON subject_map, data_key, projection_checkpoint, projection_parked, snapshot, library_tracking TO quittance_service;
    END IF;
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'quittance_eraser') THEN
        EXECUTE 'GRANT USAGE ON SCHEMA ' || here || ' TO quittance_eraser';
        GRANT SELECT, UPDATE (body) ON ledger_event TO quittance_eraser;
    END IF;
END $$;
