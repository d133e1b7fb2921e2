"""fakesnow behind replies that fit every client, on loopback until stdin closes.

Prints `http://127.0.0.1:PORT` as its first line. What is added to fakesnow's replies:

- Logins answer with the fields that Snowflake sends and fakesnow leaves out.
- A client that does not say who it is gets rows as JSON, as from Snowflake;
  fakesnow knows Arrow only, which Python's connector keeps getting.
- Errors carry a query id, and what fakesnow cannot do is an SQL error
  (code 000002) in place of an HTTP 500, which clients would take for an outage.
- Statements about the session alone, which DuckDB has no counterpart for
  (`ALTER SESSION`), succeed without effect.

And what is changed in fakesnow itself:

- MERGE works within a transaction: fakesnow notes each table it makes in a database
  of its own, also the temporary one that a MERGE goes by, and DuckDB writes one
  database a transaction.
- Each database of an account that a login names is an engine of its own, see fakesnow_engines.py.
- INDEX of FLATTEN is the place in the array. fakesnow numbers rows as they come out,
  which within a nested FLATTEN is any order. What is neither array nor object has no rows.
- PARSE_JSON of a bound value refuses what Snowflake refuses, see fakesnow_json.py.
- The functions that look at the type of a VARIANT, which fakesnow lacks.
- VECTOR with the cosine of two of them, and AUTO for a format, see fakesnow_types.py.
- MERGE refuses duplicate keys, see fakesnow_merge.py.

Beyond that, what a statement means is fakesnow's affair.
"""

import asyncio
import base64
import datetime
import decimal
import gzip
import importlib
import json
import logging
import socket
import string
import sys
import threading
import uuid

import pyarrow.ipc
import uvicorn
import uvloop
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

import fakesnow_engines
import fakesnow_json
import fakesnow_memory
import fakesnow_merge

# `from fakesnow import server` would be a function of that name.
fakesnow_server = importlib.import_module("fakesnow.server")

fakesnow_notes = importlib.import_module("fakesnow.info_schema")

# fakesnow's login reads its engine from a global, with a pause in between.
login_lock = asyncio.Lock()

# Tokens of sessions whose client said who it is, and understands Arrow.
arrow_tokens: set[str] = set()


def body_of(raw: bytes, request: Request) -> dict:
    if request.headers.get("Content-Encoding") == "gzip":
        raw = gzip.decompress(raw)
    return json.loads(raw)


async def replay(request: Request) -> Request:
    """A request whose body can be read again."""
    return with_raw_body(request.scope, await request.body())


def with_body(request: Request, body: dict) -> Request:
    """The request with another body."""
    scope = dict(request.scope)
    scope["headers"] = [h for h in scope["headers"] if h[0].lower() != b"content-encoding"]
    return with_raw_body(scope, json.dumps(body).encode())


def with_raw_body(scope, raw: bytes) -> Request:
    async def receive():
        return {"type": "http.request", "body": raw, "more_body": False}

    return Request(scope, receive)


async def login(request: Request) -> JSONResponse:
    request = await replay(request)
    data = body_of(await request.body(), request)["data"]
    data.setdefault("SESSION_PARAMETERS", {})
    request = with_body(request, {"data": data})
    async with login_lock:
        fakesnow_server.shared_fs = fakesnow_engines.engine_for(
            data.get("ACCOUNT_NAME") or "", request.query_params.get("databaseName") or ""
        )
        reply = await fakesnow_server.login_request(request)
    content = json.loads(reply.body)
    token = content["data"]["token"]
    if data.get("CLIENT_APP_ID"):
        arrow_tokens.add(token)
    content["data"].update(
        masterToken=f"master-{token}",
        validityInSeconds=3600,
        masterValidityInSeconds=14400,
        sessionId=abs(hash(token)) % 10**12,
        displayUserName=data.get("LOGIN_NAME", ""),
        firstLogin=False,
        remMeToken=None,
        healthCheckInterval=45,
        newClientForUpgrade=None,
        idToken=None,
        mfaToken=None,
    )
    content["data"]["sessionInfo"].setdefault("warehouseName", None)
    content["data"]["sessionInfo"].setdefault("roleName", None)
    content.setdefault("code", None)
    content.setdefault("message", None)
    return JSONResponse(content)


async def query(request: Request) -> JSONResponse:
    request = await replay(request)
    body = body_of(await request.body(), request)
    text = body.get("sqlText", "")
    if text.lstrip().upper().startswith("ALTER SESSION"):
        return JSONResponse(statement_executed())
    try:
        is_changed = fakesnow_json.settle(text, body.get("bindings") or {})
    except fakesnow_json.Refused as refused:
        return JSONResponse(with_query_id(refused.content(), 200))
    if is_changed:
        request = with_body(request, body)
    reply = await fakesnow_server.query_request(request)
    content = json.loads(reply.body)
    if not content["success"]:
        return JSONResponse(with_query_id(content, reply.status_code))
    authorization = request.headers.get("Authorization", "")
    data = content["data"]
    if data.get("queryResultFormat") == "arrow" and authorization[17:-1] not in arrow_tokens:
        data["rowset"] = json_rows(data.pop("rowsetBase64"), data["rowtype"])
        data["queryResultFormat"] = "json"
    if "rowtype" in data:
        data["returned"] = data["total"]
        for column in data["rowtype"]:
            column.setdefault("byteLength", None)
    return JSONResponse(content)


