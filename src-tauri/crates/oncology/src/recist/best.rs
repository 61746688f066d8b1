//! Best overall response. RECIST 1.1, sections 4.4.3 and 4.6, table 3.
//!
//! Table 3 speaks of two assessments; over many, a response is confirmed as pharmaverse's admiralonco derives it
//! (`derive_param_confirmed_bor`): the first assessment of the response, at least the interval later one that confirms it, and
//! nothing in between that speaks against it.

use super::{Best, Day, LostComplete, Response, Rule, Settings, Why};

/// The response of a time point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timed {
    /// Date of the assessment.
    pub date: Day,
    /// Overall response of the time point.
    pub response: Response,
}

/// The best of the responses up to the first progression (with it) and up to a new therapy, in any order.
pub fn best_response(
    points: &[Timed],
    start: Day,
    new_therapy: Option<Day>,
    confirmed: bool,
    settings: &Settings,
) -> Best {
    let mut points: Vec<Timed> =
        points.iter().copied().filter(|point| new_therapy.is_none_or(|therapy| point.date <= therapy)).collect();
    points.sort_by_key(|point| point.date);
    if let Some(first) = points.iter().position(|point| point.response == Response::Pd) {
        points.truncate(first + 1);
    }
    let search = Search { points: &points, start, settings };
    let candidates =
        (0..points.len()).map(|place| if confirmed { search.confirmed(place) } else { search.seen(place) });
    // The first of equals: `min_by_key` keeps it.
    let best = candidates.min_by_key(|best| best.response);
    match best {
        None => Best { response: None, date: None, confirmed: None, why: Why::of(Rule::BestNone) },
        Some(best) if confirmed && best.response == Some(Response::Ne) => search.lost_complete().unwrap_or(best),
        Some(best) => best,
    }
}

struct Search<'a> {
    points: &'a [Timed],
    start: Day,
    settings: &'a Settings,
}

impl Search<'_> {
    /// What an assessment counts without confirmation.
    fn seen(&self, place: usize) -> Best {
        let point = self.points[place];
        match point.response {
            Response::Cr | Response::Pr => self.best(point, point.response, Rule::BestSeen),
            Response::Sd | Response::NonCrNonPd => self.lasting(point, point.response, Rule::BestStable),
            Response::Pd => self.best(point, Response::Pd, Rule::BestProgression),
            Response::Ne => self.best(point, Response::Ne, Rule::BestNotEvaluable),
        }
    }

    /// What an assessment counts with confirmation.
    fn confirmed(&self, place: usize) -> Best {
        let point = self.points[place];
        let confirmed = match point.response {
            Response::Cr => self.complete(place).or_else(|| self.partial(place)),
            Response::Pr => self.partial(place),
            _ => return self.seen(place),
        };
        match confirmed {
            Some((response, by)) => {
                let best = self.best(point, response, Rule::BestConfirmed);
                let why = best.why.with("confirmed", by).with("days", self.settings.confirmation_days);
                Best { confirmed: Some(by), why, ..best }
            }
            None => self.lasting(point, Response::Sd, Rule::BestStableUnconfirmed),
        }
    }

    /// A complete response confirmed by another, with nothing but complete and (few) not evaluable in between.
    fn complete(&self, place: usize) -> Option<(Response, Day)> {
        let by = self.confirming(place, &[Response::Cr])?;
        let between = &self.points[place + 1..by];
        (between.iter().all(|point| matches!(point.response, Response::Cr | Response::Ne)) && self.few_unknown(between))
            .then(|| (Response::Cr, self.points[by].date))
    }

    /// A partial response confirmed by a partial or complete one. A partial response after a complete one means that the
    /// complete one was lost, which a setting may forgive.
    fn partial(&self, place: usize) -> Option<(Response, Day)> {
        let forgiving = self.settings.lost_complete == LostComplete::Partial;
        if self.points[place].response == Response::Cr && !forgiving {
            return None;
        }
        let by = self.confirming(place, &[Response::Cr, Response::Pr])?;
        let between = &self.points[place + 1..by];
        let stable = between.iter().filter(|point| point.response == Response::Sd).count();
        let stands = between
            .iter()
            .all(|point| matches!(point.response, Response::Cr | Response::Pr | Response::Ne | Response::Sd));
        let through = &self.points[place..=by];
        let complete = through.iter().position(|point| point.response == Response::Cr);
        let lost = complete.is_some_and(|at| through[at..].iter().any(|point| point.response == Response::Pr));
        (stands
            && stable <= usize::from(self.settings.confirmation_sd)
            && self.few_unknown(between)
            && (forgiving || !lost))
            .then(|| (Response::Pr, self.points[by].date))
    }

    /// The first assessment of one of these responses that lies far enough behind another.
    fn confirming(&self, place: usize, wanted: &[Response]) -> Option<usize> {
        let first = self.points[place].date;
        let least = i64::from(self.settings.confirmation_days);
        (place + 1..self.points.len())
            .find(|&by| wanted.contains(&self.points[by].response) && self.points[by].date.days_since(first) >= least)
    }

    fn few_unknown(&self, between: &[Timed]) -> bool {
        let unknown = between.iter().filter(|point| point.response == Response::Ne).count();
        u32::try_from(unknown).is_ok_and(|unknown| unknown <= self.settings.confirmation_ne)
    }

    /// Disease that was seen after a complete response, when nothing lasted: progression. Table 3, note a.
    fn lost_complete(&self) -> Option<Best> {
        if self.settings.lost_complete != LostComplete::Complete {
            return None;
        }
        let judged: Vec<Timed> = self.points.iter().copied().filter(|point| point.response != Response::Ne).collect();
        let lost =
            judged.windows(2).find(|pair| pair[0].response == Response::Cr && pair[1].response != Response::Cr)?[1];
        let best = self.best(lost, Response::Pd, Rule::BestLostComplete);
        Some(Best { why: best.why.with("seen", lost.response.code()).with("days", self.settings.stable_days), ..best })
    }

    /// A response that counts from a least duration on, else not evaluable.
    fn lasting(&self, point: Timed, response: Response, rule: Rule) -> Best {
        let days = point.date.days_since(self.start);
        let lasted = days >= i64::from(self.settings.stable_days);
        let best =
            if lasted { self.best(point, response, rule) } else { self.best(point, Response::Ne, Rule::BestTooEarly) };
        let why =
            best.why.with("seen", point.response.code()).with("after", days).with("days", self.settings.stable_days);
        Best { why, ..best }
    }

    fn best(&self, point: Timed, response: Response, rule: Rule) -> Best {
        let why = Why::of(rule).with("response", response.code()).with("date", point.date);
        Best { response: Some(response), date: Some(point.date), confirmed: None, why }
    }
}
