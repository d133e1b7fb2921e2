"""Of what kind pushback is, by the words of its sentences and of those around them; pushback.txt has more examples."""
import collections
import math
from pathlib import Path

import numpy as np
import scipy.sparse as sparse
from sklearn.naive_bayes import ComplementNB

from features import sentences

HERE = Path(__file__).resolve().parent
PUSHBACK = (
    "price budget timing authority need trust competition status_quo product_gap security_legal resources champion_change"
).split()
# Sentences before and after what an item says that are learned from and that count, and how much these do.
LEARNED, AROUND, SHARE = 1, 2, 0.5


class PushbackWords:
    """Complement naive Bayes over the hashes of an item's sentences."""

    def __init__(self, bags, kinds):
        counts = collections.Counter(key for bag in bags for key in bag)
        self.keys = np.array(sorted(k for k, c in counts.items() if c >= 2), np.uint32)
        model = ComplementNB(alpha=0.3).fit(self.rows(bags), kinds)
        weights = np.full((len(PUSHBACK), len(self.keys)), 0.0)
        weights[model.classes_] = model.feature_log_prob_
        # A kind without examples is never the likeliest.
        missing = [k for k in range(len(weights)) if k not in model.classes_]
        weights -= weights.mean(0)
        weights[missing] = weights.min()
        self.scale = np.abs(weights).max() / 127
        self.weights = np.round(weights / self.scale).astype(np.int8)

    def rows(self, bags):
        index, starts, values = [], [0], []
        place = {int(k): i for i, k in enumerate(self.keys)}
        for bag in bags:
            at = sorted(place[k] for k in bag if k in place)
            index += at
            values += [1 / math.sqrt(max(1, len(at)))] * len(at)
            starts.append(len(index))
        return sparse.csr_matrix((values, index, starts), shape=(len(bags), len(self.keys)))

    @staticmethod
    def read(keys, weights):
        words = PushbackWords.__new__(PushbackWords)
        words.keys, words.weights = keys, weights
        return words

    def kind(self, talk, members):
        own, around = self.rows([bag(talk, members), bag(talk, members, AROUND)]) @ self.weights.T.astype(int)
        return int((own + SHARE * around).argmax())


def bag(talk, members, around=0):
    """Hashes of an item's sentences and of so many around each."""
    near = {b for a in members for b in range(max(0, a - around), min(len(talk.said), a + around + 1))}
    return {key for a in near for key in talk.hashes[a]}


def examples():
    """Hashes and kinds of the sentences in pushback.txt."""
    out = []
    for line in (HERE / "pushback.txt").read_text().splitlines():
        kind, *texts = line.split(" | ")
        for text in texts if not line.startswith("#") else []:
            said = sentences([{"speaker": "c", "sentences": [text]}], {"c": "customer"})
            out.append((set(said[0].keys()), PUSHBACK.index(kind)))
    return out
