"""Reads what train.py wrote, and with it a dialogue."""
import json
import struct

import numpy as np

from features import KINDS, group, item, split, window
from train import Kind, Linear, Trees, Window, Wording, candidates, pair_rows, pairs_of, probability

# Greetings and small talk: nothing of these kinds lies wholly within the first sentences of a call that is no part of one.
# src/local/read/item.rs has the counts.
OPENING, SHORT = 9, 40
NEVER_SMALL_TALK = {"next_steps", "pushback", "praise", "pains"}


def linear(numbers):
    model = Linear.__new__(Linear)
    model.mean, model.scale, model.weights = (np.array(numbers[k]) for k in ("mean", "scale", "weights"))
    model.bias = numbers["bias"]
    return model


class Model:
    def __init__(self, path):
        data = open(path, "rb").read()
        length = struct.unpack("<I", data[5:9])[0]
        head, rest = json.loads(data[9 : 9 + length]), data[9 + length :]
        self.wording = Wording.__new__(Wording)
        count = head["wording"]["keys"]
        self.wording.keys = np.frombuffer(rest[: 4 * count], "<u4")
        self.wording.weights = np.frombuffer(rest[4 * count :], np.int8).reshape(count, len(KINDS)).T
        self.wording.scale, self.wording.bias = np.array(head["wording"]["scale"]), np.array(head["wording"]["bias"])
        self.window = Window.__new__(Window)
        self.window.linear = [linear(w["linear"]) for w in head["window"]]
        self.window.trees = [Trees.read(w["trees"]) for w in head["window"]]
        self.window.starts = [linear(w["starts"]) for w in head["window"]]
        self.kinds = []
        for number, numbers in enumerate(head["kinds"]):
            kind = Kind.__new__(Kind)
            kind.kind, kind.least = number, numbers["least"]
            kind.pair, kind.item = Trees.read(numbers["pair"]), linear(numbers["item"])
            self.kinds.append(kind)

    def looked_at(self, talk):
        """Scores of the sentences, their starts, and for each kind its candidates with the links among them."""
        scores, starts = self.window.scores(window(talk.said, self.wording.scores(talk)))
        links = []
        for kind in self.kinds:
            found = candidates(talk, scores, kind.kind, kind.least)
            pairs = pairs_of(found)
            p = probability(kind.pair.score(pair_rows(talk, scores, starts, kind.kind, pairs))) if pairs else []
            links.append((found, dict(zip(pairs, p))))
        return scores, starts, links

    def items(self, talk, looked, kind, together, longest):
        """Items of at most `longest` sentences with the scores that they are right; `together` says how likely two of its
        sentences belong."""
        scores, starts, links = looked
        found, links = links[kind]
        items = [part for whole in group(found, links, together) for part in split(whole, links, longest)]
        everything = [a for i in items for a in i]
        rows = [item(talk.said, scores, starts, kind, m, links, everything) for m in items]
        sure = self.kinds[kind].item.score(np.array(rows)) if rows else []
        starts_at = OPENING if KINDS[kind] in NEVER_SMALL_TALK and len(talk.said) >= SHORT else 0
        return [(m, float(s)) for m, s in zip(items, sure) if m[-1] >= starts_at]
