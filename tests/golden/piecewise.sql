-- all__standing：县区每个单位一行：各指标的状态
CREATE OR REPLACE TABLE all__standing AS
SELECT
    unit,
    -- 第x条 指标x（10 分）
    (CASE WHEN (done__state = 'not_applicable' OR aim__state = 'not_applicable') THEN 'not_applicable'
         WHEN done__state = 'value' AND aim__state = 'value' AND (aim = 0) THEN 'zero_base'
         WHEN done IS NULL OR aim IS NULL OR aim = 0 THEN absent_state([done__state, aim__state])
         ELSE 'value' END)::state AS x__standing
FROM facts
WHERE grp = 'all'

-- all__points：县区每个单位一行：各指标的得分（单位 0.01 分），算不定的为空
CREATE OR REPLACE TABLE all__points AS
SELECT
    unit,
    -- 第x条 指标x（10 分）
    -- 指标x达到 100% 得 10 分；80% 至 100% 之间按比例由 6 分计到 10 分；50% 至 80% 之间按比例由 0 分计到 6 分；低于 50% 不得分
    (CASE WHEN x__standing = 'value' THEN
        CASE WHEN 100 * done * (sign(aim))::BIGINT < 50 * abs(aim) THEN 0
             WHEN 100 * done * (sign(aim))::BIGINT < 80 * abs(aim) THEN half_up(20 * 100 * done * (sign(aim))::BIGINT - 1000 * abs(aim), abs(aim))
             WHEN 100 * done * (sign(aim))::BIGINT < 100 * abs(aim) THEN half_up(-1000 * abs(aim) + 20 * 100 * done * (sign(aim))::BIGINT, abs(aim))
             ELSE 1000 END
    END)::BIGINT AS x__points
FROM facts JOIN all__standing USING (unit)
WHERE grp = 'all'
