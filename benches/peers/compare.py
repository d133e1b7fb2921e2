"""Our sync beside the peers that install without an account, on the same simulated Gong.

    python compare.py SIMULATOR INGEST CALLS SENTENCES ROUNDS

SIMULATOR and INGEST are the built examples `gong_simulator` and `ingest`. Every contestant is a
process of its own, so its CPU time and peak memory are its own, and rounds take turns. Figures
are medians; the ratios at the end are what to compare between machines.
"""

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).parent
ENVIRONMENT = {
    **os.environ,
    "RUNTIME__DLTHUB_TELEMETRY": "false",
    "RUNTIME__LOG_LEVEL": "ERROR",
    "GONG_ACCESS_KEY": "simulator-key",
    "GONG_ACCESS_KEY_SECRET": "simulator-secret",
    "GONG_REQUESTS_PER_SECOND": "0",
    "GONG_DAILY_REQUESTS": "0",
}


def run(command, folder):
    """Wall seconds, CPU seconds, peak MB and the last line of output of one process."""
    started = time.monotonic()
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(
            command, stdout=output, stderr=subprocess.DEVNULL, env=ENVIRONMENT, cwd=folder)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.monotonic() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        lines = output.read().decode().strip().splitlines()
    if process.returncode != 0:
        sys.exit(f"{command[:3]} ended with {process.returncode}: {lines[-5:]}")
    return {
        "seconds": seconds,
        "cpu": usage.ru_utime + usage.ru_stime,
        "peak_mb": usage.ru_maxrss / 1024,
        "said": json.loads(lines[-1]),
    }


def stored(folder, names):
    """Bytes of the database that is left, logs and work folders apart."""
    return sum(path.stat().st_size for name in names for path in folder.glob(name))


def contestants(url, ingest):
    pipeline = [sys.executable, str(HERE / "dlt_pipeline.py")]
    yield "dlt, fetch only", [*pipeline, "floor", url, "."], []
    yield "dlt, raw", [*pipeline, "raw", url, "."], ["loaded.duckdb*"]
    yield "dlt, normalised", [*pipeline, "normalised", url, "."], ["loaded.duckdb*"]
    yield "this project", [
        ingest, "--mode", "full", "--store", "sqlite:calls.db", "--gong-url", url,
    ], ["calls.db*"]


def main():
    simulator, ingest, calls, sentences, rounds = sys.argv[1:]
    results = {}
    for _ in range(int(rounds)):
        with subprocess.Popen(
                [simulator, "--bulk", calls, "--sentences", sentences],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE) as server:
            url = json.loads(server.stdout.readline())["url"]
            for name, command, files in contestants(url, ingest):
                folder = Path(tempfile.mkdtemp(prefix="peers-"))
                figures = run(command, folder)
                figures["stored"] = stored(folder, files)
                results.setdefault(name, []).append(figures)
                shutil.rmtree(folder)
            server.stdin.close()
    show(results, int(calls))


def show(results, calls):
    fetched = results["dlt, fetch only"][0]["said"]
    for name, runs in results.items():
        said = runs[0]["said"]
        landed = said.get("calls_inserted", said.get("calls"))
        if landed != calls:
            sys.exit(f"{name} landed {landed} of {calls} calls")
    median = {
        name: {key: statistics.median(run[key] for run in runs)
               for key in ("seconds", "cpu", "peak_mb", "stored")}
        for name, runs in results.items()
    }
    print(f"{calls} calls, {fetched['bytes'] / 1e6:.0f} MB of JSON")
    print(f"{'':18} {'calls/s':>9} {'CPU s/1,000':>12} {'peak MB':>8} {'stored/fetched':>15}")
    for name, it in median.items():
        print(f"{name:18} {calls / it['seconds']:>9.0f} {it['cpu'] / calls * 1000:>12.2f} "
              f"{it['peak_mb']:>8.0f} {it['stored'] / fetched['bytes']:>15.2f}")
    ours = median["this project"]
    for name in ("dlt, raw", "dlt, normalised"):
        peer = median[name]
        print(f"{name} takes {peer['seconds'] / ours['seconds']:.1f} times as long, "
              f"{peer['cpu'] / ours['cpu']:.1f} times the CPU, "
              f"{peer['peak_mb'] / ours['peak_mb']:.1f} times the memory")
    print(json.dumps(median))


if __name__ == "__main__":
    main()
