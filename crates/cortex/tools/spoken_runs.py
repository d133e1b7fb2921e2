"""Writes data/spoken_runs.tsv: how much each run of words speaks for a question, and
how much for a promise, in speech without punctuation.

    venv/bin/pip install scikit-learn==1.9.1
    venv/bin/python tools/spoken_runs.py DATA data

DATA is a folder with

- dialogue_acts/icsi_mrda.jsonl.gz: ICSI meetings with MRDA dialogue acts (CC BY 4.0,
  Shriberg et al. 2004). An utterance may hold two acts, joined by `|`; it asks when one
  of them begins with q, and promises when one carries ^cc. What follows a `:` is quoted
- meetings/qmsum.jsonl.gz: QMSum (MIT); sentences of its other meetings, where a
  question mark is a question

Only the tuning part is read: meetings whose id's FNV-1a hash leaves a remainder other
than 0 when divided by 3 (`Part` in examples/quality). The rest is for reporting.

A sentence is a set of runs: of one to three words, and of two to four word classes
(data/word_classes.txt), the latter with `#` before them. Both models are logistic
regressions with an L2 penalty over runs of many meetings, which keeps names and
subjects out. The runs with most influence are kept and fitted again.

The first line holds the intercepts, moved so that a score of 0.5 is where F1 is best in
cross-validation by meeting. For promises the evidence stands beside what the phrase
tables say, which is not part of the fit; weight and threshold are in commitments.rs.
"""

import collections
import gzip
import json
import pathlib
import re
import sys

import numpy
import scipy.sparse
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score
from sklearn.model_selection import GroupKFold

WORD = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)*")
ANNOTATION = re.compile(r"\{[a-z]+\}|\[[a-z]+\]")
# As is_sound in src/local/text/stop_words.rs, without "huh", which asks.
SOUNDS = set("ah aha er erm hm hmm mhm mm mmhmm mmm uh uhhuh uhuh um uhm umm".split())
LONGEST_STUTTER = 3
LONGEST_RUN = 3
LONGEST_CLASS_RUN = 4
KINDS = {"question": dict(meetings=12, rows=3000), "promise": dict(meetings=10, rows=1000)}
PENALTY = 0.1


def is_for_tuning(meeting):
    state = 0xCBF29CE484222325
    for byte in meeting.encode():
        state = ((state ^ byte) * 0x100000001B3) % 2**64
    return state % 3 != 0


def read(text):
    """Words as src/local/acts.rs reads them."""
    tokens = (token for token in text.split() if not token.rstrip(",.").endswith("-"))
    words = []
    for word in WORD.findall(" ".join(tokens).lower().replace("\u2019", "'")):
        if word in SOUNDS:
            continue
        words.append(word)
        for length in range(LONGEST_STUTTER, 0, -1):
            if words[-length:] == words[-2 * length : -length]:
                del words[-length:]
    return ["^", *words, "$"]


def runs(words, classes):
    found = set()
    for shortest, longest, mark, units in (
        (1, LONGEST_RUN, "", words),
        (2, LONGEST_CLASS_RUN, "#", [classes.get(word, "_") for word in words]),
    ):
        for length in range(shortest, longest + 1):
            for start in range(len(units) - length + 1):
                found.add(mark + " ".join(units[start : start + length]))
    return found


def sentences(data):
    with gzip.open(data / "dialogue_acts/icsi_mrda.jsonl.gz", "rt", encoding="utf-8") as lines:
        for meeting in map(json.loads, lines):
            for sentence in meeting["sentences"]:
                tag = sentence["da"]
                if tag not in ("", "z"):
                    asks = any(act.startswith("q") for act in tag.split("|"))
                    yield meeting["meetingId"], sentence["text"], asks, "^cc" in tag
    with gzip.open(data / "meetings/qmsum.jsonl.gz", "rt", encoding="utf-8") as lines:
        for meeting in map(json.loads, lines):
            if meeting["id"].startswith("B"):
                continue  # ICSI again
            for turn in meeting["meeting_transcripts"]:
                text = ANNOTATION.sub(" ", turn["content"])
                for sentence in re.split(r"(?<=[.?!])\s+", text):
                    yield meeting["id"], sentence, "?" in sentence, None


