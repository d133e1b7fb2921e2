"""An engine for each database of an account, and copies of databases.

In one engine for all, every statement takes longer with every database, so each has its own; those
not used for long are closed. Tests ask for a database as an earlier one made it, because a copy
takes a fiftieth of what the statements that made it took:

- `POST /copies/NAME?account=A&database=D` keeps a copy of a database that nobody writes to now.
- `POST /copies/NAME/restored?account=A&database=D` makes a database of a new account from a copy
  of one of the same name, or answers 404 when there is none.
"""

import importlib
import itertools
import tempfile
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path

import pyarrow
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

FakeSnow = importlib.import_module("fakesnow.instance").FakeSnow

# By account and database, the latest used last.
engines: OrderedDict[tuple[str, str], FakeSnow] = OrderedDict()
MOST_ENGINES = 24

# Comments and lengths of texts, which fakesnow notes outside the databases.
NOTES = [f"_fs_global._fs_information_schema.{table}" for table in ("_fs_tables_ext", "_fs_columns_ext")]


@dataclass
class Copy:
    path: Path
    notes: list[pyarrow.Table]


copies: dict[str, Copy] = {}
folder = tempfile.TemporaryDirectory(prefix="fakesnow-copies-")
numbers = itertools.count()


def new_engine() -> FakeSnow:
    engine = FakeSnow()
    # Tables are small, and several tests run at once.
    engine.duck_conn.execute("SET GLOBAL threads = 1")
    return engine


def keep(key: tuple[str, str], engine: FakeSnow) -> FakeSnow:
    engines[key] = engine
    while len(engines) > MOST_ENGINES:
        _, unused = engines.popitem(last=False)
        unused.duck_conn.close()
    return engine


def engine_for(account: str, database: str) -> FakeSnow:
    key = (account.upper(), database.upper())
    return keep(key, engines.pop(key, None) or new_engine())


def take_copy(engine: FakeSnow, database: str) -> Copy:
    path = Path(folder.name) / f"{next(numbers)}.db"
    with engine.duck_conn.cursor() as connection:
        connection.execute(f"ATTACH '{path}' AS kept")
        connection.execute(f'COPY FROM DATABASE "{database}" TO kept')
        connection.execute("DETACH kept")
        notes = [connection.execute(f"SELECT * FROM {table}").to_arrow_table() for table in NOTES]
    return Copy(path, notes)


def made_from(copy: Copy, database: str) -> FakeSnow:
    engine = new_engine()
    connection = engine.duck_conn
    connection.execute(f"ATTACH '{copy.path}' AS kept (READ_ONLY)")
    connection.execute(f"ATTACH ':memory:' AS \"{database}\"")
    connection.execute(f'COPY FROM DATABASE kept TO "{database}"')
    connection.execute("DETACH kept")
    for table, rows in zip(NOTES, copy.notes, strict=True):
        connection.register("rows_of_copy", rows)
        connection.execute(f"INSERT INTO {table} SELECT * FROM rows_of_copy")
        connection.unregister("rows_of_copy")
    return engine


def named(request: Request) -> tuple[str, tuple[str, str]]:
    parameters = request.query_params
    return request.path_params["name"], (parameters["account"].upper(), parameters["database"].upper())


async def copy(request: Request) -> Response:
    name, key = named(request)
    if key not in engines:
        return Response(status_code=404)
    copies[name] = await run_in_threadpool(take_copy, engines[key], key[1])
    return Response(status_code=204)


async def restore(request: Request) -> Response:
    name, key = named(request)
    if name not in copies:
        return Response(status_code=404)
    keep(key, await run_in_threadpool(made_from, copies[name], key[1]))
    return Response(status_code=204)


routes = [
    Route("/copies/{name}", copy, methods=["POST"]),
    Route("/copies/{name}/restored", restore, methods=["POST"]),
]
