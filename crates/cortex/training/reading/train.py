"""Learns the numbers of the local reader: python train.py DIALOGUES OUT [--folds FOLDER] [--only FOLD]

DIALOGUES is a folder of labelled dialogues (their SPEC.md says how they are written); ../dialogues and snippets/*.txt are
more, written for this project. OUT gets the model of all of them. With --folds, FOLDER gets `fold-N.bin`, each learned
without a seventh of the dialogues, and `folds.json` and `own-folds.json`, which say what each was not learned from. Figures
are of DIALOGUES alone: that is how docs/quality.md is made.

Four steps, each learned from what the step before says of dialogues it was not learned from:
1. wording: a linear model of what one sentence says, over words, stems, phrase classes and their pairs;
2. window: per kind, a linear model and small trees over the wording of a sentence and its neighbours;
3. pair: do two such sentences belong to one item;
4. item: is the item right.
choices.py goes on from there: confidence, owners, dates, kinds of pushback.
"""
import argparse
import glob
import json
import random
import struct
import sys
import time
import warnings
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import lightgbm
import numpy as np
import scipy.sparse as sparse
from sklearn.linear_model import LogisticRegression, SGDClassifier

from features import *

warnings.filterwarnings("ignore")
HERE = Path(__file__).resolve().parent
OWN = HERE.parent / "dialogues"
FOLDS, INNER = 7, 4
TRAPS = {"next_steps": "next_step", "competitors": "competitor"}
TRAP_WEIGHT = 2.0
# What a sentence of DIALOGUES counts beside one of our own, whose items are larger; those of praise are not.
OTHERS_WEIGHT = dict.fromkeys(KINDS, 2.5) | {"pricing": 1.0, "praise": 1.0, "pains": 1.0}
ALIKE = {"praise"}
LETTERS = {"n": 0, "p": 1, "c": 2, "$": 3, "d": 4, "t": 5, "l": 6, "x": 7}
CANDIDATE_QUANTILES = (0.86, 0.89, 0.915, 0.94, 0.955, 0.97, 0.98, 0.987)
TOGETHER = (0.2, 0.3, 0.4, 0.5, 0.6, 0.7)


class Dialogue:
    def __init__(self, data, own):
        self.id, self.own = data["id"], own
        self.said = sentences(data["turns"], {p["id"]: p["side"] for p in data["parties"]})
        n = len(self.said)
        self.items = [[sorted(set(i["sentences"])) for i in data["gold"].get(k, [])] for k in KINDS]
        self.labels, self.starts, self.traps = (np.zeros((n, len(KINDS)), bool) for _ in range(3))
        for kind, items in enumerate(self.items):
            for members in items:
                self.labels[members, kind] = True
                self.starts[members[0], kind] = True
        for trap in data["gold"].get("traps", []):
            for kind, name in enumerate(KINDS):
                if trap["looks_like"] == TRAPS.get(name, name):
                    self.traps[trap["sentences"], kind] = True
        self.traps &= ~self.labels
        self.hashes = [s.keys() for s in self.said]


def dialogues(folder):
    talks = [Dialogue(json.load(open(p)), folder == OWN) for p in sorted(glob.glob(f"{folder}/*.json"))]
    random.Random(0).shuffle(talks)
    return talks


class Snippet:
    """Lines `side labels | sentence` of a made-up conversation; labels as in LETTERS, `-` for none."""

    own = True

    def __init__(self, block):
        turns, labels = [], []
        for line in block.strip().splitlines():
            head, text = line.split(" | ", 1)
            side, names = head.split(" ", 1)
            if not turns or turns[-1]["speaker"] != side:
                turns.append({"speaker": side, "sentences": []})
            turns[-1]["sentences"].append(text)
            row = np.zeros(len(KINDS), bool)
            for name in names.split(","):
                if name.strip() != "-":
                    row[LETTERS[name.strip()[0]]] = True
            labels.append(row)
        self.said = sentences(turns, {"R": "rep", "C": "customer"})
        self.labels, self.traps = np.array(labels), np.zeros((len(labels), len(KINDS)), bool)
        self.hashes = [s.keys() for s in self.said]


