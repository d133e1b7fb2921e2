"""Writes data/document_frequencies.tsv: in how many texts each stem occurs.

    venv/bin/pip install PyStemmer vaderSentiment==3.3.2
    venv/bin/python tools/general_idf.py DATA data/document_frequencies.tsv

DATA is a folder with

- meetings/qmsum.jsonl.gz: QMSum (MIT), one text a turn
- sentiment/vader_ground_truth.tsv.gz: VADER's rated sentences (MIT), one text a row
- intents/banking77-train.csv: BANKING77 (CC BY 4.0, PolyAI), one text a row

Only counts leave those sets. Words are cut as src/local/text/words.rs cuts them and
stemmed with Snowball English. Stems of fewer than three texts are left out: the
encoder gives unknown stems the weight of a stem seen once. Words with digits are left
out as well.
"""

import collections
import csv
import gzip
import json
import pathlib
import re
import sys

import Stemmer

WORD = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)*")
ANNOTATION = re.compile(r"\{[a-z]+\}|\[[a-z]+\]")
data, target = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])


def texts():
    with gzip.open(data / "meetings/qmsum.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            for turn in json.loads(line)["meeting_transcripts"]:
                yield ANNOTATION.sub(" ", turn["content"])
    with gzip.open(data / "sentiment/vader_ground_truth.tsv.gz", "rt", encoding="utf-8") as rows:
        next(rows)
        for row in rows:
            yield row.rstrip("\n").split("\t")[-1]
    with open(data / "intents/banking77-train.csv", encoding="utf-8", newline="") as rows:
        for row in csv.DictReader(rows):
            yield row["text"]


stemmer = Stemmer.Stemmer("english")
frequencies = collections.Counter()
documents = 0
for text in texts():
    documents += 1
    words = {word.replace("\u2019", "'") for word in WORD.findall(text.lower())}
    frequencies.update(
        {stemmer.stemWord(word) for word in words if not any(c.isdigit() for c in word)}
    )
with open(target, "w", encoding="utf-8") as out:
    out.write(f"\t{documents}\n")
    for stem, count in sorted(frequencies.items()):
        if count >= 3:
            out.write(f"{stem}\t{count}\n")
