"""MERGE refuses what Snowflake refuses: a row that would be updated by several rows of the source, or
updated and deleted (100090, with ERROR_ON_NONDETERMINISTIC_MERGE as it is by default). fakesnow takes any of them.

Several rows of the source without a match are inserted all of them, by both.
"""

import importlib

import sqlglot
from snowflake.connector.errors import ProgrammingError
from sqlglot import exp

merge_module = importlib.import_module("fakesnow.transforms.merge")
transforms = importlib.import_module("fakesnow.transforms")

merge_anew = merge_module.merge


def merge(statement: exp.Expression) -> list[exp.Expression]:
    parts = merge_anew(statement)
    if not isinstance(statement, exp.Merge):
        return parts
    operations = merge_module.operations(statement)
    if not operations["updated"]:
        return parts
    candidates, *others = parts
    target = statement.this
    candidates.expression.append(
        "expressions", sqlglot.parse_one(f"{target.alias or target.name}.rowid AS merge_row")
    )
    matched, updated = (
        ", ".join(map(str, places))
        for places in (operations["updated"] + operations["deleted"], operations["updated"])
    )
    check = sqlglot.parse_one(
        f"""
        SELECT merge_row FROM merge_candidates WHERE merge_op IN ({matched})
        GROUP BY merge_row HAVING COUNT(*) > 1 AND COUNT_IF(merge_op IN ({updated})) > 0 LIMIT 1
        """
    )
    check.set("merge_check", True)
    return [candidates, check, *others]


def with_check(execute):
    def execute_and_check(self, transformed: exp.Expression, params=None) -> None:
        execute(self, transformed, params)
        if transformed.args.get("merge_check") and self._arrow_table.num_rows:
            raise ProgrammingError(
                msg="Duplicate row detected during DML action", errno=100090, sqlstate="42P18"
            )

    return execute_and_check


def install(cursor: type) -> None:
    transforms.merge = merge
    cursor._execute = with_check(cursor._execute)
