-- Which account of its organization this is.
SELECT CURRENT_ACCOUNT_NAME() AS ACCOUNT_NAME
