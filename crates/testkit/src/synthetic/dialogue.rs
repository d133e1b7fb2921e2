//! Turns scripts into dialogue: exchanges picked by the rep's style and the
//! buyer's mood, with slots filled, within a budget of sentences.

use std::collections::{BTreeMap, HashSet};

use fastrand::Rng;

use super::call_kind::CallKind;
use super::rep::RepStyle;
use super::script::{Exchange, Mood, Pain, Role, SCRIPTS, Section};
use super::sentence::split;

/// Everything that shapes a conversation.
#[derive(Debug)]
pub(super) struct Scene<'a> {
    pub(super) kind: CallKind,
    pub(super) style: RepStyle,
    /// The buyer's, -1 to 1.
    pub(super) mood: f64,
    pub(super) slots: BTreeMap<&'static str, String>,
    pub(super) pains: [&'a Pain; 2],
    pub(super) has_second_buyer: bool,
    pub(super) has_engineer: bool,
    pub(super) has_competitor: bool,
    /// Whether the call ends with a dated next step.
    pub(super) next_step_agreed: bool,
    pub(super) sentences: usize,
}

/// Consecutive sentences of one person.
#[derive(Debug)]
pub(super) struct Utterance {
    pub(super) role: Role,
    pub(super) topic: Option<&'static str>,
    pub(super) sentences: Vec<String>,
}

/// Sentences kept back for the end of a call.
const CLOSING: usize = 14;

pub(super) fn compose(scene: &Scene<'_>, rng: &mut Rng) -> Vec<Utterance> {
    let mut composer = Composer {
        scene,
        rng,
        spoken: HashSet::new(),
        played: HashSet::new(),
        groups: HashSet::new(),
        lap: 0,
        count: 0,
        utterances: Vec::new(),
    };
    composer.opening();
    composer.middle();
    composer.closing();
    composer.utterances
}

struct Composer<'a, 'b> {
    scene: &'a Scene<'a>,
    rng: &'b mut Rng,
    /// Lines of pains and asides said already.
    spoken: HashSet<&'static str>,
    /// Exchanges played already, by address.
    played: HashSet<*const Exchange>,
    /// `or:` groups of which one exchange was played.
    groups: HashSet<&'static str>,
    /// Odd laps talk about the second pain.
    lap: usize,
    count: usize,
    utterances: Vec<Utterance>,
}

impl Composer<'_, '_> {
    fn opening(&mut self) {
        self.one("greeting");
        if self.rng.f64() < 0.55 {
            self.one("smalltalk");
        }
        self.one("introductions");
        self.one("engineer");
        if matches!(
            self.scene.kind,
            CallKind::Demo | CallKind::Pricing | CallKind::Objection | CallKind::Negotiation
        ) && self.rng.f64() < 0.3 + 0.6 * self.scene.style.skill
        {
            self.one("recap");
        }
        self.one("agenda");
    }

    fn middle(&mut self) {
        let target = self.scene.sentences.saturating_sub(CLOSING);
        let budget = target.saturating_sub(self.count) as f64;
        for (section, share) in self.scene.kind.middle() {
            self.fill(section, (budget * share) as usize);
        }
        let sections = || self.scene.kind.middle().iter().map(|(section, _)| *section);
        let mut sources = sections()
            .chain(self.scene.kind.reserve().iter().copied())
            .cycle();
        let all = sections().count() + self.scene.kind.reserve().len();
        while self.count < target {
            self.lap += 1;
            if self.lap.is_multiple_of(all + 1) {
                // Everything was said once: what follows is a long call's second round.
                self.played.clear();
                self.spoken.clear();
            }
            self.groups.clear();
            self.one("bridge");
            if let Some(section) = sources.next() {
                self.fill(section, (target.saturating_sub(self.count)).clamp(6, 28));
            }
        }
        self.lap = 0;
    }

    fn closing(&mut self) {
        if self.rng.f64() < 0.25 + 0.7 * self.scene.style.skill {
            self.one("summary");
        }
        if self.scene.next_step_agreed {
            self.one("next-steps-firm");
            self.one("goodbye");
        } else if self.rng.f64() < 0.7 {
            self.one("next-steps-vague");
            self.one("goodbye");
        } else {
            self.one("goodbye-abrupt");
        }
    }

    /// Plays one exchange of a section, when one fits.
    fn one(&mut self, section: &str) {
        if let Some(section) = self.section(section)
            && let Some(exchange) = self.pick(section)
        {
            self.play(section, exchange);
        }
    }

