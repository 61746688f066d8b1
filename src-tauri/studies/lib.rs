//! The study definitions that the program brings along, as files. No other room knows what is asked in them.

/// The first trial: CDISC ODM 1.3.2, without the dictionary that it asks for.
pub const TRIAL: &[u8] = include_bytes!("hcc-oligoprogression.xml");
/// Name of the first trial's file, for its faults.
pub const TRIAL_NAME: &str = "hcc-oligoprogression.xml";
/// What is usual in the charts of the first trial's invented patients.
pub const TRIAL_CHART: &[u8] = include_bytes!("hcc-oligoprogression.practice.json");
/// A second study, of another kind: blood pressure measured at home.
pub const SECOND: &[u8] = include_bytes!("home-blood-pressure.xml");
/// What is usual in the charts of the second study's invented patients.
pub const SECOND_CHART: &[u8] = include_bytes!("home-blood-pressure.practice.json");
/// The terms of the CTCAE 5.0 (US National Cancer Institute, 27 November 2017), tab-separated.
pub const CTCAE_TERMS: &str = include_str!("ctcae-v5.0.tsv");
/// Names in other languages for some terms of the CTCAE, as a sponsor would load them, tab-separated.
pub const CTCAE_NAMES: &str = include_str!("ctcae-v5.0.names.tsv");
