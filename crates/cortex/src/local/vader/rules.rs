//! The valence of each token in the light of the words around it.

use super::lexicon::{BOOST, Named};
use super::token::Token;

/// What capitals add among words that are not all capitals.
const SHOUT: f64 = 0.733;
/// What a negation multiplies by.
const NEGATION: f64 = -0.74;

/// The valence of every token, before clauses are weighed.
pub(super) fn valences(tokens: &[Token], valences: &mut Vec<f64>) {
    let shouted = tokens.iter().filter(|token| token.shouted).count();
    let shouting_stands_out = 0 < shouted && shouted < tokens.len();
    valences.clear();
    valences.extend((0..tokens.len()).map(|at| {
        Context {
            tokens,
            at,
            shouting_stands_out,
        }
        .valence()
    }));
}

struct Context<'a> {
    tokens: &'a [Token],
    at: usize,
    shouting_stands_out: bool,
}

impl Context<'_> {
    fn valence(&self) -> f64 {
        let token = &self.tokens[self.at];
        let starts_kind_of = token.is(Named::Kind) && self.is_next(1, Named::Of);
        let Some(rated) = token.valence() else {
            return 0.0;
        };
        if token.boost() != 0.0 || starts_kind_of {
            return 0.0;
        }
        let mut valence = self.with_no(rated);
        if token.shouted && self.shouting_stands_out {
            valence += if valence > 0.0 { SHOUT } else { -SHOUT };
        }
        for distance in 1..=3 {
            let Some(before) = self.before(distance) else {
                break;
            };
            if before.valence().is_some() {
                continue;
            }
            valence += self.boost_from(before, distance, valence);
            valence = self.negated(valence, distance);
            if distance == 3 {
                valence = self.with_idioms(valence);
            }
        }
        self.with_least(valence)
    }

    /// "no" negates a rated word that follows and then has no valence of its own.
    fn with_no(&self, rated: f64) -> f64 {
        let is_negation = self.tokens[self.at].is(Named::No)
            && self
                .tokens
                .get(self.at + 1)
                .is_some_and(|next| next.valence().is_some());
        let joined = self.is_before(1, Named::Or) || self.is_before(1, Named::Nor);
        let follows_no = self.is_before(1, Named::No)
            || self.is_before(2, Named::No)
            || (self.is_before(3, Named::No) && joined);
        match (follows_no, is_negation) {
            (true, _) => rated * NEGATION,
            (false, true) => 0.0,
            (false, false) => rated,
        }
    }

    fn boost_from(&self, before: &Token, distance: usize, valence: f64) -> f64 {
        let mut boost = before.boost();
        if boost == 0.0 {
            return 0.0;
        }
        if valence < 0.0 {
            boost *= -1.0;
        }
        if before.shouted && self.shouting_stands_out {
            boost += if valence > 0.0 { SHOUT } else { -SHOUT };
        }
        match distance {
            1 => boost,
            2 => boost * 0.95,
            _ => boost * 0.9,
        }
    }

    fn negated(&self, valence: f64, distance: usize) -> f64 {
        let so_or_this =
            |distance| self.is_before(distance, Named::So) || self.is_before(distance, Named::This);
        let doubt = |distance| self.is_before(distance, Named::Doubt);
        let is_never = self.is_before(distance, Named::Never);
        let is_without = self.is_before(distance, Named::Without);
        let (intensified, assured) = match distance {
            1 => (false, false),
            2 => (is_never && so_or_this(1), is_without && doubt(1)),
            // `and` binds before `or` in the original: "so" or "this" right before
            // is enough, with or without "never".
            _ => (
                (is_never && so_or_this(2)) || so_or_this(1),
                is_without && (doubt(2) || doubt(1)),
            ),
        };
        if intensified {
            valence * 1.25
        } else if !assured && self.before(distance).is_some_and(|before| before.negates) {
            valence * NEGATION
        } else {
            valence
        }
    }

    /// Only called with three words before.
    fn with_idioms(&self, mut valence: f64) -> f64 {
        let pair = |first: usize| self.idiom(self.at.checked_sub(first), 2);
        let triple = |first: usize| self.idiom(self.at.checked_sub(first), 3);
        let ending_here = pair(1)
            .or_else(|| triple(2))
            .or_else(|| pair(2))
            .or_else(|| triple(3))
            .or_else(|| pair(3));
        for idiom in [ending_here, pair(0), triple(0)].into_iter().flatten() {
            valence = idiom;
        }
        for first in [3, 2] {
            if self.is_weakening_pair(first) {
                valence -= BOOST;
            }
        }
        valence
    }

    /// The valence of an idiom of `length` words from a position on.
    fn idiom(&self, from: Option<usize>, length: usize) -> Option<f64> {
        use Named::{
            Ass, Bad, Beating, Bomb, Bus, Death, Die, For, Heart, Kiss, Of, Right, Shit, Stop, The,
            To, Yeah,
        };
        const IDIOMS: [(&[Named], f64); 8] = [
            (&[The, Shit], 3.0),
            (&[The, Bomb], 3.0),
            (&[Bad, Ass], 1.5),
            (&[Bus, Stop], 0.0),
            (&[Yeah, Right], -2.0),
            (&[Kiss, Of, Death], -1.5),
            (&[To, Die, For], 3.0),
            (&[Beating, Heart], 3.5),
        ];
        let words = self.tokens.get(from?..from? + length)?;
        IDIOMS
            .iter()
            .find(|(idiom, _)| {
                idiom.len() == length && words.iter().zip(*idiom).all(|(word, part)| word.is(*part))
            })
            .map(|(_, valence)| *valence)
    }

    /// "just enough", "kind of" or "sort of", `first` words before this one.
    fn is_weakening_pair(&self, first: usize) -> bool {
        let second = first - 1;
        let of = self.is_before(second, Named::Of);
        let kind_or_sort = self.is_before(first, Named::Kind) || self.is_before(first, Named::Sort);
        (kind_or_sort && of)
            || (self.is_before(first, Named::Just) && self.is_before(second, Named::Enough))
    }

    /// "least" negates, but neither "at least" nor "very least" does.
    fn with_least(&self, valence: f64) -> f64 {
        let excepted = self.is_before(2, Named::At) || self.is_before(2, Named::Very);
        if self.is_before(1, Named::Least) && !excepted {
            valence * NEGATION
        } else {
            valence
        }
    }

    fn before(&self, distance: usize) -> Option<&Token> {
        self.tokens.get(self.at.checked_sub(distance)?)
    }

    fn is_before(&self, distance: usize, word: Named) -> bool {
        self.before(distance).is_some_and(|token| token.is(word))
    }

    fn is_next(&self, distance: usize, word: Named) -> bool {
        self.tokens
            .get(self.at + distance)
            .is_some_and(|token| token.is(word))
    }
}
