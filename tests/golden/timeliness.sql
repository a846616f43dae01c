-- all__standing：县区每个单位一行：各指标的状态
CREATE OR REPLACE TABLE all__standing AS
SELECT
    unit,
    -- 第x条 指标x（10 分）
    (CASE WHEN weekly__late__state = 'not_applicable' AND weekly__missing__state = 'not_applicable' THEN 'not_applicable'
         WHEN weekly__late IS NULL OR weekly__missing IS NULL THEN absent_state([weekly__late__state, weekly__missing__state])
         ELSE 'value' END)::state AS x__standing
FROM facts
WHERE grp = 'all'

-- all__points：县区每个单位一行：各指标的得分（单位 0.01 分），算不定的为空
CREATE OR REPLACE TABLE all__points AS
SELECT
    unit,
    -- 第x条 指标x（10 分）
    -- 周报：迟报每次扣 0.5 分；未报每次扣 1 分，扣完为止
    (CASE WHEN x__standing = 'value' THEN
        greatest(0, 1000 - 50 * weekly__late - 100 * weekly__missing)
    END)::BIGINT AS x__points
FROM facts JOIN all__standing USING (unit)
WHERE grp = 'all'
