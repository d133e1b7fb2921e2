"""Learns what train.py leaves open: python choices.py DIALOGUES OUT --folds FOLDER

FOLDER is one that train.py filled. Each fold's model reads the dialogues that it was not learned from, ours among them; what
these readings say, and the labels, teach
- how often an item of a score is right, which is its confidence (of DIALOGUES alone),
- who does a next step, which of the dates around it is its own, and how firm it is,
- of what kind pushback is, together with pushback.txt,
- whether a name is a competitor's, and how the customer stands to it.
FOLDER gets `choices-N.bin` beside `fold-N.bin`, learned from the other folds' dialogues, OUT that of all of them.
"""
import argparse
import collections
import json
import math
import struct
from datetime import date
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from scipy.optimize import minimize

from dates import of_call
from features import CLASSES, KINDS, Classes, sentences, weight
from model import Model
from names import APART, Naming, around, letters, named, plain, is_same, rivals, rows as name_rows, settled
from pushback import LEARNED, PUSHBACK, PushbackWords, bag, examples
from train import FOLDS, OWN, TRAPS, rounded

HERE = Path(__file__).resolve().parent
# From this probability on a sentence joins an item, which is then cut into parts of so many sentences at most. Items of
# competitors only tell whether there is one that nobody names.
TOGETHER = dict.fromkeys(KINDS, 0.2) | {"competitors": 0.1, "decision": 0.1, "pains": 0.1}
LONGEST = dict.fromkeys(KINDS, 6) | {"next_steps": 5, "competitors": 10**6, "decision": 8, "pains": 8}
# Items less sure than this are not shown; src/local/read/item.rs says why.
FLOORS = dict(zip(KINDS, (0.53, 0.54, 0.6, 0.54, 0.4, 0.48, 0.48, 0.32)))
# Items of lower scores teach nothing about those that may be shown.
LEAST = -2.0
STATES = "agreed promised offered conditional".split()
STANCES = "using evaluating rejected mentioned".split()
STANDING = Classes("reading_stances.txt")
STEPS, PUSH, RIVALS = (KINDS.index(name) for name in ("next_steps", "pushback", "competitors"))
PHRASES = {
    name: [p.split() for p in text.split(" | ")]
    for name, text in (
        line.split(": ", 1)
        for line in (HERE.parents[1] / "data" / "reading_owners.txt").read_text().splitlines()
        if line and not line.startswith("#")
    )
}


def says_in(tokens, name):
    return any(tokens[i : i + len(p)] == p for p in PHRASES[name] for i in range(len(tokens) - len(p) + 1))


def says(sentence, name):
    return says_in(sentence.tokens, name)


class Talk:
    def __init__(self, data):
        self.id, self.gold, self.parties = data["id"], data["gold"], data["parties"]
        self.sides = {p["id"]: p["side"] for p in data["parties"]}
        self.said = sentences(data["turns"], self.sides)
        self.hashes = [s.keys() for s in self.said]
        self.first = {p["id"]: p["name"].split()[0].lower() for p in data["parties"] if p["name"].split()}
        self.today = date.fromisoformat(data["started"][:10])
        self.naming = Naming(data, self.said)
        self.named = named(self.naming)
        self.dates = of_call([s.tokens for s in self.said], self.today)

    def labelled(self, kind):
        return [i for i in self.gold.get(KINDS[kind], []) if i["sentences"]]


def pairs_matched(gold, found):
    """(label, item) by the scorer's rule: the largest overlaps first."""
    pairs = [(len(set(g) & set(f)), i, j) for i, g in enumerate(gold) for j, f in enumerate(found)]
    labels, items, out = set(), set(), []
    for n, i, j in sorted(pairs, key=lambda p: (-p[0], p[1], p[2])):
        if n and i not in labels and j not in items:
            labels.add(i)
            items.add(j)
            out.append((i, j))
    return out


# --- who does a step

def addressee(talk, at, speaker):
    """Who is asked: of those on the other side who speaks next within three, else who spoke last within twelve."""
    said, side = talk.said, talk.sides.get(speaker)
    near = list(range(at + 1, min(len(said), at + 4))) + list(range(at - 1, max(-1, at - 13), -1))
    for other in near:
        who = said[other].speaker
        if who != speaker and (talk.sides.get(who) != side or other == at + 1):
            return who
    return None


