-- Which models there are, and until when.
SHOW CORTEX BASE MODELS
