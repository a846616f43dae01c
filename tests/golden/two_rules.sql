-- all__standing：县区每个单位一行：各指标的状态
CREATE OR REPLACE TABLE all__standing AS
SELECT
    unit,
    -- 第x条 指标x（10 分）
    (CASE WHEN CASE WHEN NOT (named__state = 'not_applicable') THEN NOT (named = 1) END THEN 'not_applicable'
         WHEN (done__state = 'not_applicable' OR aim__state = 'not_applicable') AND wrong__state = 'not_applicable' THEN 'not_applicable'
         WHEN done__state = 'value' AND aim__state = 'value' AND wrong__state = 'value' AND named__state = 'value' AND (aim = 0) THEN 'zero_base'
         WHEN (CASE WHEN NOT (named__state = 'not_applicable') THEN NOT (named = 1) END) IS NULL OR done IS NULL OR aim IS NULL OR aim = 0 OR done__state = 'not_applicable' OR aim__state = 'not_applicable' OR wrong IS NULL THEN absent_state([done__state, aim__state, wrong__state, named__state])
         ELSE 'value' END)::state AS x__standing
FROM facts
WHERE grp = 'all'

-- all__points：县区每个单位一行：各指标的得分（单位 0.01 分），算不定的为空
CREATE OR REPLACE TABLE all__points AS
SELECT
    unit,
    -- 第x条 指标x（10 分）
    -- 100 × done ÷ aim达到 100 得 8 分；0 至 100 之间按比例由 0 分计到 8 分；wrong每个扣 0.1 分，扣完为止
    (CASE WHEN x__standing = 'value' THEN
        greatest(0, least(1000, half_up_signed(CASE WHEN 100 * done * (sign(aim))::BIGINT < 0 THEN 0::BIGINT WHEN 100 * done * (sign(aim))::BIGINT < 100 * abs(aim) THEN 8 * 100 * done * (sign(aim))::BIGINT ELSE 800 * abs(aim) END + (200 - 10 * (wrong)::HUGEINT) * (abs(aim))::HUGEINT, (abs(aim))::HUGEINT)))
    END)::BIGINT AS x__points
FROM facts JOIN all__standing USING (unit)
WHERE grp = 'all'
