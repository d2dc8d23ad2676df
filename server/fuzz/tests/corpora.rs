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
