-- all__standing：县区每个单位一行：各指标的状态
CREATE OR REPLACE TABLE all__standing AS
SELECT
    unit,
    -- 第x条 指标x（10 分）
    (CASE WHEN wrong__state = 'not_applicable' AND late__state = 'not_applicable' AND named__state = 'not_applicable' THEN 'not_applicable'
         WHEN wrong IS NULL OR late IS NULL OR NOT (named__state = 'not_applicable') AND (NOT (named = 1)) IS NULL THEN absent_state([wrong__state, late__state, named__state])
         ELSE 'value' END)::state AS x__standing
FROM facts
WHERE grp = 'all'

-- all__points：县区每个单位一行：各指标的得分（单位 0.01 分），算不定的为空
CREATE OR REPLACE TABLE all__points AS
SELECT
    unit,
    -- 第x条 指标x（10 分）
    -- wrong每个扣 0.5 分，最多扣 3 分；late每 2 扣 1 分（不足一档不计）；“named”为否的扣 2 分，扣完为止
    (CASE WHEN x__standing = 'value' THEN
        greatest(0, least(1000, 1000 - 50 * least(wrong, 6) - 100 * ((late) // (20)) + (CASE WHEN named__state = 'not_applicable' THEN 0 WHEN NOT (named = 1) THEN -200 ELSE 0 END)))
    END)::BIGINT AS x__points
FROM facts JOIN all__standing USING (unit)
WHERE grp = 'all'
