//! What may be said in moments that a reader found and had no better line for. Ours.

use calls::reading::PushbackKind;

/// A line for pushback of a kind: it asks before it answers.
pub(crate) fn to_pushback(kind: PushbackKind) -> &'static str {
    match kind {
        PushbackKind::Price => {
            "What are you comparing it with, and what would it have to save you to be worth it?"
        }
        PushbackKind::Budget => {
            "If it paid for itself within the year, whose budget would it come from, and when is that set?"
        }
        PushbackKind::Timing => {
            "What would have to happen first, and what does it cost you to leave it until then?"
        }
        PushbackKind::Authority => {
            "Who else has to be sure of this, and what would they want to know? Shall we ask them together?"
        }
        PushbackKind::Need => {
            "Fair point. What happens today when it goes wrong, and whom does it cost time?"
        }
        PushbackKind::Trust => {
            "What would you need to see or hear, and from whom, to be sure of it?"
        }
        PushbackKind::Competition => {
            "What do you like about them, and what would have to be better for you to choose us?"
        }
        PushbackKind::StatusQuo => {
            "What works well today that you would not want to lose, and what would you still change?"
        }
        PushbackKind::ProductGap => {
            "How do you use that today, and how often? Let me be clear about what we do and what we don't."
        }
        PushbackKind::SecurityLegal => {
            "Who has to approve it, and which papers do they need? I'll have them sent before we go on."
        }
        PushbackKind::Resources => {
            "How much time could your people spare, and what if we took the first weeks of the work?"
        }
        PushbackKind::ChampionChange => {
            "Who will own this after that, and would you introduce us before?"
        }
        _ => "Let me be sure I understand: what is behind that?",
    }
}

/// A line after a problem that was named.
pub(crate) const TO_A_PAIN: &str =
    "How often does that happen, what does it cost you, and who feels it most?";

/// A line before hanging up.
pub(crate) const TO_CLOSE: &str = "What will each of us do before we talk again, and by which day?";
