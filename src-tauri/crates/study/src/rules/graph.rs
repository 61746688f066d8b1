//! Which rules depend on which, in which order they are asked, and who must be asked again.

use super::rule::{Rule, RuleId, RuleKind};
use crate::{MetaDataVersion, Oid, StudyIssue};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Dependencies between a study's rules.
#[derive(Debug, Default)]
pub(super) struct Graph {
    /// Place of each rule in an order in which nothing is asked before what it depends on.
    pub rank: Vec<u32>,
    /// For each rule, those that read what it decides.
    pub readers: Vec<Vec<u32>>,
    by_item: HashMap<Oid, Vec<RuleId>>,
    by_group: HashMap<Oid, Vec<RuleId>>,
    by_date: Vec<RuleId>,
}

impl Graph {
    /// Builds the graph.
    ///
    /// # Errors
    /// One fault for each cycle, naming what it runs through.
    pub fn of(study: &MetaDataVersion, rules: &[Rule]) -> Result<Self, Vec<StudyIssue>> {
        let (readers, ordered_readers) = edges(rules);
        let rank = match order(rules, &ordered_readers) {
            Ok(rank) => rank,
            Err(cycles) => return Err(cycles.iter().map(|cycle| cycle_fault(study, rules, cycle)).collect()),
        };
        let mut graph = Self { rank, readers, ..Self::default() };
        let mut direct: HashMap<Oid, BTreeSet<u32>> = HashMap::new();
        let mut of_group: HashMap<Oid, BTreeSet<u32>> = HashMap::new();
        let mut dated = BTreeSet::new();
        for (number, rule) in numbered(rules) {
            for read in rule.reads() {
                if let Some(item) = &read.item {
                    direct.entry(item.clone()).or_default().insert(number);
                }
                if let Some(group) = &read.group {
                    of_group.entry(group.clone()).or_default().insert(number);
                }
            }
            if rule.reads_dates() {
                dated.insert(number);
            }
        }
        graph.by_item = direct.iter().map(|(oid, seeds)| (oid.clone(), graph.closure(seeds))).collect();
        graph.by_group = of_group.iter().map(|(oid, seeds)| (oid.clone(), graph.closure(seeds))).collect();
        graph.by_date = graph.closure(&dated);
        Ok(graph)
    }

    pub fn of_item(&self, item: &Oid) -> &[RuleId] {
        self.by_item.get(item).map_or(&[], Vec::as_slice)
    }

    pub fn of_group(&self, group: &Oid) -> &[RuleId] {
        self.by_group.get(group).map_or(&[], Vec::as_slice)
    }

    /// Everything that depends on `seeds`, themselves included, in order.
    fn closure(&self, seeds: &BTreeSet<u32>) -> Vec<RuleId> {
        let mut found: BTreeSet<u32> = BTreeSet::new();
        let mut open: Vec<u32> = seeds.iter().copied().collect();
        while let Some(number) = open.pop() {
            if found.insert(number) {
                open.extend(self.readers[number as usize].iter().filter(|reader| !found.contains(reader)));
            }
        }
        let mut ids: Vec<RuleId> = found.into_iter().map(RuleId).collect();
        ids.sort_by_key(|id| self.rank[id.index()]);
        ids
    }
}

fn numbered(rules: &[Rule]) -> impl Iterator<Item = (u32, &Rule)> {
    (0u32..).zip(rules)
}

/// For each rule its readers; and the same without readings of earlier visits, which can't come round again.
fn edges(rules: &[Rule]) -> (Vec<Vec<u32>>, Vec<Vec<u32>>) {
    let mut by_form: HashMap<&Oid, Vec<u32>> = HashMap::new();
    for (number, rule) in numbered(rules) {
        if let (true, Some(form)) = (rule.produces(), &rule.target.form) {
            by_form.entry(form).or_default().push(number);
        }
    }
    let mut all = vec![Vec::new(); rules.len()];
    let mut ordered = vec![Vec::new(); rules.len()];
    for (reader, rule) in numbered(rules) {
        for read in rule.reads() {
            for &producer in by_form.get(&read.form).into_iter().flatten() {
                let index = producer as usize;
                if !rules[index].feeds(read) {
                    continue;
                }
                if !all[index].contains(&reader) {
                    all[index].push(reader);
                }
                if !read.earlier && !ordered[index].contains(&reader) {
                    ordered[index].push(reader);
                }
            }
        }
    }
    (all, ordered)
}

