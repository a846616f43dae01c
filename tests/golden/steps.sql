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
    -- 指标x达到 90% 得 10 分，每低 1 个百分点扣 0.2 分（按比例计）；低于 80% 的部分，每低 5 个百分点扣 1 分（不足 5 个百分点的不计），扣完为止
    (CASE WHEN x__standing = 'value' THEN
        CASE WHEN 90 * abs(aim) - 100 * done * (sign(aim))::BIGINT > 10 * abs(aim) AND 8 - ((80 * abs(aim) - 100 * done * (sign(aim))::BIGINT) // (5 * abs(aim))) <= 0 THEN 0
             WHEN 90 * abs(aim) - 100 * done * (sign(aim))::BIGINT > 10 * abs(aim) THEN 800 - 100 * ((80 * abs(aim) - 100 * done * (sign(aim))::BIGINT) // (5 * abs(aim)))
             WHEN 90 * abs(aim) - 100 * done * (sign(aim))::BIGINT > 0 AND -40 * abs(aim) + 100 * done * (sign(aim))::BIGINT <= 0 THEN 0
             WHEN 90 * abs(aim) - 100 * done * (sign(aim))::BIGINT > 0 THEN half_up_signed(-800 * abs(aim) + 20 * 100 * done * (sign(aim))::BIGINT, abs(aim))
             ELSE 1000 END
    END)::BIGINT AS x__points
FROM facts JOIN all__standing USING (unit)
WHERE grp = 'all'
