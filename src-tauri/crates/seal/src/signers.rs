//! OpenSSH's `allowed_signers` file: who may sign with which key (ssh-keygen(1), ALLOWED SIGNERS).

use crate::{PublicKey, SealError};

/// One line: a principal's name and a key that it may sign with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AllowedSigner {
    /// The name, as in `ssh-keygen -I`: a device's log id, or `center`.
    pub principal: String,
    /// The signer's public key.
    pub key: PublicKey,
    /// The day from which on nothing counts that it signs, `YYYYMMDD`, where it has been replaced.
    pub until: Option<String>,
}

/// How a principal's key stands in the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignerStanding<'a> {
    /// The principal is not named with it.
    Unknown,
    /// What it signs counts.
    Allowed,
    /// The principal has replaced it.
    Former {
        /// The day from which on nothing counts that it signs, `YYYYMMDD`.
        until: &'a str,
    },
}

/// The file: plain principals, `ssh-ed25519` keys, optionally limited to namespaces and until a day. Patterns, other validity
/// times and certificate authorities are refused rather than half understood.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AllowedSigners(Vec<AllowedSigner>);

impl AllowedSigners {
    /// Reads the file; a line that is limited to other namespaces than `namespace` is passed over.
    ///
    /// # Errors
    /// [`SealError::MalformedSigners`] with the line number.
    pub fn read(text: &str, namespace: &str) -> Result<Self, SealError> {
        let mut signers = Vec::new();
        for (number, line) in text.lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            read_line(line, namespace, &mut signers).ok_or(SealError::MalformedSigners(number + 1))?;
        }
        Ok(Self(signers))
    }

    /// Adds a signer under its principal, beside those with the same one.
    pub fn add(&mut self, principal: &str, key: PublicKey) {
        self.0.push(AllowedSigner { principal: principal.to_owned(), key, until: None });
    }

    /// Adds a key that its signer has replaced; from the day `until` on, `YYYYMMDD`, nothing counts that it signs.
    pub fn add_former(&mut self, principal: &str, key: PublicKey, until: &str) {
        self.0.push(AllowedSigner { principal: principal.to_owned(), key, until: Some(until.to_owned()) });
    }

    /// How a key stands for `principal`. Of a former one the signature does not say when it was made: something else must.
    #[must_use]
    pub fn standing(&self, principal: &str, key: &PublicKey) -> SignerStanding<'_> {
        let mut found = SignerStanding::Unknown;
        for signer in self.0.iter().filter(|signer| signer.principal == principal && signer.key == *key) {
            match &signer.until {
                None => return SignerStanding::Allowed,
                Some(until) => found = SignerStanding::Former { until },
            }
        }
        found
    }

    /// Whether `principal` is named at all.
    #[must_use]
    pub fn names(&self, principal: &str) -> bool {
        self.0.iter().any(|signer| signer.principal == principal)
    }

    /// Everybody, in the file's order.
    pub fn iter(&self) -> impl Iterator<Item = &AllowedSigner> {
        self.0.iter()
    }

    /// The file's text, each line limited to `namespaces` (comma-separated).
    #[must_use]
    pub fn write(&self, namespaces: &str) -> String {
        self.0
            .iter()
            .map(|AllowedSigner { principal, key, until }| {
                let until = until.as_ref().map_or_else(String::new, |day| format!(",valid-before=\"{day}\""));
                format!("{principal} namespaces=\"{namespaces}\"{until} {key}\n")
            })
            .collect()
    }
}

fn read_line(line: &str, namespace: &str, signers: &mut Vec<AllowedSigner>) -> Option<()> {
    let (principals, mut rest) = line.split_once([' ', '\t'])?;
    rest = rest.trim_start();
    let mut applies = true;
    if let Some(option) = rest.strip_prefix("namespaces=\"") {
        let (namespaces, after) = option.split_once('"')?;
        applies = namespaces.split(',').any(|name| name == namespace);
        rest = after.trim_start();
    }
    let mut until = None;
    if let Some(option) = rest.strip_prefix(",valid-before=\"") {
        let (day, after) = option.split_once('"')?;
        until = Some(day.to_owned()).filter(|day| day.len() == 8 && day.bytes().all(|digit| digit.is_ascii_digit()));
        until.as_ref()?;
        rest = after.trim_start();
    }
    let mut words = rest.split_ascii_whitespace();
    let key: PublicKey = format!("{} {}", words.next()?, words.next()?).parse().ok()?;
    for principal in principals.split(',') {
        if principal.is_empty() || principal.contains(['*', '?', '!', '"']) {
            return None;
        }
        if applies {
            signers.push(AllowedSigner { principal: principal.to_owned(), key, until: until.clone() });
        }
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SigningKey;

    #[test]
    fn reads_what_it_writes_and_refuses_the_rest() {
        let key = SigningKey::from_seed(&[7; 32]).public();
        let mut signers = AllowedSigners::default();
        signers.add("S01-k7f2m3pq", key);
        signers.add("center", key);
        let former = SigningKey::from_seed(&[9; 32]).public();
        signers.add_former("S01-k7f2m3pq", former, "20261202");
        let text = signers.write("outpost-bundle,outpost-receipt");
        assert_eq!(AllowedSigners::read(&text, "outpost-bundle"), Ok(signers.clone()));
        assert_eq!(AllowedSigners::read(&text, "git"), Ok(AllowedSigners::default()));
        assert_eq!(signers.standing("center", &key), SignerStanding::Allowed);
        assert_eq!(signers.standing("S01-k7f2m3pq", &former), SignerStanding::Former { until: "20261202" });
        assert_eq!(signers.standing("center", &former), SignerStanding::Unknown);
        assert_eq!(signers.standing("nobody", &key), SignerStanding::Unknown);
        let other = SigningKey::from_seed(&[8; 32]).public();
        assert_eq!(signers.standing("center", &other), SignerStanding::Unknown);

        let plain = format!("# a comment\n\na,b {key} somebody's laptop\n");
        let read = AllowedSigners::read(&plain, "x").unwrap_or_default();
        assert_eq!(["a", "b"].map(|name| read.standing(name, &key)), [SignerStanding::Allowed; 2]);

        for wrong in
            [format!("* {key}"), format!("a cert-authority {key}"), "a ssh-rsa AAAA".to_owned(), "a".to_owned()]
        {
            assert_eq!(AllowedSigners::read(&wrong, "x"), Err(SealError::MalformedSigners(1)), "{wrong}");
        }
    }
}
