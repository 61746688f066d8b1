//! Values and how they are typed.
