"""What the local reader sees of a sentence, a pair of sentences and an item.

Every function here has a twin in src/local/read/, which must compute the same numbers: the fixture of
tests/reading_scores.rs is written by train.py and holds them to it.
"""
import math
import re
from collections import defaultdict
from functools import lru_cache
from pathlib import Path

import numpy as np
import snowballstemmer

KINDS = ["next_steps", "pushback", "competitors", "pricing", "decision", "timeline", "praise", "pains"]
CUSTOMER_ONLY = {"pushback", "praise", "pains"}
DATA = Path(__file__).resolve().parents[2] / "data"

TOKEN = re.compile(r"[a-z]+(?:'[a-z]+)*|[0-9]+(?:[.,:][0-9]+)*|[?%$€£]")
HESITATION = set("um uh er erm ah oh".split())
NUMBER_WORDS = set(
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million first second "
    "third fourth fifth sixth seventh eighth ninth tenth twentieth thirtieth dozen half".split()
)
DATE_WORDS = set(
    "monday tuesday wednesday thursday friday saturday sunday today tonight tomorrow january february march april may "
    "june july august september october november december morning afternoon first second third fourth fifth sixth "
    "seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth "
    "nineteenth twentieth thirtieth".split()
)
WINDOW = 4
NUMBER_WEIGHT = 4.0
PAIRS_BACK = 12
_stemmer = snowballstemmer.stemmer("english")


@lru_cache(None)
def stem(word):
    return _stemmer.stemWord(word)


def normal(text):
    return text.lower().replace("\u2019", "'").replace("\u2018", "'")


class Classes:
    """The phrases of a table such as data/reading_classes.txt."""

    def __init__(self, file):
        self.names, self.whole, self.prefix = [], defaultdict(list), defaultdict(list)
        for line in (DATA / file).read_text().splitlines():
            if not line or line.startswith("#"):
                continue
            name, phrases = line.split(":", 1)
            for phrase in phrases.split("|"):
                words = normal(phrase).split()
                if words and words[0].endswith("*"):
                    self.prefix[words[0][:-1]].append((words, len(self.names)))
                elif words:
                    self.whole[words[0]].append((words, len(self.names)))
            self.names.append(name)

    def counts(self, tokens):
        found = np.zeros(len(self.names), np.float32)
        for at, token in enumerate(tokens):
            starts = list(self.whole.get(token, ()))
            for length in range(1, len(token) + 1):
                starts += self.prefix.get(token[:length], ())
            for words, number in starts:
                rest = tokens[at : at + len(words)]
                if len(rest) == len(words) and all(
                    t.startswith(w[:-1]) if w.endswith("*") else t == w for t, w in zip(rest, words)
                ):
                    found[number] += 1
        return found


CLASSES = Classes("reading_classes.txt")
N_CLASSES = len(CLASSES.names)


@lru_cache(None)
def fnv(text):
    number = 0x811C9DC5
    for byte in text.encode():
        number = ((number ^ byte) * 0x01000193) & 0xFFFFFFFF
    return number


def capitals(text):
    """Lower-cased words with a capital that do not begin the sentence."""
    words, word = [], ""
    for char in text + " ":
        if word and (char.isalnum() or char in "_'\u2019-") or not word and char.isalpha():
            word += char
        elif word:
            words.append(word)
            word = ""
    return {w.lower() for w in words[1:] if w[0].isupper() and w != "I" and not w.startswith(("I'", "I\u2019"))}


def document_frequencies():
    lines = (DATA / "document_frequencies.tsv").read_text().splitlines()
    table = [line.split("\t") for line in lines if line and not line.startswith("#")]
    return {word: int(count) for word, count in table if word}, max(int(c) for _, c in table)


FREQUENCIES, DOCUMENTS = document_frequencies()


@lru_cache(None)
def weight(stem):
    """How rare a stem is in general; numbers, which every text writes in another way, are given one weight."""
    return NUMBER_WEIGHT if stem.startswith("#") else 1 + math.log(DOCUMENTS / FREQUENCIES.get(stem, 1))


