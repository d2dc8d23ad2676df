//! Every input that was worth keeping, replayed on the stable compiler: what held once holds still.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should say where")]

use fuzz::{TARGETS, Target};
use std::collections::BTreeSet;
use std::path::PathBuf;

/// Of one file: an input that says something is short, and a fuzzer is quick with short ones.
const FILE_MAX: usize = 4 * 1024;
/// Of one target: more are not read by anybody.
const FILES_MAX: usize = 60;

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("corpora")
}

/// Name and content, in the order of the names.
fn corpus(target: &str) -> Vec<(String, Vec<u8>)> {
    let entries = std::fs::read_dir(folder().join(target)).unwrap_or_else(|error| panic!("corpora/{target}: {error}"));
    let mut files: Vec<_> = entries
        .map(|entry| {
            let path = entry.unwrap().path();
            (path.file_name().unwrap().to_str().unwrap().to_owned(), std::fs::read(&path).unwrap())
        })
        .collect();
    files.sort();
    files
}

/// Which of the files break a property of the target.
fn broken((name, run): &Target, files: &[(String, Vec<u8>)]) -> Vec<String> {
    let breaks = |bytes: &[u8]| std::panic::catch_unwind(|| run(bytes)).is_err();
    files.iter().filter(|(_, bytes)| breaks(bytes)).map(|(file, _)| format!("{name} on {file}")).collect()
}

#[test]
fn what_was_kept_still_holds() {
    let broken: Vec<_> = TARGETS.iter().flat_map(|target| broken(target, &corpus(target.0))).collect();
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn every_target_holds_for_nothing_for_noise_and_for_the_seeds_of_all_others() {
    let all: Vec<_> = TARGETS.iter().flat_map(|(name, _)| corpus(name)).collect();
    let noise = [("nothing".to_owned(), vec![]), ("zeros".to_owned(), vec![0; 64]), ("ones".to_owned(), vec![0xff; 64])];
    let all: Vec<_> = noise.into_iter().chain(all).collect();
    // pages look at whole requests only: the rest is passed over at once
    let broken: Vec<_> = TARGETS.iter().flat_map(|target| broken(target, &all)).collect();
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

/// Chance that is the same every time: SplitMix64 (Steele, Lea, Flood 2014).
struct Chance(u64);

impl Chance {
    /// One of 0 … `end` - 1.
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((z ^ (z >> 31)) % u64::try_from(end.max(1)).unwrap()).unwrap()
    }

    /// The bytes with something changed, left out, doubled or put in from another input, once to four times.
    fn bend(&mut self, bytes: &[u8], other: &[u8]) -> Vec<u8> {
        let mut bent = bytes.to_vec();
        for _ in 0..=self.below(4) {
            let from = self.below(bent.len() + 1);
            let to = (from + self.below(24)).min(bent.len());
            match self.below(5) {
                0 if from < bent.len() => bent[from] = u8::try_from(self.below(256)).unwrap(),
                1 => drop(bent.drain(from..to)),
                2 => bent.splice(from..from, bent[from..to].to_vec()).for_each(drop),
                3 => {
                    let at = self.below(other.len() + 1);
                    let piece = &other[at..(at + self.below(64)).min(other.len())];
                    bent.splice(from..to, piece.iter().copied()).for_each(drop);
                }
                _ => {
                    let word = WORDS[self.below(WORDS.len())];
                    bent.splice(from..to, word.bytes()).for_each(drop);
                }
            }
        }
        bent.truncate(FILE_MAX);
        bent
    }
}

/// What means something at one border or another.
const WORDS: [&str; 16] = [
    "<script>alert(1)</script>",
    "&#x0;",
    "]]>",
    "<![CDATA[",
    "\r\n",
    "\u{0}",
    "\u{202e}",
    "\u{301}\u{301}\u{301}\u{301}\u{301}",
    "-0.001e-9",
    "9223372036854775807",
    "\"\"\"",
    "..%2f%00",
    "//evil.example",
    "2026-02-29T24:00:60",
    "null",
    "SEGRETO",
];

/// For the stable compiler, and for who has no other: near the inputs that are kept, without looking where they lead.
/// `SPORTELLO_FUZZ_ROUNDS` says how many for each of them.
#[test]
fn what_was_kept_holds_with_some_of_its_bytes_changed() {
    let rounds: usize = std::env::var("SPORTELLO_FUZZ_ROUNDS").map_or(10, |rounds| rounds.parse().unwrap());
    let mut chance = Chance(2_026);
    let mut tried = 0;
    for (name, run) in TARGETS {
        let files = corpus(name);
        for (file, bytes) in &files {
            for _ in 0..rounds {
                let other = chance.below(files.len());
                let bent = chance.bend(bytes, &files[other].1);
                let held = std::panic::catch_unwind(|| run(&bent));
                assert!(held.is_ok(), "{name}, from {file}: {:?}", String::from_utf8_lossy(&bent));
                tried += 1;
            }
        }
    }
    assert!(tried >= rounds * TARGETS.len() * 5, "{tried}");
}

#[test]
fn corpora_stay_small_and_each_belongs_to_a_target() {
    let named: BTreeSet<String> = TARGETS.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(named.len(), TARGETS.len(), "a name twice");
    let found: BTreeSet<String> =
        std::fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().file_name().to_str().unwrap().to_owned()).collect();
    assert_eq!(found, named);
    for name in &named {
        let files = corpus(name);
        assert!((5..=FILES_MAX).contains(&files.len()), "{name}: {} files", files.len());
        for (file, bytes) in files {
            assert!(bytes.len() <= FILE_MAX, "{name}/{file}: {} bytes", bytes.len());
        }
    }
}

#[test]
fn every_target_has_its_three_lines_for_libfuzzer() {
    let run = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("run");
    let manifest = std::fs::read_to_string(run.join("Cargo.toml")).unwrap();
    for (name, _) in TARGETS {
        let file = std::fs::read_to_string(run.join(format!("fuzz_targets/{name}.rs"))).unwrap();
        assert!(file.contains("#![no_main]") && file.contains("fuzz_target!"), "{name}");
        assert!(manifest.contains(&format!("name = \"{name}\"")), "{name} has no [[bin]]");
    }
}
