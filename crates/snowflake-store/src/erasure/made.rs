//! What was made of calls, without those who were erased while it was made.

use calls::CallId;
use resilience::ErrorKind;
use serde_json::Value;

use super::erased::Erased;
use super::text::{Scrubber, TOKEN};
use crate::{CallInsights, CallReader, CallReading, Error, Result};

/// Something that was made of a call.
pub(crate) trait Made: Send {
    fn call_id(&self) -> &CallId;

    /// Rewrites each of its texts.
    fn rewrite(&mut self, with: &mut (dyn FnMut(&mut String) + Send)) -> Result<()>;
}

/// Takes those who were erased out of what was made of calls: what was read before is stored
/// behind the erasure, and the transcript's hash tells only of those who speak.
pub(crate) async fn guard_made<M: Made>(
    store: &dyn CallReader,
    erased: &Erased,
    made: &mut [M],
) -> Result<()> {
    if erased.is_empty() {
        return Ok(());
    }
    let anybody = Scrubber::new(erased);
    for one in made {
        let mut names_somebody = false;
        one.rewrite(&mut |text| names_somebody |= anybody.scrub(text).is_some())?;
        if !names_somebody {
            continue;
        }
        // Whoever is called the same and stays on the call keeps the name.
        let stored = store.call_detail(one.call_id()).await?;
        let parties = stored.map(|detail| detail.call.parties).unwrap_or_default();
        let names = parties.into_iter().filter_map(|party| party.name);
        let stay: Vec<String> = names.filter(|name| name != TOKEN).collect();
        let scrubber = Scrubber::of_call(erased, None, &stay);
        one.rewrite(&mut |text| {
            if let Some(scrubbed) = scrubber.scrub(text) {
                *text = scrubbed;
            }
        })?;
    }
    Ok(())
}

impl Made for CallInsights {
    fn call_id(&self) -> &CallId {
        &self.call_id
    }

    fn rewrite(&mut self, with: &mut (dyn FnMut(&mut String) + Send)) -> Result<()> {
        let cited = [&mut self.risks, &mut self.next_steps];
        let cited = cited.into_iter().flatten().flatten();
        let texts = self.summary.iter_mut().chain(&mut self.key_topics);
        let texts = texts.chain(cited.map(|item| &mut item.text));
        let chunks = self.chunks.iter_mut().map(|chunk| &mut chunk.text);
        texts.chain(chunks).for_each(with);
        Ok(())
    }
}

impl Made for CallReading {
    fn call_id(&self) -> &CallId {
        &self.call_id
    }

    fn rewrite(&mut self, with: &mut (dyn FnMut(&mut String) + Send)) -> Result<()> {
        // Without the cause, which may quote what was said.
        let unreadable = |_| Error::new(ErrorKind::Internal, "a reading cannot be rewritten");
        let mut reading = serde_json::to_value(&self.reading).map_err(unreadable)?;
        let before = reading.clone();
        texts_of(&mut reading, with);
        if reading != before {
            self.reading = serde_json::from_value(reading).map_err(unreadable)?;
        }
        Ok(())
    }
}

fn texts_of(value: &mut Value, with: &mut (dyn FnMut(&mut String) + Send)) {
    match value {
        Value::String(text) => with(text),
        Value::Array(values) => values.iter_mut().for_each(|value| texts_of(value, with)),
        Value::Object(members) => members.values_mut().for_each(|value| texts_of(value, with)),
        _ => {}
    }
}
