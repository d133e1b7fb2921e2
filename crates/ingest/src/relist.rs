//! Lists older spans again, in rotation.
//!
//! A call may appear with a date older than any look-back: an old recording is
//! uploaded, or a conference was scheduled long before it took place. Its id is not known,
//! so only a listing finds it. Each incremental run lists part of the time before its
//! span again, within a budget of requests: a third of the last 90
//! days, and with what is left of the budget a part of the time before.

use std::collections::{HashSet, VecDeque};

use calls::{CallId, Timestamp};
use gong_client::PageGuard;
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use snowflake_store::{KnownCallsQuery, LandingPage, Stream, SyncMode, Window};

use crate::fetch::{CALLS, Failed, seen_first};
use crate::lander::Lander;
use crate::{Result, plan};

/// What counts as recent: gone round in three runs.
const RECENT: SignedDuration = SignedDuration::from_hours(90 * 24);

/// What one run lists of it.
const RECENT_A_RUN: SignedDuration = SignedDuration::from_hours(30 * 24);

/// One request in so many is kept for the time before.
const OLDER_SHARE: u32 = 5;

/// Known calls read from the store at once.
const KNOWN_PER_READ: usize = 1_000;

/// How far the rotation is, as kept in the store.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Rotation {
    /// Where the time begins that finished runs have read without a gap.
    covered_from: Option<Timestamp>,
    /// Where the recent span goes on.
    recent: Option<Timestamp>,
    /// Where the time before goes on.
    older: Option<Timestamp>,
}

impl Rotation {
    /// What a run that ends has read belongs to what is covered, unless there is a gap.
    fn cover(&mut self, window: Window) {
        let covered = self.covered_from;
        if covered.is_none_or(|from| window.from < from && window.to >= from) {
            self.covered_from = Some(window.from);
        }
    }
}

