//! Who and what is invented: accounts, site, seed.

use screens::messages::Role;

/// The password that the invented accounts share. Shown on the first screen: there is nothing to protect.
pub const PASSWORD: &str = "practice-harbour-42";
/// The invented accounts: user id, name, role.
pub const STAFF: [(&str, &str, Role); 4] = [
    ("admin1", "Administrator (sample)", Role::Administrator),
    ("nurse1", "Nurse (sample)", Role::Nurse),
    ("investigator1", "Investigator (sample)", Role::Investigator),
    ("assessor1", "Assessor (sample)", Role::Assessor),
];
/// The sample site.
pub const SITE: (&str, &str) = ("S01", "Sample Hospital (practice)");

/// What is usual in its patients' charts.
pub const CHART: &[u8] = studies::TRIAL_CHART;

/// Subjects of a practice site.
pub(crate) const SUBJECTS: u32 = 3;
/// Seed of the answers, and of the arms that are dealt.
pub(crate) const SEED: u64 = 20_261_129;