/// Kahn's order, the first in the document first; or the cycles.
fn order(rules: &[Rule], readers: &[Vec<u32>]) -> Result<Vec<u32>, Vec<Vec<u32>>> {
    let mut waiting = vec![0u32; rules.len()];
    for reader in readers.iter().flatten() {
        waiting[*reader as usize] += 1;
    }
    // What others may read comes first; checks and ends of repetition only read.
    let key = |number: u32| (!rules[number as usize].produces(), number);
    let mut ready: BTreeSet<(bool, u32)> =
        numbered(rules).map(|(number, _)| number).filter(|number| waiting[*number as usize] == 0).map(key).collect();
    let mut rank = vec![u32::MAX; rules.len()];
    let mut next = 0;
    while let Some((_, number)) = ready.pop_first() {
        rank[number as usize] = next;
        next += 1;
        for &reader in &readers[number as usize] {
            waiting[reader as usize] -= 1;
            if waiting[reader as usize] == 0 {
                ready.insert(key(reader));
            }
        }
    }
    if next as usize == rules.len() { Ok(rank) } else { Err(cycles(&rank, readers)) }
}

/// One cycle through each knot of rules that Kahn's order could not untie.
fn cycles(rank: &[u32], readers: &[Vec<u32>]) -> Vec<Vec<u32>> {
    let mut writers: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for (producer, list) in (0u32..).zip(readers) {
        if rank[producer as usize] == u32::MAX {
            for &reader in list {
                writers.entry(reader).or_default().push(producer);
            }
        }
    }
    let mut told: BTreeSet<u32> = BTreeSet::new();
    let mut found = Vec::new();
    for &start in writers.keys() {
        // Walking backwards from a stuck rule always finds another stuck one, and so comes round.
        let mut path: Vec<u32> = Vec::new();
        let mut at = start;
        let round = loop {
            if told.contains(&at) {
                break None;
            }
            if let Some(place) = path.iter().position(|&seen| seen == at) {
                break Some(place);
            }
            path.push(at);
            match writers.get(&at).and_then(|list| list.first()) {
                Some(&before) => at = before,
                None => break None,
            }
        };
        told.extend(&path);
        if let Some(place) = round {
            let mut cycle = path.split_off(place);
            cycle.reverse();
            found.push(cycle);
        }
    }
    found
}

fn cycle_fault(study: &MetaDataVersion, rules: &[Rule], cycle: &[u32]) -> StudyIssue {
    let name = |number: &u32| {
        let rule = &rules[*number as usize];
        let target = &rule.target;
        let place = target.item.as_ref().or(target.group.as_ref()).or(target.form.as_ref());
        let place = place.map_or("?", |oid| oid.as_str());
        match rule.kind {
            RuleKind::Derivation => place.to_owned(),
            _ => format!("{place} (condition {})", rule.oid),
        }
    };
    let mut steps: Vec<String> = cycle.iter().map(name).collect();
    if let Some(first) = steps.first().cloned() {
        steps.push(first);
    }
    let first = cycle.first().map(|number| &rules[*number as usize]);
    let line = first.map_or(0, |rule| {
        let method = study.methods.get(&rule.oid).map(|method| method.line);
        method.or_else(|| study.conditions.get(&rule.oid).map(|condition| condition.line)).unwrap_or(0)
    });
    StudyIssue::new(&study.file, line, first.map(|rule| &rule.oid), format!("depends on itself: {}", steps.join(" → ")))
}
