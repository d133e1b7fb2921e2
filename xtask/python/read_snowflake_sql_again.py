"""Reads every file in sql/snowflake a second time, with the grammar of sqlglot.

usage: read_snowflake_sql_again.py FOLDER

The two grammars are independent: what one takes by mistake, the other may refuse. sqlglot keeps
statements that it has no grammar for as commands; those are counted by their first words, and
which ones may be is listed below. So is what it refuses and Snowflake documents. An entry that is
no longer needed is an error.
"""

import collections
import pathlib
import re
import sys

import sqlglot
from sqlglot import exp

import check_snowflake_sql as first

# First words of statements that sqlglot does not take apart.
COMMANDS = {
    "ALTER ACCOUNT",
    "ALTER ALERT",
    "ALTER TASK",
    "ALTER TABLE",
    "CALL",
    "CREATE ALERT",
    "CREATE CORTEX",
    "CREATE MASKING",
    "CREATE OR",
    "CREATE ROLE",
    "CREATE SCHEMA",
    "CREATE STREAM",
    "CREATE TASK",
    "DROP AGENT",
    "DROP ALERT",
    "DROP CORTEX",
    "DROP TASK",
    "DROP STREAM",
    "GRANT",
    "REVOKE",
    "SHOW",
}

# (file, first words): right by Snowflake's documentation, refused by sqlglot 30.22.
REFUSED = [
    # return_error_details is a fourth argument.
    ("cortex/ai_classify.sql", "SELECT T"),
    # Tables of a semantic view have keys.
    ("optional/semantic_view.sql", "CREATE OR"),
    ("optional/governance.sql", "CREATE ROW"),
]

# sqlglot warns of each command on stderr.
sqlglot.logger.setLevel("CRITICAL")

WORDS = re.compile(r"[A-Za-z_]+")


def statements(text: str) -> list[str]:
    return [piece.rstrip().rstrip(";") for piece in first.statements_of(text) if first.COMMENT.sub("", piece + "\n").strip()]


def first_words(statement: str) -> str:
    words = WORDS.findall(first.COMMENT.sub("", statement + "\n"))
    return " ".join(words[:2]).upper()


def read(statement: str) -> list[exp.Expression]:
    trees = sqlglot.parse(statement.replace("?", "NULL"), read="snowflake")
    return [tree for tree in trees if tree is not None]


def main() -> int:
    root = pathlib.Path(sys.argv[1])
    problems, needed, counted = [], set(), collections.Counter()
    for path in sorted(root.rglob("*.sql")):
        name = path.relative_to(root).as_posix()
        text = path.read_text()
        if not name.startswith("statements/"):
            text = first.assembled(text, root / "statements")
        text = first.SLOT.sub(first.filled, text)
        for statement in statements(text):
            words = first_words(statement)
            try:
                trees = read(statement)
            except sqlglot.errors.SqlglotError as error:
                if (name, words) in REFUSED:
                    needed.add((name, words))
                else:
                    problems.append(f"{name}: {words}: {str(error).splitlines()[0]}")
                continue
            if not any(isinstance(tree, exp.Command) for tree in trees):
                counted["read"] += 1
            elif {words, words.split(" ")[0]} & COMMANDS:
                needed |= {words, words.split(" ")[0]} & COMMANDS
                counted["commands"] += 1
            else:
                problems.append(f"{name}: {words}: kept as a command")
    unneeded = [*(set(REFUSED) - needed), *(COMMANDS - needed)]
    problems += [f"{what}: need not be excused" for what in unneeded]
    print("\n".join(problems) or f"{counted['read']} statements read again, {counted['commands']} kept as commands")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
