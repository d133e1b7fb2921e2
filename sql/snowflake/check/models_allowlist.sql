-- The account's older list of models, which lets roles ask those that the listing of models does not show them.
SHOW PARAMETERS LIKE 'CORTEX_MODELS_ALLOWLIST' IN ACCOUNT
