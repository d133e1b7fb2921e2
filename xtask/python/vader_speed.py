"""Prints how many sentences per second vaderSentiment 3.3.2 scores on one core.

    python vader_speed.py DATA

DATA holds sentiment/vader_ground_truth.tsv.gz. The median of five passes counts, as in
crates/cortex/examples/quality/sentiment.rs, which is measured in the same run.
"""

import gzip
import pathlib
import statistics
import sys
import time

from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

path = pathlib.Path(sys.argv[1]) / "sentiment/vader_ground_truth.tsv.gz"
with gzip.open(path, "rt", encoding="utf-8", newline="\n") as rows:
    next(rows)
    texts = [row.rstrip("\n").split("\t", 7)[7] for row in rows]
analyzer = SentimentIntensityAnalyzer()
speeds = []
for _ in range(5):
    started = time.perf_counter()
    for text in texts:
        analyzer.polarity_scores(text)
    speeds.append(len(texts) / (time.perf_counter() - started))
print(statistics.median(speeds))
