//! Keys, slots, signatures, encryption, hash chain.
