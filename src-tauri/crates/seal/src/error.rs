//! What can go wrong in this room.

/// Why something could not be signed, verified, encrypted, opened or decoded. Never carries a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SealError {
    /// The operating system gave no random bytes.
    #[error("the operating system gave no random numbers")]
    NoRandom,
    /// A public key is not a well-formed, canonical `ssh-ed25519` key.
    #[error("not a well-formed ssh-ed25519 public key")]
    MalformedKey,
    /// A public key lies in the small subgroup, where one signature would fit many messages.
    #[error("the public key is of low order")]
    LowOrderKey,
    /// A signature is not in the exact form that we and `ssh-keygen` write.
    #[error("not a well-formed SSH signature")]
    MalformedSignature,
    /// A signature is well formed and was made for another purpose.
    #[error("the signature was made for another purpose")]
    WrongNamespace,
    /// A signature was made by another key than the expected one.
    #[error("the signature was made by another key")]
    OtherKey,
    /// The signature does not fit the message.
    #[error("the signature does not fit")]
    BadSignature,
    /// A line of an `allowed_signers` file cannot be read. Holds the line number, from 1.
    #[error("allowed_signers, line {0}: cannot be read")]
    MalformedSigners(usize),
    /// An age identity or recipient is not well formed.
    #[error("not a well-formed age X25519 key")]
    MalformedAgeKey,
    /// An age file is damaged, truncated or not an age file.
    #[error("not a readable age file")]
    MalformedAge,
    /// An age file was encrypted to somebody else.
    #[error("encrypted to another recipient")]
    NotForUs,
    /// The password or passphrase does not open what it was given for.
    #[error("wrong password")]
    WrongPassword,
    /// No slot for this user.
    #[error("no such user here")]
    UnknownUser,
    /// There is a slot for this user already.
    #[error("this user has a slot already")]
    UserExists,
    /// The key slot file is not in the exact form that we write.
    #[error("the key slot file cannot be read")]
    MalformedSlots,
    /// The key slot file was written by a newer version.
    #[error("the key slot file was written by a newer version of Outpost")]
    NewerSlots,
    /// The key slot file was changed by something that does not hold the database key.
    #[error("the key slot file was altered")]
    SlotsAltered,
    /// The key that lies in a slot is not the one that was put there for this password: keys, or the whole vault, were
    /// exchanged.
    #[error("the vault's key was exchanged")]
    KeyExchanged,
    /// The secret under which a slot's key is authenticated is not at hand.
    #[error("the secret of a key slot is missing")]
    WrapMissing,
    /// Not the letters of a recovery code.
    #[error("not a recovery code")]
    MalformedCode,
    /// Not a set of recovery codes in the exact form that we write.
    #[error("the recovery codes cannot be read")]
    MalformedCodes,
    /// The password hashing cost lies outside what is safe or sensible.
    #[error("the password hashing cost is out of bounds")]
    CostOutOfBounds,
    /// Not lower-case hexadecimal of the expected length.
    #[error("not lower-case hexadecimal of the right length")]
    MalformedHex,
}