def statement_executed() -> dict:
    column = {
        "name": "status", "database": "", "schema": "", "table": "", "type": "text", "nullable": True,
        "length": 100, "byteLength": 100, "precision": None, "scale": None, "collation": None,
    }
    return {
        "data": {
            "parameters": [],
            "rowtype": [column],
            "rowset": [["Statement executed successfully."]],
            "total": 1,
            "returned": 1,
            "queryId": str(uuid.uuid4()),
            "queryResultFormat": "json",
        },
        "code": None,
        "message": None,
        "success": True,
    }


def with_query_id(content: dict, status: int) -> dict:
    code = content.get("code") or "000002"
    # A session that is not known is no fault of the statement.
    if status == 401:
        code = "390104"
    elif status >= 500:
        code = "000002"
        content["message"] = f"the stand-in cannot do this: {content.get('message')}"
    data = content.get("data") or {}
    data.update(errorCode=code, internalError=False, age=0, queryId=str(uuid.uuid4()))
    data.setdefault("sqlState", "0A000")
    return {**content, "code": code, "data": data}


def json_rows(encoded: str, rowtype: list[dict]) -> list[list[str | None]]:
    if not encoded:
        return []
    table = pyarrow.ipc.open_stream(base64.b64decode(encoded)).read_all()
    columns = [
        [cell(value, kind) for value in column.to_pylist()]
        for column, kind in zip(table.columns, rowtype, strict=True)
    ]
    return [list(row) for row in zip(*columns, strict=True)]


def cell(value, kind: dict) -> str | None:
    """A value in the spelling of Snowflake's JSON rows."""
    if value is None:
        return None
    if isinstance(value, dict) and "epoch" in value:
        # fakesnow makes a struct of nulls of a null instant.
        if value["epoch"] is None:
            return None
        instant = f"{value['epoch']}.{value['fraction']:09d}"
        return f"{instant} {value['timezone']}" if "timezone" in value else instant
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, datetime.date) and not isinstance(value, datetime.datetime):
        return str((value - datetime.date(1970, 1, 1)).days)
    if kind["type"] == "time":
        return f"{value // 10**9}.{value % 10**9:09d}"
    if isinstance(value, (bytes, bytearray)):
        return value.hex().upper()
    if isinstance(value, decimal.Decimal):
        return format(value, "f")
    return value if isinstance(value, str) else str(value)


def without_notes_of_merges(make_sql):
    def sql(catalog: str, schema: str, table: str, noted) -> str:
        if table.lower() == "merge_candidates":
            return "SELECT 1"
        return make_sql(catalog, schema, table, noted)

    return sql


for noting in ("insert_table_comment_sql", "insert_text_lengths_sql"):
    setattr(fakesnow_notes, noting, without_notes_of_merges(getattr(fakesnow_notes, noting)))


fakesnow_memory.install()
fakesnow_merge.install(fakesnow_memory.Cursor)

fakesnow_macros = importlib.import_module("fakesnow.macros")
fakesnow_macros.FS_FLATTEN = string.Template(
    """
CREATE OR REPLACE MACRO ${catalog}._fs_flatten(input) AS TABLE
    SELECT
        hash(TO_JSON(input))::UBIGINT AS SEQ,
        e.k AS KEY,
        COALESCE(e.k, '[' || e.i || ']') AS PATH,
        CASE WHEN e.k IS NOT NULL THEN NULL ELSE e.i::BIGINT END AS INDEX,
        e.v AS VALUE,
        TO_JSON(input) AS THIS
    FROM (
        SELECT UNNEST(
            CASE WHEN json_type(TO_JSON(input)) = 'OBJECT'
                 THEN list_transform(
                    json_keys(TO_JSON(input)),
                    lambda x, i: struct_pack(i := i - 1, k := x, v := CAST(TO_JSON(input) -> x AS JSON))
                 )
                 WHEN json_type(TO_JSON(input)) = 'ARRAY'
                 THEN list_transform(
                    CAST(TO_JSON(input) AS JSON[]),
                    lambda x, i: struct_pack(i := i - 1, k := NULL::VARCHAR, v := x)
                 )
            END, recursive := true
        )
    ) AS e(i, k, v)
    """
    + fakesnow_json.MACROS
    # What DuckDB does not say of itself.
    + """;
CREATE OR REPLACE MACRO ${catalog}.current_region() AS 'AWS_US_WEST_2';
CREATE OR REPLACE MACRO ${catalog}.current_warehouse() AS 'DUCK_WH'
"""
)


def app() -> Starlette:
    ours = [
        Route("/session/v1/login-request", login, methods=["POST"]),
        Route("/queries/v1/query-request", query, methods=["POST"]),
        *fakesnow_engines.routes,
    ]
    paths = {route.path for route in ours}
    theirs = [route for route in fakesnow_server.routes if route.path not in paths]
    return Starlette(routes=ours + theirs)


def main() -> None:
    # It logs whole statements.
    logging.getLogger("fakesnow.server").setLevel(logging.CRITICAL)
    # It warns of every clustering key and comment, which DuckDB has no use for.
    logging.getLogger("sqlglot").setLevel(logging.ERROR)
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listening.bind(("127.0.0.1", 0))
    # Whoever reads the address may come at once.
    listening.listen()
    server = uvicorn.Server(uvicorn.Config(app(), log_level="error", access_log=False))

    def end_with_stdin() -> None:
        sys.stdin.read()
        server.should_exit = True

    threading.Thread(target=end_with_stdin, daemon=True).start()
    print(f"http://127.0.0.1:{listening.getsockname()[1]}", flush=True)
    uvloop.run(server.serve(sockets=[listening]))


if __name__ == "__main__":
    main()