def surest(scores, members):
    return max(members, key=lambda a: (scores[a], -a))


def owner_rows(talk, scores, members):
    """(party ids, a row each, the row for both); `scores` say how much a sentence belongs to a step."""
    said = talk.said
    asked = {a: addressee(talk, a, said[a].speaker) for a in members}
    people = []
    for a in members:
        for who in (said[a].speaker, asked[a]):
            if who is not None and who not in people:
                people.append(who)
    for party in talk.parties:
        name = talk.first.get(party["id"])
        if party["id"] not in people and name and any(name in said[a].tokens for a in members):
            people.append(party["id"])
    longest = max(members, key=lambda a: (len(said[a].tokens), -a))
    best = surest(scores, members)
    share = {a: 1 / (1 + math.exp(-scores[a])) for a in members}
    whole = sum(share.values())
    firm = [a for a in members if says(said[a], "firm")]
    timed = lambda a: bool(said[a].dates) or says(said[a], "clock")
    rows = []
    for who in people:
        own = [a for a in members if said[a].speaker == who]
        others = [a for a in members if said[a].speaker != who]
        told = [a for a in others if asked[a] == who]
        name = talk.first.get(who)
        count = lambda at, group: sum(says(said[a], group) for a in at)
        weighed = lambda at, group: sum(share[a] for a in at if says(said[a], group))
        answers = [a for a in own if a > 0 and said[a - 1].asks and said[a - 1].speaker != who]
        rows.append([
            len(own) / len(members), count(own, "firm"), count(own, "soft"), count(own, "ours"), count(own, "asking"),
            count(told, "asking"), count(own, "together"), float(said[members[0]].speaker == who),
            float(said[members[-1]].speaker == who), float(said[longest].speaker == who),
            sum(name in said[a].tokens for a in others) if name else 0, float(talk.sides.get(who) == "rep"), len(answers),
            sum(t == "i" or t.startswith("i'") for a in own for t in said[a].tokens),
            sum(t == "you" or t.startswith("you'") for a in told for t in said[a].tokens),
            float(count(others, "firm") > 0), float(len(own) == 0),
            sum(share[a] for a in own) / whole, float(said[best].speaker == who), weighed(own, "firm"),
            max((share[a] for a in own if a in firm), default=0.0), sum(a in firm and bool(said[a].dates) for a in own),
            float(bool(firm) and said[firm[0]].speaker == who), float(bool(firm) and said[firm[-1]].speaker == who),
            weighed(told, "asking"), float(asked[best] == who and says(said[best], "asking")),
            float(bool(firm) and said[surest(scores, firm)].speaker == who), weighed(own, "soft"), weighed(own, "ours"),
        ])
    every = lambda group: sum(says(said[a], group) for a in members)
    has = lambda names: sum(any(said[a].classes[CLASSES.names.index(c)] for c in names) for a in members)
    answered = sum(
        said[a].speaker != said[b].speaker and timed(a)
        and (timed(b) or says(said[b], "together") or len(said[b].tokens) <= 4)
        for a, b in zip(members, members[1:])
    )
    both = [
        every("together"), every("meeting"), has({"weekday", "day", "month"}), has({"arrange"}), has({"send"}), has({"doc"}),
        has({"check"}), every("firm"), every("soft"), every("asking"), len({said[a].is_rep for a in members}),
        len({said[a].speaker for a in members}), len(members), sum(said[a].asks for a in members),
        float(len({said[a].is_rep for a in members if timed(a)}) == 2), every("clock"), answered,
        float(says(said[best], "together")), float(says(said[best], "meeting")), float(says(said[best], "firm")),
        sum(share[a] for a in members if says(said[a], "together")) / whole,
        sum(share[a] for a in firm) / whole, float(said[best].asks and timed(best)),
        float(said[members[-1]].speaker != said[members[0]].speaker),
        sum(len(said[a].tokens) <= 5 for a in members) / len(members),
    ]
    return people, rows, both


# --- by when

