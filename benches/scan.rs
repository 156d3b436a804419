//! The parts of a scan: looking at bytes, one language after the other, a
//! program of several files.
#![allow(missing_docs, clippy::unwrap_used)]

use std::path::{Path, PathBuf};

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use sunwatch::document::OperationKey;
use sunwatch::scan::{Api, ApiConfig, Language, ScanOptions, scan_paths, scan_text};

/// The API of the scanner's fixtures.
fn api() -> Api {
    let operations = std::fs::read_to_string("fixtures/scan/operations.txt").unwrap();
    Api::new(ApiConfig {
        operations: operations.lines().map(|line| OperationKey::parse(line).unwrap()).collect(),
        hosts: vec!["*.run.ai".into()],
        hosts_are_complete: true,
        base_paths: vec![String::new(), "/runai".into()],
        ..ApiConfig::default()
    })
}

fn listed(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

/// Bytes in which no word of the API stands where a path could be.
fn bytes(criterion: &mut Criterion, api: &Api) {
    let line = "    total = compute(first, second)  # the projects of all users, and their names\n";
    let text = line.repeat((1 << 20) / line.len());
    let mut group = criterion.benchmark_group("scan/bytes");
    group.throughput(Throughput::Bytes(text.len() as u64));
    group.bench_function("nothing", |bencher| {
        bencher.iter(|| scan_text(api, "a.py", &text, Language::Python))
    });
    group.finish();
}

/// All fixtures of a language, each by itself: parsed, evaluated, decided.
fn languages(criterion: &mut Criterion, api: &Api) {
    let mut group = criterion.benchmark_group("scan/language");
    for folder in listed(Path::new("fixtures/scan")).into_iter().filter(|path| path.is_dir()) {
        let read = |path: PathBuf| {
            let language = Language::of_extension(path.extension()?.to_str()?)?;
            Some((path.display().to_string(), std::fs::read_to_string(&path).ok()?, language))
        };
        let texts: Vec<(String, String, Language)> = listed(&folder).into_iter().filter_map(read).collect();
        group.throughput(Throughput::Bytes(texts.iter().map(|(_, text, _)| text.len() as u64).sum()));
        let name = folder.file_name().unwrap().to_string_lossy().into_owned();
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                texts
                    .iter()
                    .map(|(name, text, language)| scan_text(api, name, text, *language).calls.len())
                    .sum::<usize>()
            });
        });
    }
    group.finish();
}

/// Folders as the command line scans them: walked, searched, linked.
fn projects(criterion: &mut Criterion, api: &Api) {
    let mut group = criterion.benchmark_group("scan/folder");
    for folder in ["fixtures/scan", "fixtures/scan_projects"] {
        let paths = [PathBuf::from(folder)];
        let options = ScanOptions::default();
        group.bench_function(folder, |bencher| bencher.iter(|| scan_paths(api, &paths, &options).unwrap()));
    }
    group.finish();
}

fn benches(criterion: &mut Criterion) {
    let api = api();
    bytes(criterion, &api);
    languages(criterion, &api);
    projects(criterion, &api);
}

criterion_group!(all, benches);
criterion_main!(all);
