//! All subjects beside each other: waterfall, spider, swimmer. Pure: courses in, shapes out.

use rust_decimal::Decimal;

use super::course::{Course, Scan};
use crate::calendar::day_iso as iso;
use crate::messages::{BestBar, ChangeLine, SwimLane};

/// A response code as RECIST writes it: studies write `NON_CR_NON_PD` and the like where a code may not hold a stroke.
pub(super) fn response(code: &str) -> String {
    let plain: String = code.chars().filter(char::is_ascii_alphabetic).collect::<String>().to_uppercase();
    if plain == "NONCRNONPD" { "NON-CR/NON-PD".to_owned() } else { code.trim().to_uppercase() }
}

/// The smallest change of each subject's sum up to progression, from the greatest growth to the greatest shrinkage.
pub(super) fn waterfall(courses: &[(String, Course)]) -> Vec<BestBar> {
    let best = |(subject, course): &(String, Course)| {
        let counted = course.scans.iter().filter(|scan| !scan.after_progression);
        let (change, day) = counted.filter_map(|scan| Some((scan.change?, scan.day))).min()?;
        let bar = BestBar {
            subject: subject.clone(),
            arm: course.arm.clone(),
            change: format!("{change:.1}"),
            date: iso(day),
            response: response(&course.best),
        };
        Some((change, bar))
    };
    let mut bars: Vec<(Decimal, BestBar)> = courses.iter().filter_map(best).collect();
    bars.sort_by(|(a, left), (b, right)| b.cmp(a).then_with(|| left.subject.cmp(&right.subject)));
    bars.into_iter().map(|(_, bar)| bar).collect()
}

/// The changes of each subject's sum over time.
pub(super) fn spider(courses: &[(String, Course)]) -> Vec<ChangeLine> {
    let line = |(subject, course): &(String, Course)| {
        let baseline = course.baseline()?;
        let at =
            |scan: &Scan| Some((scan.day - baseline.day, format!("{:.1}", scan.change?), response(&scan.response)));
        let later: Vec<_> = course.scans.iter().filter_map(at).collect();
        if later.is_empty() {
            return None;
        }
        let start = (0, "0.0".to_owned(), String::new());
        let (points, responses) =
            std::iter::once(start).chain(later).map(|(day, change, code)| ((day, change), code)).unzip();
        Some(ChangeLine { subject: subject.clone(), arm: course.arm.clone(), points, responses })
    };
    courses.iter().filter_map(line).collect()
}

/// Each subject's time on treatment, the longest first.
pub(super) fn swimmer(courses: &[(String, Course)], today: i32) -> Vec<SwimLane> {
    let lane = |(subject, course): &(String, Course)| {
        let start = course.day1?;
        // Without a word on its end, treatment ends with the subject's death.
        let end = course.ended.or(course.died);
        let responses = course.scans.iter().filter(|scan| !scan.baseline && !scan.response.is_empty());
        let mut marks: Vec<(i32, String)> =
            responses.map(|scan| (scan.day - start, response(&scan.response))).collect();
        marks.extend(course.died.map(|day| (day - start, "death".to_owned())));
        marks.sort();
        let days = (end.unwrap_or(today) - start).max(0);
        Some(SwimLane {
            subject: subject.clone(),
            arm: course.arm.clone(),
            days,
            open: end.is_none(),
            followed: course.last_known().map_or(days, |day| (day - start).max(days)),
            marks,
        })
    };
    let mut lanes: Vec<SwimLane> = courses.iter().filter_map(lane).collect();
    lanes.sort_by(|a, b| b.days.cmp(&a.days).then_with(|| a.subject.cmp(&b.subject)));
    lanes
}

#[cfg(test)]
mod tests {
    use super::*;
    use study::EventKey;

    fn scan(day: i32, change: Option<i64>, response: &str) -> Scan {
        let baseline = response == "baseline";
        Scan {
            day,
            event: EventKey::new("SE.TA", "1"),
            baseline,
            sum: baseline.then_some(Decimal::ONE_HUNDRED),
            change: change.map(|tenths| Decimal::new(tenths, 1)),
            after_progression: response == "after",
            response: if baseline { String::new() } else { response.to_owned() },
        }
    }

    fn subject(name: &str, best: &str, scans: Vec<Scan>) -> (String, Course) {
        let course = Course { arm: "A".into(), day1: Some(100), best: best.into(), scans, ..Course::default() };
        (name.to_owned(), course)
    }

    #[test]
    fn the_best_change_is_the_smallest_and_the_bars_go_from_growth_to_shrinkage() {
        let baseline = || scan(95, None, "baseline");
        let courses = [
            subject("S1", "PR", vec![baseline(), scan(142, Some(-333), "PR"), scan(184, Some(-100), "PD")]),
            subject("S2", "PD", vec![baseline(), scan(142, Some(280), "PD"), scan(184, Some(-900), "after")]),
            subject("S3", "CR", vec![baseline(), scan(142, Some(-1000), "CR")]),
            subject("none yet", "", vec![baseline()]),
            subject("not measured", "NE", vec![baseline(), scan(142, None, "NE")]),
        ];
        let bars: Vec<_> = waterfall(&courses).into_iter().map(|bar| (bar.subject, bar.change, bar.response)).collect();
        let told = |name: &str, change: &str, best: &str| (name.to_owned(), change.to_owned(), best.to_owned());
        assert_eq!(bars, [told("S2", "28.0", "PD"), told("S1", "-33.3", "PR"), told("S3", "-100.0", "CR")]);
    }

    #[test]
    fn a_line_begins_at_its_own_baseline_and_skips_what_was_not_measured() {
        let scans = vec![scan(95, None, "baseline"), scan(142, None, "NE"), scan(184, Some(13), "NON_CR_NON_PD")];
        let lines = spider(&[subject("S1", "SD", scans)]);
        let points: Vec<_> = lines[0].points.iter().map(|(day, change)| (*day, change.as_str())).collect();
        assert_eq!(points, [(0, "0.0"), (89, "1.3")]);
        assert_eq!(lines[0].responses, ["", "NON-CR/NON-PD"]);
    }

    #[test]
    fn treatment_goes_on_until_somebody_says_that_it_ended() {
        let mut open = subject("open", "SD", vec![scan(142, Some(1), "SD")]);
        let mut ended = subject("ended", "PD", vec![scan(142, Some(1), "PD")]);
        ended.1.ended = Some(150);
        ended.1.died = Some(220);
        open.1.day1 = Some(101);
        let waiting = (String::from("not treated"), Course::default());
        let lanes = swimmer(&[open, ended, waiting], 300);
        assert_eq!(lanes.len(), 2);
        assert_eq!((lanes[0].subject.as_str(), lanes[0].days, lanes[0].open), ("open", 199, true));
        assert_eq!((lanes[1].days, lanes[1].open, lanes[1].followed), (50, false, 120));
        assert_eq!(lanes[1].marks, [(42, "PD".to_owned()), (120, "death".to_owned())]);
    }
}