# Columns that speak for no date; how strongly weights are held small; as likely beside none a date has to be.
NONE, DAMPED, DUE = 3, 60.0, 0.3
LONG, BEFORE, AFTER, LIKE = 14, 8, 10, 0.25
LEADS = "by on until till before from next this for the in after since last if".split()


def head(talk, scores, members):
    """The sentence that says what is to be done: the longest that promises it, else that asks for it."""
    for names in (["firm"], ["asking", "together", "soft", "ours"]):
        speaking = [a for a in members if any(says(talk.said[a], n) for n in names)]
        if speaking:
            return max(speaking, key=lambda a: (min(LONG, len(talk.said[a].tokens)), a))
    return surest(scores, members)


REFUSED, REFUSING = 4, {"no", "not", "bad", "can't", "isn't", "out", "away", "off", "gone", "busy"}
# What stands for the score of a start where there is none.
NO_START = -8.0


def due_rows(talk, scores, starts, members, others):
    """(dates, a row each): those around the step, and those of other sentences that speak of the same thing.

    `scores` and `starts` say how much a sentence belongs to a step, and how much it begins one.
    """
    said, first, last, inside = talk.said, members[0], members[-1], set(members)
    at_head = head(talk, scores, members)
    top, stems = said[at_head], set().union(*(said[a].stems for a in members))
    like = lambda a: sum(weight(s) ** 2 for s in sorted(stems & said[a].stems)) / (said[a].norm * top.norm)
    near = [a for a in range(len(said)) if first - BEFORE <= a <= last + AFTER or (talk.dates[a] and like(a) > LIKE)]
    found = [(a, d) for a in near for d in talk.dates[a]]
    close = collections.Counter(d.date for a, d in found if a in inside or abs(a - at_head) < 6)
    dated = [a for a, _ in found if a in inside]
    foreign = set().union(*others) if others else set()
    own = [d.date for a, d in found if a in inside]
    most = max(scores[a] for a in members)
    firm = lambda tokens: says_in(tokens, "firm")
    rows = []
    for a, d in found:
        s = said[a]
        low, high = min(a, at_head), max(a, at_head)
        nearest = min(abs(a - b) for b in members)
        other = min([20, *(abs(a - b) for b in foreign)])
        more = talk.dates[a]
        days, length = (d.date - talk.today).days, len(s.tokens)
        lead = s.tokens[d.start - 1] if d.start else ""
        rows.append([float(v) for v in (
            a in inside, a == at_head, a - at_head, abs(a - at_head), max(0, a - at_head), max(0, at_head - a),
            min(abs(a - b) for b in members), a < first, a > last, first < a < last and a not in inside,
            d.exactness == 0, d.exactness == 1, d.exactness == 2, d.exactness == 3, s.is_rep, s.speaker == top.speaker,
            s.turn == top.turn, s.asks, length, length <= 9, says(s, "firm"), says(s, "soft"), says(s, "asking"),
            says(s, "together"), says(s, "ours"), says(s, "meeting"), close[d.date], len({x.date for _, x in found}),
            len({x.date for b, x in found if b in inside}), sum(b > a for b in dated), bool(dated) and a == dated[-1],
            bool(dated) and a == dated[0], not dated, says(s, "refusing"), "if" in s.tokens, a not in inside and a in foreign,
            len(members), min(30, days), days <= 1, d.start / length, length - d.end, like(a), a > last + AFTER, days == 0,
            len(talk.dates[a]), *(lead == word for word in LEADS),
            scores[a], scores[a] - most, starts[a], max(starts[low + 1 : high + 1], default=NO_START),
            s.is_rep != top.is_rep, other - nearest, other < nearest, sum(x.start > d.start for x in more),
            a + 1 < len(said) and said[a + 1].speaker != s.speaker and len(said[a + 1].tokens) <= 6,
            any(a < b <= a + 4 for b in dated), sum(b != a and x.date == d.date for b, x in found),
            firm(s.tokens[d.end :]), firm(s.tokens[: d.start]), bool(REFUSING & set(s.tokens[d.end : d.end + REFUSED])),
            len(more) > 1 and d is more[0], len(more) > 1 and d is more[-1], d.date in own, scores[a] if a in inside else 0.0,
            a in inside and len(own) == 1, len(set(own)) == 1,
        )])
    return [d.date for _, d in found], rows