    /// Plays exchanges of a section worth about `budget` sentences, in the order
    /// of the script, which goes from the general to the particular.
    fn fill(&mut self, section: &str, budget: usize) {
        let Some(section) = self.section(section) else {
            return;
        };
        let mut picked: Vec<&Exchange> = Vec::new();
        let mut size = 0;
        while size < budget
            && let Some(exchange) = self.pick(section)
        {
            size += exchange.size();
            picked.push(exchange);
        }
        picked.sort_by_key(|exchange| {
            section
                .exchanges
                .iter()
                .position(|other| std::ptr::eq(other, *exchange))
        });
        for exchange in picked {
            self.play(section, exchange);
        }
    }

    fn section(&self, name: &str) -> Option<&'static Section> {
        SCRIPTS
            .section(name)
            .filter(|section| section.tags.iter().all(|tag| self.has_what(tag)))
    }

    fn has_what(&self, tag: &str) -> bool {
        match tag {
            "needs:second" => self.scene.has_second_buyer,
            "needs:engineer" => self.scene.has_engineer,
            "needs:competitor" => self.scene.has_competitor,
            _ => true,
        }
    }

    /// Draws an exchange that fits and was not played yet, and notes it.
    fn pick(&mut self, section: &'static Section) -> Option<&'static Exchange> {
        let weights: Vec<f64> = section.exchanges.iter().map(|e| self.weight(e)).collect();
        let mut left = self.rng.f64() * weights.iter().sum::<f64>();
        let index = weights.iter().position(|weight| {
            left -= weight;
            left < 0.0
        })?;
        let exchange = &section.exchanges[index];
        self.played.insert(exchange);
        self.groups.extend(exchange.tag_value("or"));
        Some(exchange)
    }

    fn weight(&self, exchange: &Exchange) -> f64 {
        let style = self.scene.style;
        let fits = !self.played.contains(&std::ptr::from_ref(exchange))
            && exchange.tags.iter().all(|tag| self.has_what(tag))
            && exchange
                .tag_value("or")
                .is_none_or(|group| !self.groups.contains(group))
            && exchange
                .tag_value("only")
                .is_none_or(|kinds| kinds.split(',').any(|kind| kind == self.scene.kind.tag()))
            && (!exchange.has("discounts") || style.discounts)
            && (!exchange.has("warm") || self.scene.mood > 0.25)
            && (!exchange.has("cold") || self.scene.mood < -0.15);
        if !fits {
            return 0.0;
        }
        let mut weight = match exchange.has_question_of_rep() {
            true => 0.2 + 1.4 * style.asks,
            false => 1.0,
        };
        for (tag, factor) in [
            ("ask", 0.3 + 1.3 * style.asks),
            ("tell", 0.02 + 3.0 * style.talks * style.talks),
            ("skilled", 0.1 + 1.8 * style.skill),
            ("poor", 0.02 + 2.0 * (1.0 - style.skill)),
            ("discounts", 6.0),
            ("first", 8.0),
            ("warm", 3.0),
            ("cold", 3.0),
        ] {
            if exchange.has(tag) {
                weight *= factor;
            }
        }
        weight
    }

    fn play(&mut self, section: &'static Section, exchange: &'static Exchange) {
        // One choice for the whole exchange, so that answers fit each other.
        let mood = match self.scene.mood {
            mood if mood > 0.25 && self.rng.f64() < 0.75 => Mood::Warm,
            mood if mood < -0.25 && self.rng.f64() < 0.75 => Mood::Cool,
            _ => Mood::Any,
        };
        let in_the_middle = self.scene.kind.has_in_the_middle(section);
        let mut may_tell = exchange.has("deep");
        for turn in &exchange.turns {
            let has_mood = turn.alternatives.iter().any(|a| a.mood == mood);
            let wanted = if has_mood { mood } else { Mood::Any };
            let fitting: Vec<&'static str> = turn
                .alternatives
                .iter()
                .filter(|a| a.mood == wanted)
                .map(|a| a.text)
                .collect();
            let Some(text) = self.rng.choice(fitting) else {
                continue;
            };
            let mut sentences = self.sentences(text, turn.role);
            let asks = sentences.iter().any(|sentence| sentence.ends_with('?'));
            let may_go_on = turn.role == Role::Rep && in_the_middle && !asks;
            if may_go_on && self.rng.f64() < 0.6 * self.scene.style.talks.powi(2) {
                self.go_on("pitch-on", &mut sentences);
            }
            if may_tell && turn.role == Role::Buyer && !asks {
                may_tell = false;
                let style = self.scene.style;
                if self.rng.f64() < (0.15 + 0.8 * style.asks) * (1.0 - 0.7 * style.talks) {
                    let topic = section.topic.unwrap_or_default();
                    self.go_on(&format!("buyer-on {topic}"), &mut sentences);
                }
            }
            self.count += sentences.len();
            let role = self.speaking(turn.role);
            self.utterances.push(Utterance {
                role,
                topic: section.topic,
                sentences,
            });
        }
    }

    /// Someone who is not on the call is spoken for by a colleague.
    fn speaking(&self, role: Role) -> Role {
        match role {
            Role::Engineer if !self.scene.has_engineer => Role::Rep,
            Role::SecondBuyer if !self.scene.has_second_buyer => Role::Buyer,
            role => role,
        }
    }

    /// Adds one or two passages that were not said yet: the pitch of a talkative
    /// rep, or the story of a buyer who was asked well.
    fn go_on(&mut self, aside: &str, sentences: &mut Vec<String>) {
        for _ in 0..self.rng.usize(1..=2) {
            let passages = SCRIPTS.asides(aside);
            let unsaid: Vec<_> = passages
                .iter()
                .filter(|p| !self.spoken.contains(*p))
                .collect();
            let Some(passage) = self.rng.choice(unsaid) else {
                return;
            };
            self.spoken.insert(passage);
            let passage = self.fill_slots(passage);
            sentences.extend(split(&passage));
        }
    }

    fn sentences(&mut self, text: &'static str, role: Role) -> Vec<String> {
        let filled = self.fill_slots(text);
        let mut sentences = split(&filled);
        let chance = if role == Role::Rep {
            self.scene.style.fillers
        } else {
            0.05
        };
        for sentence in &mut sentences {
            let is_long_enough = sentence.split(' ').nth(3).is_some();
            if is_long_enough
                && self.rng.f64() < chance
                && let Some(filler) = self.rng.choice(SCRIPTS.asides("filler"))
            {
                *sentence = format!("{filler} {}", self.lowered(sentence));
            }
        }
        sentences
    }

    fn fill_slots(&mut self, text: &'static str) -> String {
        let mut filled = String::with_capacity(text.len() * 2);
        let mut rest = text;
        while let Some((before, slot, after)) = next_slot(rest) {
            filled.push_str(before);
            rest = after;
            match slot.split_once('.') {
                Some((pain, key)) => {
                    let line = self.pain_line(pain, key);
                    let line = self.fill_slots(line);
                    match filled.ends_with(", ") {
                        true => filled.push_str(&self.lowered(&line)),
                        false => filled.push_str(&line),
                    }
                }
                None if slot.starts_with("pain") => filled.push_str(self.pain_line(slot, "name")),
                None => match self.scene.slots.get(slot) {
                    Some(value) => filled.push_str(value),
                    None => filled.push_str(slot),
                },
            }
        }
        filled.push_str(rest);
        filled
    }

    /// Lower-cases the first letter, for the middle of a sentence, unless the
    /// first word keeps its capital anywhere.
    fn lowered(&self, sentence: &str) -> String {
        const ALWAYS_CAPITAL: [&str; 8] = [
            "I",
            "Karen",
            "Frankfurt",
            "IT",
            "April",
            "March",
            "Monday",
            "Mondays",
        ];
        let word = sentence
            .split(|c: char| !c.is_alphabetic())
            .next()
            .unwrap_or_default();
        let is_name = self.scene.slots.values().any(|value| {
            value.starts_with(char::is_uppercase) && value.split(' ').any(|part| part == word)
        });
        let mut letters = sentence.chars();
        match letters.next() {
            Some(first) if !is_name && !ALWAYS_CAPITAL.contains(&word) => {
                first.to_lowercase().chain(letters).collect()
            }
            _ => sentence.to_owned(),
        }
    }

    /// An unsaid line about the first or the second pain.
    fn pain_line(&mut self, pain: &str, key: &str) -> &'static str {
        let index = usize::from(pain == "pain2") ^ (self.lap % 2);
        let lines = self.scene.pains[index]
            .get(key)
            .map_or(&[][..], Vec::as_slice);
        let unsaid: Vec<_> = lines
            .iter()
            .filter(|line| !self.spoken.contains(*line))
            .collect();
        let line = match unsaid.is_empty() {
            false => self.rng.choice(unsaid),
            true => self.rng.choice(lines),
        };
        let line = line.copied().unwrap_or_default();
        if key != "name" {
            self.spoken.insert(line);
        }
        line
    }
}

fn next_slot(text: &'static str) -> Option<(&'static str, &'static str, &'static str)> {
    let (before, rest) = text.split_once('{')?;
    let (slot, after) = rest.split_once('}')?;
    Some((before, slot, after))
}
