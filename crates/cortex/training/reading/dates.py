"""Dates as people say them on a call. Twin of src/local/read/dates.rs, whose tests say what is a date and what is none."""
import calendar
from datetime import date, timedelta

MONTHS = "january february march april may june july august september october november december".split()
WEEKDAYS = "monday tuesday wednesday thursday friday saturday sunday".split()
ORDINALS = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth "
    "fifteenth sixteenth seventeenth eighteenth nineteenth"
).split()
NUMBERS = "one two three four five six seven eight nine ten eleven twelve".split()
TODAY = [p.split() for p in (
    "today|tonight|this afternoon|this evening|this morning|right after this|straight after this|after this call|"
    "after the call|after we hang up|as we hang up|when we hang up|when we're off|in a minute|in ten minutes|"
    "in five minutes|in two minutes|in like two minutes|in an hour or so|within the hour|in an hour|end of day|end of the day|before lunch|by lunch|after this|"
    "give me an hour|before i go home"
).split("|")]


class Said:
    """A date among the tokens of a sentence: where it stands and how exactly it names a day (0 to 3)."""

    def __init__(self, day, start, end, exactness):
        self.date, self.start, self.end, self.exactness = day, start, end, exactness


def phrase_at(tokens, at, phrase):
    words = phrase.split() if isinstance(phrase, str) else phrase
    return len(words) if at >= 0 and tokens[at : at + len(words)] == words else None


def position(words, word):
    return words.index(word) if word in words else None


def weekday(word):
    return position(WEEKDAYS, word.removesuffix("'s"))


def ordinal(word):
    at = position(ORDINALS, word.removesuffix("'ll").removesuffix("'d").removesuffix("'s"))
    return None if at is None else at + 1


def day_number(tokens, at):
    word, following = (tokens[i] if 0 <= i < len(tokens) else "" for i in (at, at + 1))
    if word.isdigit() and len(word) <= 3:
        suffix = int(following in ("st", "nd", "rd", "th"))
        return (int(word), 1 + suffix) if 1 <= int(word) <= 31 else None
    if word in ("twentieth", "thirtieth"):
        return ({"twentieth": 20, "thirtieth": 30}[word], 1)
    if word in ("twenty", "thirty"):
        ones = ordinal(following)
        day = {"twenty": 20, "thirty": 30}[word] + (ones or 0)
        return (day, 2) if ones and ones < 10 and day <= 31 else None
    day = ordinal(word)
    return (day, 1) if day else None


def last_of(year, month):
    return calendar.monthrange(year, month)[1]


def add_months(day, count):
    month = day.month - 1 + count
    year, month = day.year + month // 12, month % 12 + 1
    return date(year, month, min(day.day, last_of(year, month)))


def next_day_of_month(today, day):
    first = today.replace(day=1)
    if day < today.day:
        first = add_months(first, 1)
    for _ in range(2):
        if day <= last_of(first.year, first.month):
            return first.replace(day=day)
        first = add_months(first, 1)
    return None


def next_such_day(today, weekday, day):
    """"Friday the twelfth": the next twelfth that is a Friday, or the next one when none is within half a year."""
    found = next_day_of_month(today, day)
    while found and found < add_months(today, 6):
        if found.weekday() == weekday:
            return found
        found = next_day_of_month(found + timedelta(1), day)
    return next_day_of_month(today, day)


def day_in_month(today, month, day, at_most):
    def in_year(year):
        last = last_of(year, month)
        return date(year, month, min(day, last)) if at_most or day <= last else None

    this_year = in_year(today.year)
    if this_year is None:
        return None
    return in_year(today.year + 1) if this_year < today else this_year


def month_after(tokens, at, day, today):
    # "The eighth and ninth of July": its month is said once.
    if at < len(tokens) and tokens[at] in ("and", "or"):
        the = int(at + 1 < len(tokens) and tokens[at + 1] == "the")
        number = day_number(tokens, at + 1 + the)
        rest = number and month_after(tokens, at + 1 + the + number[1], day, today)
        return (rest[0], 0) if rest else None
    of = int(at < len(tokens) and tokens[at] == "of")
    month = position(MONTHS, tokens[at + of]) if at + of < len(tokens) else None
    found = None if month is None else day_in_month(today, month + 1, day, False)
    return (found, of + 1) if found else None


def in_next_week(today, day):
    return today + timedelta(7 - today.weekday() + day)


