-- The records: what was submitted and what was decided about it. Every table is only ever added to;
-- what holds now is told by the views below. Times are local to the office, as printed on receipts.

CREATE SEQUENCE event_no;      -- one order over everything that happened
CREATE SEQUENCE submission_no;

-- Files as they came, each once: workbooks and evidence.
CREATE TABLE attachment (
    sha256 VARCHAR PRIMARY KEY,
    size BIGINT NOT NULL,
    content BLOB NOT NULL,
    first_at TIMESTAMP NOT NULL
);

-- One sheet of a workbook (or one entry of the office) for one form and one due period.
-- unit is '' where the office hands in a register whose rows name their units.
CREATE TABLE submission (
    no VARCHAR PRIMARY KEY,
    event BIGINT NOT NULL,
    form VARCHAR NOT NULL,
    unit VARCHAR NOT NULL,
    period VARCHAR NOT NULL,
    source VARCHAR NOT NULL,          -- 工作簿, 录入, 导入
    file_name VARCHAR NOT NULL,
    sha256 VARCHAR NOT NULL,          -- of the attachment; '' for an entry
    sheet VARCHAR NOT NULL,
    fingerprint VARCHAR NOT NULL,     -- of the form as it was then
    head_line BIGINT NOT NULL,
    letters MAP(VARCHAR, VARCHAR) NOT NULL,
    whole BOOLEAN NOT NULL,           -- a workbook takes the place of the one before for its form, unit and period,
                                      -- an entry (false) of the row with its key
    nil BOOLEAN NOT NULL,
    filled_by VARCHAR NOT NULL,
    phone VARCHAR NOT NULL,
    row_count BIGINT NOT NULL,
    aside_count BIGINT NOT NULL,
    done_at TIMESTAMP NOT NULL,
    actor VARCHAR NOT NULL,
    role VARCHAR NOT NULL
);

-- Rows as typed and as read. A code in none of value and absent was left blank.
CREATE TABLE ledger_row (
    submission VARCHAR NOT NULL,
    position BIGINT NOT NULL,
    line BIGINT NOT NULL,
    unit VARCHAR NOT NULL,
    row_key VARCHAR NOT NULL,         -- the form's key in canonical text; '' where a part of it is not known
    aside BOOLEAN NOT NULL,
    typed MAP(VARCHAR, VARCHAR) NOT NULL,
    value MAP(VARCHAR, VARCHAR) NOT NULL,   -- canonical text: 12, 3.50, 2024-03-01, true
    absent MAP(VARCHAR, VARCHAR) NOT NULL   -- masked, not_applicable
);

CREATE TABLE finding (
    submission VARCHAR NOT NULL,
    position BIGINT NOT NULL,
    check_id VARCHAR NOT NULL,
    level VARCHAR NOT NULL,           -- A 强制, B 准强制, C 核实, D 提示
    problem VARCHAR NOT NULL,
    fix VARCHAR NOT NULL,
    line BIGINT,
    column_code VARCHAR NOT NULL,
    letter VARCHAR NOT NULL,
    typed VARCHAR NOT NULL
);

CREATE TABLE explanation (
    event BIGINT NOT NULL,
    submission VARCHAR NOT NULL,
    check_id VARCHAR NOT NULL,
    line BIGINT,
    column_code VARCHAR NOT NULL,
    text VARCHAR NOT NULL,
    done_at TIMESTAMP NOT NULL,
    actor VARCHAR NOT NULL,
    role VARCHAR NOT NULL
);

-- Every change of state: who, when, why.
CREATE TABLE decision (
    event BIGINT NOT NULL,
    submission VARCHAR NOT NULL,
    state VARCHAR NOT NULL,           -- 草稿 校验不通过 已提交 待复核 待确认 退回修改 通过 作废
    reason VARCHAR NOT NULL,
    never_received BOOLEAN NOT NULL,  -- returned for a fault of class A: does not count as received
    done_at TIMESTAMP NOT NULL,
    actor VARCHAR NOT NULL,
    role VARCHAR NOT NULL
);

-- A register of the office is complete for a period (已关账), or open again; unit is '' for all units.
CREATE TABLE register_closing (
    event BIGINT NOT NULL,
    form VARCHAR NOT NULL,
    unit VARCHAR NOT NULL,
    period VARCHAR NOT NULL,
    closed BOOLEAN NOT NULL,
    reason VARCHAR NOT NULL,
    done_at TIMESTAMP NOT NULL,
    actor VARCHAR NOT NULL,
    role VARCHAR NOT NULL
);

-- A row of an office register is taken back; it stays on record.
CREATE TABLE row_withdrawal (
    event BIGINT NOT NULL,
    form VARCHAR NOT NULL,
    unit VARCHAR NOT NULL,
    period VARCHAR NOT NULL,
    row_key VARCHAR NOT NULL,
    reason VARCHAR NOT NULL,
    done_at TIMESTAMP NOT NULL,
    actor VARCHAR NOT NULL,
    role VARCHAR NOT NULL
);

