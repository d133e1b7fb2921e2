"""Asks an MCP server for its tools and calls each; prints what came as JSON.

The settings are one JSON object on stdin: `mode` (`auto` or `legacy`; version 1 of the client
has only the latter), `values` (what arguments may hold, by their names), and either `command`
and `arguments` of a server on stdio, or its `url` and `token`.
"""

import asyncio
import contextlib
import json
import sys

try:
    from mcp import Client, StdioServerParameters
except ImportError:
    Client = None
    from mcp import ClientSession, StdioServerParameters
    from mcp.client.stdio import stdio_client


class Version2:
    """A client of version 2."""

    def __init__(self, client):
        self.client = client

    @classmethod
    @contextlib.asynccontextmanager
    async def connect(cls, settings):
        async with contextlib.AsyncExitStack() as stack:
            if "url" in settings:
                import httpx2
                from mcp.client.streamable_http import streamable_http_client

                headers = {"Authorization": f"Bearer {settings['token']}"}
                http = await stack.enter_async_context(httpx2.AsyncClient(headers=headers))
                server = streamable_http_client(settings["url"], http_client=http)
            else:
                server = StdioServerParameters(
                    command=settings["command"], args=settings["arguments"]
                )
            client = Client(server, mode=settings["mode"], read_timeout_seconds=60)
            yield cls(await stack.enter_async_context(client))

    async def tools(self):
        listed = (await self.client.list_tools()).tools
        return {tool.name: tool.input_schema for tool in listed}

    async def call(self, name, arguments):
        result = await self.client.call_tool(name, arguments)
        return result.is_error, result.structured_content, result.content[0].text


class Version1:
    """A client of version 1."""

    def __init__(self, session):
        self.session = session

    @classmethod
    @contextlib.asynccontextmanager
    async def connect(cls, settings):
        parameters = StdioServerParameters(
            command=settings["command"], args=settings["arguments"]
        )
        async with stdio_client(parameters) as (read, write):
            async with ClientSession(read, write) as session:
                await session.initialize()
                yield cls(session)

    async def tools(self):
        listed = (await self.session.list_tools()).tools
        return {tool.name: tool.inputSchema for tool in listed}

    async def call(self, name, arguments):
        result = await self.session.call_tool(name, arguments)
        return bool(result.isError), result.structuredContent, result.content[0].text


async def answer(client, name, schema, values):
    """Calls a tool, and again as its errors advise, as a model would."""
    arguments = {field: values[field] for field in schema.get("required", [])}
    while True:
        is_error, structured, text = await client.call(name, arguments)
        envelope = json.loads(text)
        error = envelope.get("error", {})
        field = {
            "missing_field": error.get("field"),
            "answer_too_long": "limit",
        }.get(error.get("code"))
        if field is None or field in arguments:
            break
        arguments[field] = values[field]
    if not is_error and structured != envelope:
        raise SystemExit(f"{name}: the structured content is not the text's")
    return {"is_error": is_error, "envelope": envelope}


async def main():
    settings = json.load(sys.stdin)
    version = Version1 if Client is None else Version2
    async with version.connect(settings) as client:
        tools = await client.tools()
        answers = {
            name: await answer(client, name, schema, settings["values"])
            for name, schema in tools.items()
        }
        wrong = await client.call("analyze_call", {"call_id": "no such call"})
    print(json.dumps({"answers": answers, "wrong": {"is_error": wrong[0], "text": wrong[2]}}))


asyncio.run(main())