def none_row(talk, members):
    """What speaks for no date at all."""
    said = sum(bool(talk.dates[a]) for a in members)
    return [1.0, float(said == 0), float(min(3, said))]


# --- how firm a step is

def state_row(talk, scores, members):
    said, h = talk.said, head(talk, scores, members)
    top, steps = said[h], [said[a] for a in members]
    other = lambda a: said[a].speaker != top.speaker
    after = [said[a] for a in range(h + 1, min(len(said), h + 4)) if other(a)]
    before = [said[a] for a in range(max(0, h - 3), h) if other(a)]
    across = [s for s in steps if s.is_rep != top.is_rep]
    following = said[members[-1] + 1] if members[-1] + 1 < len(said) else None
    answered = following is not None and following.is_rep != said[members[-1]].is_rep
    count = lambda at, group: sum(says(s, group) for s in at)
    has = lambda name: sum(bool(s.classes[CLASSES.names.index(name)]) for s in steps)
    promising = [s for s in steps if any(says(s, name) for name in ("firm", "soft", "ours", "asking"))]
    timed = [s for s in steps if s.dates or says(s, "clock")]
    return [float(v) for v in (
        len(members), len({s.is_rep for s in steps}), len({s.speaker for s in steps}), count(steps, "condition"),
        says(top, "condition"), "if" in top.tokens, count(promising, "condition"), count(steps, "offer"), says(top, "offer"),
        top.asks, sum(s.asks for s in steps), says(top, "firm"), says(top, "soft"), says(top, "asking"), says(top, "together"),
        count(steps, "firm"), count(steps, "soft"), count(steps, "asking"), count(steps, "together"), count(after, "accept"),
        count([s for s in after if len(s.tokens) <= 6], "accept"), count(before, "accept"), any(s.asks for s in before),
        count(before, "asking") > 0, answered and says(following, "accept"), answered, sum(bool(s.dates) for s in steps),
        len({s.is_rep for s in timed}) == 2, count(steps, "vague"), says(top, "vague"), has("yes"), has("hedge"),
        has("condition"), has("no"), has("arrange"), has("send"), top.is_rep, all(s.asks or says(s, "offer") for s in steps),
        count(across, "accept"), len(across), has("hypoth"), h / len(said),
    )]


# --- all of it

class Choice:
    """Whether a row is the one: a linear model over columns brought to one scale."""

    def __init__(self, rows, labels, c):
        rows = np.array(rows, float)
        self.mean, self.scale = rows.mean(0), rows.std(0) + 1e-6
        model = LogisticRegression(C=c, max_iter=300).fit(self.normal(rows), labels)
        self.weights, self.bias = model.coef_[0], float(model.intercept_[0])

    @staticmethod
    def read(numbers):
        choice = Choice.__new__(Choice)
        choice.mean, choice.scale, choice.weights = (np.array(numbers[k]) for k in ("mean", "scale", "weights"))
        choice.bias = numbers["bias"]
        return choice

    def normal(self, rows):
        return np.clip((np.array(rows, float) - self.mean) / self.scale, -4, 4)

    def scores(self, rows):
        return self.normal(rows) @ self.weights + self.bias

    def json(self):
        return {k: rounded(getattr(self, k)) for k in ("mean", "scale", "weights")} | {"bias": self.bias}