class Sentence:
    def __init__(self, text, speaker, is_rep, turn, at_in_turn, turn_length):
        self.text, self.speaker, self.is_rep = text, speaker, is_rep
        self.turn, self.at_in_turn, self.turn_length = turn, at_in_turn, turn_length
        self.tokens = [t for t in TOKEN.findall(normal(text)) if t not in HESITATION]
        self.general = ["#" if t[0].isdigit() else "#w" if t in NUMBER_WORDS else t for t in self.tokens]
        self.classes = CLASSES.counts(self.tokens)
        self.capitals = capitals(text)
        self.asks = text.rstrip().endswith("?")
        self.stems = {stem(t) for t in self.general if len(t) > 2 or t[0] == "#"}
        self.norm = math.sqrt(sum(weight(s) ** 2 for s in self.stems)) or 1.0
        self.dates = {t for t in self.tokens if t in DATE_WORDS}

    def keys(self):
        """Hashes of what the sentence says, each once."""
        side = "R" if self.is_rep else "C"
        general = self.general
        plain = ["u:" + t for t in general] + ["s:" + stem(t) for t in general]
        present = [c for c in range(N_CLASSES) if self.classes[c]]
        plain += [f"c:{c}" for c in present]
        all_ = plain + [side + p for p in plain]
        edged = ["<", *general, ">"]
        all_ += [f"b:{a} {b}" for a, b in zip(edged, edged[1:])]
        all_ += [f"t:{a} {b} {c}" for a, b, c in zip(edged, edged[1:], edged[2:])]
        all_ += [f"cc:{a},{b}" for i, a in enumerate(present) for b in present[i + 1 :]]
        length = min(6, int(math.log2(len(self.tokens) + 1)))
        all_ += [side, f"q{int(self.asks)}{side}", f"len{length}", f"len{length}{side}"]
        all_ += [f"k{min(self.at_in_turn, 4)}", f"n{min(self.turn_length, 5)}"]
        if self.capitals:
            all_ += ["caps", "caps" + side] + [f"capc:{c}" for c in present]
        return sorted({fnv(key) for key in all_})


def sentences(turns, sides):
    out = []
    for number, turn in enumerate(turns):
        for at, text in enumerate(turn["sentences"]):
            is_rep = sides.get(turn["speaker"]) == "rep"
            out.append(Sentence(text, turn["speaker"], is_rep, number, at, len(turn["sentences"])))
    return out


def shifted(values, by):
    out = np.zeros_like(values)
    if by > 0:
        out[by:] = values[:-by]
    elif by < 0:
        out[:by] = values[-by:]
    else:
        out[:] = values
    return out


def window(said, wording):
    """A row a sentence: how it and its neighbours are worded, and where it stands."""
    n, kinds = wording.shape
    column = lambda value: np.array([value(s) for s in said], np.float32)[:, None]
    rep, asks, length = column(lambda s: s.is_rep), column(lambda s: s.asks), column(lambda s: len(s.tokens))
    classes = np.stack([s.classes for s in said])
    parts = [wording]
    for by in range(1, WINDOW + 1):
        parts += [shifted(wording, by), shifted(wording, -by)]
    for width in (3, 8):
        reach = range(-3 * width, 3 * width + 1)
        kernel = np.array([0.0 if by == 0 else math.exp(-abs(by) / width) for by in reach])
        kernel /= kernel.sum()
        near = np.zeros((n, kinds))
        for by, share in zip(reach, kernel):
            near += share * wording[np.clip(np.arange(n) + by, 0, n - 1)]
        parts.append(near)
    for by in (1, 2, 3, -1, -2, -3):
        same = [float(0 <= i - by < n and said[i - by].speaker == said[i].speaker) for i in range(n)]
        parts += [shifted(rep, by), shifted(asks, by), shifted(length, by), np.array(same)[:, None]]
    at = np.arange(n, dtype=np.float32)[:, None]
    parts += [rep, asks, length, at / n, n - at, at]
    parts += [column(lambda s: s.at_in_turn), column(lambda s: s.turn_length)]
    parts += [column(lambda s: s.turn_length - s.at_in_turn), column(lambda s: len(s.capitals))]
    parts += [classes, shifted(classes, 1), shifted(classes, -1)]
    of_turn = defaultdict(lambda: np.full(kinds, -np.inf))
    for i, s in enumerate(said):
        of_turn[s.turn] = np.maximum(of_turn[s.turn], wording[i])
    parts.append(np.stack([of_turn[s.turn] for s in said]))
    parts.append(np.repeat(np.sort(wording, 0)[-10:].mean(0)[None], n, 0))
    return np.concatenate(parts, 1).astype(np.float32)


