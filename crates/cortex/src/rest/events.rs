//! Server-sent events, out of bytes that arrive in any portions.

/// One event.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Event {
    /// Its name; empty for most.
    pub(super) name: String,
    /// Its data lines, joined by line ends.
    pub(super) data: String,
}

/// Cuts bytes into events, as the HTML standard describes it, and in one point more
/// kindly: an event that the end of the stream cuts short of its empty line counts.
#[derive(Debug, Default)]
pub(super) struct EventDecoder {
    line: Vec<u8>,
    /// A carriage return ends a line; a line feed right after it belongs to it.
    after_return: bool,
    seen_first_line: bool,
    open: Event,
    has_data: bool,
}

impl EventDecoder {
    /// The events that these bytes complete.
    pub(super) fn push(&mut self, bytes: &[u8]) -> Vec<Event> {
        let mut events = Vec::new();
        for byte in bytes {
            match byte {
                b'\n' if self.after_return => self.after_return = false,
                b'\n' | b'\r' => {
                    self.after_return = *byte == b'\r';
                    let line = std::mem::take(&mut self.line);
                    events.extend(self.line(&line));
                }
                byte => {
                    self.after_return = false;
                    self.line.push(*byte);
                }
            }
        }
        events
    }

    /// The event that the end of the stream completes.
    pub(super) fn finish(mut self) -> Option<Event> {
        let line = std::mem::take(&mut self.line);
        if !line.is_empty() {
            self.line(&line);
        }
        self.take()
    }

    fn line(&mut self, line: &[u8]) -> Option<Event> {
        let line = String::from_utf8_lossy(line);
        let mut line = line.as_ref();
        if !self.seen_first_line {
            line = line.strip_prefix('\u{feff}').unwrap_or(line);
            self.seen_first_line = true;
        }
        if line.is_empty() {
            return self.take();
        }
        let (field, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "data" => {
                if self.has_data {
                    self.open.data.push('\n');
                }
                self.open.data.push_str(value);
                self.has_data = true;
            }
            "event" => value.clone_into(&mut self.open.name),
            // Comments, ids, waits before reconnecting, and what is not known.
            _ => {}
        }
        None
    }

    fn take(&mut self) -> Option<Event> {
        let event = std::mem::take(&mut self.open);
        std::mem::take(&mut self.has_data).then_some(event)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn decoded(portions: &[&[u8]]) -> Vec<Event> {
        let mut decoder = EventDecoder::default();
        let mut events: Vec<Event> = portions
            .iter()
            .flat_map(|portion| decoder.push(portion))
            .collect();
        events.extend(decoder.finish());
        events
    }

    #[test]
    fn comments_names_long_data_and_a_missing_last_line_end_are_understood() {
        let stream = "\u{feff}: keep-alive\r\n\r\ndata: a\r\ndata:b\rid: 7\n\nevent: ping\ndata\n\n\
                      event: only\n\ndata: [DONE]";
        let event = |name: &str, data: &str| Event {
            name: name.to_owned(),
            data: data.to_owned(),
        };
        assert_eq!(
            decoded(&[stream.as_bytes()]),
            [event("", "a\nb"), event("ping", ""), event("", "[DONE]")]
        );
    }

    proptest! {
        #[test]
        fn portions_make_no_difference(
            lines in prop::collection::vec("(data: ?|event: |: )?[a-z\u{e9}\u{4f60} ]{0,6}(\n|\r\n|\r)", 0..20),
            cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..8),
        ) {
            let stream = lines.concat().into_bytes();
            let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut.index(stream.len() + 1)).collect();
            cuts.sort_unstable();
            let mut portions = Vec::new();
            let mut from = 0;
            for cut in cuts {
                portions.push(&stream[from..cut]);
                from = cut;
            }
            portions.push(&stream[from..]);
            prop_assert_eq!(decoded(&portions), decoded(&[&stream]));
        }
    }
}
