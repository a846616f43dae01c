-- all__standing：县区每个单位一行：各指标的状态
CREATE OR REPLACE TABLE all__standing AS
SELECT
    unit,
    -- 第x条 指标x（10 分）
    (CASE WHEN done__state = 'not_applicable' AND signed__state = 'not_applicable' THEN 'not_applicable'
         WHEN done IS NULL OR NOT (signed__state = 'not_applicable') AND (signed = 1) IS NULL OR (CASE WHEN NOT (aim__state = 'not_applicable') THEN aim > 0 END) IS NULL THEN absent_state([done__state, signed__state, aim__state])
         ELSE 'value' END)::state AS x__standing
FROM facts
WHERE grp = 'all'

-- all__points：县区每个单位一行：各指标的得分（单位 0.01 分），算不定的为空
CREATE OR REPLACE TABLE all__points AS
SELECT
    unit,
    -- 第x条 指标x（10 分）
    -- done每个得 1.5 分；signed得 2 分，合计最多得 10 分；须aim大于 0，否则不得分
    (CASE WHEN x__standing = 'value' THEN
        greatest(0, CASE WHEN CASE WHEN NOT (aim__state = 'not_applicable') THEN aim > 0 END THEN least(150 * done + (CASE WHEN signed__state = 'not_applicable' THEN 0 WHEN signed = 1 THEN 200 ELSE 0 END), 1000) ELSE 0::BIGINT END)
    END)::BIGINT AS x__points
FROM facts JOIN all__standing USING (unit)
WHERE grp = 'all'
