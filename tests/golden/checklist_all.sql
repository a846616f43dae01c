-- all__standing：县区每个单位一行：各指标的状态
CREATE OR REPLACE TABLE all__standing AS
SELECT
    unit,
    -- 第x条 指标x（10 分）
    (CASE WHEN (named__state = 'not_applicable' AND signed__state = 'not_applicable') THEN 'not_applicable'
         WHEN ((CASE WHEN NOT (named__state = 'not_applicable') THEN named = 1 END) AND (CASE WHEN NOT (signed__state = 'not_applicable') THEN signed = 1 END)) IS NULL THEN absent_state([named__state, signed__state])
         ELSE 'value' END)::state AS x__standing
FROM facts
WHERE grp = 'all'

-- all__points：县区每个单位一行：各指标的得分（单位 0.01 分），算不定的为空
CREATE OR REPLACE TABLE all__points AS
SELECT
    unit,
    -- 第x条 指标x（10 分）
    -- named、signed，全部符合的得 10 分，缺一项不得分
    (CASE WHEN x__standing = 'value' THEN
        CASE WHEN ((CASE WHEN NOT (named__state = 'not_applicable') THEN named = 1 END) AND (CASE WHEN NOT (signed__state = 'not_applicable') THEN signed = 1 END)) THEN 1000
             ELSE 0 END
    END)::BIGINT AS x__points
FROM facts JOIN all__standing USING (unit)
WHERE grp = 'all'
