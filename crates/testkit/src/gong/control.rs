//! Live control of the clock, of cursors and of what the key may see.

use std::time::Duration;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::catalogue::CallVisibility;
use super::endless::EndlessCursors;
use super::sight::Sight;
use super::state::SimulatorState;
use crate::SimulatedCall;

impl SimulatorState {
    /// What time it is for the simulated Gong.
    pub fn now(&self) -> Timestamp {
        self.shared.lock().clock.now()
    }

    /// Sets the clock, which then stands until it is set again. A daily quota is a
    /// quota of days from midnight to midnight UTC from then on.
    pub fn set_now(&self, now: Timestamp) {
        self.shared.lock().clock.set_to = Some(now);
    }

    /// Sets the zone that the company's days are days of, and its name; UTC before.
    pub fn set_time_zone(&self, name: &str, zone: TimeZone) {
        self.shared.lock().time_zone = (name.to_owned(), zone);
    }

    /// Sets the clock ahead.
    pub fn advance(&self, by: Duration) {
        let clock = &mut self.shared.lock().clock;
        let by = SignedDuration::try_from(by).unwrap_or(SignedDuration::MAX);
        let now = clock.now();
        clock.set_to = Some(now.checked_add(by).unwrap_or(Timestamp::MAX));
    }

    /// Lets the listing of calls or transcripts under a path, such as
    /// `/v2/calls/transcript`, go on for ever, or ends that.
    pub fn set_endless_cursors(&self, path: &str, cursors: Option<EndlessCursors>) {
        let endless = &mut self.shared.lock().endless;
        match cursors {
            Some(cursors) => endless.insert(path.to_owned(), cursors),
            None => endless.remove(path),
        };
    }

    /// Narrows the key's sight to these calls, as an administrator does who changes
    /// the permission profile behind it. All others look deleted.
    pub fn show_only<I: Into<String>>(&self, call_ids: impl IntoIterator<Item = I>) {
        self.shared.lock().sight = Sight::Only(call_ids.into_iter().map(Into::into).collect());
    }

    /// Lets the key see every call again.
    pub fn show_all(&self) {
        self.shared.lock().sight = Sight::All;
    }

    /// Hides every call, as from a key without call visibility: filtered requests
    /// get the very 404 of an empty tenant. `false` shows all.
    pub fn hide_all_calls(&self, hide: bool) {
        match hide {
            true => self.show_only::<String>([]),
            false => self.show_all(),
        }
    }

    /// What a client with this key is served now, in Gong's order and without the
    /// bulk calls: those being analysed or out of sight are not there, and neither
    /// are transcripts that are kept back.
    pub fn served(&self) -> Vec<SimulatedCall> {
        let changing = self.shared.lock();
        let is_served = |id: &String| {
            let call = changing.catalogue.get(id)?;
            let is_visible = call.visibility == CallVisibility::Visible;
            (is_visible && changing.sight.sees(id)).then(|| call.as_served())
        };
        changing
            .catalogue
            .ids()
            .iter()
            .filter_map(is_served)
            .collect()
    }
}
