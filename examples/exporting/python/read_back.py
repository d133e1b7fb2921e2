"""Reads an exported folder with DuckDB and with Polars, each table by one glob.

Prints one JSON object: what each of them found. The test compares.
"""

import json
import sys
from pathlib import Path

import duckdb
import polars

TABLES = sys.argv[2:]


def by_duckdb(folder):
    found = {}
    for table in TABLES:
        files = f"{folder}/{table}/**/*.parquet"
        rows = duckdb.sql(f"SELECT COUNT(*) FROM '{files}'").fetchall()[0][0]
        found[table] = rows
    calls = f"{folder}/calls/**/*.parquet"
    sentences = f"{folder}/sentences/**/*.parquet"
    found["months"] = [
        list(row)
        for row in duckdb.sql(
            f"""SELECT c.month, COUNT(*), MIN(strftime(c.call_datetime_utc AT TIME ZONE 'UTC', '%Y-%m'))
            FROM read_parquet('{calls}', hive_partitioning = true, hive_types_autocast = false) AS c
            JOIN '{sentences}' AS s USING (call_id)
            GROUP BY 1 ORDER BY 1"""
        ).fetchall()
    ]
    found["amounts"] = [
        str(row[0]) for row in duckdb.sql(f"SELECT amount FROM '{folder}/deals/data.parquet' ORDER BY 1").fetchall()
    ]
    return found


def by_polars(folder):
    found = {}
    for table in TABLES:
        files = f"{folder}/{table}/**/*.parquet"
        found[table] = polars.scan_parquet(files).select(polars.len()).collect().item()
    calls = polars.scan_parquet(f"{folder}/calls/**/*.parquet", hive_partitioning=True, try_parse_hive_dates=False)
    sentences = polars.scan_parquet(f"{folder}/sentences/**/*.parquet", hive_partitioning=False)
    months = (
        calls.join(sentences, on="call_id")
        .group_by("month")
        .agg(polars.len(), polars.col("call_datetime_utc").min().dt.strftime("%Y-%m").alias("first"))
        .sort("month")
        .collect()
    )
    found["months"] = [list(row) for row in months.rows()]
    amounts = polars.read_parquet(f"{folder}/deals/data.parquet")["amount"].sort()
    found["amounts"] = [str(amount) for amount in amounts]
    return found


folder = Path(sys.argv[1])
print(json.dumps({"duckdb": by_duckdb(folder), "polars": by_polars(folder)}))
