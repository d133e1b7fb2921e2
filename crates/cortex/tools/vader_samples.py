"""Writes tests/vader_samples.tsv: sentences that exercise each rule, with the scores
that vaderSentiment 3.3.2 gives them.

    venv/bin/pip install vaderSentiment==3.3.2
    venv/bin/python tools/vader_samples.py tests/vader_samples.tsv
"""

import json
import sys

from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

SENTENCES = [
    "", "   ", "?", "!!!", "ok", "...", "Um, yeah.",
    # question and exclamation marks
    "Is that the price?", "Is that the price??", "Is that the price???", "Why????",
    "That is great!", "That is great!!!!!!", "That is great? Really?", "This is bad!? Bad!!",
    # "no" as negation, and on its own
    "No problem, no problem.", "No, thank you.", "We see no risk or problem here.",
    "No good reason at all.", "There is no", "no no no", "NO way this is good, NO problem.",
    "We have no clear or good answer.", "No fear nor doubt, no great loss.",
    # "but"
    "The demo was good, but the price is bad.",
    "Good, good, good, but bad, bad and good.",
    "But that is great, but that is awful, but fine.",
    "We love it and love it, but we hate, hate, hate the price.",
    "It was nice but BUT it was nice nice.", "fine fine fine but but fine fine",
    # "least"
    "At least it is good.", "It is the very least good option.", "It is the least good option.",
    "Least good.", "at the very least useful", "Not the least bit happy.",
    # negations and their reach
    "That is not good.", "That isn't really good.", "That is not a very good sign.",
    "I have never been so happy.", "I have never been this happy.", "Never so good.",
    "Without a doubt, excellent idea.", "Without doubt excellent.", "without any of the trouble",
    "This great thing", "we were so very happy", "so utterly and this good", "I DON'T like it.",
    "We couldn\u2019t be happier.", "Nobody is hardly ever happy, neither good nor bad.",
    # boosters, dampeners and capitals
    "It is very good.", "It is VERY good.", "It is VERY bad.", "IT IS VERY GOOD.",
    "It is kind of good.", "It was sort of a good call.", "It is just enough of a win.",
    "kind of", "What kind of help is this", "It is GOOD and slightly BAD.", "hardly a success",
    "An extremely, really, remarkably good call.", "Almost a total disaster, barely useful",
    "SO good", "so GOOD", "less annoying", "marginally better and MARGINALLY worse",
    # idioms
    "Their support is the bomb.", "On the other hand, it is quite bad ass.", "He is a badass.",
    "Oh well yeah right, of course.", "That would be the kiss of death for us.",
    "It is simply to die for.", "I have a beating heart for this.", "She waits at the bus stop.",
    "Yeah right, that will surely help us here.", "This product is the shit.",
    # short tokens and emoticons
    "I :) it", ":(", "Sure ;) :D", "A+ for the team", "It's an A. B. C. win", ":-) :-( :P", "(good)",
    "((bad))", "x'D 8-) <3 </3", "ha! :'(", "e-mail, win-win, and well-being!", "--good--",
    # emoji, accents, other scripts
    "Thanks \U0001F600", "Thanks\U0001F600\U0001F62D no", "\U0001F44D\U0001F3FD deal",
    "Das ist sch\u00f6n und GUT", "\u00dcBER good", "na\u00efve but good", "\u597d\u7684 great",
    "I \u2764 this", "I \u2764\ufe0f this", "caf\u00e9 LOVE \u0130STANBUL", "\u01c5 GOOD",
    "good\u00a0bad\u2003fine", "good\x1cbad\x1ffine", "good\u200bbad", "\ufeffgood",
    # calls
    "Honestly, we were disappointed with the last vendor, and nobody ever fixed it.",
    "I'd be thrilled to get this signed by Friday, it would save us so much trouble!",
    "The integration is great but we're worried about security, and legal isn't happy.",
    "Too expensive, sadly; we can't afford it this year.",
    "That sounds fair, thanks, I appreciate the help and the honest answer.",
]

analyzer = SentimentIntensityAnalyzer()
with open(sys.argv[1], "w", encoding="utf-8") as out:
    for sentence in SENTENCES:
        scores = analyzer.polarity_scores(sentence)
        numbers = [scores[name] for name in ("compound", "pos", "neu", "neg")]
        out.write("\t".join([*map(repr, numbers), json.dumps(sentence)]) + "\n")
