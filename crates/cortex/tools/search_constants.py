"""Sweeps the constants of search over the tuning part of the meetings.

    venv/bin/pip install numpy scipy PyStemmer
    venv/bin/python tools/search_constants.py DATA data

DATA is a folder with meetings/qmsum.jsonl.gz: QMSum (MIT). Read are the meetings whose
id's FNV-1a hash leaves a remainder other than 0 when divided by 3 (`Part` in
examples/quality). Windows, relevance and measures are those of
examples/quality/retrieval.rs, scores those of src/search and src/local/embedding.rs.

First Hit@5 and nDCG@10 with the constants in use, then with each of them changed, best
sum first. Four hundred questions tell no less than 0.01 apart: of values that do
about equally well, those in the middle were taken.
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

WORD = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)*")
ANNOTATION = re.compile(r"\{[a-zA-Z_]+\}|\[[a-zA-Z_]+\]")
WINDOW, STRIDE, COMPONENTS, MASK = 6, 3, 1024, 2**64 - 1
USED = dict(k1=1.2, b=0.75, vectors=0.7, speaker=1.0, neighbour=1.0, rounds=2, spread=5, next=2.5, second=0.5)
TRIED = dict(k1=[0.9, 2.0], b=[0.5, 0.9], vectors=[0.3, 0.5, 1.0], speaker=[0.0, 0.5, 1.5],
             neighbour=[0.6, 1.5], rounds=[1, 3], spread=[3, 4, 6, 8], next=[1.5, 2.0, 3.0], second=[0.0, 1.0, 1.5])
stem = Stemmer.Stemmer("english").stemWord


def fnv(text):
    state = 0xCBF29CE484222325
    for byte in text.encode():
        state = ((state ^ byte) * 0x100000001B3) & MASK
    return state


def component(text):
    state = fnv(text)
    state = ((state ^ (state >> 33)) * 0xFF51AFD7ED558CCD) & MASK
    state = ((state ^ (state >> 33)) * 0xC4CEB9FE1A85EC53) & MASK
    state ^= state >> 33
    return state % COMPONENTS, 1.0 if state >> 63 == 0 else -1.0


def stems(text):
    return [stem(word.replace("\u2019", "'")) for word in WORD.findall(ANNOTATION.sub(" ", text).lower())]


def listed(source, name):
    return set(re.search(name + r': &str = "(.*?)";', source, re.S).group(1).replace("\\\n", " ").split())


class Language:
    def __init__(self, data):
        rows = (line.split("\t") for line in (data / "document_frequencies.tsv").read_text("utf-8").splitlines())
        counts = {name: int(count) for name, count in rows}
        texts = counts.pop("")
        self.rarity = lambda name: 1 + math.log(texts / counts.get(name, 1))
        stop_words = (data.parent / "src/local/text/stop_words.rs").read_text("utf-8")
        asking = (data.parent / "src/search/words.rs").read_text("utf-8").split("const ASKING")[1].split("];")[0]
        self.empty = listed(stop_words, "STOP_WORDS") | listed(stop_words, "FILLERS") | set(re.findall(r'"(\w+)"', asking))
        self.parts = {}

    def query(self, text):
        words = [word for word in WORD.findall(text.lower()) if word.replace("\u2019", "'") not in self.empty]
        return [stem(word.replace("\u2019", "'")) for word in words] or stems(text)

    def vector(self, names):
        vector = numpy.zeros(COMPONENTS)
        for name, count in collections.Counter(names).items():
            if name not in self.parts:
                weight, letters = max(self.rarity(name) - 1, 0.1), f"<{name}>"
                runs = ["#" + letters[at : at + 3] for at in range(len(letters) - 2)]
                shares = [(name, weight), *((run, weight / math.sqrt(len(runs))) for run in runs)]
                self.parts[name] = [(*component(text), share) for text, share in shares]
            for place, sign, share in self.parts[name]:
                vector[place] += sign * share * math.sqrt(count)
        return vector / (numpy.linalg.norm(vector) or 1)


def standardized(values):
    deviation = values.std()
    return (values - values.mean()) / deviation if deviation > 1e-12 else values * 0


class Meeting:
    def __init__(self, meeting, language):
        turns = meeting["meeting_transcripts"]
        spans = [range(at, min(at + WINDOW, len(turns))) for at in range(0, max(len(turns) - STRIDE, 1), STRIDE)]
        texts = [" ".join(f"{turns[at]['speaker']}: {turns[at]['content']}" for at in span) for span in spans]
        self.counts = [collections.Counter(stems(text)) for text in texts]
        self.lengths = numpy.array([sum(count.values()) for count in self.counts], float)
        self.held = collections.Counter(name for count in self.counts for name in count)
        weighed = [{name: times * language.rarity(name) for name, times in count.items()} for count in self.counts]
        norms = [math.sqrt(sum(value**2 for value in one.values())) or 1 for one in weighed]
        products = [sum(value * right.get(name, 0) for name, value in left.items()) for left, right in zip(weighed, weighed[1:])]
        self.affinities = numpy.array([value / (norms[at] * norms[at + 1]) for at, value in enumerate(products)])
        vectors = numpy.array([language.vector(stems(text)) for text in texts])
        speakers = [{turns[at]["speaker"] for at in span} for span in spans]
        self.questions = []
        for question in meeting["specific_query_list"]:
            passages = [range(int(first), int(last) + 1) for first, last in question["relevant_text_span"]]
            relevant = [2 * sum(any(at in one for one in passages) for at in span) >= len(span) for span in spans]
            if any(relevant):
                names = language.query(question["query"])
                named = {one for some in speakers for one in some if 2 * sum(name in names for name in stems(one)) >= len(stems(one))}
                similar = standardized(vectors @ language.vector(stems(question["query"])))
                speaks = numpy.array([float(bool(some & named)) for some in speakers])
                self.questions.append((names, similar, speaks, numpy.array(relevant)))
        self.language = language

    def words(self, names, k1, b):
        scores, windows = numpy.zeros(len(self.counts)), len(self.counts)
        lengths = 1 - b + b * self.lengths / max(self.lengths.mean(), 1)
        for name in names:
            held = self.held[name]
            rarity = math.log(1 + (windows - held + 0.5) / (held + 0.5)) * self.language.rarity(name)
            times = numpy.array([count[name] for count in self.counts], float)
            scores += rarity * times * (k1 + 1) / (times + k1 * lengths)
        return scores

    def share(self, scores, weight):
        sums, weights, near = scores.copy(), numpy.ones(len(scores)), weight * self.affinities
        sums[1:] += near * scores[:-1]
        sums[:-1] += near * scores[1:]
        weights[1:] += near
        weights[:-1] += near
        return sums / weights

    def ranked(self, scores, used):
        taken, left = numpy.zeros(len(scores)), list(numpy.argsort(-scores, kind="stable"))
        first = []
        while left and len(first) < used["spread"]:
            best = min(left, key=lambda at: (taken[at] - scores[at], at))
            left.remove(best)
            first.append(best)
            for step in (-1, 1):
                affinity = 1.0
                for distance, most in ((1, used["next"]), (2, used["second"])):
                    at = best + step * distance
                    if 0 <= at < len(scores):
                        affinity = min(affinity, self.affinities[min(at, at - step)])
                        taken[at] = max(taken[at], most * affinity)
        return first + left


def measured(meetings, used):
    hits, gains = [], []
    discounts = 1 / numpy.log2(numpy.arange(2, 12))
    for meeting in meetings:
        for names, similar, speaks, relevant in meeting.questions:
            scores = standardized(meeting.words(names, used["k1"], used["b"]))
            scores = scores + used["vectors"] * similar + used["speaker"] * speaks
            for _ in range(used["rounds"]):
                scores = meeting.share(scores, used["neighbour"])
            found = relevant[meeting.ranked(scores, used)][:10]
            hits.append(found[:5].any())
            gains.append(found @ discounts[: len(found)] / discounts[: relevant.sum()].sum())
    return numpy.mean(hits), numpy.mean(gains)


def main(folder, data):
    language = Language(data)
    with gzip.open(folder / "meetings/qmsum.jsonl.gz", "rt", encoding="utf-8") as lines:
        meetings = [Meeting(one, language) for one in map(json.loads, lines) if fnv(one["id"]) % 3 != 0]
    print("in use: Hit@5 %.4f, nDCG@10 %.4f" % measured(meetings, USED), flush=True)
    rows = [(name, value, measured(meetings, USED | {name: value})) for name, some in TRIED.items() for value in some]
    for name, value, (hit, gain) in sorted(rows, key=lambda row: -sum(row[2])):
        print(f"{name} {value}: Hit@5 {hit:.4f}, nDCG@10 {gain:.4f}")


main(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]))
