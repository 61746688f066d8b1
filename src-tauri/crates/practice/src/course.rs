//! The hidden course of one invented patient: how the tumours grow, when the disease progresses, when the patient dies.
//!
//! Whole numbers only, so that every machine invents the same trial. Nothing here is evidence: the figures are chosen so
//! that a trial shows responses, progressions, deaths and people who are lost, in both arms.

use crate::invent::Dice;

/// −1000·ln(u) at the middles of twenty equal steps of u: waiting times in thousandths of their mean.
const WAITING: [i32; 20] =
    [3689, 2590, 2079, 1743, 1492, 1291, 1124, 981, 856, 744, 644, 553, 470, 393, 322, 255, 192, 134, 78, 25];

/// Mean days until progression and from progression to death, without and with the study's local treatment.
const PROGRESSION_DAYS: [i32; 2] = [140, 225];
const SURVIVAL_DAYS: [i32; 2] = [260, 300];
/// Of a hundred patients, those who fail screening, leave early, and are lost.
const FAILS: u32 = 9;
const LEAVES: u32 = 8;
/// Of a hundred patients, those whose dose is changed for an adverse event, and those of them who only pause.
const CHANGES: u32 = 40;
const PAUSES: u32 = 45;
/// First day on which that may be, and days within which it is: everybody is treated longer.
const CHANGE_FROM: i32 = 8;
const CHANGE_WITHIN: u32 = 14;

/// Days before progression in which growing targets keep their size: as many as lie between two assessments, so that the
/// last one before it saw the smallest sum, from which RECIST counts.
const STILL_DAYS: i32 = 42;
/// Targets below this, in tenths of a millimetre, are too small to be measured and count as if they had it.
const SMALL: i32 = 50;
/// Lymph nodes are one organ, of which RECIST follows so many targets.
const NODES: usize = 2;

/// How the disease progresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Progression {
    /// The targets grow.
    Targets,
    /// A new lesion appears.
    NewLesion,
    /// The other lesions grow unequivocally.
    NonTargets,
}

/// How the dose is changed for an adverse event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Change {
    /// Treatment goes on at a lower dose.
    Reduced,
    /// Treatment pauses, and goes on as before.
    Interrupted,
}

/// One target lesion.
#[derive(Clone, Copy, Debug)]
struct Lesion {
    /// Tenths of a millimetre at baseline.
    baseline: i32,
    /// Thousandths of the size lost at its best.
    depth: i32,
    /// Days until its best.
    best_after: i32,
    is_node: bool,
}

/// The course, in days from Day 1.
#[derive(Clone, Debug)]
pub(super) struct Course {
    /// The patient turns out not to be eligible.
    pub(super) fails: bool,
    /// Day of progression, counted from Day 1.
    pub(super) progression: i32,
    /// How it shows.
    pub(super) how: Progression,
    /// Day of death, counted from Day 1.
    pub(super) death: i32,
    /// The patient withdraws or is lost on that day.
    pub(super) leaves: Option<i32>,
    /// The dose is changed on that day.
    pub(super) change: Option<(i32, Change)>,
    /// What else is drawn for this patient starts here.
    seed: u64,
    lesions: Vec<Lesion>,
}

impl Course {
    /// Draws a course. Whether the patient gets the local treatment is not known yet: see [`Self::treat`].
    pub(super) fn draw(dice: &mut Dice) -> Self {
        let targets = 1 + dice.below(4);
        let mut lesions: Vec<Lesion> = Vec::new();
        for nth in 0..targets {
            let nodes = lesions.iter().filter(|lesion| lesion.is_node).count();
            lesions.push(Lesion::draw(dice, nth > 0 && nodes < NODES));
        }
        let mut course = Self {
            fails: dice.chance(FAILS),
            progression: 0,
            how: [Progression::Targets, Progression::Targets, Progression::NewLesion, Progression::NonTargets]
                [dice.below(4) as usize],
            death: 0,
            leaves: None,
            change: None,
            seed: dice.next(),
            lesions,
        };
        course.change = Change::draw(&mut Dice::new(course.seed, 3));
        course.treat(false);
        course
    }

    /// Settles the times: local treatment holds the disease back and shrinks the lesions more.
    pub(super) fn treat(&mut self, local: bool) {
        let mut dice = Dice::new(self.seed, 1);
        let arm = usize::from(local);
        self.progression = 40 + waiting(&mut dice, PROGRESSION_DAYS[arm]);
        self.death = self.progression + 20 + waiting(&mut dice, SURVIVAL_DAYS[arm]);
        self.leaves = dice.chance(LEAVES).then(|| 30 + below(&mut dice, 200));
        if local {
            for lesion in &mut self.lesions {
                lesion.depth = (lesion.depth + 100 + below(&mut dice, 250)).min(1000);
            }
        }
    }

    /// Settles what else is drawn for this patient.
    pub(super) fn seed(&self) -> u64 {
        self.seed
    }

    /// How many targets there are.
    pub(super) fn targets(&self) -> usize {
        self.lesions.len()
    }

    /// Whether a target is a lymph node.
    pub(super) fn is_node(&self, lesion: usize) -> bool {
        self.lesions.get(lesion).is_some_and(|lesion| lesion.is_node)
    }