def weights_of(talks, kind):
    """What each sentence counts."""
    return np.concatenate([np.full(len(t.said), 1.0 if t.own else OTHERS_WEIGHT[KINDS[kind]]) for t in talks])


# --- 1. wording

class Wording:
    def __init__(self, talks):
        counts = {}
        for talk in talks:
            for keys in talk.hashes:
                for key in keys:
                    counts[key] = counts.get(key, 0) + 1
        self.keys = np.array(sorted(k for k, c in counts.items() if c >= 3), np.uint32)
        rows = self.rows(talks)
        labels = np.concatenate([t.labels for t in talks])
        traps = np.concatenate([t.traps for t in talks])
        weights, biases = [], []
        for kind in range(len(KINDS)):
            sample = np.where(traps[:, kind], TRAP_WEIGHT, 1.0) * weights_of(talks, kind)
            model = SGDClassifier(loss="log_loss", alpha=3e-5, max_iter=12, tol=None, average=True, random_state=0)
            model.fit(rows, labels[:, kind], sample_weight=sample)
            weights.append(model.coef_[0])
            biases.append(model.intercept_[0])
        weights = np.array(weights)
        self.scale = np.abs(weights).max(1) / 127
        self.weights = np.round(weights / self.scale[:, None]).astype(np.int8)
        self.bias = np.array(biases)

    def rows(self, talks):
        index, starts, values = [], [0], []
        for talk in talks:
            for keys in talk.hashes:
                at = np.searchsorted(self.keys, keys)
                at = [a for a, k in zip(at, keys) if a < len(self.keys) and self.keys[a] == k]
                index += at
                values += [1 / math.sqrt(len(at))] * len(at)
                starts.append(len(index))
        return sparse.csr_matrix((values, index, starts), shape=(len(starts) - 1, len(self.keys)))

    def scores(self, talk):
        return self.rows([talk]) @ (self.weights * self.scale[:, None]).T + self.bias


# --- 2. window, 3. pair, 4. item: linear models and trees over plain rows

class Linear:
    def __init__(self, rows, labels, c, sample=None):
        self.mean, self.scale = rows.mean(0), rows.std(0) + 1e-6
        model = LogisticRegression(C=c, max_iter=60, tol=1e-3).fit(self.normal(rows).astype(np.float32), labels, sample_weight=sample)
        self.weights, self.bias = model.coef_[0], model.intercept_[0]

    def normal(self, rows):
        return np.clip((rows - self.mean) / self.scale, -4, 4)

    def score(self, rows):
        return self.normal(rows) @ self.weights + self.bias

    def json(self):
        return {k: rounded(getattr(self, k)) for k in ("mean", "scale", "weights")} | {"bias": float(self.bias)}


class Trees:
    """Boosted trees, each a list of [feature, threshold, left, right]; a negative child -n is leaf n - 1."""

    def __init__(self, rows, labels, count, leaves, least, columns, sample=None):
        model = lightgbm.LGBMClassifier(
            n_estimators=count, learning_rate=0.05, num_leaves=leaves, min_child_samples=least, verbose=-1,
            colsample_bytree=columns, subsample=0.7, subsample_freq=1, reg_lambda=10, max_bin=63, n_jobs=1,
            random_state=0, deterministic=True, force_row_wise=True,
        ).fit(rows, labels, sample_weight=sample)
        self.trees = []
        for tree in model.booster_.dump_model()["tree_info"]:
            nodes, values = [], []

            def walk(node):
                if "leaf_value" in node:
                    values.append(float(f"{node['leaf_value']:.5g}"))
                    return -len(values)
                at = len(nodes)
                nodes.append(None)
                # The nearest 32-bit number, as the reader computes in 32 bits.
                threshold = float(np.float32(node["threshold"]))
                left, right = walk(node["left_child"]), walk(node["right_child"])
                nodes[at] = [node["split_feature"], float(f"{threshold:.7g}"), left, right]
                return at

            walk(tree["tree_structure"])
            self.trees.append((nodes, values))

    @staticmethod
    def read(numbers):
        model = Trees.__new__(Trees)
        model.trees = [(t["nodes"], t["values"]) for t in numbers]
        return model

    def score(self, rows):
        rows = np.asarray(rows, np.float32)
        total = np.zeros(len(rows))
        for nodes, values in self.trees:
            if not nodes:
                total += values[0]
                continue
            feature, threshold, left, right = (np.array(c) for c in zip(*nodes))
            threshold, values = threshold.astype(np.float32), np.array(values)
            at = np.zeros(len(rows), int)
            while (at >= 0).any():
                inner = np.maximum(at, 0)
                goes = np.where(rows[np.arange(len(rows)), feature[inner]] <= threshold[inner], left[inner], right[inner])
                at = np.where(at >= 0, goes, at)
            total += values[-at - 1]
        return total

    def json(self):
        return [{"nodes": nodes, "values": values} for nodes, values in self.trees]


