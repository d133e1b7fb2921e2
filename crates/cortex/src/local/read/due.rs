//! By when a next step is due: which of the dates said around it is its own. Twin of
//! `due_rows` in `training/reading/choices.py`, which learned how much each sign weighs.

use std::collections::BTreeSet;

use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::classes::groups;
use super::context::Context;
use super::date_context::of_call;
use super::dates::Said;
use super::item::Kind;
use super::owners::{says, surest};

/// Columns of a date's row.
pub(super) const COLUMNS: usize = 45 + LEADS.len() + 20;

/// Columns that speak for no date at all.
pub(super) const NONE_COLUMNS: usize = 3;

/// As likely beside none a date has to be.
const LIKELY: f64 = 0.3;

/// A sentence of so many words says what is to be done; longer ones say no more.
const LONG: usize = 14;

/// Sentences before and after a step whose dates may be its own.
const BEFORE: usize = 8;
const AFTER: usize = 10;

/// So much like the step another sentence must be for its dates to count.
const LIKE: f64 = 0.25;

/// Sentences around its head in which a date said twice counts more.
const CLOSE: usize = 6;

/// Sentences of other steps further away than this are all the same.
const APART: usize = 20;

/// Words of an answer that only takes a date up.
const SHORT: usize = 6;

/// Sentences after a date in which another one takes its place.
const REPLACED: usize = 4;

/// Words right after a date that refuse it.
const REFUSED: usize = 4;
const REFUSING: [&str; 10] = [
    "no", "not", "bad", "can't", "isn't", "out", "away", "off", "gone", "busy",
];

/// What stands for the score of a start where there is none.
const NO_START: f64 = -8.0;

/// The furthest day that is told apart.
const FAR: i32 = 30;

/// Words before a date.
const LEADS: [&str; 15] = [
    "by", "on", "until", "till", "before", "from", "next", "this", "for", "the", "in", "after",
    "since", "last", "if",
];

/// The dates of every sentence, and the day of the call.
pub(super) struct Dates {
    said: Vec<Vec<Said>>,
    today: Date,
}

impl Dates {
    pub(super) fn of(context: &Context<'_>) -> Self {
        let today = TimeZone::UTC.to_datetime(context.call.started).date();
        let spoken = context.said.iter().map(|one| one.tokens.as_slice());
        Self {
            said: of_call(spoken, today),
            today,
        }
    }
}

/// The sentence that says what is to be done: the longest that promises it, else the
/// longest that asks for it or proposes it, else the surest one.
pub(super) fn head(context: &Context<'_>, members: &[usize]) -> usize {
    let longest = |names: &[&str]| {
        let speaks = |at: &&usize| names.iter().any(|name| says(&context.said[**at], name));
        let speaking = members.iter().filter(speaks);
        let longest = speaking.max_by_key(|at| context.said[**at].tokens.len().min(LONG));
        longest.copied()
    };
    longest(&["firm"])
        .or_else(|| longest(&["asking", "together", "soft", "ours"]))
        .unwrap_or_else(|| surest(context, members))
}

/// The step's date, with the sentence that says it; `all` are the sentences of every step.
pub(super) fn due<'a>(
    context: &Context<'_>,
    dates: &'a Dates,
    members: &[usize],
    all: &[Vec<usize>],
) -> Option<(usize, &'a Said)> {
    let around = Around::of(context, dates, members, all);
    let of_dates = &context.choices.due;
    // Of each date how likely it is by all places that say it, and the place that does most.
    let mut likely: Vec<(f64, f64, usize, &Said)> = Vec::new();
    for (at, said) in &around.found {
        let chance = of_dates.linear.score(&around.row(*at, said)).exp();
        match likely.iter_mut().find(|one| one.3.date == said.date) {
            Some(one) if chance > one.1 => *one = (one.0 + chance, chance, *at, said),
            Some(one) => one.0 += chance,
            None => likely.push((chance, chance, *at, said)),
        }
    }
    // The first of equals.
    let best = likely
        .into_iter()
        .reduce(|best, next| if next.0 > best.0 { next } else { best });
    let none = of_dates.none(&around.none()).exp();
    best.filter(|(chance, ..)| *chance > LIKELY * none)
        .map(|(_, _, at, said)| (at, said))
}

