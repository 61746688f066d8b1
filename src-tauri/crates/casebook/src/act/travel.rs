//! Whose words an act brings: entries travel whole, for a log is a chain; free texts only to whom they concern.

use super::Act;
use super::facts::CENTER;
use super::scope::{is_of_site, site_of};
use study::Oid;

impl Act {
    /// Whether the free texts of this act travel to a site, where `log` tells it: words about a subject or a device go to its
    /// own site alone; other words of the center's stay there, and other words of a device go to the devices of its site.
    ///
    /// That an act names a text does not say that its writer brought the words: whoever gives words out must ask for that as well.
    pub fn texts_are_for(&self, log: &str, site: &str) -> bool {
        self.about().map_or(log != CENTER, |about| is_of_site(about, site))
    }

    /// The site whose words the free texts of this act are, where `log` tells it; none where they are the center's alone.
    pub fn site_of_texts<'a>(&'a self, log: &'a str) -> Option<&'a str> {
        site_of(self.about().map_or(log, |about| about))
    }

    /// The subject or the device that the words are about.
    fn about(&self) -> Option<&Oid> {
        match self {
            Act::AllocationReleased(act) => Some(&act.subject),
            Act::DeviceRevoked(act) => Some(&act.device),
            Act::RecoveryReleased(act) => Some(&act.device),
            Act::LogSettled(act) => Some(&act.device),
            act => act.subject(),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::act::{Branch, DeviceRevoked, LogSettled, TextRedacted, UserClosed};
    use crate::{Act, CENTER, EntryId, FreeTextId, TextCommit};
    use study::Oid;

    #[test]
    fn words_go_to_whom_they_concern() {
        let nobodys: Act = UserClosed { user: Oid::from("manager1"), reason: None }.into();
        assert_eq!(nobodys.site_of_texts(CENTER), None);
        let words = FreeTextId { text: TextCommit([1; 32]) };
        let redacted = |subject: Option<&str>| -> Act {
            TextRedacted { subject: subject.map(Oid::from), text: words.text, reason: words }.into()
        };
        let revoked: Act = DeviceRevoked { device: Oid::from("S01-k7f2m3pq"), reason: words }.into();
        let (device, head) = (Oid::from("S01-k7f2m3pq"), EntryId([2; 32]));
        let settled: Act = LogSettled {
            device,
            seq: 5,
            kept: Branch::Held,
            head,
            reason: words,
            rest: Some(words),
            lost: Vec::new(),
            unread: Vec::new(),
        }
        .into();
        let closed: Act = UserClosed { user: Oid::from("nurse1"), reason: Some(words) }.into();
        for (act, log, site, goes) in [
            (redacted(Some("S01-001")), CENTER, "S01", true),
            (redacted(Some("S01-001")), CENTER, "S02", false),
            (redacted(Some("S01-2-001")), CENTER, "S01", false),
            (redacted(None), CENTER, "S01", false),
            (revoked.clone(), CENTER, "S01", true),
            (revoked, CENTER, "S02", false),
            (settled.clone(), CENTER, "S01", true),
            (settled, CENTER, "S02", false),
            (closed, "S01-k7f2m3pq", "S01", true),
            (redacted(Some("S02-001")), "S01-k7f2m3pq", "S01", false),
        ] {
            assert_eq!(act.texts_are_for(log, site), goes, "{} of {log} to {site}", act.name());
            assert!(!goes || act.site_of_texts(log) == Some(site), "{} of {log}", act.name());
        }
    }
}