class Dated:
    """Which of the dates around a step is its own, if any: a linear model of one choice among all of them and none."""

    def __init__(self, groups):
        """Of each step the rows, its `none_row`, and of each row whether its date is the step's."""
        rows = np.concatenate([np.array(rows, float) for rows, _, _ in groups if rows])
        self.mean, self.scale = rows.mean(0), rows.std(0) + 1e-6
        width = rows.shape[1]
        # Dates have columns of their own, and so has none.
        of = [np.hstack([self.normal(rows), np.zeros((len(rows), NONE))]) for rows, _, _ in groups if rows]
        nones = [np.hstack([np.zeros(width), none]) for rows, none, _ in groups if rows]
        table = np.concatenate([np.vstack([dates, none]) for dates, none in zip(of, nones)])
        right = np.concatenate([[*r, not any(r)] for rows, _, r in groups if rows])
        starts = np.cumsum([0, *(len(dates) + 1 for dates in of)])[:-1]
        step = np.repeat(np.arange(len(starts)), np.diff([*starts, len(table)]))

        def loss(weights):
            scores = table @ weights
            shares = np.exp(scores - np.maximum.reduceat(scores, starts)[step])
            shares /= np.add.reduceat(shares, starts)[step]
            known = np.add.reduceat(shares * right, starts)
            pull = shares - shares * right / known[step]
            return -np.log(known).sum() + DAMPED * weights @ weights / 2, table.T @ pull + DAMPED * weights

        weights = minimize(loss, np.zeros(table.shape[1]), jac=True, method="L-BFGS-B", options={"maxiter": 200}).x
        self.weights, self.bias, self.none = weights[:width], 0.0, weights[width:]

    normal, scores, linear = Choice.normal, Choice.scores, Choice.json

    @staticmethod
    def read(numbers):
        dated = Dated.__new__(Dated)
        linear = Choice.read(numbers["linear"])
        dated.mean, dated.scale, dated.weights, dated.bias = linear.mean, linear.scale, linear.weights, linear.bias
        dated.none = np.array(numbers["none"])
        return dated

    def choose(self, days, rows, none):
        """The likeliest date by all places that say it, when it is likely enough beside none."""
        if not rows:
            return None
        scores = self.scores(rows)
        likely = {}
        for day, score in zip(days, scores):
            likely[day] = likely.get(day, 0.0) + math.exp(score)
        best = max(likely, key=lambda day: likely[day])
        return best if likely[best] > DUE * math.exp(self.none @ none) else None

    def json(self):
        return {"linear": self.linear(), "none": rounded(self.none)}


# --- how a customer stands to a competitor

def stance_row(talk, members):
    """Of what is said of a competitor, and just before and after."""
    members = sorted({b for a in members for b in range(max(0, a - 1), min(len(talk.said), a + 2))})
    said = [talk.said[a] for a in members]
    sides = [[s for s in said if s.is_rep == is_rep] for is_rep in (False, True)]
    # What is said more than twice says no more.
    phrases = [
        sum(STANDING.counts(s.tokens) for s in side).clip(0, 2) if side else np.zeros(len(STANDING.names)) for side in sides
    ]
    return [*phrases[0], *phrases[1], *(float(v) for v in (
        math.sqrt(len(said)), len(sides[0]) / len(said), members[0] / len(talk.said), len({s.turn for s in said}),
        sum(s.asks for s in sides[1]), not said[0].is_rep,
    ))]


class States:
    """Which state is the likeliest: a linear model for each."""

    def __init__(self, rows, states, count, c):
        rows = np.array(rows, float)
        mean, scale = rows.mean(0), rows.std(0) + 1e-6
        model = LogisticRegression(C=c, max_iter=500).fit(np.clip((rows - mean) / scale, -4, 4), states)
        known = list(model.classes_)
        self.of = []
        for state in range(count):
            # A state without examples is never the likeliest.
            weights = model.coef_[known.index(state)] if state in known else np.zeros(rows.shape[1])
            bias = float(model.intercept_[known.index(state)]) if state in known else -99.0
            numbers = {"mean": mean, "scale": scale, "weights": weights, "bias": bias}
            self.of.append(Choice.read(numbers))

    @staticmethod
    def read(numbers):
        states = States.__new__(States)
        states.of = [Choice.read(of) for of in numbers]
        return states

    def likeliest(self, row):
        return int(np.argmax([of.scores([row])[0] for of in self.of]))

    def json(self):
        return [of.json() for of in self.of]


class Read:
    """What a model says of a dialogue that it was not learned from."""

    def __init__(self, talk, model, own):
        looked, self.own = model.looked_at(talk), own
        self.talk, self.steps, self.starts = talk, looked[0][:, STEPS], looked[1][:, STEPS]
        self.items = [model.items(talk, looked, kind, TOGETHER[name], LONGEST[name]) for kind, name in enumerate(KINDS)]
        self.rivals = looked[0][:, RIVALS]
        self.names = name_rows(talk.naming, self.rivals, talk.named)

    def shown(self, kind, floor):
        return [m for m, s in self.items[kind] if s >= floor]


    def unnamed(self, shown):
        """Items of competitors that nobody names: what is said around the surest sentence, far from those that are named."""
        near = [a for _, sentences, _ in shown for a in sentences]
        return [
            (around(self.rivals, [surest(self.rivals, m)], near), s) for m, s in self.items[RIVALS]
            if all(abs(a - b) > APART for a in m for b in near)
        ]


