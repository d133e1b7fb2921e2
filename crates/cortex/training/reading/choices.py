"""Learns who does a next step and of what kind pushback is: python choices.py DIALOGUES OUT [--folds FOLDER]

Both are small linear models over counts, learned on the labelled items. FOLDER is one that train.py filled: it gets
`choices-N.json` beside `fold-N.bin`.
"""
import argparse
import glob
import json
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression

from features import CLASSES, N_CLASSES, PUSHBACK, sentences
from train import rounded

BEFORE, AFTER = 3, 6
PHRASES = {
    name: [p.split() for p in text.split(" | ")]
    for name, text in (
        line.split(": ", 1)
        for line in (Path(__file__).resolve().parents[2] / "data" / "reading_owners.txt").read_text().splitlines()
        if line and not line.startswith("#")
    )
}


def says(sentence, name):
    tokens = sentence.tokens
    return any(tokens[i : i + len(p)] == p for p in PHRASES[name] for i in range(len(tokens) - len(p) + 1))


class Talk:
    def __init__(self, data):
        self.id, self.gold, self.parties = data["id"], data["gold"], data["parties"]
        self.sides = {p["id"]: p["side"] for p in data["parties"]}
        self.said = sentences(data["turns"], self.sides)
        self.first = {p["id"]: p["name"].split()[0].lower() for p in data["parties"] if p["name"].split()}


def addressee(talk, at, speaker):
    """Who is asked: of those on the other side who speaks next within three, else who spoke last within twelve."""
    said, side = talk.said, talk.sides.get(speaker)
    near = list(range(at + 1, min(len(said), at + 4))) + list(range(at - 1, max(-1, at - 13), -1))
    for other in near:
        who = said[other].speaker
        if who != speaker and (talk.sides.get(who) != side or other == at + 1):
            return who
    return None


def owner_rows(talk, members):
    """(party ids, a row each, the row for both)."""
    said = talk.said
    people = []
    for a in members:
        for who in (said[a].speaker, addressee(talk, a, said[a].speaker)):
            if who is not None and who not in people:
                people.append(who)
    for party in talk.parties:
        name = talk.first.get(party["id"])
        if party["id"] not in people and name and any(name in said[a].tokens for a in members):
            people.append(party["id"])
    asked = {a: addressee(talk, a, said[a].speaker) for a in members}
    longest = max(members, key=lambda a: (len(said[a].tokens), -a))
    rows = []
    for who in people:
        own = [a for a in members if said[a].speaker == who]
        others = [a for a in members if said[a].speaker != who]
        name = talk.first.get(who)
        n = len(members)
        answers = [a for a in own if a > 0 and said[a - 1].asks and said[a - 1].speaker != who]
        rows.append([
            len(own) / n, sum(says(said[a], "firm") for a in own), sum(says(said[a], "soft") for a in own),
            sum(says(said[a], "ours") for a in own), sum(says(said[a], "asking") for a in own),
            sum(says(said[a], "asking") for a in others if asked[a] == who),
            sum(says(said[a], "together") for a in own),
            float(said[members[0]].speaker == who), float(said[members[-1]].speaker == who),
            float(said[longest].speaker == who), sum(name in said[a].tokens for a in others) if name else 0,
            float(talk.sides.get(who) == "rep"), len(answers),
            sum(t == "i" or t.startswith("i'") for a in own for t in said[a].tokens),
            sum(t == "you" or t.startswith("you'") for a in others if asked[a] == who for t in said[a].tokens),
            float(any(says(said[a], "firm") for a in others)), float(len(own) == 0),
        ])
    sides = {said[a].is_rep for a in members}
    clock = {"weekday", "day", "month"}
    has = lambda names: sum(any(said[a].classes[CLASSES.names.index(c)] for c in names) for a in members)
    both = [
        sum(says(said[a], "together") for a in members), sum(says(said[a], "meeting") for a in members),
        has(clock), has({"arrange"}), has({"send"}), has({"doc"}), has({"check"}), sum(says(said[a], "firm") for a in members),
        sum(says(said[a], "soft") for a in members), sum(says(said[a], "asking") for a in members), len(sides),
        len({said[a].speaker for a in members}), len(members), sum(said[a].asks for a in members),
    ]
    return people, rows, both


