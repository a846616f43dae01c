-- all__standing：县区每个单位一行：各指标的状态
CREATE OR REPLACE TABLE all__standing AS
SELECT
    unit,
    -- 第x条 指标x（10 分）
    (CASE WHEN x__judged__state = 'not_applicable' THEN 'not_applicable'
         WHEN x__judged IS NULL THEN absent_state([x__judged__state])
         ELSE 'value' END)::state AS x__standing
FROM facts
WHERE grp = 'all'

-- all__points：县区每个单位一行：各指标的得分（单位 0.01 分），算不定的为空
CREATE OR REPLACE TABLE all__points AS
SELECT
    unit,
    -- 第x条 指标x（10 分）
    -- 由考核组评分，最高 10 分；未评分的暂缺
    (CASE WHEN x__standing = 'value' THEN
        CASE WHEN x__judged < 0 THEN 0
             WHEN x__judged > 1000 THEN 1000
             ELSE x__judged END
    END)::BIGINT AS x__points
FROM facts JOIN all__standing USING (unit)
WHERE grp = 'all'
