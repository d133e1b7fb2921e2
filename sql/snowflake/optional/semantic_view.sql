-- What calls, deals and readings mean, for Cortex Analyst and for people who ask by names in place of joins. Run by the
-- schema's owner after analysts.sql, whose time zone its days are of. Asking it needs SELECT on it, Cortex Analyst REFERENCES too.

CREATE OR REPLACE SEMANTIC VIEW GONG_SALES_CALLS
    TABLES (
        CALLS AS VW_REPORT_CALLS PRIMARY KEY (CALL_ID)
            WITH SYNONYMS = ('conversations', 'meetings', 'demos')
            COMMENT = 'Sales calls that Gong recorded, one row each',
        DEALS AS CRM_DEALS PRIMARY KEY (DEAL_ID)
            WITH SYNONYMS = ('opportunities', 'pipeline')
            COMMENT = 'Deals of HubSpot as they are now',
        ITEMS AS VW_REPORT_ITEMS
            WITH SYNONYMS = ('objections', 'next steps', 'competitors', 'pains')
            COMMENT = 'What was understood of calls: a row an item'
    )
    RELATIONSHIPS (
        DEAL_OF_CALL AS CALLS (HUBSPOT_DEAL_ID) REFERENCES DEALS,
        CALL_OF_ITEM AS ITEMS (CALL_ID) REFERENCES CALLS
    )
    FACTS (
        CALLS.DURATION_SECONDS AS CALL_DURATION_SECONDS,
        CALLS.REP_TALK_RATIO AS TALK_RATIO COMMENT = 'Share of the talking that the rep did, 0 to 1',
        CALLS.TONE AS SENTIMENT_SCORE COMMENT = '-1 to 1',
        DEALS.DEAL_AMOUNT AS AMOUNT COMMENT = 'In the currency of the deal: never add currencies up'
    )
    DIMENSIONS (
        CALLS.CALL_DATE AS CALL_DATE COMMENT = 'Day of the call in the time zone of reports',
        CALLS.CALL_MONTH AS CALL_MONTH COMMENT = 'First day of the month of the call',
        CALLS.REP AS PRIMARY_USER_NAME WITH SYNONYMS = ('seller', 'account executive', 'host'),
        CALLS.TITLE AS CALL_TITLE,
        CALLS.COMPANY AS COMPANY_NAME WITH SYNONYMS = ('account', 'customer'),
        CALLS.INDUSTRY AS COMPANY_INDUSTRY,
        CALLS.STAGE_AT_CALL AS DEAL_STAGE_AT_CALL COMMENT = 'Stage of the deal when the call took place',
        DEALS.DEAL AS DEAL_NAME,
        DEALS.STAGE AS STAGE_LABEL,
        DEALS.OUTCOME AS OUTCOME COMMENT = 'won, lost, open or unknown',
        DEALS.CURRENCY AS CURRENCY COMMENT = 'ISO 4217',
        ITEMS.KIND AS KIND
            COMMENT = 'next_step, pushback, competitor, pricing, decision, timeline, praise, pain, qualification, moment',
        ITEMS.SUBKIND AS SUBKIND COMMENT = 'Kind of pushback or moment, element of qualification',
        ITEMS.WHAT AS WHAT COMMENT = 'In the words of the reader; the name of a competitor',
        ITEMS.STATUS AS STATUS COMMENT = 'Of next steps agreed, promised, offered, conditional; of qualification known, partial, unknown',
        ITEMS.HANDLING AS HANDLING COMMENT = 'How pushback was answered',
        ITEMS.DUE AS DUE COMMENT = 'Day by which a next step is due'
    )
    METRICS (
        CALLS.CALL_COUNT AS COUNT(CALLS.CALL_ID),
        CALLS.CALL_HOURS AS SUM(CALLS.DURATION_SECONDS) / 3600,
        CALLS.AVERAGE_TALK_RATIO AS AVG(CALLS.REP_TALK_RATIO),
        CALLS.AVERAGE_TONE AS AVG(CALLS.TONE),
        CALLS.WON_DEALS AS COUNT(DISTINCT CASE WHEN CALLS.DEAL_OUTCOME = 'won' THEN CALLS.HUBSPOT_DEAL_ID END)
            COMMENT = 'Deals with such calls that are won by now: by rep, company or month of the calls',
        CALLS.LOST_DEALS AS COUNT(DISTINCT CASE WHEN CALLS.DEAL_OUTCOME = 'lost' THEN CALLS.HUBSPOT_DEAL_ID END)
            COMMENT = 'Deals with such calls that are lost by now',
        DEALS.DEAL_COUNT AS COUNT(DEALS.DEAL_ID),
        DEALS.DEALS_WON AS COUNT(CASE WHEN DEALS.OUTCOME = 'won' THEN DEALS.DEAL_ID END),
        DEALS.DEALS_LOST AS COUNT(CASE WHEN DEALS.OUTCOME = 'lost' THEN DEALS.DEAL_ID END),
        DEALS.TOTAL_AMOUNT AS SUM(DEALS.DEAL_AMOUNT) COMMENT = 'Group it by currency',
        ITEMS.ITEM_COUNT AS COUNT(ITEMS.KIND),
        ITEMS.CALLS_WITH_ITEMS AS COUNT(DISTINCT ITEMS.CALL_ID)
    )
    COMMENT = 'Sales calls with their deals and what was understood of them'
    COPY GRANTS;

GRANT REFERENCES, SELECT ON SEMANTIC VIEW GONG_SALES_CALLS TO ROLE {agent_role};
