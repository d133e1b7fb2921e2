"""Loads all calls and transcripts from Gong's API into DuckDB, as a team would write it with dlt.

    python dlt_pipeline.py raw|normalised|floor URL FOLDER

`raw` keeps each document as one JSON column; `normalised` is dlt's default, with a child row per
sentence, party and so on; `floor` fetches the same pages with the same client and drops them.
The last line of standard output is JSON: calls, transcripts, bytes fetched.
"""

import json
import sys
from base64 import b64encode

import dlt
from dlt.sources.helpers import requests
from dlt.sources.helpers.rest_client import RESTClient
from dlt.sources.helpers.rest_client.paginators import JSONResponseCursorPaginator

KEY, SECRET = "simulator-key", "simulator-secret"
EVERYTHING = {"fromDateTime": "2000-01-01T00:00:00Z", "toDateTime": "2100-01-01T00:00:00Z"}
# What our sync asks for, so that both fetch the same bytes.
SELECTOR = {
    "context": "Extended",
    "contextTiming": ["Now", "TimeOfCall"],
    "exposedFields": {
        "parties": True,
        "content": dict.fromkeys(
            ["structure", "topics", "trackers", "trackerOccurrences", "brief", "outline",
             "highlights", "callOutcome", "keyPoints"], True),
        "interaction": dict.fromkeys(
            ["speakers", "video", "personInteractionStats", "questions"], True),
        "collaboration": {"publicComments": True},
    },
}
fetched = {"calls": 0, "transcripts": 0, "bytes": 0}


def pages(url, path, body, field):
    token = b64encode(f"{KEY}:{SECRET}".encode()).decode()
    client = RESTClient(
        base_url=url,
        headers={"Authorization": f"Basic {token}"},
        paginator=JSONResponseCursorPaginator(
            cursor_path="records.cursor", cursor_body_path="cursor"),
    )

    def count(response, *_, **__):
        fetched["bytes"] += len(response.content)

    name = "calls" if field == "calls" else "transcripts"
    for page in client.paginate(
            path, method="POST", json=body, data_selector=field, hooks={"response": [count]}):
        fetched[name] += len(page)
        yield page


def calls(url):
    yield from pages(
        url, "/v2/calls/extensive", {"filter": EVERYTHING, "contentSelector": SELECTOR}, "calls")


def transcripts(url):
    yield from pages(url, "/v2/calls/transcript", {"filter": EVERYTHING}, "callTranscripts")


def main():
    mode, url, folder = sys.argv[1:]
    if mode == "floor":
        for page in (*calls(url), *transcripts(url)):
            del page
    else:
        nesting = 0 if mode == "raw" else None
        source = [
            dlt.resource(pages, name=name, write_disposition="append", max_table_nesting=nesting)
            for name, pages in (("calls", calls(url)), ("transcripts", transcripts(url)))
        ]
        pipeline = dlt.pipeline(
            "gong", pipelines_dir=f"{folder}/dlt", dataset_name="gong",
            destination=dlt.destinations.duckdb(f"{folder}/loaded.duckdb"))
        pipeline.run(source).raise_on_failed_jobs()
    print(json.dumps(fetched))


if __name__ == "__main__":
    main()