CREATE TABLE evidence (
    event BIGINT NOT NULL,
    no VARCHAR NOT NULL,
    unit VARCHAR NOT NULL,
    period VARCHAR NOT NULL,          -- assessment period
    indicator VARCHAR NOT NULL,       -- '' for the proof of an entry
    submission VARCHAR NOT NULL,      -- the entry it proves; '' for an indicator
    sha256 VARCHAR NOT NULL,
    file_name VARCHAR NOT NULL,
    dated DATE,
    note VARCHAR NOT NULL,
    withdrawn BOOLEAN NOT NULL,
    done_at TIMESTAMP NOT NULL,
    actor VARCHAR NOT NULL,
    role VARCHAR NOT NULL
);

CREATE TABLE self_score (
    event BIGINT NOT NULL,
    unit VARCHAR NOT NULL,
    period VARCHAR NOT NULL,
    indicator VARCHAR NOT NULL,
    score DECIMAL(18, 6) NOT NULL,
    note VARCHAR NOT NULL,
    done_at TIMESTAMP NOT NULL,
    actor VARCHAR NOT NULL,
    role VARCHAR NOT NULL
);

-- An assessment period is locked with a sealed pack, or opened again for a correction.
CREATE TABLE period_closing (
    event BIGINT NOT NULL,
    period VARCHAR NOT NULL,
    locked BOOLEAN NOT NULL,
    version BIGINT NOT NULL,
    pack_sha256 VARCHAR NOT NULL,     -- of the attachment; '' when opened again
    reason VARCHAR NOT NULL,
    done_at TIMESTAMP NOT NULL,
    actor VARCHAR NOT NULL,
    role VARCHAR NOT NULL
);

CREATE TABLE audit (
    event BIGINT NOT NULL,
    done_at TIMESTAMP NOT NULL,
    actor VARCHAR NOT NULL,
    role VARCHAR NOT NULL,
    act VARCHAR NOT NULL,
    subject VARCHAR NOT NULL,
    detail VARCHAR NOT NULL
);

-- ---------------------------------------------------------------------------------------------
-- What holds now

CREATE VIEW standing AS
SELECT s.*, d.state, d.reason, d.decided_event, d.decided_at, d.decided_by, d.received_at, d.never_received
FROM submission s
JOIN (
    SELECT submission, max(event) AS decided_event, max_by(state, event) AS state, max_by(reason, event) AS reason,
        max_by(done_at, event) AS decided_at, max_by(actor, event) AS decided_by,
        min(CASE WHEN state = '已提交' THEN done_at END) AS received_at,
        bool_or(never_received) AS never_received
    FROM decision
    GROUP BY submission
) d ON d.submission = s.no;

-- Submissions whose rows count: of workbooks the last one accepted, and every entry.
CREATE VIEW counted_submission AS
SELECT *
FROM standing
WHERE state = '通过'
QUALIFY NOT whole
    OR row_number() OVER (PARTITION BY form, unit, period, whole ORDER BY decided_event DESC) = 1;

-- Rows that count. In a register of the office the last row with a key, unless it was taken back afterwards.
CREATE VIEW counted_row AS
SELECT s.form, s.period, s.file_name, s.sheet, s.decided_event, r.*
FROM counted_submission s
JOIN ledger_row r ON r.submission = s.no
LEFT JOIN (
    SELECT form, unit, period, row_key, max(event) AS event FROM row_withdrawal GROUP BY form, unit, period, row_key
) w ON s.unit = '' AND w.form = s.form AND w.unit = r.unit AND w.period = s.period AND w.row_key = r.row_key
    AND w.event > s.decided_event
WHERE NOT r.aside AND w.event IS NULL
QUALIFY s.unit <> '' OR r.row_key = ''
    OR row_number() OVER (
        PARTITION BY s.form, r.unit, s.period, r.row_key, s.unit = '' ORDER BY s.decided_event DESC, r.position DESC
    ) = 1;

-- Cell by cell: every figure with its state and its source cell.
CREATE VIEW figure AS
SELECT r.submission, s.form, s.period, r.unit, r.line, c.code AS column_code,
    coalesce(s.letters[c.code], '') AS letter, r.typed[c.code] AS typed,
    CASE WHEN r.value[c.code] IS NOT NULL THEN 'value' ELSE coalesce(r.absent[c.code], 'unread') END AS state,
    r.value[c.code] AS value, r.aside
FROM ledger_row r
JOIN submission s ON s.no = r.submission,
LATERAL (SELECT unnest(map_keys(r.typed)) AS code) c;
