//! The dialogue scripts: text files that read like dialogue, parsed once.
//!
//! `## section @Topic needs:second` opens a section; `* name tags` an exchange;
//! a letter (`R` rep, `S` second seller, `B` buyer, `C` second buyer) a turn;
//! `|` an alternative of the turn above it. `+` or `-` before an alternative
//! marks it for a warm or a cool buyer. Braces are slots.

use std::collections::BTreeMap;
use std::sync::LazyLock;

/// Who takes a turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Role {
    Rep,
    Engineer,
    Buyer,
    SecondBuyer,
}

impl Role {
    pub(super) fn is_seller(self) -> bool {
        matches!(self, Self::Rep | Self::Engineer)
    }

    pub(super) fn from_letter(letter: &str) -> Option<Self> {
        match letter {
            "R" => Some(Self::Rep),
            "S" => Some(Self::Engineer),
            "B" => Some(Self::Buyer),
            "C" => Some(Self::SecondBuyer),
            _ => None,
        }
    }
}

/// Which buyer an alternative suits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mood {
    Any,
    Warm,
    Cool,
}

#[derive(Debug)]
pub(super) struct Alternative {
    pub(super) mood: Mood,
    pub(super) text: &'static str,
}

#[derive(Debug)]
pub(super) struct Turn {
    pub(super) role: Role,
    pub(super) alternatives: Vec<Alternative>,
}

/// A question with its answer, or whatever else belongs together.
#[derive(Debug)]
pub(super) struct Exchange {
    pub(super) tags: Vec<&'static str>,
    pub(super) turns: Vec<Turn>,
}

impl Exchange {
    pub(super) fn has(&self, tag: &str) -> bool {
        self.tags.contains(&tag)
    }

    /// The value of a tag `name:value`.
    pub(super) fn tag_value(&self, name: &str) -> Option<&'static str> {
        self.tags
            .iter()
            .find_map(|tag| tag.strip_prefix(name)?.strip_prefix(':'))
    }

    /// Whether the rep asks anything in it.
    pub(super) fn has_question_of_rep(&self) -> bool {
        let of_rep = self.turns.iter().filter(|turn| turn.role == Role::Rep);
        of_rep
            .flat_map(|turn| &turn.alternatives)
            .any(|alternative| alternative.text.contains('?'))
    }

    /// Sentences it will have, roughly.
    pub(super) fn size(&self) -> usize {
        self.turns.len() * 3 / 2
    }
}

#[derive(Debug, Default)]
pub(super) struct Section {
    /// Gong's topic for what is said in it.
    pub(super) topic: Option<&'static str>,
    pub(super) tags: Vec<&'static str>,
    pub(super) exchanges: Vec<Exchange>,
}

/// What hurts a buyer: lines by key (`name`, `today`, `cost`, …).
pub(super) type Pain = BTreeMap<&'static str, Vec<&'static str>>;

/// Everything the scripts hold.
#[derive(Debug, Default)]
pub(super) struct Scripts {
    sections: BTreeMap<&'static str, Section>,
    asides: BTreeMap<&'static str, Vec<&'static str>>,
    pub(super) pains: Vec<Pain>,
    /// Lines that do not parse; a test keeps this empty.
    complaints: Vec<String>,
}

/// The scripts of this crate.
pub(super) static SCRIPTS: LazyLock<Scripts> = LazyLock::new(|| {
    let mut scripts = Scripts::default();
    for text in [
        include_str!("scripts/opening.txt"),
        include_str!("scripts/discovery.txt"),
        include_str!("scripts/demo.txt"),
        include_str!("scripts/pricing.txt"),
        include_str!("scripts/objections.txt"),
        include_str!("scripts/negotiation.txt"),
        include_str!("scripts/customer.txt"),
        include_str!("scripts/closing.txt"),
    ] {
        scripts.read_dialogue(text);
    }
    scripts.read_asides(include_str!("scripts/asides.txt"));
    scripts.read_pains(include_str!("scripts/pains.txt"));
    scripts
});

impl Scripts {
    pub(super) fn section(&self, name: &str) -> Option<&Section> {
        self.sections.get(name)
    }

    pub(super) fn asides(&self, name: &str) -> &[&'static str] {
        self.asides.get(name).map_or(&[], Vec::as_slice)
    }

