"""Types and formats of Snowflake that fakesnow lacks.

- `VECTOR(FLOAT, n)` is DuckDB's array of n floats, and a JSON array can be cast to it, as in
  Snowflake. sqlglot reads VECTOR_COSINE_SIMILARITY as a distance, which it is not: nearer is more.
- `'AUTO'` for the format of an instant is what a cast does, whatever the session's parameters say.
"""

from sqlglot import exp


def as_cast(node: exp.Expression) -> exp.Expression:
    if isinstance(node, exp.StrToTime) and node.text("format") == "AUTO":
        return exp.Cast(this=node.this, to=node.args["target_type"])
    return node


def as_array(node: exp.Expression) -> exp.Expression:
    if isinstance(node, exp.DataType) and node.this == exp.DataType.Type.VECTOR:
        _, length = node.expressions
        return exp.DataType.build(f"FLOAT[{length.this}]", dialect="duckdb")
    return node


def as_similarity(node: exp.Expression) -> exp.Expression:
    if isinstance(node, exp.CosineDistance):
        similarity = exp.Anonymous(this="ARRAY_COSINE_SIMILARITY", expressions=[node.this, node.expression])
        # Columns of single precision are unknown to fakesnow, as to Snowflake.
        return exp.cast(similarity, "DOUBLE", dialect="duckdb")
    return node


def with_formats(parse):
    """fakesnow's own parser: what becomes of a statement afterwards takes a format for one."""
    return lambda text: parse(text).transform(as_cast)


def with_types(transform):
    """fakesnow's own translation, with these behind it: it takes arrays for JSON."""

    # What replaces a node is not looked into, so types come before the functions around them.
    def translate(self, statement: exp.Expression, params) -> exp.Expression:
        return transform(self, statement, params).transform(as_array).transform(as_similarity)

    return translate
