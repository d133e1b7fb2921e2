"""Writes data/question_cues.tsv: how much each run of one to three words speaks for a
question in speech without punctuation.

    venv/bin/pip install scikit-learn
    venv/bin/python tools/question_cues.py DATA data/question_cues.tsv

DATA is a folder with

- dialogue_acts/icsi_mrda.jsonl.gz: ICSI meetings with MRDA dialogue acts (CC BY 4.0,
  Shriberg et al. 2004); a tag that begins with q is a question
- meetings/qmsum.jsonl.gz: QMSum (MIT); sentences of its other meetings, where a
  question mark is a question

The model is a logistic regression with an L1 penalty over runs that at least fifteen
meetings use, which keeps names and subjects out. Cross-validated by meeting on MRDA it
finds questions with F1 0.59 (average precision 0.60); auxiliary and question-word rules
reach 0.51 (0.44). The first line holds the intercept, moved so that a score of 0.5 is
where F1 is best.
"""

import collections
import gzip
import json
import math
import pathlib
import re
import sys

import numpy
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression

WORD = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)*")
ANNOTATION = re.compile(r"\{[a-z]+\}|\[[a-z]+\]")
# As is_sound in src/local/text/stop_words.rs, without "huh", which asks.
SOUNDS = set("ah aha er erm hm hmm mhm mm mmhmm mmm uh uhhuh uhuh um uhm umm".split())
FEWEST_MEETINGS = 15
BEST_PROBABILITY = 0.28


def read(text):
    words = (word.replace("\u2019", "'") for word in WORD.findall(text.lower()))
    return ["^", *(word for word in words if word not in SOUNDS), "$"]


def sentences(data):
    with gzip.open(data / "dialogue_acts/icsi_mrda.jsonl.gz", "rt", encoding="utf-8") as lines:
        for meeting in map(json.loads, lines):
            for sentence in meeting["sentences"]:
                if sentence["da"] not in ("", "z"):
                    yield meeting["meetingId"], sentence["text"], sentence["da"].startswith("q")
    with gzip.open(data / "meetings/qmsum.jsonl.gz", "rt", encoding="utf-8") as lines:
        for meeting in map(json.loads, lines):
            if meeting["id"].startswith("B"):
                continue  # ICSI again
            for turn in meeting["meeting_transcripts"]:
                text = ANNOTATION.sub(" ", turn["content"])
                for sentence in re.split(r"(?<=[.?!])\s+", text):
                    yield meeting["id"], sentence, "?" in sentence


def main(data, target):
    meetings, texts, questions = [], [], []
    held_by = collections.defaultdict(set)
    for meeting, text, is_question in sentences(data):
        words = read(text)
        if len(words) < 3:
            continue
        meetings.append(meeting)
        texts.append(words)
        questions.append(is_question)
        for length in (1, 2, 3):
            for start in range(len(words) - length + 1):
                held_by[" ".join(words[start : start + length])].add(meeting)
    vocabulary = sorted(run for run, among in held_by.items() if len(among) >= FEWEST_MEETINGS)
    counter = CountVectorizer(
        analyzer=lambda words: (
            " ".join(words[start : start + length])
            for length in (1, 2, 3)
            for start in range(len(words) - length + 1)
        ),
        vocabulary=vocabulary,
        binary=True,
    )
    model = LogisticRegression(C=0.1, penalty="l1", solver="liblinear", random_state=0)
    model.fit(counter.transform(texts), numpy.array(questions))
    intercept = model.intercept_[0] - math.log(BEST_PROBABILITY / (1 - BEST_PROBABILITY))
    with open(target, "w", encoding="utf-8") as out:
        out.write(f"\t{intercept:.2f}\n")
        for run, weight in zip(vocabulary, model.coef_[0]):
            if abs(weight) >= 0.05:
                out.write(f"{run}\t{weight:.2f}\n")


main(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]))
