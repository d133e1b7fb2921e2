-- The account's older list of models: All, None or names with commas between them. A model that is on it may be asked by
-- roles that the listing of models does not show it to.
SHOW PARAMETERS LIKE 'CORTEX_MODELS_ALLOWLIST' IN ACCOUNT
