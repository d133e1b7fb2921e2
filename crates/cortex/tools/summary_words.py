"""Writes data/summary_words.tsv: how likely people's summaries hold a word.

    venv/bin/pip install PyStemmer scikit-learn==1.9.1
    venv/bin/python tools/summary_words.py DATA data

DATA is a folder with meetings/qmsum.jsonl.gz: QMSum (MIT), meetings with a summary of
the whole. Only the tuning part is read: meetings whose id's FNV-1a hash leaves a
remainder other than 0 when divided by 3 (`Part` in examples/quality). The rest is for
reporting.

A function word of general English (src/local/text/stop_words.rs) gets a line with the
share of summaries that hold it once or more, twice or more, and so on. For any other
word two logistic regressions tell the same of once and twice, from its rarity in
general (data/document_frequencies.tsv) and the logarithm of how often it comes in ten
thousand words of the conversation. What the meetings are about is not in the table, so
it holds for other conversations too.

Lines: `:once` and `:twice` with intercept, weight of the rarity and weight of the
logarithm; then the stem of each function word and its shares.
"""

import collections
import gzip
import json
import math
import pathlib
import re
import sys

import numpy
import Stemmer
from sklearn.linear_model import LogisticRegression

WORD = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)*")
ANNOTATION = re.compile(r"\{[a-zA-Z_]+\}|\[[a-zA-Z_]+\]")
SENTENCE_END = re.compile(r"(?<=[.?!])\s+(?![a-z])")
FEWEST_WORDS = 6
SMALLEST_SHARE = 0.02
stemmer = Stemmer.Stemmer("english")


def is_for_tuning(meeting):
    state = 0xCBF29CE484222325
    for byte in meeting.encode():
        state = ((state ^ byte) * 0x100000001B3) % 2**64
    return state % 3 != 0


def stems(text):
    return stemmer.stemWords([word.replace("\u2019", "'") for word in WORD.findall(text.lower())])


def function_stems(source):
    """The words that src/local/text/stop_words.rs lists, as stems."""
    found = set()
    for name in ("STOP_WORDS", "FILLERS"):
        listed = re.search(name + r': &str = "(.*?)";', source, re.S).group(1)
        found.update(stemmer.stemWords(listed.replace("\\\n", " ").split()))
    return found


def rarities(table):
    """`1 + ln(N / n)`, as src/local/text/stems.rs reads it."""
    rows = (line.rstrip("\n").split("\t") for line in table)
    counts = {stem: int(count) for stem, count in rows}
    texts = counts.pop("")
    unseen = 1 + math.log(texts)
    return lambda stem: 1 + math.log(texts / counts[stem]) if stem in counts else unseen


def conversations(data):
    """Stems of the sentences that a summary may be made of, and of the human summary."""
    with gzip.open(data / "meetings/qmsum.jsonl.gz", "rt", encoding="utf-8") as lines:
        for meeting in map(json.loads, lines):
            if not is_for_tuning(meeting["id"]):
                continue
            said = collections.Counter()
            for turn in meeting["meeting_transcripts"]:
                for sentence in SENTENCE_END.split(ANNOTATION.sub(" ", turn["content"])):
                    words = stems(sentence)
                    if len(words) >= FEWEST_WORDS and "?" not in sentence:
                        said.update(words)
            yield said, collections.Counter(stems(meeting["general_query_list"][0]["answer"]))


def main(data, target):
    source = (target.parent / "src/local/text/stop_words.rs").read_text(encoding="utf-8")
    functions = function_stems(source)
    with open(target / "document_frequencies.tsv", encoding="utf-8") as table:
        rarity = rarities(table)
    rows, held, shares = [], [], collections.defaultdict(collections.Counter)
    meetings = 0
    for said, summary in conversations(data):
        meetings += 1
        for stem in functions:
            shares[stem].update(range(1, summary[stem] + 1))
        total = sum(said.values())
        for stem, count in said.items():
            if stem not in functions:
                rows.append((rarity(stem), math.log(1e4 * count / total)))
                held.append(summary[stem])
    matrix, held = numpy.array(rows), numpy.array(held)
    center, spread = matrix.mean(0), matrix.std(0)
    with open(target / "summary_words.tsv", "w", encoding="utf-8") as out:
        for times, name in ((1, ":once"), (2, ":twice")):
            model = LogisticRegression(C=1.0, max_iter=500)
            model.fit((matrix - center) / spread, held >= times)
            weights = model.coef_[0] / spread
            intercept = model.intercept_[0] - weights @ center
            numbers = "\t".join(f"{number:.3f}" for number in (intercept, *weights))
            out.write(f"{name}\t{numbers}\n")
        for stem in sorted(functions):
            row = [count / meetings for _, count in sorted(shares[stem].items())]
            row = [share for share in row if share >= SMALLEST_SHARE]
            out.write(stem + "".join(f"\t{share:.2f}" for share in row) + "\n")


main(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]))
