-- Work that was never answered and that nobody wants any more: other words, another model or prompt.
DELETE FROM GONG_AI_WORK
WHERE STATE IN ('queued', 'failed')
    AND WORK_ID NOT IN (SELECT WORK_ID FROM GONG_AI_WANTED_WORK)
