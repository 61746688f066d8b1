//! Encryption to a key or a passphrase: age (age-encryption.org/v1).

use std::fmt;
use std::io::{self, BufReader, Cursor, Read, Write};
use std::iter;
use std::str::FromStr;

use age::secrecy::{ExposeSecret, SecretString};
use age::stream::{StreamReader, StreamWriter};
use age::{DecryptError, Decryptor, Encryptor, scrypt, x25519};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::SealError;

/// scrypt's log2 N for what we write: 128 MiB, about half a second. age's own default is 18.
const WORK_FACTOR: u8 = 17;
/// The most that we spend on a file made by somebody else: 256 MiB.
const MAX_WORK_FACTOR: u8 = 18;

/// Longest header that is read: dozens of recipients.
const MAX_HEADER: usize = 16 << 10;
/// A few of age's 64 KiB chunks.
const BUFFER: usize = 256 << 10;

/// Points on Curve25519 whose order divides 8, as in RFC 7748 section 6.1 and libsodium's blocklist: a file encrypted to
/// one of them could be read by anybody.
const LOW_ORDER: [[u8; 32]; 3] = [
    [0; 32],
    [
        0xe0, 0xeb, 0x7a, 0x7c, 0x3b, 0x41, 0xb8, 0xae, 0x16, 0x56, 0xe3, 0xfa, 0xf1, 0x9f, 0xc4, 0x6a, 0xda, 0x09,
        0x8d, 0xeb, 0x9c, 0x32, 0xb1, 0xfd, 0x86, 0x62, 0x05, 0x16, 0x5f, 0x49, 0xb8, 0x00,
    ],
    [
        0x5f, 0x9c, 0x95, 0xbc, 0xa3, 0x50, 0x8c, 0x24, 0xb1, 0xd0, 0xb1, 0x55, 0x9c, 0x83, 0xef, 0x5b, 0x04, 0x44,
        0x5c, 0xc4, 0x58, 0x1c, 0x8e, 0x86, 0xd8, 0x22, 0x4e, 0xdd, 0xd0, 0x9f, 0x11, 0x57,
    ],
];

/// A secret age X25519 key.
#[derive(Clone)]
pub struct Identity(x25519::Identity);

impl Identity {
    /// A new random identity.
    #[must_use]
    pub fn make() -> Self {
        Self(x25519::Identity::generate())
    }

    /// `AGE-SECRET-KEY-1…`, for storing it under encryption.
    #[must_use]
    pub fn to_secret(&self) -> Zeroizing<String> {
        Zeroizing::new(self.0.to_string().expose_secret().to_owned())
    }

    /// The recipient that this identity opens.
    #[must_use]
    pub fn recipient(&self) -> Recipient {
        Recipient(self.0.to_public())
    }

    /// The one identity of a file as `age-keygen` writes it: comments and one secret key line.
    ///
    /// # Errors
    /// [`SealError::MalformedAgeKey`] for no key, several, or one of another kind.
    pub fn from_file(text: &str) -> Result<Self, SealError> {
        let mut keys = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
        match (keys.next(), keys.next()) {
            (Some(key), None) => key.parse(),
            _ => Err(SealError::MalformedAgeKey),
        }
    }

    /// The file that [`Identity::from_file`] and `age -i` read.
    #[must_use]
    pub fn to_file(&self) -> Zeroizing<String> {
        Zeroizing::new(format!("# public key: {}\n{}\n", self.recipient(), *self.to_secret()))
    }
}

impl FromStr for Identity {
    type Err = SealError;

    fn from_str(text: &str) -> Result<Self, SealError> {
        text.parse().map(Self).map_err(|_| SealError::MalformedAgeKey)
    }
}

impl fmt::Debug for Identity {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Identity(of {})", self.recipient())
    }
}

/// A public age X25519 key, `age1…`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Recipient(x25519::Recipient);

impl FromStr for Recipient {
    type Err = SealError;

    fn from_str(text: &str) -> Result<Self, SealError> {
        let recipient = Self(text.parse().map_err(|_| SealError::MalformedAgeKey)?);
        let point = bech32_point(text).ok_or(SealError::MalformedAgeKey)?;
        if is_low_order(point) {
            return Err(SealError::LowOrderKey);
        }
        // One spelling only: Bech32 also allows upper case throughout.
        if recipient.to_string() == text { Ok(recipient) } else { Err(SealError::MalformedAgeKey) }
    }
}

impl fmt::Display for Recipient {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(out)
    }
}

impl fmt::Debug for Recipient {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Recipient({self})")
    }
}

impl TryFrom<String> for Recipient {
    type Error = SealError;

    fn try_from(text: String) -> Result<Self, SealError> {
        text.parse()
    }
}

impl From<Recipient> for String {
    fn from(recipient: Recipient) -> Self {
        recipient.to_string()
    }
}

/// The 32 bytes that a Bech32 string (BIP-0173), already known to be valid, carries before its checksum.
fn bech32_point(text: &str) -> Option<[u8; 32]> {
    const CHARSET: &[u8] = b"qpzry9x8gf2tvdw0s3jn54khce6mua7l";
    let (_, data) = text.rsplit_once('1')?;
    let data = data.as_bytes().get(..52)?;
    let (mut bits, mut held, mut point) = (0_u16, 0, Vec::with_capacity(32));
    for character in data {
        let five = CHARSET.iter().position(|known| known == character)?;
        bits = bits << 5 | u16::try_from(five).ok()?;
        held += 5;
        if held >= 8 {
            held -= 8;
            point.push(u8::try_from(bits >> held & 0xff).ok()?);
        }
    }
    point.try_into().ok()
}

