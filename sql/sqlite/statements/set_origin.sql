-- Says whom the store mirrors.
-- ?1 host, ?2 workspaces, ?3 now
INSERT INTO GONG_ORIGIN (ORIGIN_ID, HOST, WORKSPACES, SET_AT)
VALUES (1, ?1, ?2, ?3)
ON CONFLICT (ORIGIN_ID) DO UPDATE SET
    HOST = excluded.HOST,
    WORKSPACES = excluded.WORKSPACES,
    SET_AT = excluded.SET_AT