    fn read_dialogue(&mut self, text: &'static str) {
        let mut section = "";
        for line in lines(text) {
            if let Some(header) = line.strip_prefix("## ") {
                let mut words = header.split(" @");
                section = words.next().unwrap_or_default();
                let rest = words.next().unwrap_or_default();
                let (tags, topic) = match rest.split_once(" needs:") {
                    Some((topic, _)) => (vec![&rest[topic.len() + 1..]], topic),
                    None => (Vec::new(), rest),
                };
                let topic = Some(topic).filter(|topic| !topic.is_empty());
                self.sections.insert(
                    section,
                    Section {
                        topic,
                        tags,
                        exchanges: Vec::new(),
                    },
                );
            } else if !self.read_dialogue_line(section, line) {
                self.complaints.push(line.to_owned());
            }
        }
    }

    fn read_dialogue_line(&mut self, section: &str, line: &'static str) -> bool {
        let Some(section) = self.sections.get_mut(section) else {
            return false;
        };
        if let Some(header) = line.strip_prefix("* ") {
            let tags = header.split(' ').filter(|word| is_tag(word)).collect();
            section.exchanges.push(Exchange {
                tags,
                turns: Vec::new(),
            });
            return true;
        }
        let Some(exchange) = section.exchanges.last_mut() else {
            return false;
        };
        let Some((mark, text)) = line.split_once(' ') else {
            return false;
        };
        let (mark, mood) = match (mark.strip_suffix('+'), mark.strip_suffix('-')) {
            (Some(mark), _) => (mark, Mood::Warm),
            (_, Some(mark)) => (mark, Mood::Cool),
            _ => (mark, Mood::Any),
        };
        let alternative = Alternative { mood, text };
        match (mark, Role::from_letter(mark), exchange.turns.last_mut()) {
            ("|", _, Some(turn)) => turn.alternatives.push(alternative),
            (_, Some(role), _) => {
                exchange.turns.push(Turn {
                    role,
                    alternatives: vec![alternative],
                });
            }
            _ => return false,
        }
        true
    }

    fn read_asides(&mut self, text: &'static str) {
        let mut section = "";
        for line in lines(text) {
            match line.strip_prefix("## ") {
                Some(name) => section = name,
                None => self.asides.entry(section).or_default().push(line),
            }
        }
    }

    fn read_pains(&mut self, text: &'static str) {
        for line in lines(text) {
            if line.starts_with("= ") {
                self.pains.push(Pain::new());
                continue;
            }
            match (line.split_once(": "), self.pains.last_mut()) {
                (Some((key, text)), Some(pain)) => pain.entry(key).or_default().push(text),
                _ => self.complaints.push(line.to_owned()),
            }
        }
    }
}

fn lines(text: &'static str) -> impl Iterator<Item = &'static str> {
    // A comment is `# …`; a section header is `## …`.
    text.lines()
        .map(str::trim_end)
        .filter(|line| !line.is_empty() && !line.starts_with("# "))
}

fn is_tag(word: &str) -> bool {
    let is_plain = [
        "ask",
        "tell",
        "skilled",
        "poor",
        "warm",
        "cold",
        "discounts",
        "first",
        "deep",
    ]
    .contains(&word);
    is_plain
        || ["needs:", "only:", "or:"]
            .iter()
            .any(|prefix| word.starts_with(prefix))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_every_script_parses() {
        assert_eq!(SCRIPTS.complaints, Vec::<String>::new());
        for (name, section) in &SCRIPTS.sections {
            assert!(!section.exchanges.is_empty(), "{name}");
            for exchange in &section.exchanges {
                assert!(!exchange.turns.is_empty(), "{name}: {:?}", exchange.tags);
                for turn in &exchange.turns {
                    assert!(
                        turn.alternatives.iter().any(|a| a.mood == Mood::Any),
                        "{name}"
                    );
                }
            }
        }
    }

    #[test]
    fn every_pain_has_every_key() {
        assert!(SCRIPTS.pains.len() >= 8);
        for pain in &SCRIPTS.pains {
            for key in [
                "name", "today", "cost", "cause", "wish", "solve", "demo", "proof", "worry",
            ] {
                assert!(pain.contains_key(key), "{key} in {:?}", pain.get("name"));
            }
        }
    }
}
