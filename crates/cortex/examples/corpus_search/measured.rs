//! Times of searches.

use std::error::Error;
use std::fmt;
use std::time::Instant;

use cortex::search::corpus::{CorpusHit, CorpusIndex, CorpusQuery};

/// Milliseconds at the 50th, 90th and 99th percentile.
type Percentiles = [f64; 3];

/// What one search found.
type Hits = Vec<CorpusHit>;

/// Queries that are repeated for the CPU time: the scheduler counts in steps of some
/// milliseconds, so only a sum over many is exact.
const QUERIES_FOR_CPU: usize = 200;

pub(crate) struct Times {
    wall: Percentiles,
    /// Mean milliseconds on one thread; `None` where the system does not tell.
    cpu: Option<f64>,
}

impl fmt::Display for Times {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [p50, p90, p99] = self.wall;
        write!(f, "p50 {p50:.1} p90 {p90:.1} p99 {p99:.1} ms")?;
        if let Some(mean) = self.cpu {
            write!(f, " (on one thread {mean:.1} ms of CPU on average)")?;
        }
        Ok(())
    }
}

/// Searches for each query as the index is set, then on one thread for the CPU time.
pub(crate) fn measure(
    index: &mut CorpusIndex,
    queries: &[CorpusQuery],
) -> Result<(Times, Vec<Hits>), Box<dyn Error>> {
    let mut wall = Vec::with_capacity(queries.len());
    let mut hits = Vec::with_capacity(queries.len());
    for query in queries {
        let start = Instant::now();
        hits.push(index.search(query)?);
        wall.push(start.elapsed().as_secs_f64() * 1e3);
    }
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    *index = std::mem::take(index).with_threads(1);
    let start = cpu_nanoseconds();
    let for_cpu = queries.iter().take(QUERIES_FOR_CPU);
    let count = for_cpu.len().max(1);
    for query in for_cpu {
        index.search(query)?;
    }
    let cpu = start.zip(cpu_nanoseconds());
    *index = std::mem::take(index).with_threads(threads.min(2));
    let times = Times {
        wall: percentiles(wall),
        cpu: cpu.map(|(start, end)| (end - start) as f64 / 1e6 / count as f64),
    };
    Ok((times, hits))
}

fn percentiles(mut times: Vec<f64>) -> Percentiles {
    times.sort_by(f64::total_cmp);
    [50, 90, 99].map(|percent| {
        let at = (times.len() * percent).div_ceil(100).max(1) - 1;
        times.get(at).copied().unwrap_or(0.0)
    })
}

/// What this thread has run so far, by Linux's scheduler.
fn cpu_nanoseconds() -> Option<u64> {
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