def confidence(kind, reads):
    """How a score turns into the share of items that are right."""
    scores, right = [], []
    for read in reads:
        items = [(m, s) for m, s in (read.unnamed([]) if kind == RIVALS else read.items[kind]) if s >= LEAST]
        hits = {j for _, j in pairs_matched([i["sentences"] for i in read.talk.labelled(kind)], [m for m, _ in items])}
        scores += [s for _, s in items]
        right += [j in hits for j in range(len(items))]
    sure = LogisticRegression(C=10).fit(np.array(scores)[:, None], right)
    name = KINDS[kind]
    return {"together": TOGETHER[name], "longest": LONGEST[name], "slope": float(sure.coef_[0, 0]), "offset": float(sure.intercept_[0])}


# --- whose name it is

def is_of(forms, label):
    """Whether a name in some form is that of a labelled competitor, or a part of it ("Marlow" of the Marlow Direct portal)."""
    said = [label["name"], *label.get("said", [])]
    parts = [{letters(plain(word)) for word in form.split()} for form in said]
    own = lambda form: {letters(word) for word in form.split()}
    return any(
        any(is_same(form, other) for other in said)
        or any(own(form) <= part for part in parts) and any(len(word) > 3 for word in own(form))
        for form in forms
    )


INNER = 4


class Rivals:
    """Whether a name is a competitor's, and how often what is said of the likeliest is."""

    def __init__(self, reads):
        learn = lambda some: Choice(
            [row for r in some for row in r.names],
            [any(is_of(n.forms, label) for label in r.talk.labelled(RIVALS)) for r in some for n in r.talk.named], 0.1,
        )
        self.names = learn(reads)
        rows, right = [], []
        for part in range(INNER):
            model = learn([r for at, r in enumerate(reads) if at % INNER != part])
            for read in (r for r in reads[part::INNER] if not r.own and r.names):
                found = rivals(read.rivals, read.talk.named, model.scores(read.names))
                labels = [i["sentences"] for i in read.talk.labelled(RIVALS)]
                hits = {j for _, j in pairs_matched(labels, [m for _, m, _ in found])}
                rows += [[likely, float(not at)] for at, (_, _, likely) in enumerate(found)]
                right += [j in hits for j in range(len(found))]
        sure = LogisticRegression(C=10).fit(rows, right)
        (slope, first), offset = sure.coef_[0], sure.intercept_[0]
        self.sure = {"slope": float(slope), "first": float(first), "offset": float(offset)}

    @staticmethod
    def read(numbers):
        of = Rivals.__new__(Rivals)
        of.names, of.sure = Choice.read(numbers["names"]), numbers["sure"]
        return of

    def shown(self, read):
        """(name, sentences, confidence), the likeliest first."""
        found = rivals(read.rivals, read.talk.named, self.names.scores(read.names)) if read.names else []
        sure = lambda likely, at: 1 / (1 + math.exp(-(self.sure["slope"] * likely + self.sure["first"] * (not at) + self.sure["offset"])))
        found = [(one, m, sure(likely, at)) for at, (one, m, likely) in enumerate(found)]
        return settled([(one, m, p) for one, m, p in found if p >= FLOORS["competitors"]])

    def json(self):
        return {"names": self.names.json(), "sure": self.sure}


