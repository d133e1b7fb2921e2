-- Switches every reader off; what they have answered stays.
UPDATE GONG_AI_READER
SET ENABLED = FALSE
WHERE ENABLED