PAIR_CLASSES = [
    CLASSES.names.index(name)
    for name in "send arrange check doc day weekday month willdo ask yes no price discount terms budget title decide "
    "deadline worry problem praise compete gap legal people statusquo timing condition need neg but".split()
]


def pair(said, scores, starts, a, b):
    """Do sentences a < b belong to one item? `scores` and `starts` of its kind."""
    A, B, n = said[a], said[b], len(said)
    shared = sorted(A.stems & B.stems)
    between = scores[a + 1 : b]
    lesser = min(scores[a], scores[b])
    one, other = (A.classes > 0), (B.classes > 0)
    row = [
        b - a, math.log(b - a), B.turn - A.turn, A.speaker == B.speaker, A.is_rep, B.is_rep,
        sum(weight(s) ** 2 for s in shared) / (A.norm * B.norm), max((weight(s) for s in shared), default=0.0),
        len(shared), len(A.capitals & B.capitals), len(A.dates & B.dates),
        len(A.dates - B.dates) if B.dates else 0, len(B.dates - A.dates) if A.dates else 0, int((one & other).sum()),
        scores[a], scores[b], min(between) if len(between) else lesser,
        float(np.mean(between)) if len(between) else lesser, max(between) if len(between) else -9.0,
        starts[a], starts[b], A.asks, B.asks, len(A.tokens), len(B.tokens), b / n, n - b,
    ]
    return [float(v) for v in row] + [float(one[c]) + 2 * float(other[c]) for c in PAIR_CLASSES]


def group(candidates, together, least):
    """Sentences into items: each joins the item that it is likest to, or begins one."""
    items = []
    for b in candidates:
        best, best_item = -1.0, None
        for item in items:
            links = sorted((together[a, b] for a in item if (a, b) in together), reverse=True)[:2]
            if links and sum(links) / len(links) > best:
                best, best_item = sum(links) / len(links), item
        if best_item is not None and best >= least:
            best_item.append(b)
        else:
            items.append([b])
    return items


# Sentences on each side of a cut that tell how firmly an item holds together there, and what each sentence between costs.
REACH, APART = 3, 0.02


def split(members, links, longest):
    """Cuts an item where it holds together least until no part is longer: of long ones every label but one is lost."""
    if len(members) <= longest:
        return [members]

    def holds(at):
        before, after = members[max(0, at - REACH) : at], members[at : at + REACH]
        across = [links.get((a, b), 0.0) for a in before for b in after]
        # The last one stands for how far the item reaches on.
        return max(across[-1], sum(across) / len(across)) - APART * (after[0] - before[-1])

    cut = min(range(1, len(members)), key=lambda at: (holds(at), abs(at - len(members) / 2)))
    return split(members[:cut], links, longest) + split(members[cut:], links, longest)


def item(said, scores, starts, kind, members, together, everything):
    """Is the item right? `scores` and `starts` of every kind."""
    n = len(said)
    own = sorted((scores[a, kind] for a in members), reverse=True)
    best = max(members, key=lambda a: (scores[a, kind], -a))
    inside = set(members)
    others = [a for a in everything if a not in inside]
    link = lambda a, b: together.get((min(a, b), max(a, b)), 0.0)
    links = [max(link(a, b) for b in members if b != a) for a in members] if len(members) > 1 else [0.0]
    S = said[best]
    row = [
        len(members), math.log(len(members)), max(members) - min(members) + 1, own[0], sum(own) / len(own),
        own[1] if len(own) > 1 else -6.0, sum(own[:3]), own[-1], best / n, n - best, S.is_rep,
        sum(said[a].is_rep for a in members) / len(members), S.asks, len(S.tokens),
        sum(len(said[a].tokens) for a in members), len({said[a].speaker for a in members}), sum(links) / len(links),
        max((link(a, b) for a in members for b in others), default=0.0),
        min(20, min((abs(a - b) for a in members for b in others), default=20)), len(S.capitals),
        len(set().union(*(said[a].capitals for a in members))), len(everything), max(starts[a, kind] for a in members),
    ]
    classes = np.max([said[a].classes for a in members], 0) > 0
    return [float(v) for v in row] + list(scores[best]) + list(scores[members].max(0)) + list(classes.astype(float))
