//! Times of searches.

use std::error::Error;
use std::fmt;
use std::time::Instant;

use cortex::search::corpus::{CorpusHit, CorpusIndex, CorpusQuery};

/// Milliseconds at the 50th, 90th and 99th percentile.
type Percentiles = [f64; 3];

/// What one search found.
type Hits = Vec<CorpusHit>;

pub(crate) struct Times {
    wall: Percentiles,
    /// `None` where the system does not tell.
    cpu: Option<Percentiles>,
    wall_on_two_threads: Percentiles,
}

impl fmt::Display for Times {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut write = |what: &str, [p50, p90, p99]: Percentiles| {
            write!(f, "{what} p50 {p50:.1} p90 {p90:.1} p99 {p99:.1}")
        };
        write("wall", self.wall)?;
        if let Some(cpu) = self.cpu {
            write(", CPU", cpu)?;
        }
        write(", wall on two threads", self.wall_on_two_threads)?;
        f.write_str(" ms")
    }
}

/// Searches for each query, on one thread and then on two.
pub(crate) fn measure(
    index: &mut CorpusIndex,
    queries: &[CorpusQuery],
) -> Result<(Times, Vec<Hits>), Box<dyn Error>> {
    *index = std::mem::take(index).with_threads(2);
    let (wall_on_two_threads, ..) = on_threads(index, queries)?;
    *index = std::mem::take(index).with_threads(1);
    let (wall, cpu, hits) = on_threads(index, queries)?;
    let times = Times {
        wall,
        cpu,
        wall_on_two_threads,
    };
    Ok((times, hits))
}

type Measured = (Percentiles, Option<Percentiles>, Vec<Hits>);

/// Wall time, CPU time of this thread, and what was found.
fn on_threads(index: &CorpusIndex, queries: &[CorpusQuery]) -> Result<Measured, Box<dyn Error>> {
    let mut wall = Vec::with_capacity(queries.len());
    let mut cpu = Vec::with_capacity(queries.len());
    let mut hits = Vec::with_capacity(queries.len());
    for query in queries {
        let before = cpu_nanoseconds();
        let start = Instant::now();
        hits.push(index.search(query)?);
        wall.push(start.elapsed().as_secs_f64() * 1e3);
        let spent = before.zip(cpu_nanoseconds());
        cpu.extend(spent.map(|(before, after)| (after - before) as f64 / 1e6));
    }
    let cpu = (cpu.len() == queries.len()).then(|| percentiles(cpu));
    Ok((percentiles(wall), cpu, hits))
}

fn percentiles(mut times: Vec<f64>) -> Percentiles {
    times.sort_by(f64::total_cmp);
    [50, 90, 99].map(|percent| {
        let at = (times.len() * percent).div_ceil(100).max(1) - 1;
        times.get(at).copied().unwrap_or(0.0)
    })
}

/// What this thread has run so far, by Linux's scheduler. It counts in steps of some
/// milliseconds, unless the thread offers to give way.
fn cpu_nanoseconds() -> Option<u64> {
    std::thread::yield_now();
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    text.split_whitespace().next()?.parse().ok()
}

/// Processes that run or want to, on average over a minute.
pub(crate) fn load() -> String {
    let text = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split_whitespace()
        .next()
        .unwrap_or("unknown")
        .to_owned()
}
