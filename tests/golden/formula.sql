-- all__compared：县区每个单位一行：与本组比较的数值
CREATE OR REPLACE TABLE all__compared AS
WITH own AS (
    SELECT
        unit,
        CASE WHEN done__state = 'value' AND aim__state = 'value' AND aim <> 0 THEN (100 * done * (sign(aim))::BIGINT)::HUGEINT END AS x__highest__x,
        CASE WHEN done__state = 'value' AND aim__state = 'value' AND aim <> 0 THEN (abs(aim))::HUGEINT END AS x__highest__y
    FROM facts
    WHERE grp = 'all'
)
SELECT
    unit,
    -- 第x条 指标x（10 分）：本组最高的指标x
    arg_max(x__highest__x, row(fraction_key(x__highest__x, x__highest__y), x__highest__y)) OVER () AS x__highest_n,
    arg_max(x__highest__y, row(fraction_key(x__highest__x, x__highest__y), x__highest__y)) OVER () AS x__highest_d
FROM own

-- all__standing：县区每个单位一行：各指标的状态
CREATE OR REPLACE TABLE all__standing AS
SELECT
    unit,
    -- 第x条 指标x（10 分）
    (CASE WHEN (done__state = 'not_applicable' OR aim__state = 'not_applicable') THEN 'not_applicable'
         WHEN done__state = 'value' AND aim__state = 'value' AND named__state = 'value' AND (aim = 0 OR x__highest_n = 0) THEN 'zero_base'
         WHEN done IS NULL OR aim IS NULL OR aim = 0 OR x__highest_n = 0 OR done__state = 'not_applicable' OR aim__state = 'not_applicable' OR (CASE WHEN NOT (named__state = 'not_applicable') THEN named = 1 END) IS NULL THEN absent_state([done__state, aim__state, named__state])
         ELSE 'value' END)::state AS x__standing
FROM facts JOIN all__compared USING (unit)
WHERE grp = 'all'

-- all__points：县区每个单位一行：各指标的得分（单位 0.01 分），算不定的为空
CREATE OR REPLACE TABLE all__points AS
SELECT
    unit,
    -- 第x条 指标x（10 分）
    -- 得分 = 满分 × 指标x ÷ 本组最高的指标x，最高 10 分；须named，否则不得分
    (CASE WHEN x__standing = 'value' THEN
        half_up_signed(CASE WHEN CASE WHEN NOT (named__state = 'not_applicable') THEN named = 1 END THEN CASE WHEN 10 * (100 * done * (sign(aim))::BIGINT)::HUGEINT * (x__highest_d)::HUGEINT * (sign(x__highest_n))::HUGEINT <= 0::HUGEINT THEN 0::HUGEINT WHEN 10 * (100 * done * (sign(aim))::BIGINT)::HUGEINT * (x__highest_d)::HUGEINT * (sign(x__highest_n))::HUGEINT >= 10 * (abs(aim))::HUGEINT * (abs(x__highest_n))::HUGEINT THEN 1000 * (abs(aim))::HUGEINT * (abs(x__highest_n))::HUGEINT ELSE 100 * 10 * (100 * done * (sign(aim))::BIGINT)::HUGEINT * (x__highest_d)::HUGEINT * (sign(x__highest_n))::HUGEINT END ELSE 0::HUGEINT END, (abs(aim))::HUGEINT * (abs(x__highest_n))::HUGEINT)
    END)::BIGINT AS x__points
FROM facts JOIN all__compared USING (unit) JOIN all__standing USING (unit)
WHERE grp = 'all'
