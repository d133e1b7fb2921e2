"""Writes tests/reading_fixture.json: a call made of snippets, and what this script's twin must find in it.

    python fixture.py ../../data/reading.bin ../../tests/reading_fixture.json

The test reads the call with the shipped numbers and compares sentences and confidences, so a feature that differs between
Python and Rust does not stay unseen. Run it whenever the numbers or the features change.
"""
import json
import struct
import sys

import numpy as np

from features import KINDS, sentences, window
from train import HERE, Kind, Linear, Trees, Window, Wording

BLOCKS = 14


def linear(numbers):
    model = Linear.__new__(Linear)
    model.mean, model.scale, model.weights = (np.array(numbers[k]) for k in ("mean", "scale", "weights"))
    model.bias = numbers["bias"]
    return model


def trees(numbers):
    model = Trees.__new__(Trees)
    model.trees = [(t["nodes"], t["values"]) for t in numbers]
    return model


def main():
    data = open(sys.argv[1], "rb").read()
    length = struct.unpack("<I", data[5:9])[0]
    head, rest = json.loads(data[9 : 9 + length]), data[9 + length :]
    wording = Wording.__new__(Wording)
    count = head["wording"]["keys"]
    wording.keys = np.frombuffer(rest[: 4 * count], "<u4")
    wording.weights = np.frombuffer(rest[4 * count :], np.int8).reshape(count, len(KINDS)).T
    wording.scale, wording.bias = np.array(head["wording"]["scale"]), np.array(head["wording"]["bias"])
    around = Window.__new__(Window)
    around.linear = [linear(w["linear"]) for w in head["window"]]
    around.trees = [trees(w["trees"]) for w in head["window"]]
    around.starts = [linear(w["starts"]) for w in head["window"]]

    turns = []
    for block in (HERE / "snippets" / "1.txt").read_text().split("\n\n")[:BLOCKS]:
        for line in block.strip().splitlines():
            who, text = line.split(" | ", 1)
            speaker = {"R": "p1", "C": "p2"}[who[0]]
            if not turns or turns[-1]["speaker"] != speaker:
                turns.append({"speaker": speaker, "sentences": []})
            turns[-1]["sentences"].append(text)
    call = {
        "id": "fixture", "title": "Made up", "started": "2026-05-12T14:30:00Z", "turns": turns,
        "parties": [
            {"id": "p1", "name": "Ada Hill", "side": "rep"}, {"id": "p2", "name": "Ben Moss", "side": "customer"},
        ],
    }

    class Talk:
        said = sentences(turns, {"p1": "rep", "p2": "customer"})

    Talk.hashes = [s.keys() for s in Talk.said]
    scores, starts = around.scores(window(Talk.said, wording.scores(Talk)))
    expected = {}
    for number, (name, numbers) in enumerate(zip(KINDS, head["kinds"])):
        kind = Kind.__new__(Kind)
        kind.kind, kind.least, kind.together = number, numbers["least"], numbers["together"]
        kind.pair, kind.item = trees(numbers["pair"]), linear(numbers["item"])
        found = kind.read(Talk, scores, starts)
        expected[name] = [[m, round(s, 3)] for m, s in found if s >= numbers["floor"]]
    json.dump({"call": call, "expected": expected}, open(sys.argv[2], "w"), indent=1)
    print({k: len(v) for k, v in expected.items()})


if __name__ == "__main__":
    main()
