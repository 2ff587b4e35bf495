-- One batch of commands for one lane, decided and stored in one call. Revision 0001.
--
-- Why it is race-free: the lane row is locked first; every later statement of a VOLATILE function under READ COMMITTED
-- takes a fresh snapshot, so it sees all that was committed before the lock was granted, and nobody else writes the
-- lane until this transaction ends. Any other isolation level would keep an older snapshot and is refused.
--
-- Three groups of arrays: commands (c_), the stream heads they were decided on (h_), their events (e_). h_cmd and e_cmd
-- number the command from 1. c_last is the count of events up to and including a command. A head 0 without hash says
-- that the stream must not exist. No stream and no command id may occur twice.
--
-- Answer: one row that says where the lane stood, then a row for each command that was not stored:
--   o_kind  0 lane taken      o_place = head before the batch; every command without a row below has been stored
--           1 lane moved      nothing was stored; o_place = head, o_version = epoch, o_at = last_recorded_at,
--                             o_status = shard, o_stream = tenant
--           2 known command   o_command; o_hash = fingerprint, o_place = position, o_status, o_refs
--           3 lost stream     o_command, o_stream; o_version and o_hash = its actual head, null if it does not exist
--
-- The planner settings keep the plans of a session good from the first event to the hundred millionth: a plan made
-- while the tables are empty must not scan or hash them, nor find a stream by sorting a lane.

CREATE FUNCTION ledger_append(
    p_lane smallint, p_epoch bigint, p_recorded_at timestamptz,
    c_id uuid[], c_fingerprint bytea[], c_status integer[], c_refs bytea[], c_last integer[],
    h_cmd integer[], h_stream text[], h_version bigint[], h_hash bytea[],
    e_cmd integer[], e_stream text[], e_version bigint[], e_type text[], e_schema integer[], e_id uuid[],
    e_effective_at timestamptz[], e_actor text[], e_causation uuid[], e_correlation uuid[], e_policy text[],
    e_leaf bytea[], e_body bytea[]
) RETURNS TABLE (
    o_kind smallint, o_command integer, o_stream text, o_version bigint, o_hash bytea, o_place bigint,
    o_status integer, o_refs bytea, o_at timestamptz
) LANGUAGE plpgsql VOLATILE
SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off
SET enable_hashjoin = off
SET enable_mergejoin = off
SET enable_bitmapscan = off
SET enable_sort = off
SET jit = off
AS $$
DECLARE
    v_lane    ledger_lane%ROWTYPE;
    v_beaten  boolean[];
    v_skipped integer[];
    v_added   bigint;
BEGIN
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION 'ledger_append runs under READ COMMITTED only' USING ERRCODE = 'invalid_transaction_state';
    END IF;

    SELECT * INTO v_lane FROM ledger_lane l WHERE l.lane = p_lane FOR UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'lane % is not provisioned', p_lane USING ERRCODE = 'no_data_found';
    END IF;
    o_place := v_lane.head;
    IF v_lane.epoch <> p_epoch OR v_lane.last_recorded_at > p_recorded_at THEN
        o_kind := 1;
        o_version := v_lane.epoch;
        o_at := v_lane.last_recorded_at;
        o_status := v_lane.shard;
        o_stream := v_lane.tenant;
        RETURN NEXT;
        RETURN;
    END IF;
    o_kind := 0;
    RETURN NEXT;

    o_kind := 2;
    FOR o_command, o_hash, o_place, o_status, o_refs IN
        SELECT c.n, k.fingerprint, k.position, k.status, k.refs
        FROM unnest(c_id) WITH ORDINALITY AS c (id, n)
        CROSS JOIN LATERAL (  -- LIMIT keeps it a look-up by both columns; a join was planned by lane alone
            SELECT * FROM ledger_command l WHERE l.lane = p_lane AND l.command_id = c.id LIMIT 1
        ) k
    LOOP
        v_beaten := coalesce(v_beaten, array_fill(false, ARRAY[cardinality(c_id)]));
        v_beaten[o_command] := true;
        RETURN NEXT;
    END LOOP;

    o_kind := 3;
    o_place := NULL;
    o_status := NULL;
    o_refs := NULL;
    FOR o_command, o_stream, o_version, o_hash IN
        SELECT h.cmd, h.stream, a.version, a.hash
        FROM unnest(h_cmd, h_stream, h_version, h_hash) AS h (cmd, stream, version, hash)
        LEFT JOIN LATERAL (
            SELECT e.version, sha256('\x00'::bytea || e.leaf) AS hash FROM ledger_event e
            WHERE e.lane = p_lane AND e.stream_id = h.stream ORDER BY e.version DESC LIMIT 1
        ) a ON true
        WHERE (CASE WHEN h.hash IS NULL THEN a.version IS NOT NULL OR h.version <> 0
                    ELSE a.version IS DISTINCT FROM h.version OR a.hash IS DISTINCT FROM h.hash END)
          AND (v_beaten IS NULL OR NOT v_beaten[h.cmd])
    LOOP
        v_beaten := coalesce(v_beaten, array_fill(false, ARRAY[cardinality(c_id)]));
        v_beaten[o_command] := true;
        RETURN NEXT;
    END LOOP;

    IF v_beaten IS NOT NULL THEN
        v_skipped := ARRAY(
            SELECT sum(CASE WHEN v_beaten[n] THEN c_last[n] - coalesce(c_last[n - 1], 0) ELSE 0 END) OVER (ORDER BY n)
            FROM generate_subscripts(c_last, 1) AS n ORDER BY n);
    END IF;

    INSERT INTO ledger_event (lane, position, stream_id, version, type, schema, event_id, effective_at, recorded_at,
                              actor, causation_id, correlation_id, command_id, policy, leaf, body)
    SELECT p_lane, v_lane.head + e.n - coalesce(v_skipped[e.cmd], 0), e.stream, e.version, e.type, e.schema, e.id,
           e.effective_at, p_recorded_at, e.actor, e.causation, e.correlation, c_id[e.cmd], e.policy, e.leaf, e.body
    FROM unnest(e_cmd, e_stream, e_version, e_type, e_schema, e_id, e_effective_at, e_actor, e_causation,
                e_correlation, e_policy, e_leaf, e_body) WITH ORDINALITY
         AS e (cmd, stream, version, type, schema, id, effective_at, actor, causation, correlation, policy, leaf, body, n)
    WHERE v_beaten IS NULL OR NOT v_beaten[e.cmd];
    GET DIAGNOSTICS v_added = ROW_COUNT;

    INSERT INTO ledger_command (lane, command_id, fingerprint, position, status, refs)
    SELECT p_lane, c.id, c.fingerprint,
           CASE WHEN c.last > coalesce(c_last[c.n - 1], 0) THEN v_lane.head + c.last - coalesce(v_skipped[c.n], 0)
                ELSE 0 END,
           c.status, c.refs
    FROM unnest(c_id, c_fingerprint, c_status, c_refs, c_last) WITH ORDINALITY
         AS c (id, fingerprint, status, refs, last, n)
    WHERE v_beaten IS NULL OR NOT v_beaten[c.n];

    IF v_added > 0 THEN
        UPDATE ledger_lane l SET head = l.head + v_added, last_recorded_at = p_recorded_at WHERE l.lane = p_lane;
        PERFORM pg_notify('ledger_' || current_schema(), p_lane || ':' || v_lane.head + v_added);
    END IF;
END $$;
