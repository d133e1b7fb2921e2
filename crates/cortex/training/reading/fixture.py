"""Writes tests/reading_fixture.json: a call made of snippets, and what this script's twin must find in it.

    python fixture.py ../../data/reading.bin ../../data/reading_choices.bin ../../tests/reading_fixture.json

The test reads the call with the shipped numbers and compares sentences and confidences, so a feature that differs between
Python and Rust does not stay unseen. Run it whenever the numbers or the features change.
"""
import json
import math
import sys

from choices import FLOORS, PUSH, RIVALS, STEPS, Choices, Read, Talk
from features import KINDS
from model import Model
from pushback import PUSHBACK
from train import HERE

BLOCKS = 14


def main():
    numbers, choices, out = sys.argv[1:]
    model = Model(numbers)
    choices = Choices.read(choices)
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

    talk = Talk(call | {"gold": {}})
    looked = model.looked_at(talk)
    expected = {}
    for kind, (name, of) in enumerate(zip(KINDS, choices.kinds)):
        sure = lambda score: 1 / (1 + math.exp(-of["slope"] * score - of["offset"]))
        found = [(m, sure(s)) for m, s in model.items(talk, looked, kind, of["together"], of["longest"])]
        if kind == RIVALS:
            read = Read(talk, model, False)
            shown = {tuple(m): s for _, m, s in choices.rivals.shown(read)}
            shown |= {tuple(m): sure(s) for m, s in read.unnamed(choices.rivals.shown(read))}
            told = sorted(choices.competitors(read), key=lambda one: one[1])
            expected[name] = [
                {"name": said or "unnamed", "sentences": m, "stance": choices.stance(talk, m), "confidence": round(shown[tuple(m)], 3)} for said, m in told
            ]
            continue
        found = [(m, s) for m, s in found if s >= FLOORS[name]]
        items = [m for m, _ in found]
        expected[name] = [{"sentences": m, "confidence": round(s, 3)} for m, s in found]
        for one, m in zip(expected[name], items):
            if kind == STEPS:
                scores, starts = looked[0][:, STEPS], looked[1][:, STEPS]
                one["owner"] = choices.owner(talk, scores, m)
                one["due"] = choices.due_date(talk, scores, starts, m, [other for other in items if other is not m])
                one["status"] = choices.state(talk, scores, m)
            if kind == PUSH:
                one["kind"] = PUSHBACK[choices.words.kind(talk, m)]
    json.dump({"call": call, "expected": expected}, open(out, "w"), indent=1)
    print({k: len(v) for k, v in expected.items()})


if __name__ == "__main__":
    main()
