"""Learns the numbers of `cortex::answering`: python train.py ASKING DIALOGUES READINGS OUT [--folds FOLDER]

ASKING is the built example `asking`, which says what the finder sees; DIALOGUES are labelled (their SPEC.md says how), READINGS
the models of the local reader by part, each learned without the dialogues of its part. OUT gets the numbers of all dialogues.
With --folds, FOLDER gets `fold-N.tsv`, each learned without part N: that is how docs/quality.md is made.

Two steps: which sentence answers, over what is seen of a sentence; and whether any does, over what is seen of a question whose
sentences were ranked by numbers that had not learned from its dialogue.
"""
import argparse
import json
import subprocess
import tempfile
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression

# How strongly weights are held down, and how many unanswerable questions may seem answered where the line is drawn.
SENTENCE_C, TOLD_C, TAKEN = 0.3, 0.03, 0.15
LEAST_SEEN = 4


def seen(asking, dialogues, readings, numbers=None):
    command = [asking, "seen", dialogues, readings] + ([numbers] if numbers else [])
    lines = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
    return [json.loads(line) for line in lines]


def table(rows, names):
    """A matrix of dictionaries of values."""
    column = {name: at for at, name in enumerate(names)}
    matrix = np.zeros((len(rows), len(names)))
    for at, row in enumerate(rows):
        for name, value in row.items():
            if name in column:
                matrix[at, column[name]] = value
    return matrix


def often(dictionaries):
    """Names that occur in several questions: what occurs once says nothing of others."""
    counts = {}
    for names in dictionaries:
        for name in names:
            counts[name] = counts.get(name, 0) + 1
    return sorted(name for name, count in counts.items() if count >= LEAST_SEEN)


def sentence_weights(questions):
    """A right and a wrong sentence of a question weigh the same together, whatever their numbers."""
    questions = [q for q in questions if q["answerable"] and q["sentences"]]
    names = often(q["of"] for q in questions)
    parts, right, weights = [], [], []
    for q in questions:
        columns = [q["of"].get(name) for name in names]
        length = len(q["of"]["words"])
        parts.append(np.array([c if c else [0.0] * length for c in columns]).T)
        labels = np.zeros(length)
        labels[q["sentences"]] = 1
        right.append(labels)
        weights.append(np.where(labels > 0, 1 / labels.sum(), 1 / length))
    model = LogisticRegression(C=SENTENCE_C, solver="newton-cholesky")
    model.fit(np.concatenate(parts), np.concatenate(right), sample_weight=np.concatenate(weights))
    return dict(zip(names, model.coef_[0]))


def told_weights(questions):
    names = often(q["told"] for q in questions)
    rows = table([q["told"] for q in questions], names)
    scale = rows.std(0) + 1e-9
    is_told = np.array([q["answerable"] for q in questions])
    model = LogisticRegression(C=TOLD_C, class_weight="balanced", solver="newton-cholesky")
    # The line is drawn by what is said of questions that were not learned from.
    parts = np.array([q["part"] for q in questions])
    scores = np.zeros(len(questions))
    for part in set(parts):
        model.fit(rows[parts != part] / scale, is_told[parts != part])
        scores[parts == part] = model.decision_function(rows[parts == part] / scale)
    line = np.quantile(scores[~is_told], 1 - TAKEN)
    model.fit(rows / scale, is_told)
    weights = dict(zip(names, model.coef_[0] / scale))
    weights["bias"] = model.intercept_[0] - line
    return weights


def write(path, sentence, told):
    lines = ["# Made by training/asking/train.py; what the names mean stands in src/answering."]
    for of, weights in (("sentence", sentence), ("told", told)):
        lines += [f"{of}\t{name}\t{weight:.4f}" for name, weight in sorted(weights.items()) if abs(weight) >= 0.0005]
    Path(path).write_text("\n".join(lines) + "\n")


def learned(asking, dialogues, readings, without):
    """Numbers of all parts but one; the second step goes by sentence numbers of the parts that remain."""
    everything = seen(asking, dialogues, readings)
    parts = sorted({q["part"] for q in everything})
    kept = [q for q in everything if q["part"] != without]
    with tempfile.TemporaryDirectory() as folder:
        for part in parts:
            others = [q for q in kept if q["part"] != part]
            write(f"{folder}/fold-{part}.tsv", sentence_weights(others), {})
        ranked = [q for q in seen(asking, dialogues, readings, folder) if q["part"] != without]
    return sentence_weights(kept), told_weights(ranked)


def main():
    arguments = argparse.ArgumentParser()
    for name in ("asking", "dialogues", "readings", "out"):
        arguments.add_argument(name)
    arguments.add_argument("--folds")
    given = arguments.parse_args()
    of = (given.asking, given.dialogues, given.readings)
    Path(given.out).parent.mkdir(parents=True, exist_ok=True)
    write(given.out, *learned(*of, None))
    if given.folds:
        Path(given.folds).mkdir(parents=True, exist_ok=True)
        for part in range(len(json.loads((Path(given.readings) / "folds.json").read_text()))):
            write(f"{given.folds}/fold-{part}.tsv", *learned(*of, part))


main()
