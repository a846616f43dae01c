-- all__standing：县区每个单位一行：各指标的状态
CREATE OR REPLACE TABLE all__standing AS
SELECT
    unit,
    -- 第x条 指标x（10 分）
    (CASE WHEN (named__state = 'not_applicable' AND aim__state = 'not_applicable' AND done__state = 'not_applicable') THEN 'not_applicable'
         WHEN ((CASE WHEN NOT (named__state = 'not_applicable') THEN named = 1 END) OR (CASE WHEN NOT (aim__state = 'not_applicable' OR done__state = 'not_applicable') THEN done >= aim END)) IS NULL THEN absent_state([named__state, aim__state, done__state])
         ELSE 'value' END)::state AS x__standing
FROM facts
WHERE grp = 'all'

-- all__points：县区每个单位一行：各指标的得分（单位 0.01 分），算不定的为空
CREATE OR REPLACE TABLE all__points AS
SELECT
    unit,
    -- 第x条 指标x（10 分）
    -- named、done不低于aim，有一项符合的即得 5 分
    (CASE WHEN x__standing = 'value' THEN
        CASE WHEN ((CASE WHEN NOT (named__state = 'not_applicable') THEN named = 1 END) OR (CASE WHEN NOT (aim__state = 'not_applicable' OR done__state = 'not_applicable') THEN done >= aim END)) THEN 500
             ELSE 0 END
    END)::BIGINT AS x__points
FROM facts JOIN all__standing USING (unit)
WHERE grp = 'all'