def weekday_at(tokens, at, today):
    word = lambda place: tokens[at + place] if at + place < len(tokens) else ""
    lead = int(word(0) in ("next", "this", "coming"))
    day = weekday(word(lead))
    if day is None:
        return None
    coming = today + timedelta((day - today.weekday() - 1) % 7 + 1)
    after = lead + 1
    the = int(word(after) == "the")
    number = day_number(tokens, at + after + the)
    if number and (the or number[1] == 2 or ordinal(word(after)) is not None):
        exact = next_such_day(today, day, number[0])
        if exact:
            end = after + the + number[1]
            named = month_after(tokens, at + end, number[0], today)
            return (named[0], end + named[1], 3) if named else (exact, end, 3)
    if phrase_at(tokens, at + after, "next week"):
        return in_next_week(today, day), after + 2, 2
    if word(after) == "week":
        return coming + timedelta(7), after + 1, 2
    if word(0) == "next":
        return in_next_week(today, day), 2, 2
    return coming, after, 2


def month_at(tokens, at, today):
    word = lambda place: tokens[at + place] if at + place < len(tokens) else ""
    if word(0) == "week" and word(1) == "of":
        the = int(word(2) == "the")
        inner = month_at(tokens, at + 2 + the, today) or day_of_month_at(tokens, at + 2, today)
        if inner and inner[2] == 3:
            # Some day of that week: its Friday at the latest.
            end = 2 + inner[1] + (the if word(2 + the) in MONTHS else 0)
            return inner[0] + timedelta(4 - min(4, inner[0].weekday())), end, 1
    if phrase_at(tokens, at, "first week of") and word(3) in MONTHS:
        first = day_in_month(today, MONTHS.index(word(3)) + 1, 1, False)
        return first + timedelta((4 - first.weekday()) % 7), 4, 1
    for phrase, day in (("end of", 31), ("middle of", 15), ("mid", 15)):
        length = phrase_at(tokens, at, phrase)
        if length and word(length) in MONTHS:
            return day_in_month(today, MONTHS.index(word(length)) + 1, day, True), length + 1, 1
    if word(0) in MONTHS:
        the = int(word(1) == "the")
        number = day_number(tokens, at + 1 + the)
        found = number and day_in_month(today, MONTHS.index(word(0)) + 1, number[0], False)
        return (found, 1 + the + number[1], 3) if found else None
    number = day_number(tokens, at)
    named = number and month_after(tokens, at + number[1], number[0], today)
    return (named[0], number[1] + named[1], 3) if named else None


LED = {"on", "by", "until", "till", "for", "of", "before", "from"}
NOUNS = {"thing", "one", "time", "step", "week", "month", "year", "quarter", "half", "floor", "call", "part"}


def day_of_month_at(tokens, at, today):
    word = lambda place: tokens[at + place] if at + place < len(tokens) else ""
    number = day_number(tokens, at + 1) if word(0) == "the" else None
    if not number:
        return bare_day(tokens, at, today)
    day, length = number
    named = month_after(tokens, at + 1 + length, day, today)
    if named:
        return named[0], 1 + length + named[1], 3
    is_ordinal = length == 2 or ordinal(word(1)) is not None or word(1) in ("twentieth", "thirtieth")
    is_led = at > 0 and tokens[at - 1] in LED
    if not is_ordinal or (day <= 5 and not is_led) or (length == 1 and word(1 + length) in NOUNS):
        return None
    found = next_day_of_month(today, day)
    return (found, 1 + length, 3) if found else None


def bare_day(tokens, at, today):
    """"Eighteenth at nine", "twenty sixth": an ordinal that begins a sentence and counts nothing."""
    number = day_number(tokens, at)
    before = tokens[at - 1] if at else ""
    if not number or tokens[at].isdigit() or number[0] < 6 or before not in ("", "so", "then", "by", "on", "okay", "yes", "yeah"):
        return None
    following = tokens[at + number[1]] if at + number[1] < len(tokens) else ""
    found = next_day_of_month(today, number[0]) if following in ("", "at", "then", "is", "it", "work", "works", "yes", "latest") else None
    return (found, number[1], 3) if found else None


def span_at(tokens, at, today):
    word = lambda place: tokens[at + place] if at + place < len(tokens) else ""
    if phrase_at(tokens, at, "next week"):
        on = int(word(2) == "on")
        day = weekday(word(2 + on))
        return (in_next_week(today, day), 3 + on, 2) if day is not None else None
    friday = lambda weeks: today + timedelta(7 * weeks + 4 - today.weekday())
    for phrase, weeks in (
        ("end of next week", 1), ("end of the week", 0), ("end of this week", 0), ("end of week", 0), ("this week", 0),
    ):
        length = phrase_at(tokens, at, phrase)
        if length:
            return friday(weeks), length, 1
    for phrase in ("end of the month", "end of this month", "month end"):
        length = phrase_at(tokens, at, phrase)
        if length:
            return today.replace(day=last_of(today.year, today.month)), length, 1
    if phrase_at(tokens, at, "a week from today"):
        return today + timedelta(7), 4, 2
    lead = int(word(0) in ("in", "within"))
    one, two = word(lead), word(lead + 1)
    if one in ("a", "one") and two == "couple":
        count, length = 2, 2 + int(word(lead + 2) == "of")
    elif one in ("a", "one") and two == "fortnight":
        count, length = 2, 1
    elif one == "a":
        count, length = 1, 1
    elif one in NUMBERS:
        count, length = NUMBERS.index(one) + 1, 1
    else:
        return None
    unit = lead + length
    start = unit + 1 + int(word(unit + 1) == "from")
    from_today = word(start) == "today" or (start > unit + 1 and word(start) == "now")
    if not lead and not from_today:
        return None
    name = word(unit)
    if name in ("day", "days"):
        found = today + timedelta(count)
    elif name in ("week", "weeks"):
        found = today + timedelta(7 * count)
    elif name == "fortnight":
        found = today + timedelta(14)
    elif name in ("month", "months"):
        found = add_months(today, count)
    else:
        return None
    return found, start + 1 if from_today else unit + 1, 2


