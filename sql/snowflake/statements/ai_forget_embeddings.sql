-- Vectors that are for no call any more. Runs after ai_forget_links.
DELETE FROM GONG_AI_EMBEDDINGS
WHERE WORK_ID NOT IN (SELECT WORK_ID FROM GONG_AI_WORK_CALLS)