class Choices:
    def __init__(self, reads):
        self.kinds = [confidence(kind, [r for r in reads if not r.own]) for kind in range(len(KINDS))]
        people, are, boths, is_both, dues, firm, states, bags, kinds = ([] for _ in range(9))
        for read in reads:
            talk, labels = read.talk, read.talk.labelled(STEPS)
            found = self.shown(read, STEPS)
            labelled = [sorted(set(i["sentences"])) for i in labels]
            of_found = [(labels[i], found[j], found) for i, j in pairs_matched(labelled, found)]
            for step, members, everything in [*((l, m, labelled) for l, m in zip(labels, labelled)), *of_found]:
                who, rows, both = owner_rows(talk, read.steps, members)
                boths.append(both)
                is_both.append(step["owner"] == "both")
                if step["owner"] != "both":
                    people += rows
                    are += [w == step["owner"] for w in who]
                others = [m for m in everything if m is not members]
                days, rows = due_rows(talk, read.steps, read.starts, members, others)
                dues.append((rows, none_row(talk, members), [d.isoformat() == step.get("due") for d in days]))
                firm.append(state_row(talk, read.steps, members))
                states.append(STATES.index(step["status"]))
            for one in talk.labelled(PUSH):
                bags.append(bag(talk, one["sentences"], LEARNED))
                kinds.append(PUSHBACK.index(one["kind"]))
        for hashes, kind in examples():
            bags.append(hashes)
            kinds.append(kind)
        self.person, self.both = Choice(people, are, 0.1), Choice(boths, is_both, 0.1)
        self.due, self.states = Dated(dues), States(firm, states, len(STATES), 0.01)
        self.words = PushbackWords(bags, kinds)
        self.rivals = Rivals(reads)
        labels = [(r.talk, label) for r in reads for label in r.talk.labelled(RIVALS)]
        rows = [stance_row(talk, label["sentences"]) for talk, label in labels]
        self.stances = States(rows, [STANCES.index(label["stance"]) for _, label in labels], len(STANCES), 0.01)

    def competitors(self, read):
        """(name, sentences); None when nobody says it."""
        named = self.rivals.shown(read)
        unnamed = [(None, m) for m, s in read.unnamed(named) if s >= self.floor(RIVALS)]
        return [(name, m) for name, m, _ in named] + unnamed

    def shown(self, read, kind):
        if kind == RIVALS:
            return [m for _, m in self.competitors(read)]
        return read.shown(kind, self.floor(kind))

    def floor(self, kind):
        """The score of the least sure item that is shown."""
        of, floor = self.kinds[kind], FLOORS[KINDS[kind]]
        return (math.log(floor / (1 - floor)) - of["offset"]) / of["slope"] - 1e-9

    def owner(self, talk, scores, members):
        who, rows, both = owner_rows(talk, scores, members)
        return "both" if self.both.scores([both])[0] > BOTH else who[int(np.argmax(self.person.scores(rows)))]

    def state(self, talk, scores, members):
        return STATES[self.states.likeliest(state_row(talk, scores, members))]

    def stance(self, talk, members):
        return STANCES[self.stances.likeliest(stance_row(talk, members))]

    def due_date(self, talk, scores, starts, members, others):
        days, rows = due_rows(talk, scores, starts, members, others)
        best = self.due.choose(days, rows, none_row(talk, members))
        return best.isoformat() if best else None

    @staticmethod
    def read(path):
        """What `write` wrote."""
        data = open(path, "rb").read()
        length = struct.unpack("<I", data[5:9])[0]
        head, rest = json.loads(data[9 : 9 + length]), data[9 + length :]
        choices = Choices.__new__(Choices)
        choices.kinds = head["kinds"]
        choices.person, choices.both = (Choice.read(head[name]) for name in ("person", "both"))
        choices.due, choices.states = Dated.read(head["due"]), States.read(head["states"])
        choices.rivals, choices.stances = Rivals.read(head["rivals"]), States.read(head["stances"])
        count = head["pushback"]["keys"]
        weights = np.frombuffer(rest[4 * count :], np.int8).reshape(count, len(PUSHBACK)).T
        choices.words = PushbackWords.read(np.frombuffer(rest[: 4 * count], "<u4"), weights)
        return choices

    def write(self, path):
        """As train.py writes: `READ6`, the length of the JSON part, that part, then keys and weights."""
        words = {"keys": len(self.words.keys), "scale": float(self.words.scale)}
        text = json.dumps({
            "kinds": [{k: v if k == "longest" else float(f"{v:.5g}") for k, v in kind.items()} for kind in self.kinds], "person": self.person.json(),
            "both": self.both.json(), "due": self.due.json(), "states": self.states.json(), "rivals": self.rivals.json(),
            "stances": self.stances.json(), "pushback": words,
        }, separators=(",", ":")).encode()
        with open(path, "wb") as out:
            out.write(b"READ6" + struct.pack("<I", len(text)) + text)
            out.write(self.words.keys.astype("<u4").tobytes() + self.words.weights.T.astype(np.int8).tobytes())