def rounded(values):
    return [float(f"{v:.6g}") for v in values]


def probability(score):
    return 1 / (1 + np.exp(-score))


class Window:
    def __init__(self, rows, talks):
        labels = np.concatenate([t.labels for t in talks])
        starts = np.concatenate([t.starts for t in talks])
        traps = np.concatenate([t.traps for t in talks])
        self.linear, self.trees, self.starts = [], [], []
        for kind in range(len(KINDS)):
            sample = np.where(traps[:, kind], TRAP_WEIGHT, 1.0) * weights_of(talks, kind)
            self.linear.append(Linear(rows, labels[:, kind], 0.002, sample))
            self.trees.append(Trees(rows, labels[:, kind], 120, 8, 40, 0.15, sample))
            self.starts.append(Linear(rows, starts[:, kind], 0.002, weights_of(talks, kind)))

    def scores(self, rows):
        belongs = np.stack([(l.score(rows) + t.score(rows)) / 2 for l, t in zip(self.linear, self.trees)], 1)
        return belongs, np.stack([s.score(rows) for s in self.starts], 1)


def candidates(talk, scores, kind, least):
    only_customer = KINDS[kind] in CUSTOMER_ONLY
    return [a for a in range(len(talk.said)) if scores[a, kind] >= least and not (only_customer and talk.said[a].is_rep)]


def pairs_of(found):
    return [(a, b) for at, b in enumerate(found) for a in found[max(0, at - PAIRS_BACK) : at]]


def pair_rows(talk, scores, starts, kind, pairs):
    return np.array([pair(talk.said, scores[:, kind], starts[:, kind], a, b) for a, b in pairs], np.float32)


def matched(gold, found):
    pairs = [(len(set(g) & set(f)), i, j) for i, g in enumerate(gold) for j, f in enumerate(found)]
    taken, hits = set(), set()
    for n, i, j in sorted(pairs, key=lambda p: (-p[0], p[1], p[2])):
        if n and i not in taken and j not in hits:
            taken.add(i)
            hits.add(j)
    return hits


def f1(hits, found, gold):
    return 2 * hits / max(1, found + gold)