def date_at(tokens, at, today):
    word = lambda place: tokens[at + place] if at + place < len(tokens) else ""
    near = lambda i: 0 <= i < len(tokens) and (tokens[i] == "tomorrow" or weekday(tokens[i]) is not None)
    for phrase in TODAY:
        length = phrase_at(tokens, at, phrase)
        if length:
            if phrase_at(tokens, at, "end of") and (near(at - 1) or near(at + length)):
                return None
            return today, length, 2 if word(0) == "today" else 0
    if phrase_at(tokens, at, "day after tomorrow"):
        return today + timedelta(2), 3, 2
    if word(0) == "tomorrow":
        return today + timedelta(1), 1, 2
    if word(0) == "before":
        the = int(word(1) == "the")
        inner = date_at(tokens, at + 1, today) if the else None
        if inner:
            inner = inner[0], inner[1] - 1, inner[2]
        else:
            inner = date_at(tokens, at + 1 + the, today)
        if inner and inner[2] >= 2 and not word(inner[1] + the).endswith("'s") and word(1 + the) not in ("today", "tomorrow"):
            return inner[0] - timedelta(1), inner[1] + 1 + the, inner[2]
    for find in (weekday_at, month_at, day_of_month_at, span_at):
        found = find(tokens, at, today)
        if found:
            return found
    return None


def dates(tokens, today):
    """Every date in a sentence, in its order; "Friday, the tenth" is one, the more exact one."""
    found, at = [], 0
    while at < len(tokens):
        here = date_at(tokens, at, today)
        if not here:
            at += 1
            continue
        said = Said(here[0], at, at + here[1], here[2])
        at += here[1]
        last = found[-1] if found else None
        if (
            last and all(t in ("the", "morning", "so", "on") for t in tokens[last.end : said.start])
            and said.exactness > last.exactness > 0
        ):
            last.end, last.date, last.exactness = said.end, said.date, said.exactness
        else:
            found.append(said)
    return found


# Sentences after a date or month in which a day without one may mean its week or its month.
WEEK, MONTH = 6, 8


def in_week_of(tokens, said, anchor):
    """The bare day of the week beside a date: of the same week, or after it when it is "the Monday" or "the Monday after"."""
    day = weekday(tokens[said.start])
    same = anchor + timedelta(day - anchor.weekday())
    is_later = tokens[said.end : said.end + 1] == ["after"] or said.start and tokens[said.start - 1] == "the"
    if same <= anchor and (is_later or anchor.weekday() >= 5):
        same += timedelta(7)
    return same


def of_call(spoken, today):
    """The dates of each sentence, given its tokens. A day alone is also what it means beside the date or month named last."""
    out, last, month = [], None, None
    for at, tokens in enumerate(spoken):
        found = []
        for said in dates(tokens, today):
            found.append(said)
            words = tokens[said.start : said.end]
            before = tokens[said.start - 1] if said.start else ""
            other = None
            if len(words) == 1 and weekday(words[0]) is not None and before not in ("next", "this", "coming", "last"):
                if last and at - last[0] <= WEEK:
                    other = in_week_of(tokens, said, last[1])
            elif said.exactness == 3 and weekday(words[0]) is None and not set(words) & set(MONTHS):
                if month and at - month[0] <= MONTH and said.date.day <= last_of(month[1].year, month[1].month):
                    other = said.date.replace(year=month[1].year, month=month[1].month)
            if other and other > today and other != said.date:
                found.append(Said(other, said.start, said.end, said.exactness))
        for start in range(len(tokens)):
            if tokens[start : start + 2] in (["same", "day"], ["that", "day"]) and last and at - last[0] <= MONTH:
                found.append(Said(last[1], start, start + 2, 2))
        for said in found:
            if said.date > today:
                last = at, said.date
                if set(tokens[said.start : said.end]) & set(MONTHS):
                    month = last
        out.append(found)
    return out