    /// Where a target lies: two at most in an organ.
    pub(super) fn organ(&self, lesion: usize) -> &'static str {
        match (self.is_node(lesion), lesion) {
            (true, _) => "node",
            (_, 0 | 1) => "first",
            _ => "second",
        }
    }

    /// Size of a target in tenths of a millimetre; before Day 1 it is the baseline.
    pub(super) fn size(&self, lesion: usize, day: i32) -> Option<i32> {
        let lesion = self.lesions.get(lesion)?;
        let grows = self.how == Progression::Targets;
        let still = if grows { (self.progression - STILL_DAYS).max(0) } else { lesion.best_after };
        let reached = day.clamp(0, lesion.best_after.min(still));
        let lost = lesion.baseline * lesion.depth / 1000 * reached / lesion.best_after;
        let best = lesion.baseline - lost;
        let since = (day - self.progression).max(0);
        if since == 0 || !grows {
            return Some(best);
        }
        // At once past both marks of progression, then a few per cent a week.
        let counted = best.max(SMALL);
        Some(counted + counted * 28 / 100 + 60 + lesion.baseline * since / 250)
    }

    /// Whether the disease has progressed by that day.
    pub(super) fn has_progressed(&self, day: i32) -> bool {
        day >= self.progression
    }

    /// Whether a new lesion has been seen by that day.
    pub(super) fn has_new_lesion(&self, day: i32) -> bool {
        self.how == Progression::NewLesion && self.has_progressed(day)
    }

    /// How the lesions that are no targets stand.
    pub(super) fn non_targets(&self, day: i32) -> &'static str {
        match (self.how, self.has_progressed(day)) {
            (Progression::NonTargets, true) => "progressed",
            _ => "present",
        }
    }

    /// The last day on which somebody saw the patient alive, death and leaving apart.
    pub(super) fn end(&self) -> i32 {
        self.leaves.map_or(self.death, |leaves| leaves.min(self.death))
    }

    /// Whether the patient is dead by that day, as far as anybody at the site knows.
    pub(super) fn has_died(&self, day: i32) -> bool {
        day >= self.death && self.leaves.is_none()
    }

    /// How far a personal figure lies off its mean, in thousandths of a standard deviation: the same for the same name.
    pub(super) fn personal(&self, name: &str) -> i32 {
        let mixed = name.bytes().fold(self.seed, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
        normal(&mut Dice::new(mixed, 2))
    }
}

impl Change {
    fn draw(dice: &mut Dice) -> Option<(i32, Self)> {
        let how = if dice.chance(PAUSES) { Self::Interrupted } else { Self::Reduced };
        let day = CHANGE_FROM + below(dice, CHANGE_WITHIN);
        dice.chance(CHANGES).then_some((day, how))
    }
}

impl Lesion {
    fn draw(dice: &mut Dice, may_be_node: bool) -> Self {
        let is_node = may_be_node && dice.chance(18);
        let baseline = if is_node { 160 + below(dice, 120) } else { 120 + below(dice, 380) };
        let depth = match dice.below(100) {
            0..12 => -60,
            12..45 => below(dice, 250),
            45..85 => 250 + below(dice, 350),
            _ => 900 + below(dice, 160).min(100),
        };
        Self { baseline, depth, best_after: 70 + below(dice, 90), is_node }
    }
}

/// A draw from the normal distribution in thousandths of a standard deviation (sum of twelve uniforms).
pub(super) fn normal(dice: &mut Dice) -> i32 {
    (0..12).map(|_| below(dice, 1001)).sum::<i32>() - 6000
}

fn waiting(dice: &mut Dice, mean: i32) -> i32 {
    WAITING[dice.below(20) as usize] * mean / 1000
}

fn below(dice: &mut Dice, n: u32) -> i32 {
    i32::try_from(dice.below(n)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn many(local: bool) -> Vec<Course> {
        (0..400)
            .map(|n| {
                let mut course = Course::draw(&mut Dice::new(11, n));
                course.treat(local);
                course
            })
            .collect()
    }

    fn median(mut days: Vec<i32>) -> i32 {
        days.sort_unstable();
        days[days.len() / 2]
    }

    #[test]
    fn a_trial_has_responses_progressions_deaths_and_failures() {
        let trial = many(true);
        let best = |course: &Course| (0..course.targets()).filter_map(|n| course.size(n, 150)).sum::<i32>();
        let first = |course: &Course| (0..course.targets()).filter_map(|n| course.size(n, 0)).sum::<i32>();
        let share =
            |holds: &dyn Fn(&Course) -> bool| trial.iter().filter(|course| holds(course)).count() * 100 / trial.len();
        assert!((30..80).contains(&share(&|course| best(course) * 10 <= first(course) * 7)));
        assert!((3..20).contains(&share(&|course| course.fails)));
        assert!((50..100).contains(&share(&|course| course.has_progressed(365))));
        assert!((20..80).contains(&share(&|course| course.has_died(365))));
        assert!(trial.iter().all(|course| course.death > course.progression));
    }

    #[test]
    fn local_treatment_holds_the_disease_back() {
        let days = |local| median(many(local).iter().map(|course| course.progression).collect());
        assert!(days(true) > days(false) + 30);
    }

    #[test]
    fn a_growing_target_passes_both_marks_of_progression() {
        for course in many(false).iter().filter(|course| course.how == Progression::Targets) {
            for lesion in 0..course.targets() {
                let before = course.size(lesion, course.progression).unwrap_or(0);
                let after = course.size(lesion, course.progression + 1).unwrap_or(0);
                assert!(after - before >= 50 && 5 * after >= 6 * before);
            }
        }
    }
}