# From this score on both sides do a step.
BOTH = -0.4


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("dialogues")
    arguments.add_argument("out")
    arguments.add_argument("--folds", required=True)
    arguments = arguments.parse_args()
    folder = Path(arguments.folds)
    reads, own = [], []
    for number in range(FOLDS):
        model = Model(folder / f"fold-{number}.bin")
        for into, where, names in ((reads, arguments.dialogues, "folds.json"), (own, OWN, "own-folds.json")):
            ids = json.loads((folder / names).read_text())[number]
            talks = (Talk(json.loads((Path(where) / f"{i}.json").read_text())) for i in ids)
            into.append([Read(talk, model, into is own) for talk in talks])
    print(f"{sum(map(len, reads))} dialogues and {sum(map(len, own))} of our own read", flush=True)
    counts = collections.Counter()
    for number, mine in enumerate(reads):
        model = Choices([r for of in (reads, own) for other in range(FOLDS) if other != number for r in of[other]])
        model.write(folder / f"choices-{number}.bin")
        for read in mine:
            for kind, name in enumerate(KINDS):
                labels, found = read.talk.labelled(kind), model.shown(read, kind)
                pairs = pairs_matched([i["sentences"] for i in labels], found)
                counts.update({(name, "right"): len(pairs), (name, "found"): len(found), (name, "gold"): len(labels)})
                taken = {j for _, j in pairs}
                for trap in read.talk.gold.get("traps", []):
                    if trap["looks_like"] == TRAPS.get(name, name):
                        counts["traps"] += 1
                        on = [j for j, m in enumerate(found) if j not in taken and set(m) & set(trap["sentences"])]
                        counts[name, "trapped"] += len(on)
                for i, j in pairs:
                    if kind == RIVALS:
                        name, said = model.competitors(read)[j]
                        counts["named right"] += name is not None and is_of([name], labels[i])
                        counts["stance"] += model.stance(read.talk, said) == labels[i]["stance"]
                        counts["evidence right"] += len(set(labels[i]["sentences"]) & set(said)) / len(said)
                    if kind == STEPS:
                        others = [m for m in found if m is not found[j]]
                        counts["owner"] += model.owner(read.talk, read.steps, found[j]) == labels[i]["owner"]
                        due, day = labels[i].get("due"), model.due_date(read.talk, read.steps, read.starts, found[j], others)
                        counts["due"] += day == due
                        counts["dated"] += due is not None
                        counts["dated right"] += due is not None and day == due
                        counts["state"] += model.state(read.talk, read.steps, found[j]) == labels[i]["status"]
                    if kind == PUSH:
                        counts["kind"] += PUSHBACK[model.words.kind(read.talk, found[j])] == labels[i]["kind"]
    of = lambda what: sum(counts[name, what] for name in KINDS)
    for name in KINDS:
        print(f"{name:12} F1 {2 * counts[name, 'right'] / (counts[name, 'found'] + counts[name, 'gold']):.3f}")
    print(f"traps taken {of('trapped')} of {counts['traps']}", {n: counts[n, "trapped"] for n in KINDS})
    print(f"all F1 {2 * of('right') / (of('found') + of('gold')):.3f}")
    print("owners, dates, states, kinds, names, evidence and stances of competitors right", *(
        f"{counts[what] / counts[of_kind, 'right']:.3f}"
        for what, of_kind in (
            ("owner", "next_steps"), ("due", "next_steps"), ("state", "next_steps"), ("kind", "pushback"),
            ("named right", "competitors"), ("evidence right", "competitors"),
            ("stance", "competitors"),
        )
    ), f"dates where one is labelled {counts['dated right'] / counts['dated']:.3f}")
    Choices([r for fold in reads + own for r in fold]).write(arguments.out)


if __name__ == "__main__":
    main()
