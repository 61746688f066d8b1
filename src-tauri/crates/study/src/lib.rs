//! What is asked: the study definition.
