-- requires: tables
-- Who reads which call at the moment, and what a model has answered that nobody has checked yet. A call is paid for
-- once per transcript, model and criteria (the reader, BACKEND, names their version): whoever is to ask claims the row
-- first, and whoever comes second finds the claim, the answer or the reading there. Until an answer is checked against
-- the call, the row is a reading that is still to be made: IS_RETRYABLE, without an item.
ALTER TABLE CALL_READINGS ADD COLUMN IF NOT EXISTS ANSWER VARIANT;                  -- as the model gave it; null once it is checked
ALTER TABLE CALL_READINGS ADD COLUMN IF NOT EXISTS CLAIM_ID VARCHAR(36);            -- who asks; null when nobody does
ALTER TABLE CALL_READINGS ADD COLUMN IF NOT EXISTS CLAIMED_AT TIMESTAMP_LTZ(9);     -- last; after an hour the claim is nobody's
ALTER TABLE CALL_READINGS ADD COLUMN IF NOT EXISTS REFUSAL VARCHAR;                 -- why the model gave no answer