class Kind:
    """Steps 3 and 4 of one kind, learned from out-of-fold scores."""

    def __init__(self, kind, talks, scored):
        self.kind = kind
        inner = [i % INNER for i in range(len(talks))]
        gold_pairs = []
        for talk, (scores, starts) in zip(talks, scored):
            pairs = pairs_of(np.flatnonzero(talk.labels[:, kind]).tolist())
            same = [any(a in i and b in i for i in map(set, talk.items[kind])) for a, b in pairs]
            gold_pairs.append((pair_rows(talk, scores, starts, kind, pairs), same))

        def learn(use):
            rows = [r for r, s in (gold_pairs[i] for i in use) if len(s)]
            same = [s for i in use for s in gold_pairs[i][1]]
            return Trees(np.concatenate(rows), np.array(same), 120, 8, 25, 0.5)

        models = [learn([i for i in range(len(talks)) if inner[i] != f]) for f in range(INNER)]
        self.pair = learn(range(len(talks)))
        every = np.concatenate([s[:, kind] for s, _ in scored])
        leasts = [float(q) for q in np.quantile(every, CANDIDATE_QUANTILES)]
        found, links = [], []
        for at, (talk, (scores, starts)) in enumerate(zip(talks, scored)):
            found.append(candidates(talk, scores, kind, leasts[0]))
            pairs = pairs_of(found[-1])
            p = probability(models[inner[at]].score(pair_rows(talk, scores, starts, kind, pairs))) if pairs else []
            links.append(dict(zip(pairs, p)))
        gold = sum(len(t.items[kind]) for t in talks)

        def grouped(least, together):
            return [
                group([a for a in f if s[a, kind] >= least], l, together) for f, l, (s, _) in zip(found, links, scored)
            ]

        options = []
        for at, least in enumerate(leasts):
            for together in TOGETHER:
                items = grouped(least, together)
                hits = sum(len(matched(t.items[kind], i)) for t, i in zip(talks, items))
                options.append((f1(hits, sum(map(len, items)), gold), at, together))
        _, at, self.together = max(options)
        # One step more generous: the last step takes away what is wrong.
        self.least = leasts[max(0, at - 1)]
        rows, right, of = [], [], []
        groups = grouped(self.least, self.together)
        for number, (talk, items) in enumerate(zip(talks, groups)):
            hits = matched(talk.items[kind], items)
            everything = [a for i in items for a in i]
            scores, starts = scored[number]
            for j, members in enumerate(items):
                rows.append(item(talk.said, scores, starts, kind, members, links[number], everything))
                right.append(j in hits)
                of.append(number)
        rows, right, of = np.array(rows), np.array(right), np.array(of)
        confidence = np.zeros(len(right))
        for f in range(INNER):
            test = np.array([inner[n] == f for n in of])
            confidence[test] = probability(Linear(rows[~test], right[~test], 0.01).score(rows[test]))
        self.item = Linear(rows, right, 0.01)
        best = (0, 0.3)
        for floor in np.arange(0.15, 0.65, 0.025):
            hits = shown = 0
            for number, talk in enumerate(talks):
                mine = np.flatnonzero(of == number)
                first = mine[0] if len(mine) else 0
                kept = [groups[number][m - first] for m in mine if confidence[m] >= floor]
                hits += len(matched(talk.items[kind], kept))
                shown += len(kept)
            best = max(best, (f1(hits, shown, gold), floor))
        self.floor = float(best[1])
        self.expected = best[0]

    def read(self, talk, scores, starts):
        found = candidates(talk, scores, self.kind, self.least)
        pairs = pairs_of(found)
        p = probability(self.pair.score(pair_rows(talk, scores, starts, self.kind, pairs))) if pairs else []
        links = dict(zip(pairs, p))
        items = group(found, links, self.together)
        everything = [a for i in items for a in i]
        rows = [item(talk.said, scores, starts, self.kind, m, links, everything) for m in items]
        sure = probability(self.item.score(np.array(rows))) if rows else []
        return [(m, float(s)) for m, s in zip(items, sure)]


def tell(step):
    print(f"  {step}, {time.process_time():.0f} s of a core", flush=True)


