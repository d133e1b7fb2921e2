"""Names of products and companies in a call, and what tells whether one is a competitor's.

Twin of src/local/read/naming.rs and rivals.rs.
"""
import math

from features import DATA, DOCUMENTS, HESITATION, TOKEN, normal, stem, weight

LISTS = {}
for line in (DATA / "reading_names.txt").read_text().splitlines():
    if line and not line.startswith("#"):
        name, words = line.split(": ", 1)
        LISTS[name] = set(words.split())
# Letters that two names share at least when one is the other cut short.
SHORTEST = 4
UNKNOWN = 1 + math.log(DOCUMENTS)


def plain(word):
    """A word without the signs around it and what makes it a possessive."""
    kept = [i for i, c in enumerate(word) if c.isalnum()]
    word = word[kept[0] : kept[-1] + 1] if kept else ""
    for end in ("'s", "\u2019s"):
        word = word.removesuffix(end)
    return word


def letters(name):
    return "".join(c for c in name.lower() if c.isalnum())


def is_same(one, other):
    """Whether two names are one, written otherwise or cut short ("Crew Deck", "Crewdeck", "Deck")."""
    short, long = sorted((letters(one), letters(other)), key=len)
    return short == long or len(short) >= SHORTEST and (long.startswith(short) or long.endswith(short))


def tokens(text):
    return [t for t in TOKEN.findall(normal(text)) if t not in HESITATION]


class Naming:
    """What a call tells of its names."""

    def __init__(self, call, said):
        self.said = said
        self.own = set(tokens(call["title"]))
        for party in call["parties"]:
            self.own |= set(party["name"].lower().split()) | set(tokens(party.get("role") or ""))
            self.own |= set(tokens((party.get("email") or "").partition("@")[2]))
        self.own |= set(tokens((call.get("deal") or {}).get("name") or ""))
        self.capitals = set().union(*(s.capitals for s in said))
        # Who is spoken to anywhere in the call, or spoken of as people are.
        self.people = set()
        for s in said:
            text = s.text.rstrip(".?!")
            if ", " in text:
                self.people |= {normal(text.split(", ", 1)[0]), normal(text.rsplit(", ", 1)[1])}
            for before, after in zip(s.tokens, s.tokens[1:]):
                self.people |= {after} if before in LISTS["before_people"] else set()
                self.people |= {before} if after in LISTS["after_people"] else set()

    def is_name(self, word, begins):
        lower = normal(word)
        if len(word) < 3 or not word[0].isupper() or lower.startswith("i'") or lower in self.own | LISTS["nobody"]:
            return False
        # What begins a sentence has a capital whatever it is.
        return not begins or lower not in LISTS["common"] and (lower in self.capitals or weight(stem(lower)) >= UNKNOWN)

    def names(self, text):
        """(name, its first word's place, the place after its last): words with a capital one after another are one name."""
        words, found, name = text.split(), [], []
        for at, word in enumerate(words):
            bare = plain(word)
            is_name = self.is_name(bare, at == 0)
            if is_name:
                name.append(bare)
            if name and not (is_name and word.endswith(bare)):
                found.append((" ".join(name), at + is_name - len(name), at + is_name))
                name = []
        if name:
            found.append((" ".join(name), len(words) - len(name), len(words)))
        return found


class Named:
    """One name in all its forms, with where each stands."""

    def __init__(self):
        self.forms, self.at = {}, []

    @property
    def name(self):
        """The form said most often, of those the longest, of those the first."""
        return max(self.forms, key=lambda form: (self.forms[form], len(form)))

    @property
    def is_common(self):
        """Whether it is known as a name of people or places."""
        return all(word in LISTS["people"] | LISTS["places"] for word in self.name.lower().split())

    @property
    def sentences(self):
        return sorted({a for a, _, _ in self.at})


