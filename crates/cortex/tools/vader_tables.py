"""Writes data/vader_lexicon.tsv and data/vader_emoji.tsv from vaderSentiment 3.3.2.

    python -m venv venv && venv/bin/pip install vaderSentiment==3.3.2
    venv/bin/python tools/vader_tables.py data

Left out is what the analyser can never look up: keys with white space or upper-case
letters (it looks up one lower-cased token) and emoji of several code points (it
replaces one code point at a time). Standard deviations and raw ratings are not used.
"""

import pathlib
import sys

from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

target = pathlib.Path(sys.argv[1])
analyzer = SentimentIntensityAnalyzer()

words = {
    word: valence
    for word, valence in analyzer.lexicon.items()
    if word == word.lower() and word.split() == [word]
}
emoji = {
    symbol: description
    for symbol, description in analyzer.emojis.items()
    if len(symbol) == 1
}
(target / "vader_lexicon.tsv").write_text(
    "".join(f"{word}\t{valence}\n" for word, valence in sorted(words.items())),
    encoding="utf-8",
)
(target / "vader_emoji.tsv").write_text(
    "".join(f"{symbol}\t{description}\n" for symbol, description in sorted(emoji.items())),
    encoding="utf-8",
)
