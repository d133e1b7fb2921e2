-- With everything in it; live_check made it itself, under a name that was free.
DROP SCHEMA IF EXISTS {scratch}