/// What is said around a step.
struct Around<'a, 'b> {
    context: &'b Context<'b>,
    dates: &'a Dates,
    members: &'b [usize],
    head: usize,
    stems: BTreeSet<u32>,
    /// Dates that may be its own, with their sentences.
    found: Vec<(usize, &'a Said)>,
    /// Sentences of other steps.
    foreign: BTreeSet<usize>,
}

impl<'a, 'b> Around<'a, 'b> {
    fn of(
        context: &'b Context<'b>,
        dates: &'a Dates,
        members: &'b [usize],
        all: &'b [Vec<usize>],
    ) -> Self {
        let others = all.iter().filter(|other| *other != members);
        let mut around = Self {
            context,
            dates,
            members,
            head: head(context, members),
            stems: members
                .iter()
                .flat_map(|at| &context.said[*at].stems)
                .map(|(stem, _)| *stem)
                .collect(),
            found: Vec::new(),
            foreign: others.flatten().copied().collect(),
        };
        let reach = around.last() + AFTER;
        let close = around.first().saturating_sub(BEFORE)..=reach;
        let near = (0..context.said.len()).filter(|at| !dates.said[*at].is_empty());
        let near = near.filter(|at| close.contains(at) || around.likeness(*at) > LIKE);
        let found = near.flat_map(|at| dates.said[at].iter().map(move |said| (at, said)));
        around.found = found.collect();
        around
    }

    /// What speaks for no date at all.
    fn none(&self) -> [f64; NONE_COLUMNS] {
        let dated = self
            .members
            .iter()
            .filter(|at| !self.dates.said[**at].is_empty());
        let dated = u8::try_from(dated.count()).map_or(3, |count| count.min(3));
        [1.0, f64::from(u8::from(dated == 0)), f64::from(dated)]
    }

    fn first(&self) -> usize {
        self.members.first().copied().unwrap_or_default()
    }

    fn last(&self) -> usize {
        self.members.last().copied().unwrap_or_default()
    }

    /// How much a sentence speaks of what the step speaks of.
    fn likeness(&self, at: usize) -> f64 {
        let one = &self.context.said[at];
        let shared = one
            .stems
            .iter()
            .filter(|(stem, _)| self.stems.contains(stem));
        let shared: f64 = shared.map(|(_, weight)| weight.powi(2)).sum();
        shared / (one.norm * self.context.said[self.head].norm)
    }

    #[allow(clippy::cast_possible_truncation, clippy::cast_precision_loss)] // Small numbers.
    fn row(&self, at: usize, date: &Said) -> Vec<f32> {
        let said = self.context.said;
        let (one, top) = (&said[at], &said[self.head]);
        let flag = |is: bool| f32::from(u8::from(is));
        let is_member = |at: usize| self.members.contains(&at);
        let distinct = |only_inside: bool| {
            let days = self
                .found
                .iter()
                .filter(|(at, _)| !only_inside || is_member(*at));
            days.map(|(_, said)| said.date)
                .collect::<BTreeSet<Date>>()
                .len() as f32
        };
        let same = self.found.iter().filter(|(other, said)| {
            said.date == date.date && (is_member(*other) || other.abs_diff(self.head) < CLOSE)
        });
        let dated: Vec<usize> = self
            .found
            .iter()
            .map(|(at, _)| *at)
            .filter(|at| is_member(*at))
            .collect();
        let days = (date.date - self.dates.today).get_days();
        let length = one.tokens.len() as f32;
        let nearest = self.members.iter().map(|member| member.abs_diff(at)).min();
        let lead = date
            .at
            .start
            .checked_sub(1)
            .map(|before| one.tokens[before].as_str());
        let mut row = vec![
            flag(is_member(at)),
            flag(at == self.head),
            at as f32 - self.head as f32,
            at.abs_diff(self.head) as f32,
            at.saturating_sub(self.head) as f32,
            self.head.saturating_sub(at) as f32,
            nearest.unwrap_or_default() as f32,
            flag(at < self.first()),
            flag(at > self.last()),
            flag(self.first() < at && at < self.last() && !is_member(at)),
        ];
        row.extend((0..=3).map(|exactness| flag(date.exactness == exactness)));
        row.extend([
            flag(one.is_rep),
            flag(one.speaker == top.speaker),
            flag(one.turn == top.turn),
            flag(one.asks),
            length,
            flag(one.tokens.len() <= 9),
        ]);
        let groups = ["firm", "soft", "asking", "together", "ours", "meeting"];
        row.extend(groups.map(|group| flag(says(one, group))));
        row.extend([
            same.count() as f32,
            distinct(false),
            distinct(true),
            dated.iter().filter(|other| **other > at).count() as f32,
            flag(dated.last() == Some(&at)),
            flag(dated.first() == Some(&at)),
            flag(dated.is_empty()),
            flag(says(one, "refusing")),
            flag(one.says("if")),
            flag(!is_member(at) && self.foreign.contains(&at)),
            self.members.len() as f32,
            days.min(FAR) as f32,
            flag(days <= 1),
            date.at.start as f32 / length,
            length - date.at.end as f32,
            self.likeness(at) as f32,
            flag(at > self.last() + AFTER),
            flag(days == 0),
            self.dates.said[at].len() as f32,
        ]);
        row.extend(LEADS.map(|word| flag(lead == Some(word))));
        row.extend(self.more(at, date));
        row
    }