def pushback_row(said, members):
    first, last, inside = members[0], members[-1], set(members)
    around = [a for a in range(max(0, first - BEFORE), min(len(said), last + AFTER + 1)) if a not in inside]
    sums = lambda at, count: np.sum([count(said[a]) for a in at], 0) if at else count(said[first]) * 0
    words = lambda s: PUSHBACK.counts(s.tokens)
    own, near = sums(members, words), sums(around, words)
    classes = lambda s: s.classes
    return np.concatenate([
        own, own / (own.sum() + 1), near, near / (near.sum() + 1), np.minimum(sums(members, classes), 3),
        np.minimum(sums(around, classes), 4), [len(members), first / len(said)],
    ])


class Choice:
    """A linear model over columns brought to one scale; `classes` rows of weights."""

    def __init__(self, rows, labels, c):
        rows = np.array(rows, float)
        self.mean, self.scale = rows.mean(0), rows.std(0) + 1e-6
        self.model = LogisticRegression(C=c, max_iter=300).fit(self.normal(rows), labels)

    def normal(self, rows):
        return np.clip((np.array(rows, float) - self.mean) / self.scale, -4, 4)

    def scores(self, rows):
        return self.model.decision_function(self.normal(rows))

    def json(self):
        return [
            {"mean": rounded(self.mean), "scale": rounded(self.scale), "weights": rounded(w), "bias": float(b)}
            for w, b in zip(self.model.coef_, self.model.intercept_)
        ]


class Choices:
    def __init__(self, talks):
        people, are, boths, is_both, kinds, of_kind = [], [], [], [], [], []
        for talk in talks:
            for step in talk.gold.get("next_steps", []):
                who, rows, both = owner_rows(talk, sorted(step["sentences"]))
                boths.append(both)
                is_both.append(step["owner"] == "both")
                if step["owner"] != "both":
                    people += rows
                    are += [w == step["owner"] for w in who]
            for item in talk.gold.get("pushback", []):
                kinds.append(pushback_row(talk.said, sorted(item["sentences"])))
                of_kind.append(PUSHBACK.names.index(item["kind"]))
        self.person, self.both = Choice(people, are, 0.3), Choice(boths, is_both, 0.1)
        self.kind = Choice(kinds, of_kind, 0.01)

    def owner(self, talk, members):
        who, rows, both = owner_rows(talk, members)
        if self.both.scores([both])[0] > 0:
            return "both"
        return who[int(np.argmax(self.person.scores(rows)))]

    def write(self, path):
        numbers = {"person": self.person.json()[0], "both": self.both.json()[0], "pushback": [None] * len(PUSHBACK.names)}
        for number, row in zip(self.kind.model.classes_, self.kind.json()):
            numbers["pushback"][number] = row
        Path(path).write_text(json.dumps(numbers, separators=(",", ":")))


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("dialogues")
    arguments.add_argument("out")
    arguments.add_argument("--folds")
    arguments = arguments.parse_args()
    talks = {d["id"]: Talk(d) for d in (json.load(open(p)) for p in glob.glob(arguments.dialogues + "/*.json"))}
    order = sorted(talks)
    if arguments.folds:
        owners = kinds = steps = pushback = 0
        for number, ids in enumerate(json.loads((Path(arguments.folds) / "folds.json").read_text())):
            model = Choices([talks[i] for i in order if i not in ids])
            model.write(Path(arguments.folds) / f"choices-{number}.json")
            for talk in (talks[i] for i in ids):
                for step in talk.gold.get("next_steps", []):
                    steps += 1
                    owners += model.owner(talk, sorted(step["sentences"])) == step["owner"]
                for item in talk.gold.get("pushback", []):
                    pushback += 1
                    row = pushback_row(talk.said, sorted(item["sentences"]))
                    kinds += PUSHBACK.names[int(model.kind.model.predict(model.kind.normal([row]))[0])] == item["kind"]
        print(f"given the labelled sentences: owners {owners} of {steps}, kinds of pushback {kinds} of {pushback}")
    Choices([talks[i] for i in order]).write(arguments.out)


if __name__ == "__main__":
    main()
