-- Records that were deleted before an instant.
-- ?1 instant
DELETE FROM GONG_RECORDS_RAW WHERE DELETED_AT < ?1