def named(naming):
    found = []
    for at, s in enumerate(naming.said):
        for name, start, end in naming.names(s.text):
            one = next((n for n in found if any(is_same(name, form) for form in n.forms)), None)
            if one is None:
                one = Named()
                found.append(one)
            one.forms[name] = one.forms.get(name, 0) + 1
            one.at.append((at, start, end))
    return found


# Sentences around a name that may be about it, if nothing lies between, and from which score on.
REACH, ABOUT = 4, -1.5
# Names of lower scores are never a competitor's.
LIKELY = -2.5
# So far away from those that are named is somebody who is not.
APART = 3


def around(scores, at, taken):
    """Sentences, and those beside them that belong to a competitor; `taken` are others'."""
    own = set(at)
    for a in at:
        for step in (1, -1):
            for b in range(a + step, a + step * (REACH + 1), step):
                if not 0 <= b < len(scores) or b in taken or scores[b] < ABOUT:
                    break
                own.add(b)
    return sorted(own)


def rivals(scores, found, likely):
    """(name, sentences, how likely), the likeliest first; what is said within what is said of another is none."""
    out, taken = [], set()
    for at in sorted(range(len(found)), key=lambda at: -likely[at]):
        own = found[at].sentences
        if likely[at] >= LIKELY and not found[at].is_common and not any(set(own) <= set(of) for _, of, _ in out):
            out.append((found[at], around(scores, own, taken), likely[at]))
            taken |= set(own)
    return out


def settled(found):
    """(name, sentences, confidence), each sentence of whoever of those it may be about was named last."""
    last = lambda one, at: max((a for a in one.sentences if a <= at), default=-1)
    latest = lambda at: max(last(one, at) for one, sentences, _ in found if at in sentences)
    return [(one.name, [a for a in own if last(one, a) == latest(a)], sure) for one, own, sure in found]


def rows(naming, scores, found):
    """A row a name; `scores` say how much a sentence belongs to a competitor."""
    said, n = naming.said, len(naming.said)
    bests = [max(scores[a] for a in one.sentences) for one in found]
    out = []
    for one, best in zip(found, bests):
        at, k = one.sentences, len(one.at)
        near = lambda reach: [
            scores[b] for a in at for b in range(max(0, a - reach), min(n, a + reach + 1)) if b not in at
        ] or [-6.0]
        texts = [said[a].text.split() for a, _, _ in one.at]
        lower = lambda text, place: normal(plain(text[place])) if 0 <= place < len(text) else ""
        before = [lower(text, start - 1) for text, (_, start, _) in zip(texts, one.at)]
        after = [lower(text, end) for text, (_, _, end) in zip(texts, one.at)]
        share = lambda values: sum(map(bool, values)) / k
        among = lambda words, name: share(word in LISTS[name] for word in words)
        words = one.name.lower().split()
        head = one.name.split()[-1]
        out.append([float(v) for v in (
            best, max(near(1)), sum(near(2)) / len(near(2)), max(near(4)), sum(s > best for s in scores),
            best - max(bests), sum(b > best for b in bests), math.log(1 + len(at)), len({said[a].speaker for a in at}),
            max(weight(stem(word)) for word in words), len(words), any(c.isupper() for c in head[1:]) and not head.isupper(),
            head.isupper(), len(head), len(one.forms), among(before, "within"), among(after, "who"), among(after, "what"),
            among(after, "does"), share(end == len(text) for text, (_, _, end) in zip(texts, one.at)),
            any(end - start == len(text) for text, (_, start, end) in zip(texts, one.at)),
            share(start and text[start - 1].endswith(",") for text, (_, start, _) in zip(texts, one.at)),
            share(text[end - 1].endswith(",") for text, (_, _, end) in zip(texts, one.at)),
            any(normal(form) in naming.people for form in one.forms),
            any(word in LISTS["people"] for word in words), any(word in LISTS["places"] for word in words),
            words[-1].endswith(("ish", "ian", "ans", "ese", "ean")), words[-1].endswith("s"),
            sum(t in LISTS["they"] for a in at for t in said[a].tokens) / k, sum(scores[a] > -1 for a in at),
        )])
    return out
