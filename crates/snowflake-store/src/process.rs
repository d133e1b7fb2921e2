//! Which process this is, and whether another one on this host has ended.
//!
//! Only Linux reveals that without foreign code; elsewhere no process is ever known to have ended.

use std::fs;
use std::io;
use std::sync::OnceLock;
use std::time::{SystemTime, UNIX_EPOCH};

/// Where the numbers of processes mean what they mean here: name, boot and PID namespace.
/// A copy of this machine, the next boot and a container are other hosts.
pub(crate) fn host() -> &'static str {
    static HOST: OnceLock<String> = OnceLock::new();
    HOST.get_or_init(|| {
        let read = |path| fs::read_to_string(path).map(|text| text.trim().to_owned());
        let variable = |name| std::env::var(name).ok().filter(|name| !name.is_empty());
        let name = read("/proc/sys/kernel/hostname")
            .ok()
            .or_else(|| variable("HOSTNAME"))
            .or_else(|| variable("COMPUTERNAME"))
            .unwrap_or_else(|| "unknown host".to_owned());
        let boot = read("/proc/sys/kernel/random/boot_id").unwrap_or_default();
        let namespace = fs::read_link("/proc/self/ns/pid").unwrap_or_default();
        format!("{name}/{boot}/{}", namespace.display())
    })
}

/// When this process started, in whatever tells it from others with its number.
pub(crate) fn started() -> &'static str {
    static STARTED: OnceLock<String> = OnceLock::new();
    STARTED.get_or_init(|| match running_since(std::process::id()) {
        Ok(Some(ticks)) => ticks,
        _ => {
            let now = SystemTime::now().duration_since(UNIX_EPOCH);
            format!("at {}", now.unwrap_or_default().as_nanos())
        }
    })
}

/// Whether a process of this host has certainly ended.
pub(crate) fn has_ended(pid: u32, started: &str) -> bool {
    // Where /proc hides the processes of others, not even the first one is there.
    let all_are_seen = running_since(1).is_ok_and(|first| first.is_some());
    all_are_seen && running_since(pid).is_ok_and(|since| since.as_deref() != Some(started))
}

/// When a process started, in clock ticks after the boot; `None` when it has ended, also
/// when its parent has not heard of that yet.
fn running_since(pid: u32) -> io::Result<Option<String>> {
    let stat = match fs::read_to_string(format!("/proc/{pid}/stat")) {
        Ok(stat) => stat,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    // The name in parentheses may hold anything; state is the field behind it, and the start
    // the twentieth.
    let behind_name = stat.rsplit_once(')').map_or("", |(_, behind)| behind);
    let mut fields = behind_name.split_ascii_whitespace();
    let state = fields.next();
    let start = fields.nth(18).map(str::to_owned);
    match (state, start) {
        (Some("Z" | "X" | "x"), _) => Ok(None),
        (Some(_), Some(start)) => Ok(Some(start)),
        _ => Err(io::ErrorKind::InvalidData.into()),
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::process::{Command, Stdio};

    use super::*;

    #[test]
    fn this_process_runs_and_another_start_is_another_process() {
        let me = std::process::id();
        assert!(!has_ended(me, started()));
        assert!(has_ended(me, "1"));
        assert!(host().contains("pid:["), "{}", host());
    }

    #[test]
    fn a_child_has_ended_before_it_is_waited_for() {
        let mut child = Command::new("cat")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let since = running_since(child.id()).unwrap().unwrap();
        assert!(!has_ended(child.id(), &since));
        drop(child.stdin.take());
        // Its end closes its stdout, and makes it a zombie a moment later.
        io::copy(&mut child.stdout.take().unwrap(), &mut io::sink()).unwrap();
        while !has_ended(child.id(), &since) {
            std::thread::yield_now();
        }
        child.wait().unwrap();
        assert!(has_ended(child.id(), &since));
    }
}
