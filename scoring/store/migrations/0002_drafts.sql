-- Drafts of a 办法 (草案): what somebody proposes to change in the text of an edition, version by version, and what
-- was decided about it. Only ever added to; what holds now is told by the views below.

CREATE TABLE draft (
    event BIGINT NOT NULL,
    no VARCHAR NOT NULL,              -- CA2025-000012, the same for every version
    version BIGINT NOT NULL,          -- 1, 2, …
    name VARCHAR NOT NULL,
    file VARCHAR NOT NULL,            -- of the edition it comes from: config/scoring.yaml
    edition VARCHAR NOT NULL,         -- the label of that edition
    base_sha256 VARCHAR NOT NULL,     -- of the text of that edition, which is an attachment
    reason VARCHAR NOT NULL,
    done_at TIMESTAMP NOT NULL,
    actor VARCHAR NOT NULL,
    role VARCHAR NOT NULL,
    PRIMARY KEY (no, version)
);

-- One scalar of the text: sections.enforcement.indicators.case_volume.full_marks.county, 8, 10.
CREATE TABLE draft_change (
    no VARCHAR NOT NULL,
    version BIGINT NOT NULL,
    position BIGINT NOT NULL,         -- in the order of the text
    path VARCHAR NOT NULL,
    old VARCHAR NOT NULL,
    new VARCHAR NOT NULL
);

-- Every change of state: who, when, why. What is approved is put in force as an edition of its own.
CREATE TABLE draft_decision (
    event BIGINT NOT NULL,
    no VARCHAR NOT NULL,
    version BIGINT NOT NULL,          -- the version it was about
    state VARCHAR NOT NULL,           -- 草稿 待批准 退回 已批准 作废
    reason VARCHAR NOT NULL,
    edition VARCHAR NOT NULL,         -- label of the new edition; '' unless approved, as all that follows
    document_number VARCHAR NOT NULL,
    in_force DATE,
    file VARCHAR NOT NULL,            -- config/rubrics/2025.yaml
    sha256 VARCHAR NOT NULL,          -- of its text, which is an attachment
    done_at TIMESTAMP NOT NULL,
    actor VARCHAR NOT NULL,
    role VARCHAR NOT NULL
);

-- ---------------------------------------------------------------------------------------------
-- What holds now

-- The last version of each draft with its state. authors: whoever saved a version or handed it in for approval.
CREATE VIEW standing_draft AS
SELECT d.* EXCLUDE (event), s.state, s.state_reason, s.decided_at, s.decided_by,
    s.new_edition, s.document_number, s.in_force, s.new_file, s.new_sha256,
    f.started_at, f.started_by, a.authors, greatest(d.event, s.decided_event) AS last_event
FROM draft d
JOIN (
    SELECT no, max(event) AS decided_event, max_by(state, event) AS state, max_by(reason, event) AS state_reason,
        max_by(done_at, event) AS decided_at, max_by(actor, event) AS decided_by,
        max_by(edition, event) AS new_edition, max_by(document_number, event) AS document_number,
        max_by(in_force, event) AS in_force, max_by(file, event) AS new_file, max_by(sha256, event) AS new_sha256
    FROM draft_decision
    GROUP BY no
) s ON s.no = d.no
JOIN (SELECT no, min_by(done_at, version) AS started_at, min_by(actor, version) AS started_by FROM draft GROUP BY no) f
    ON f.no = d.no
JOIN (
    SELECT no, list_sort(list_distinct(list(actor))) AS authors
    FROM (
        SELECT no, actor FROM draft
        UNION ALL
        SELECT no, actor FROM draft_decision WHERE state = '待批准'
    )
    GROUP BY no
) a ON a.no = d.no
QUALIFY row_number() OVER (PARTITION BY d.no ORDER BY d.version DESC) = 1;
