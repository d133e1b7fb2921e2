-- Summaries of claimed calls. Every property is required and no other is allowed: OpenAI's models refuse a schema
-- that says less. What would end the transcript before its end is taken apart.
-- ? model, ? prompt, ? claim, ? model again, ? version of the prompt
INSERT INTO GONG_AI_LEDGER (WORK_ID, STEP, MODEL, RESULT, ERROR, CLAIM_ID, ANSWERED_AT)
SELECT WORK_ID, STEP, MODEL, STRIP_NULL_VALUE(REPLY:value), REPLY:error::VARCHAR, CLAIM_ID, CURRENT_TIMESTAMP()
FROM (
    SELECT
        WORK_ID,
        STEP,
        MODEL,
        CLAIM_ID,
        AI_COMPLETE(
            model => ?,
            prompt => REPLACE(?, '{0}', REPLACE(INPUT_TEXT, '>>>', '> > >')),
            model_parameters => {'temperature': 0, 'max_tokens': 1024},
            response_format => {
                'type': 'json',
                'schema': {
                    'type': 'object',
                    'properties': {
                        'summary': {'type': 'string'},
                        'next_steps': {
                            'type': 'array',
                            'items': {
                                'type': 'object',
                                'properties': {'text': {'type': 'string'}, 'certainty': {'type': 'number'}},
                                'required': ['text', 'certainty'],
                                'additionalProperties': FALSE
                            }
                        },
                        'risks': {
                            'type': 'array',
                            'items': {
                                'type': 'object',
                                'properties': {'text': {'type': 'string'}, 'certainty': {'type': 'number'}},
                                'required': ['text', 'certainty'],
                                'additionalProperties': FALSE
                            }
                        }
                    },
                    'required': ['summary', 'next_steps', 'risks'],
                    'additionalProperties': FALSE
                }
            },
            return_error_details => TRUE
        ) AS REPLY
    FROM GONG_AI_WORK
    WHERE CLAIM_ID = ? AND STATE = 'claimed' AND MODEL = ? AND PROMPT_VERSION = ?
) AS ASKED
