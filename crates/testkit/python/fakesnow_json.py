"""What Snowflake does with JSON and fakesnow does not.

PARSE_JSON of a bound value refuses, with code 100069, what Snowflake refuses and DuckDB takes:

- a key that stands twice in an object, unless the call says 'd', which keeps the last value
  (documentation of PARSE_JSON);
- a surrogate escape without its partner, which is no character (reported by those who load);
- a number that no DOUBLE holds;
- a text of more than 128 MB (documentation of sizes of objects), told in the words of the
  behaviour change 2024_08;
- what is no JSON, told as Snowflake tells it and not as DuckDB does.

NUL it takes, and what becomes of it is told by nobody, so clients had better not send it.
"""

import json
import math
import re
import sys

# Integers of any length are JSON.
sys.set_int_max_str_digits(0)

MOST_BYTES = 128 << 20

COMMENT = re.compile(r"--.*$", re.MULTILINE)
# A placeholder, and whether it is what PARSE_JSON reads, strictly or not.
PLACEHOLDER = re.compile(r"((?<!TRY_)PARSE_JSON\(\s*)?\?(\s*,\s*'d'\s*\)|\s*\))?", re.IGNORECASE)
SURROGATE = re.compile("[\ud800-\udfff]")

# How DuckDB looks at the type of a VARIANT, which fakesnow keeps as JSON.
MACROS = """;
CREATE OR REPLACE MACRO ${catalog}.as_varchar(v) AS
    CASE WHEN json_type(v) = 'VARCHAR' THEN json_extract_string(v, '$$') END;
CREATE OR REPLACE MACRO ${catalog}.is_double(v) AS
    COALESCE(json_type(v) IN ('UBIGINT', 'BIGINT', 'HUGEINT', 'DOUBLE'), FALSE);
CREATE OR REPLACE MACRO ${catalog}.is_integer(v) AS
    COALESCE(json_type(v) IN ('UBIGINT', 'BIGINT', 'HUGEINT'), FALSE);
CREATE OR REPLACE MACRO ${catalog}.is_object(v) AS
    COALESCE(json_type(v) = 'OBJECT', FALSE)
"""


class Refused(Exception):
    """What the client is told in place of a result."""

    def __init__(self, why: str, code: str = "100069", state: str = "22P02"):
        self.message = why if code != "100069" else f"Error parsing JSON: {why}"
        self.code = code
        self.state = state

    def content(self) -> dict:
        return {
            "data": {"sqlState": self.state},
            "code": self.code,
            "message": self.message,
            "success": False,
        }


def settle(text: str, bindings: dict) -> bool:
    """Checks the JSON among the bound values. Whether it had to be changed to mean to DuckDB
    what it means to Snowflake."""
    is_changed = False
    if "PARSE_JSON" not in text.upper():
        return False
    for place, found in enumerate(PLACEHOLDER.finditer(COMMENT.sub("", text)), start=1):
        bound = bindings.get(str(place))
        if not found.group(1) or bound is None or bound.get("value") is None:
            continue
        keeps_last = "'" in (found.group(2) or "")
        repeats = check(bound["value"], keeps_last)
        if repeats:
            bound["value"] = json.dumps(json.loads(bound["value"]))
            is_changed = True
    return is_changed


def check(value: str, keeps_last: bool) -> bool:
    """Refuses what PARSE_JSON does. Whether a key stands twice."""
    if len(value.encode(errors="surrogatepass")) > MOST_BYTES:
        raise Refused(f"document is too large, max size {MOST_BYTES} bytes")
    repeats = False

    def members(pairs: list) -> dict:
        nonlocal repeats
        found = dict(pairs)
        if len(found) < len(pairs):
            seen = set()
            for key, _ in pairs:
                if key in seen and not keeps_last:
                    raise Refused(f'duplicate object attribute "{key}", pos 1')
                seen.add(key)
            repeats = True
        return found

    def number(literal: str) -> float:
        if math.isinf(found := float(literal)):
            raise Refused(f"number out of range: '{literal}', pos 1")
        return found

    def constant(word: str) -> None:
        raise Refused(f'unknown keyword "{word}", pos 1')

    try:
        parsed = json.loads(value, object_pairs_hook=members, parse_constant=constant, parse_float=number)
    except json.JSONDecodeError as error:
        raise Refused(f"incomplete object value, pos {error.pos + 1}") from None
    except RecursionError:
        raise Refused("document is nested too deep") from None
    # Only an escape can bring one in.
    if "\\ud" in value.lower() and SURROGATE.search(json.dumps(parsed, ensure_ascii=False)):
        raise Refused("invalid UTF-16 surrogate pair in a string, pos 1")
    return repeats