class Reader:
    def __init__(self, talks, snippets):
        inner = [i % INNER for i in range(len(talks))]
        without = lambda f: [t for i, t in enumerate(talks) if inner[i] != f]
        parts = [Wording(without(f) + snippets) for f in range(INNER)]
        rows = [window(t.said, parts[inner[i]].scores(t)) for i, t in enumerate(talks)]
        self.wording = Wording(talks + snippets)
        tell("wording")
        use = lambda f: [i for i in range(len(talks)) if inner[i] != f]
        scored = [None] * len(talks)
        for f in range(INNER):
            model = Window(np.concatenate([rows[i] for i in use(f)]), [talks[i] for i in use(f)])
            for i in range(len(talks)):
                if inner[i] == f:
                    scored[i] = model.scores(rows[i])
        self.window = Window(np.concatenate(rows), talks)
        tell("window")
        self.kinds = []
        for kind, name in enumerate(KINDS):
            # Our own dialogues teach what is said, and not where an item ends.
            use = [i for i, t in enumerate(talks) if not t.own or name in ALIKE]
            self.kinds.append(Kind(kind, [talks[i] for i in use], [scored[i] for i in use]))
        print("  expected", [(KINDS[k.kind], round(k.expected, 2), round(k.floor, 2)) for k in self.kinds], flush=True)

    def read(self, talk):
        scores, starts = self.window.scores(window(talk.said, self.wording.scores(talk)))
        return [[(m, s) for m, s in k.read(talk, scores, starts) if s >= k.floor] for k in self.kinds]

    def write(self, path):
        """`READ1`, the length of the JSON part, that part, then keys and weights of the wording."""
        w = self.wording
        head = {
            "wording": {"keys": len(w.keys), "scale": rounded(w.scale), "bias": rounded(w.bias)},
            "window": [
                {"linear": l.json(), "trees": t.json(), "starts": s.json()}
                for l, t, s in zip(self.window.linear, self.window.trees, self.window.starts)
            ],
            "kinds": [
                {"pair": k.pair.json(), "item": k.item.json(), "least": k.least, "together": k.together, "floor": k.floor}
                for k in self.kinds
            ],
        }
        text = json.dumps(head, separators=(",", ":")).encode()
        with open(path, "wb") as out:
            out.write(b"READ1" + struct.pack("<I", len(text)) + text)
            out.write(w.keys.astype("<u4").tobytes() + w.weights.T.astype(np.int8).tobytes())


def tried(model, talks):
    total = np.zeros((len(KINDS), 4), int)
    for talk in talks:
        for kind, items in enumerate(model.read(talk)):
            found = [m for m, _ in items]
            hits = matched(talk.items[kind], found)
            traps = sum(talk.traps[m, kind].any() for j, m in enumerate(found) if j not in hits)
            total[kind] += (len(hits), len(found), len(talk.items[kind]), traps)
    return total


def material(dialogues_folder):
    """Labelled dialogues, our own, and snippets."""
    snippets = [
        Snippet(block) for p in sorted(HERE.glob("snippets/*.txt")) for block in p.read_text().split("\n\n") if block.strip()
    ]
    return dialogues(dialogues_folder), dialogues(OWN), snippets


def learn(dialogues_folder, folder, fold):
    """The model without a fold, written and tried on the dialogues that it lacks; of all, when there is no fold."""
    talks, own, snippets = material(dialogues_folder)
    if fold is None:
        Reader(talks + own, snippets).write(folder)
        return np.zeros((len(KINDS), 4), int)
    model = Reader([t for of in (talks, own) for i, t in enumerate(of) if i % FOLDS != fold], snippets)
    model.write(folder / f"fold-{fold}.bin")
    return tried(model, talks[fold::FOLDS])


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("dialogues")
    arguments.add_argument("out")
    arguments.add_argument("--folds")
    arguments.add_argument("--only", type=int)
    arguments = arguments.parse_args()
    started = time.time()
    talks, own, snippets = material(arguments.dialogues)
    print(f"{len(talks)} dialogues, {len(own)} of our own, {len(snippets)} snippets", flush=True)
    tasks = [] if arguments.only is not None else [(arguments.out, None)]
    if arguments.folds:
        folder = Path(arguments.folds)
        folder.mkdir(parents=True, exist_ok=True)
        for name, of in (("folds.json", talks), ("own-folds.json", own)):
            (folder / name).write_text(json.dumps([[t.id for t in of[f::FOLDS]] for f in range(FOLDS)]))
        tasks += [(folder, f) for f in range(FOLDS) if arguments.only in (None, f)]
    with ProcessPoolExecutor() as pool:
        total = sum(pool.map(learn, [arguments.dialogues] * len(tasks), *zip(*tasks)))
    for name, (hits, found, gold, traps) in zip([*KINDS, "all"], [*total, total.sum(0)]) if arguments.folds else ():
        print(f"{name:12} P {hits / max(1, found):.2f} R {hits / max(1, gold):.2f} F1 {f1(hits, found, gold):.3f} traps {traps}")
    print(f"written, {time.time() - started:.0f} s")


if __name__ == "__main__":
    main()
