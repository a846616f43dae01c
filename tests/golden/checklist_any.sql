-- all__points：县区每个单位一行：各指标的状态和得分（单位 0.01 分）
CREATE OR REPLACE TABLE all__points AS
SELECT
    unit,
    -- 第x条 指标x（10 分）
    -- named、done不低于 aim有一项符合即得 5 分
    CASE WHEN (named__state = 'not_applicable' AND aim__state = 'not_applicable' AND done__state = 'not_applicable') THEN 'not_applicable'
         WHEN ((named = 1) OR (done >= aim)) IS NULL OR named__state = 'not_applicable' OR aim__state = 'not_applicable' OR done__state = 'not_applicable' THEN absent_state([named__state, aim__state, done__state])
         ELSE 'value' END AS x__standing,
    CASE WHEN x__standing = 'value' THEN
        CASE WHEN ((named = 1) OR (done >= aim)) THEN 500
             ELSE 0 END
    END::BIGINT AS x__points
FROM facts
WHERE grp = 'all'