    /// How the date's sentence stands to the step, and the date to others.
    #[allow(clippy::cast_possible_truncation, clippy::cast_precision_loss)] // Small numbers.
    fn more(&self, at: usize, date: &Said) -> [f32; 20] {
        let said = self.context.said;
        let (one, top) = (&said[at], &said[self.head]);
        let flag = |is: bool| f32::from(u8::from(is));
        let is_inside = self.members.contains(&at);
        let score = |at: usize| self.context.score(at, Kind::NextSteps);
        let start = |at: usize| self.context.scores.starts[at][Kind::NextSteps as usize];
        let highest = |scores: &mut dyn Iterator<Item = f64>| scores.reduce(f64::max);
        let most = highest(&mut self.members.iter().map(|at| score(*at))).unwrap_or_default();
        let between = at.min(self.head) + 1..at.max(self.head) + 1;
        let between = highest(&mut between.map(start)).unwrap_or(NO_START);
        let distance =
            |others: &mut dyn Iterator<Item = &usize>| others.map(|other| other.abs_diff(at)).min();
        let nearest = distance(&mut self.members.iter()).unwrap_or_default() as f32;
        let other = distance(&mut self.foreign.iter()).map_or(APART, |far| far.min(APART)) as f32;
        let is_answered = said
            .get(at + 1)
            .is_some_and(|next| next.speaker != one.speaker && next.tokens.len() <= SHORT);
        let own: Vec<(usize, Date)> = self
            .found
            .iter()
            .filter(|(at, _)| self.members.contains(at))
            .map(|(at, said)| (*at, said.date))
            .collect();
        let is_replaced = own
            .iter()
            .any(|(other, _)| *other > at && *other <= at + REPLACED);
        let again = self
            .found
            .iter()
            .filter(|(other, said)| *other != at && said.date == date.date);
        let in_sentence = &self.dates.said[at];
        let later = in_sentence
            .iter()
            .filter(|other| other.at.start > date.at.start);
        let is_promising = |tokens: &[String]| {
            let tokens: Vec<&str> = tokens.iter().map(String::as_str).collect();
            let firm = groups().number("firm");
            firm.is_some_and(|firm| groups().counts(&tokens)[firm] > 0.0)
        };
        let (before, after) = (&one.tokens[..date.at.start], &one.tokens[date.at.end..]);
        let mut refusing = after.iter().take(REFUSED);
        let is_one_of_several = |edge: Option<&Said>| in_sentence.len() > 1 && edge == Some(date);
        let is_same = own.windows(2).all(|pair| pair[0].1 == pair[1].1);
        [
            score(at) as f32,
            (score(at) - most) as f32,
            start(at) as f32,
            between as f32,
            flag(one.is_rep != top.is_rep),
            other - nearest,
            flag(other < nearest),
            later.count() as f32,
            flag(is_answered),
            flag(is_replaced),
            again.count() as f32,
            flag(is_promising(after)),
            flag(is_promising(before)),
            flag(refusing.any(|word| REFUSING.contains(&word.as_str()))),
            flag(is_one_of_several(in_sentence.first())),
            flag(is_one_of_several(in_sentence.last())),
            flag(own.iter().any(|(_, day)| *day == date.date)),
            if is_inside { score(at) as f32 } else { 0.0 },
            flag(is_inside && own.len() == 1),
            flag(!own.is_empty() && is_same),
        ]
    }
}
