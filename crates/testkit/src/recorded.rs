//! Calls from a file: one JSON object per line, plain or gzip.
//!
//! A line is `{"call": <extensive call>, "transcript": <callTranscripts item or
//! null>, …}`; other keys, such as the labels of a data set, are ignored.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use flate2::read::MultiGzDecoder;
use resilience::ErrorKind;
use serde::Deserialize;
use serde_json::Value;

use crate::{Error, SimulatedCall};

#[derive(Deserialize)]
struct Line {
    call: Value,
    #[serde(default)]
    transcript: Option<Value>,
}

/// Reads every call of a file; gzip is told by its first two bytes.
///
/// # Errors
/// `Config` when the file cannot be opened; `Decode`, naming the line, when a
/// line is not a call or the file breaks off.
pub fn read_calls(path: impl AsRef<Path>) -> Result<Vec<SimulatedCall>, Error> {
    let path = path.as_ref();
    let failed = |source: std::io::Error| {
        Error::new(ErrorKind::Config, format!("cannot read {}", path.display())).with_source(source)
    };
    let mut file = BufReader::new(File::open(path).map_err(failed)?);
    let is_gzip = file.fill_buf().map_err(failed)?.starts_with(&[0x1F, 0x8B]);
    let source: Box<dyn Read> = match is_gzip {
        true => Box::new(MultiGzDecoder::new(file)),
        false => Box::new(file),
    };
    parse_calls(BufReader::new(source)).map_err(|error| error.context(path.display()))
}

/// Reads calls from any source of lines; empty lines are skipped.
///
/// # Errors
/// `Decode`, naming the line.
pub fn parse_calls(source: impl BufRead) -> Result<Vec<SimulatedCall>, Error> {
    let mut calls = Vec::new();
    for (index, line) in source.split(b'\n').enumerate() {
        let wrong = |message: String| {
            Error::new(ErrorKind::Decode, message).with_field(format!("line {}", index + 1))
        };
        let line = line.map_err(|source| wrong("cannot be read".to_owned()).with_source(source))?;
        if line.trim_ascii().is_empty() {
            continue;
        }
        let Line { call, transcript } = serde_json::from_slice(&line).map_err(|source| {
            // serde_json's own text quotes no content, only what was expected and where.
            wrong(format!("is not a recorded call: {source}"))
        })?;
        let call = SimulatedCall {
            extensive: call,
            transcript,
        };
        let id = call
            .id()
            .ok_or_else(|| wrong("call.metaData.id is not a string".to_owned()))?;
        call.filter_time()
            .map_err(|error| wrong(format!("call.{error}")))?;
        let matches = call
            .transcript
            .as_ref()
            .is_none_or(|transcript| transcript["callId"] == id);
        if !matches {
            return Err(wrong(
                "transcript.callId is not call.metaData.id".to_owned(),
            ));
        }
        calls.push(call);
    }
    Ok(calls)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    const GOOD: &str = r#"{"call":{"metaData":{"id":"7","started":"2026-05-19T03:30:00-07:00"}},"transcript":{"callId":"7","transcript":[]},"truth":{}}"#;

    #[test]
    fn reads_plain_and_gzip_alike() {
        let text = format!("{GOOD}\n\n{}\n", GOOD.replace("\"7\"", "\"8\""));
        let mut zipped = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        zipped.write_all(text.as_bytes()).unwrap();
        let directory = std::env::temp_dir();
        let plain = directory.join(format!("testkit-{}.ndjson", std::process::id()));
        let gzip = directory.join(format!("testkit-{}.ndjson.gz", std::process::id()));
        std::fs::write(&plain, &text).unwrap();
        std::fs::write(&gzip, zipped.finish().unwrap()).unwrap();
        let (from_plain, from_gzip) = (read_calls(&plain).unwrap(), read_calls(&gzip).unwrap());
        std::fs::remove_file(&plain).unwrap();
        std::fs::remove_file(&gzip).unwrap();
        assert_eq!(from_plain, from_gzip);
        assert_eq!(
            from_plain
                .iter()
                .map(|c| c.id().unwrap())
                .collect::<Vec<_>>(),
            ["7", "8"]
        );
    }

    #[test]
    fn errors_name_the_line() {
        let cases = [
            ("{", "line 2: is not a recorded call"),
            (
                r#"{"transcript":null}"#,
                "line 2: is not a recorded call: missing field `call`",
            ),
            (
                r#"{"call":{"metaData":{"id":7}}}"#,
                "line 2: call.metaData.id is not a string",
            ),
            (
                r#"{"call":{"metaData":{"id":"7","started":"today"}}}"#,
                "line 2: call.metaData.started: is not an ISO 8601 instant",
            ),
            (
                &GOOD.replace(r#"callId":"7""#, r#"callId":"9""#),
                "line 2: transcript.callId is not call.metaData.id",
            ),
        ];
        for (line, expected) in cases {
            let error = parse_calls(format!("{GOOD}\n{line}\n").as_bytes()).unwrap_err();
            assert!(error.to_string().starts_with(expected), "{error}");
        }
    }

    #[test]
    fn a_file_that_breaks_off_is_an_error() {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        for _ in 0..1000 {
            writeln!(encoder, "{GOOD}").unwrap();
        }
        let bytes = encoder.finish().unwrap();
        let broken = BufReader::new(MultiGzDecoder::new(&bytes[..bytes.len() / 2]));
        assert!(
            parse_calls(broken)
                .unwrap_err()
                .to_string()
                .contains("line ")
        );
    }
}
