"""Reads every file in sql/snowflake with Snowflake's grammar, and says where it does not fit.

usage: check_snowflake_sql.py FOLDER

sqlfluff does not look between `$$`, so bodies of procedures are read by themselves, with the
statements that stand in them filled in. Slots in braces are filled with names. What the
grammar of sqlfluff lacks is listed below with the file it stands in; an entry that is no longer
needed is an error, so that the list does not outlive its reasons.
"""

import pathlib
import re
import sys

from sqlfluff.core import FluffConfig, Linter

# (file, what stands in it): right by Snowflake's documentation, unknown to sqlfluff 4.5.
UNKNOWN_TO_THE_GRAMMAR = [
    ("setup/03_cortex.sql", "USE AI FUNCTIONS ON ACCOUNT"),
    ("setup/09_restrict_cortex.sql", "USE AI FUNCTIONS ON ACCOUNT"),
    ("cortex/models.sql", "SHOW CORTEX BASE MODELS"),
    ("check/accounts.sql", "SHOW ACCOUNTS"),
    ("check/models.sql", "SHOW CORTEX BASE MODELS"),
    ("down/optional.sql", "AGENT IF EXISTS"),
    ("down/optional.sql", "SEMANTIC VIEW IF EXISTS"),
    ("optional/cortex_agent.sql", "AGENT GONG_SALES_AGENT"),
    ("optional/semantic_view.sql", "SEMANTIC VIEW GONG_SALES_CALLS"),
]

# (file, words in it) that are left out before the rest of the file is read, for the same reason.
UNKNOWN_CLAUSES = [
    ("optional/cortex_search.sql", "PRIMARY KEY (CHUNK_ID)"),
    ("optional/cortex_search.sql", "REFRESH_MODE = INCREMENTAL"),
    ("optional/cortex_search.sql", "AUTO_SUSPEND = 1800"),
]

SLOT = re.compile(r"\{([a-z_]+)\}")
INCLUDED = re.compile(r"^[ \t]*-- statement: ([a-z_0-9]+)(?: with (.*?))?[ \t]*$", re.MULTILINE)
COMMENT = re.compile(r"^[ \t]*--.*\n", re.MULTILINE)
BODY = re.compile(r"\$\$(.*?)\$\$", re.DOTALL)


def filled(slot: re.Match) -> str:
    """What may stand in a slot, see snowflake_sql::Slot."""
    name = slot[1]
    return {"dimension": "1024", "tables": "?", "time_travel_days": "1", "warehouse_size": "XSMALL", "report_time_zone": "Europe/Berlin"}.get(name, f'"{name.upper()}"')


def assembled(text: str, statements: pathlib.Path) -> str:
    def statement(match: re.Match) -> str:
        included = COMMENT.sub("", (statements / f"{match[1]}.sql").read_text()).rstrip()
        for value in (match[2] or "").split(", "):
            included = included.replace("?", value.strip(), 1)
        return included + ";"

    return INCLUDED.sub(statement, text)


def faults(linter: Linter, text: str) -> list[str]:
    parsed = linter.parse_string(text)
    return [f"line {fault.line_no}: {fault.desc()}" for fault in parsed.violations]


def statements_of(text: str) -> list[str]:
    """Cut at semicolons that end a line, outside `$$`; enough to leave one statement out."""
    pieces, depth, current = [], False, []
    for line in text.splitlines():
        depth ^= line.count("$$") % 2 == 1
        current.append(line)
        if not depth and re.search(r";\s*(--.*)?$", line):
            pieces.append("\n".join(current))
            current = []
    return [*pieces, "\n".join(current)]


def main() -> int:
    root = pathlib.Path(sys.argv[1])
    linter = Linter(config=FluffConfig(overrides={"dialect": "snowflake", "templater": "raw"}))
    problems, read, needed = [], 0, set()
    for path in sorted(root.rglob("*.sql")):
        name = path.relative_to(root).as_posix()
        text = path.read_text()
        if not name.startswith("statements/"):
            text = assembled(text, root / "statements")
        text = SLOT.sub(filled, text)
        clauses = [clause for file, clause in UNKNOWN_CLAUSES if file == name]
        for clause in clauses:
            # What the grammar has learnt by now reads well with the others left out.
            rest = text
            for other in clauses:
                rest = rest if other == clause else rest.replace(other, "")
            if clause in text and faults(linter, rest):
                needed.add((name, clause))
        for clause in clauses:
            text = text.replace(clause, "")
        excused = [what for file, what in UNKNOWN_TO_THE_GRAMMAR if file == name]
        for what in excused:
            kept = [piece for piece in statements_of(text) if what not in piece]
            if len("\n".join(kept)) < len(text) - 2:
                needed.add((name, what))
            text = "\n".join(kept)
        # A placeholder is an expression; any will do.
        problems += [f"{name}: {fault}" for fault in faults(linter, text.replace("?", "NULL"))]
        read += 1
        for number, body in enumerate(BODY.findall(text), 1):
            problems += [f"{name}: body {number}: {fault}" for fault in faults(linter, body.strip())]
            read += 1
    problems += [
        f"{file}: {what!r} need not be excused"
        for file, what in UNKNOWN_TO_THE_GRAMMAR + UNKNOWN_CLAUSES
        if (file, what) not in needed
    ]
    print("\n".join(problems) or f"{read} texts fit Snowflake's grammar")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
