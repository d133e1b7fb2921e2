//! What a pain costs, where the customer puts a figure to it.

use super::sentence::{Sentence, is_figure};

/// Words that speak of loss or of a sum. A figure without one says how many shops there are or
/// when it was.
const LOSS: [&str; 42] = [
    "churn",
    "complain",
    "complained",
    "complaints",
    "cost",
    "costing",
    "costs",
    "day",
    "days",
    "dollars",
    "euros",
    "fine",
    "fined",
    "grand",
    "hour",
    "hours",
    "hundred",
    "late",
    "leave",
    "left",
    "lose",
    "loses",
    "losing",
    "lost",
    "million",
    "miss",
    "missed",
    "missing",
    "money",
    "overtime",
    "penalty",
    "percent",
    "pounds",
    "quit",
    "refund",
    "revenue",
    "thousand",
    "wait",
    "waiting",
    "week",
    "weeks",
    "worse",
];

/// More of either in one sentence says nothing more.
const ENOUGH: usize = 2;

/// Of an item's sentences the one that says most of figures and of loss, and both; of equals
/// the first.
pub(super) fn impact(said: &[Sentence], members: &[usize]) -> Option<usize> {
    let told = |at: usize| {
        let count = |is: &dyn Fn(&str) -> bool| {
            let tokens = said[at].tokens.iter();
            tokens.filter(|token| is(token)).count().min(ENOUGH)
        };
        let (figures, losses) = (count(&is_figure), count(&|token| LOSS.contains(&token)));
        (figures > 0 && losses > 0).then_some(figures + losses)
    };
    let told = members.iter().filter_map(|at| Some((told(*at)?, *at)));
    let first_of_most = told.reduce(|most, next| if next.0 > most.0 { next } else { most });
    first_of_most.map(|(_, at)| at)
}

#[cfg(test)]
mod tests {
    use calls::reading::CallToRead;
    use serde_json::json;

    use super::super::sentence::sentences;
    use super::impact;

    fn told(said: &[&str]) -> Option<usize> {
        let call = json!({"id": "1", "title": "Call", "started": "2026-04-21T10:00:00Z", "parties": [],
            "turns": [{"speaker": "c", "sentences": said}]});
        let call: CallToRead = serde_json::from_value(call).unwrap();
        let members: Vec<usize> = (0..said.len()).collect();
        impact(&sentences(&call), &members)
    }

    #[test]
    fn an_impact_is_a_figure_and_a_loss() {
        let shops = "I've got four shops.";
        let late = "The lorries were late again.";
        let fine = "We got a fine of eleven grand.";
        let days = "It takes Maureen four days.";
        assert_eq!(told(&[shops, late, fine]), Some(2));
        assert_eq!(told(&[shops, days, fine]), Some(2), "says more of both");
        assert_eq!(told(&[days, days]), Some(0));
        assert_eq!(told(&[shops, late]), None);
    }
}
