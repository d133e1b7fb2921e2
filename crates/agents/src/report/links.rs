//! Where people open a call, and the moment of a sentence in it.

use std::collections::BTreeMap;

use calls::CallId;

/// The pages of calls, by the calls' ids.
///
/// ```
/// use agents::report::CallLinks;
/// use calls::CallId;
///
/// let mut links = CallLinks::default();
/// links.insert(&CallId::new("7"), "https://app.gong.io/call?id=7");
/// assert_eq!(links.call("7"), Some("https://app.gong.io/call?id=7"));
/// let moment = links.moment("7", 65_000).unwrap();
/// assert!(moment.contains("%22from%22%3A65"));
/// ```
#[derive(Debug, Clone, Default)]
pub struct CallLinks(BTreeMap<String, String>);

/// Seconds that Gong plays from a moment on.
const PLAYED_SECONDS: i64 = 30;

impl CallLinks {
    /// Keeps a call's page. Text from outside may hold a script, so only addresses of the web
    /// are kept.
    pub fn insert(&mut self, call_id: &CallId, url: &str) {
        if url.starts_with("https://") || url.starts_with("http://") {
            self.0.insert(call_id.as_str().to_owned(), url.to_owned());
        }
    }

    /// Adds those of others.
    pub(super) fn extend(&mut self, others: Self) {
        self.0.extend(others.0);
    }

    /// A call's page.
    pub fn call(&self, call_id: &str) -> Option<&str> {
        self.0.get(call_id).map(String::as_str)
    }

    /// A call's page, at a moment where the page takes one: Gong's own shares a snippet as
    /// `highlights=[{"type":"SHARE","from":65,"to":95}]`, in seconds.
    pub fn moment(&self, call_id: &str, start_ms: i64) -> Option<String> {
        let url = self.call(call_id)?;
        if !is_gong(url) {
            return Some(url.to_owned());
        }
        let from = start_ms.max(0) / 1_000;
        let to = from + PLAYED_SECONDS;
        Some(format!(
            "{url}&highlights=%5B%7B%22type%22%3A%22SHARE%22%2C%22from%22%3A{from}%2C%22to%22%3A{to}%7D%5D"
        ))
    }
}

/// `https://us-12345.app.gong.io/call?id=…`
fn is_gong(url: &str) -> bool {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    host.ends_with(".gong.io") && path.starts_with("call?id=")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_pages_of_the_web_become_links() {
        let mut links = CallLinks::default();
        links.insert(&CallId::new("1"), "javascript:alert(1)");
        links.insert(&CallId::new("2"), "https://recordings.example/2");
        assert_eq!(links.call("1"), None);
        assert_eq!(links.moment("1", 0), None);
        let plain = Some("https://recordings.example/2".to_owned());
        assert_eq!(links.moment("2", 5_000), plain);
    }
}
