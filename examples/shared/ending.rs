//! How a program ends: one JSON object on stdout and an exit code.
//!
//! Neither depends on the reader: a full disk behind stdout, a closed pipe or a vanished
//! terminal does not change what was done, so it does not change what is reported.
#![allow(
    dead_code,
    unused_macros,
    unused_imports,
    reason = "each example uses its part"
)]

use std::any::Any;
use std::fmt::Display;
use std::future::Future;
use std::io::Write;
use std::process::ExitCode;

use clap::Parser;
use clap::error::ContextKind;
use serde_json::Value;
use tokio_util::sync::CancellationToken;

/// Writes a line to stderr, if anybody is there.
pub(crate) fn tell_line(line: impl Display) {
    let _ = writeln!(std::io::stderr(), "{line}");
}

/// Writes a line to stderr, as [`tell_line`], from a format.
macro_rules! tell {
    ($($words:tt)+) => {
        $crate::shared::ending::tell_line(format_args!($($words)+))
    };
}
pub(crate) use tell;

/// The last words of a program.
#[derive(Debug)]
pub(crate) struct Ending {
    /// The JSON object on stdout.
    pub(crate) line: String,
    /// What went wrong, for people.
    pub(crate) complaint: Option<String>,
    pub(crate) code: u8,
}

impl Ending {
    pub(crate) fn new(line: &Value, code: u8) -> Self {
        Self {
            line: line.to_string(),
            complaint: None,
            code,
        }
    }

    pub(crate) fn with_complaint(mut self, complaint: impl Into<String>) -> Self {
        self.complaint = Some(complaint.into());
        self
    }

    /// Says it, and gives the exit code.
    pub(crate) fn say(self) -> ExitCode {
        let mut stdout = std::io::stdout().lock();
        let _ = writeln!(stdout, "{}", self.line).and_then(|()| stdout.flush());
        if let Some(complaint) = self.complaint {
            tell!("error: {complaint}");
        }
        ExitCode::from(self.code)
    }
}

/// Why a program ends without a result of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal {
    /// `invalid_input`, `cancelled` or `internal`.
    pub(crate) kind: &'static str,
    pub(crate) message: String,
    pub(crate) field: Option<String>,
}

/// The arguments of the program, or the way out: help and version, or a refusal.
pub(crate) fn arguments<A: Parser>(ending: fn(Refusal, u8) -> Ending) -> Result<A, ExitCode> {
    A::try_parse().map_err(|error| {
        let _ = error.print();
        if !error.use_stderr() {
            return ExitCode::SUCCESS;
        }
        // `--from <FROM>` names the field `from`, and so does `<--from <FROM>|--to <TO>>`.
        let argument = error.get(ContextKind::InvalidArg).map(ToString::to_string);
        let field = argument.and_then(|argument| {
            let name = argument.trim_start_matches(['<', '-']);
            let name = name.split([' ', '=', '|', '>']).next()?;
            Some(name.replace('-', "_"))
        });
        // Up to the usage: what is missing stands below the first line.
        let rendered = error.render().to_string();
        let lines = rendered.lines().take_while(|line| !line.is_empty());
        let lines: Vec<&str> = lines.map(str::trim).collect();
        let message = lines.join(" ").trim_start_matches("error: ").to_owned();
        let refusal = Refusal {
            kind: "invalid_input",
            message,
            field,
        };
        // clap has told people.
        let ending = Ending {
            complaint: None,
            ..ending(refusal, 2)
        };
        ending.say()
    })
}

/// A field as JSON has it: that of an option is called as in what clap refuses.
pub(crate) fn json_field(field: &str) -> String {
    match field.strip_prefix("--") {
        Some(option) => option.replace('-', "_"),
        None => field.to_owned(),
    }
}

/// Runs the work of a program until it is done, and says how it ended.
///
/// The token is cancelled by a first SIGINT, SIGTERM or SIGHUP; the work then ends where it
/// loses nothing. A second signal ends the program at once, after the same last line.
pub(crate) async fn run<W>(
    work: impl FnOnce(CancellationToken) -> W,
    ending: fn(Refusal, u8) -> Ending,
) -> ExitCode
where
    W: Future<Output = Ending> + Send + 'static,
{
    let (first, second) = (CancellationToken::new(), CancellationToken::new());
    tokio::spawn(listen(first.clone(), second.clone()));
    let refusal = |kind, message: String| Refusal {
        kind,
        message,
        field: None,
    };
    tokio::select! {
        done = tokio::spawn(work(first)) => match done {
            Ok(done) => done.say(),
            Err(error) => {
                let message = match error.try_into_panic() {
                    Ok(panic) => format!("a bug: {}", panic_message(&*panic)),
                    Err(error) => error.to_string(),
                };
                ending(refusal("internal", message), 1).say()
            }
        },
        () = second.cancelled() => {
            let message = "stopped at once by a second signal".to_owned();
            ending(refusal("cancelled", message), 1).say();
            // What is under way is not waited for: transactions end with the process.
            std::process::exit(1);
        }
    }
}

fn panic_message(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("a panic without a message")
}

async fn listen(first: CancellationToken, second: CancellationToken) {
    let Some(mut signals) = Signals::new() else {
        return;
    };
    signals.next().await;
    tell!("stopping after this page; press again to stop at once");
    first.cancel();
    signals.next().await;
    second.cancel();
}

/// The signals that ask a program to end.
#[cfg(unix)]
struct Signals(Vec<tokio::signal::unix::Signal>);

#[cfg(unix)]
impl Signals {
    fn new() -> Option<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        let mut kinds = vec![SignalKind::interrupt(), SignalKind::terminate()];
        // Under `nohup` a terminal that goes away is not to be noticed.
        if !hangups_are_ignored() {
            kinds.push(SignalKind::hangup());
        }
        let signals: Result<_, _> = kinds.into_iter().map(signal).collect();
        signals.ok().map(Self)
    }

    async fn next(&mut self) {
        std::future::poll_fn(|context| {
            let came = self
                .0
                .iter_mut()
                .any(|signal| signal.poll_recv(context).is_ready());
            match came {
                true => std::task::Poll::Ready(()),
                false => std::task::Poll::Pending,
            }
        })
        .await;
    }
}

/// Whether SIGHUP, number 1, is in the mask of ignored signals that Linux shows.
#[cfg(unix)]
fn hangups_are_ignored() -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok())
        .is_some_and(|mask| mask & 1 != 0)
}

#[cfg(not(unix))]
struct Signals;

#[cfg(not(unix))]
impl Signals {
    fn new() -> Option<Self> {
        Some(Self)
    }

    async fn next(&mut self) {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}
