//! A study file as a lossless tree.

/// An XML document, nothing dropped.
#[derive(Clone, Debug)]
pub struct Document {
    _private: (),
}
