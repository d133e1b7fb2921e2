"""Makes fakesnow translate a statement once, however often it is sent, and plan it once.

fakesnow parses a statement twice, walks it some seventy times and writes it out for DuckDB, which
takes longer than running it. Tests send the same texts with other values, so what becomes of a text
is kept, where it depends on the text alone: not on values, nor on what is current in the session.
And it describes each result by a second statement, where the result itself says what its columns are.
"""

import importlib
import re
import threading

from sqlglot import exp

from fakesnow_types import with_formats, with_types

cursor_module = importlib.import_module("fakesnow.cursor")
server_module = importlib.import_module("fakesnow.server")
Cursor = cursor_module.FakeSnowflakeCursor

MOST_STATEMENTS = 8_192

# Words of what fakesnow translates by values, session, tables or chance; not those in comments.
DEPENDING = re.compile(
    r"\b(DATABASES?|SCHEMA|INFORMATION_SCHEMA|IDENTIFIER|RESULT_SCAN|NEXTVAL|SAMPLE|RANDOM|CLONE)\b|@",
    re.IGNORECASE,
)
COMMENT = re.compile(r"--.*$|/\*.*?\*/", re.MULTILINE)

# Trees that are shared, and so never changed, by their text.
parsed: dict[str, exp.Expression] = {}
# By identity of a shared tree: what DuckDB runs in its place, once that is known.
translated: dict[int, list[exp.Expression] | None] = {}
# By identity of what DuckDB runs: its text. Each of these lives as long as its key, or another
# tree could come to have its identity; so one thread at a time makes them.
written: dict[int, str] = {}
making = threading.Lock()

parse_anew = with_formats(cursor_module.parse_one)
split_anew = Cursor._transform_explode
transform_anew = with_types(Cursor._transform)
write_anew = exp.Expression.sql
execute_anew = Cursor._execute
describe_anew = Cursor._describe_last_sql


def depends_on_its_text_alone(text: str, tree: exp.Expression) -> bool:
    if isinstance(tree, exp.Create):
        known = tree.kind == "VIEW" or (tree.kind == "TABLE" and tree.expression is None)
    else:
        known = isinstance(tree, (exp.Query, exp.Insert, exp.Update, exp.Delete, exp.Merge))
    return known and not DEPENDING.search(COMMENT.sub("", text))


def parse(text: str) -> exp.Expression:
    if (tree := parsed.get(text)) is not None:
        return tree
    tree = parse_anew(text)
    if len(parsed) < MOST_STATEMENTS and depends_on_its_text_alone(text, tree):
        tree = parsed.setdefault(text, tree)
        translated.setdefault(id(tree), None)
    return tree


def split(self, tree: exp.Expression) -> list[exp.Expression]:
    if id(tree) not in translated:
        return split_anew(self, tree)
    with making:
        if (statements := translated[id(tree)]) is None:
            statements = [transform_anew(self, part, None) for part in split_anew(self, tree.copy())]
            texts = [write_anew(statement, dialect="duckdb") for statement in statements]
            translated[id(tree)] = statements
            written.update((id(statement), text) for statement, text in zip(statements, texts, strict=True))
    return statements


def transform(self, statement: exp.Expression, params) -> exp.Expression:
    return statement if id(statement) in written else transform_anew(self, statement, params)


def write(self, dialect=None, **options) -> str:
    if dialect == "duckdb" and not options and id(self) in written:
        return written[id(self)]
    return write_anew(self, dialect, **options)


def execute(self, transformed: exp.Expression, params=None):
    result = execute_anew(self, transformed, params)
    # As DESCRIBE would give them, which plans a statement anew, its bound values included.
    columns = [(name, str(kind), "YES", None, None, None) for name, kind, *_ in self._duck_conn.description]
    self._columns_of = (self._last_sql, columns)
    return result


def describe(self) -> list:
    sql, columns = getattr(self, "_columns_of", (None, []))
    return columns if sql is self._last_sql else describe_anew(self)


def install() -> None:
    cursor_module.parse_one = parse
    server_module.parse_one = parse
    Cursor._transform_explode = split
    Cursor._transform = transform
    Cursor._execute = execute
    Cursor._describe_last_sql = describe
    exp.Expression.sql = write