/// Whether the u coordinate is 0, 1, −1, one of the two of order 8, or not below 2^255 − 19 (another spelling of one).
fn is_low_order(mut point: [u8; 32]) -> bool {
    point[31] &= 0x7f;
    let high = point[31] == 0x7f && point[1..31].iter().all(|byte| *byte == 0xff) && point[0] >= 0xec;
    let one = point[0] == 1 && point[1..].iter().all(|byte| *byte == 0);
    high || one || LOW_ORDER.contains(&point)
}

/// A writer that encrypts. [`Encrypting::finish`] must be called, or the file stays truncated.
pub struct Encrypting<W: Write>(StreamWriter<W>);

impl<W: Write> Encrypting<W> {
    /// Writes the last chunk and gives back the inner writer.
    ///
    /// # Errors
    /// Those of the inner writer.
    pub fn finish(self) -> io::Result<W> {
        self.0.finish()
    }
}

impl<W: Write> Write for Encrypting<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// Encrypts to `recipients` (at least one).
///
/// # Errors
/// Those of `out`; `InvalidInput` without any recipient.
pub fn encrypt<W: Write>(recipients: &[Recipient], out: W) -> io::Result<Encrypting<W>> {
    let recipients = recipients.iter().map(|recipient| &recipient.0 as &dyn age::Recipient);
    let encryptor = Encryptor::with_recipients(recipients)
        .map_err(|_| io::Error::new(io::ErrorKind::InvalidInput, "nobody to encrypt to"))?;
    encryptor.wrap_output(out).map(Encrypting)
}

/// Encrypts to a passphrase.
///
/// # Errors
/// Those of `out`.
pub fn encrypt_to_passphrase<W: Write>(passphrase: &str, out: W) -> io::Result<Encrypting<W>> {
    let mut recipient = scrypt::Recipient::new(SecretString::from(passphrase.to_owned()));
    recipient.set_work_factor(WORK_FACTOR);
    let encryptor = Encryptor::with_recipients(iter::once(&recipient as &dyn age::Recipient))
        .map_err(|_| io::Error::new(io::ErrorKind::InvalidInput, "nobody to encrypt to"))?;
    encryptor.wrap_output(out).map(Encrypting)
}

/// A reader that decrypts. Each chunk of 64 KiB is authentic before any byte of it is given out; a missing end shows as
/// an error, never as an early end.
pub struct Decrypted<R: Read>(StreamReader<Bounded<R>>);

/// A file whose header was found to be of a sensible size.
type Bounded<R> = BufReader<io::Chain<Cursor<Vec<u8>>, R>>;

impl<R: Read> Read for Decrypted<R> {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        self.0.read(bytes)
    }
}

/// Opens what was encrypted to `identity`.
///
/// # Errors
/// [`SealError::NotForUs`] or [`SealError::MalformedAge`].
pub fn decrypt<R: Read>(identity: &Identity, input: R) -> Result<Decrypted<R>, SealError> {
    open(&identity.0, input, SealError::NotForUs)
}

/// Opens what was encrypted to a passphrase.
///
/// # Errors
/// [`SealError::WrongPassword`], also for a file that asks for more than 256 MiB of work, or
/// [`SealError::MalformedAge`].
pub fn decrypt_with_passphrase<R: Read>(passphrase: &str, input: R) -> Result<Decrypted<R>, SealError> {
    let mut identity = scrypt::Identity::new(SecretString::from(passphrase.to_owned()));
    identity.set_max_work_factor(MAX_WORK_FACTOR);
    open(&identity, input, SealError::WrongPassword)
}

/// Reads ahead until the header's last line has begun: age itself would read and parse a header of any size.
fn bounded<R: Read>(mut input: R) -> Result<Bounded<R>, SealError> {
    const LAST_LINE: &[u8] = b"\n--- ";
    let mut start = Vec::new();
    let mut found = false;
    while !found && start.len() < MAX_HEADER {
        let before = start.len();
        let read = input.by_ref().take(512).read_to_end(&mut start).map_err(|_| SealError::MalformedAge)?;
        let from = before.saturating_sub(LAST_LINE.len());
        found = start[from..].windows(LAST_LINE.len()).any(|window| window == LAST_LINE);
        if read == 0 {
            break;
        }
    }
    if found {
        Ok(BufReader::with_capacity(BUFFER, Cursor::new(start).chain(input)))
    } else {
        Err(SealError::MalformedAge)
    }
}

fn open<R: Read>(identity: &dyn age::Identity, input: R, refused: SealError) -> Result<Decrypted<R>, SealError> {
    let decryptor = Decryptor::new_buffered(bounded(input)?).map_err(|_| SealError::MalformedAge)?;
    match decryptor.decrypt(iter::once(identity)) {
        Ok(reader) => Ok(Decrypted(reader)),
        Err(
            DecryptError::InvalidHeader | DecryptError::InvalidMac | DecryptError::UnknownFormat | DecryptError::Io(_),
        ) => Err(SealError::MalformedAge),
        Err(_) => Err(refused),
    }
}

#[cfg(test)]
mod tests;
