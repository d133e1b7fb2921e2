-- Credits of today and yesterday by the step of the query tag, as far as Snowflake has attributed them: it is eight hours
-- behind with warehouses, five minutes with models. The views are those of optional/cost_views.sql.
SELECT
    SPENT_ON,
    COALESCE(STEP, 'none') AS STEP,
    CASE WHEN USAGE_DAY >= DATE_TRUNC('DAY', CURRENT_TIMESTAMP()) THEN 'today' ELSE 'yesterday' END AS SPENT,
    SUM(CREDITS)::FLOAT AS CREDITS
FROM (
    SELECT 'warehouse' AS SPENT_ON, STEP, USAGE_DAY, CREDITS FROM VW_GONG_WAREHOUSE_COST
    UNION ALL
    SELECT 'models' AS SPENT_ON, STEP, USAGE_DAY, CREDITS FROM VW_GONG_AI_COST
) AS C
WHERE USAGE_DAY >= DATEADD(DAY, -1, DATE_TRUNC('DAY', CURRENT_TIMESTAMP()))
GROUP BY 1, 2, 3
