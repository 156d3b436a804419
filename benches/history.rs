//! The parts of a history: reading a document, comparing releases, the ledger.
//!
//! On the fixtures; with `SUNWATCH_SPECS` set also on its `runai` folder.
#![allow(missing_docs, clippy::unwrap_used)]

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use sunwatch::document::{Annotations, Document};
use sunwatch::lifecycle::{History, ledger};
use sunwatch::policy::Policy;
use sunwatch::release::ReleaseId;
use sunwatch::source::{Fetched, SourceSpec, Surroundings};

fn fetched(folder: &str) -> Vec<Fetched> {
    let mut stdin = std::io::empty();
    SourceSpec::parse(folder)
        .unwrap()
        .fetch(&mut Surroundings { stdin: &mut stdin, allow_ref: &[], network: None })
        .unwrap()
        .documents
}

fn folder(criterion: &mut Criterion, name: &str, folder: &str) {
    let policy = Policy::builtin(&[]).unwrap();
    let sources = fetched(folder);
    let mut group = criterion.benchmark_group(name);
    let bytes: usize = sources.iter().map(|source| source.bytes.len()).sum();
    group.throughput(Throughput::Bytes(bytes as u64));
    let read = || -> Vec<(ReleaseId, Document)> {
        let annotations = Annotations::default();
        let read = |source: &Fetched| {
            let document = Document::read(&source.name, source.bytes.clone(), &annotations).unwrap();
            (source.release.clone().unwrap(), document)
        };
        sources.iter().map(read).collect()
    };
    group.bench_function("read", |bencher| bencher.iter(read));
    let documents = read();
    group.bench_function("history", |bencher| bencher.iter(|| History::of_documents(&documents, &policy)));
    let text = ledger::write(&History::of_documents(&documents, &policy), &policy).unwrap();
    group.throughput(Throughput::Bytes(text.len() as u64));
    group.bench_function("ledger", |bencher| bencher.iter(|| ledger::read(&text, "ledger").unwrap()));
    group.finish();
}

fn benches(criterion: &mut Criterion) {
    folder(criterion, "orbit", "fixtures/orbit/releases");
    if let Ok(specs) = std::env::var("SUNWATCH_SPECS") {
        folder(criterion, "runai", &format!("{specs}/runai"));
    }
}

criterion_group!(all, benches);
criterion_main!(all);