class Corpus:
    def __init__(self, rows, classes):
        self.meetings = numpy.array([row[0] for row in rows])
        self.runs = [runs(row[1], classes) for row in rows]
        self.labels = numpy.array([row[2] for row in rows], dtype=bool)

    def vocabulary(self, fewest):
        held_by = collections.defaultdict(set)
        for meeting, found in zip(self.meetings, self.runs):
            for run in found:
                held_by[run].add(meeting)
        return sorted(run for run, among in held_by.items() if len(among) >= fewest)

    def matrix(self, vocabulary):
        places = {run: place for place, run in enumerate(vocabulary)}
        held = [[places[run] for run in found if run in places] for found in self.runs]
        ends = numpy.cumsum([0] + [len(row) for row in held])
        flat = numpy.concatenate([numpy.array(row, dtype=int) for row in held])
        ones = numpy.ones(len(flat), dtype=numpy.float32)
        return scipy.sparse.csr_matrix((ones, flat, ends), shape=(len(held), len(vocabulary)))


def fitted(matrix, labels):
    return LogisticRegression(C=PENALTY, max_iter=300).fit(matrix, labels)


def best_threshold(labels, scores):
    order = numpy.argsort(-scores)
    hits = numpy.cumsum(labels[order])
    f1 = 2 * hits / (numpy.arange(1, len(labels) + 1) + labels.sum())
    return f1.max(), scores[order][f1.argmax()]


def learn(corpus, meetings, rows, tested):
    vocabulary = corpus.vocabulary(meetings)
    matrix = corpus.matrix(vocabulary)
    coefficients = fitted(matrix, corpus.labels).coef_[0]
    influence = abs(coefficients) * numpy.sqrt(numpy.asarray(matrix.sum(0)).ravel())
    kept = numpy.sort(numpy.argsort(-influence)[:rows])
    matrix = matrix[:, kept]
    scores = numpy.zeros(len(corpus.labels))
    for train, test in GroupKFold(5).split(matrix, groups=corpus.meetings):
        scores[test] = fitted(matrix[train], corpus.labels[train]).decision_function(matrix[test])
    f1, threshold = best_threshold(corpus.labels[tested], scores[tested])
    precision = average_precision_score(corpus.labels[tested], scores[tested])
    print(f"{len(kept)} rows, cross-validated F1 {f1:.3f}, average precision {precision:.3f}")
    model = fitted(matrix, corpus.labels)
    weights = {vocabulary[at]: weight for at, weight in zip(kept, model.coef_[0])}
    return model.intercept_[0], threshold, weights


def main(data, target):
    classes = {
        word: line[0]
        for line in (target / "word_classes.txt").read_text(encoding="utf-8").splitlines()
        if not line.startswith("#")
        for word in line[2:].split()
    } | {"^": "^", "$": "$"}
    rows = [(meeting, read(text), *labels) for meeting, text, *labels in sentences(data)]
    rows = [row for row in rows if is_for_tuning(row[0])]
    asking = Corpus([row[:3] for row in rows if row[3] is not None or len(row[1]) > 2], classes)
    promising = Corpus([(row[0], row[1], row[3]) for row in rows if row[3] is not None], classes)
    is_icsi = numpy.array([meeting.startswith("B") for meeting in asking.meetings])
    everywhere = numpy.ones(len(promising.labels), dtype=bool)
    question = learn(asking, **KINDS["question"], tested=is_icsi)
    promise = learn(promising, **KINDS["promise"], tested=everywhere)
    with open(target / "spoken_runs.tsv", "w", encoding="utf-8") as out:
        # The promises' threshold is set in commitments.rs, where the phrases count too.
        out.write(f"\t{question[0] - question[1]:.2f}\t{promise[0]:.2f}\n")
        for run in sorted(question[2].keys() | promise[2].keys()):
            out.write(f"{run}\t{question[2].get(run, 0):.2f}\t{promise[2].get(run, 0):.2f}\n")


main(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]))