impl Lander<'_> {
    /// Lists spans behind `window` again, and remembers what the run has read.
    pub(crate) async fn relist(&mut self, read: &[Window], window: Window) -> Result<()> {
        let stored = self.position(Stream::Relist).await?;
        // What cannot be read is of another version: the rotation starts over.
        let mut rotation: Rotation = stored
            .and_then(|text| serde_json::from_str(&text).ok())
            .unwrap_or_default();
        for span in read {
            rotation.cover(*span);
        }
        let listed = self.relist_by(&mut rotation, window).await;
        if let Ok(text) = serde_json::to_string(&rotation) {
            self.goes_on_at(Stream::Relist, text);
        }
        listed
    }

    async fn relist_by(&mut self, rotation: &mut Rotation, window: Window) -> Result<()> {
        let mut budget = self.settings.relist_requests;
        let (Some(covered), SyncMode::Incremental) = (rotation.covered_from, self.mode) else {
            return Ok(());
        };
        let recent_from = self
            .settings
            .now()
            .checked_sub(RECENT)
            .unwrap_or(Timestamp::MIN);
        let recent = Window {
            from: covered.max(recent_from),
            to: window.from,
        };
        let older = Window {
            from: covered,
            to: recent.from.min(window.from),
        };
        let kept = if older.from < older.to {
            budget / OLDER_SHARE
        } else {
            0
        };
        budget -= kept;
        self.relist_zone(
            recent,
            Some(RECENT_A_RUN),
            &mut rotation.recent,
            &mut budget,
        )
        .await?;
        budget += kept;
        self.relist_zone(older, None, &mut rotation.older, &mut budget)
            .await
    }

    /// Lists a part of a zone again, from where the last run ended, and round at its end.
    async fn relist_zone(
        &mut self,
        zone: Window,
        at_most: Option<SignedDuration>,
        position: &mut Option<Timestamp>,
        budget: &mut u32,
    ) -> Result<()> {
        if zone.from >= zone.to || *budget == 0 {
            return Ok(());
        }
        let from = position.filter(|at| zone.from <= *at && *at < zone.to);
        let from = from.unwrap_or(zone.from);
        let to = at_most
            .and_then(|length| from.checked_add(length).ok())
            .map_or(zone.to, |to| to.min(zone.to));
        let mut parts = VecDeque::from([Window { from, to }]);
        while let Some(part) = parts.pop_front() {
            match (self.relist_part(part, budget).await?, plan::halves(part)) {
                (Relisted::OutOfBudget, _) => return Ok(()),
                (Relisted::TooLong, Some((earlier, later))) => {
                    parts.push_front(later);
                    parts.push_front(earlier);
                }
                // What is more in a second than the budget allows is passed over. At its
                // end a zone begins anew.
                (Relisted::Done | Relisted::TooLong, _) => {
                    *position = (part.to < zone.to).then_some(part.to);
                }
            }
        }
        Ok(())
    }

    async fn relist_part(&mut self, part: Window, budget: &mut u32) -> Result<Relisted> {
        let mut guard = PageGuard::new(CALLS);
        let mut seen = HashSet::new();
        let mut known = None;
        let mut cursor = None;
        self.start_window();
        loop {
            if *budget == 0 {
                return Ok(Relisted::OutOfBudget);
            }
            *budget -= 1;
            let (mut page, unwanted) = match self.source.calls_page(part, cursor.take()).await {
                Ok(page) => page,
                Err(Failed::Stop(error)) => return Err(error),
                Err(Failed::Skip(error)) => {
                    // The run that meets it in its own windows puts it aside.
                    tracing::warn!(%error, "an older span could not be listed again");
                    return Ok(Relisted::Done);
                }
            };
            let new = seen_first(&mut seen, &page) + unwanted.len();
            let accepted = guard.accept(&page, new);
            let here = (page.items.len() + page.rejected.len() + unwanted.len()).max(1) as u64;
            let left = page.total_records.unwrap_or(here).saturating_sub(here);
            cursor = page.next.take();
            let is_first = known.is_none();
            if is_first && cursor.is_some() && left.div_ceil(here) > u64::from(*budget) {
                return Ok(Relisted::TooLong);
            }
            if is_first {
                known = Some(self.known_ids(part).await?);
            }
            let known: &HashSet<CallId> = known.get_or_insert_default();
            let unknown: Vec<CallId> = page
                .items
                .iter()
                .map(|item| item.call_id.clone())
                .filter(|id| !known.contains(id))
                .collect();
            self.note_served(&page, unwanted);
            let letters = self.rejected(Stream::Calls, part, page.rejected);
            self.land(LandingPage::new(&self.writer.run_id).with_calls(page.items))
                .await?;
            self.put_aside(letters).await?;
            self.refresh_transcripts(part, unknown).await?;
            if cursor.is_none() {
                self.compare(part).await?;
                return Ok(Relisted::Done);
            }
            if let Err(error) = accepted {
                tracing::warn!(%error, "an older span could not be listed to its end");
                return Ok(Relisted::Done);
            }
        }
    }

    async fn known_ids(&self, window: Window) -> Result<HashSet<CallId>> {
        let mut query = KnownCallsQuery {
            window: Some(window),
            after: None,
            limit: KNOWN_PER_READ,
        };
        let mut ids = HashSet::new();
        loop {
            let known = self.store.known_calls(&query).await?;
            let Some(last) = known.last() else {
                return Ok(ids);
            };
            query.after = Some(last.id.clone());
            ids.extend(known.into_iter().map(|call| call.id));
        }
    }
}

/// How listing a part again ended.
enum Relisted {
    Done,
    TooLong,
    OutOfBudget,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn window(from: i64, to: i64) -> Window {
        let at = |second| Timestamp::from_second(second).unwrap();
        Window {
            from: at(from),
            to: at(to),
        }
    }

    #[test]
    fn what_is_covered_has_no_gap() {
        let mut rotation = Rotation::default();
        rotation.cover(window(500, 600));
        rotation.cover(window(550, 700));
        assert_eq!(rotation.covered_from, Some(window(500, 0).from));
        rotation.cover(window(100, 200));
        assert_eq!(rotation.covered_from, Some(window(500, 0).from), "a gap");
        rotation.cover(window(100, 500));
        assert_eq!(rotation.covered_from, Some(window(100, 0).from));
    }

    #[test]
    fn the_position_survives_the_store() {
        let mut rotation = Rotation::default();
        rotation.cover(window(500, 600));
        let text = serde_json::to_string(&rotation).unwrap();
        assert_eq!(serde_json::from_str::<Rotation>(&text).unwrap(), rotation);
    }
}
