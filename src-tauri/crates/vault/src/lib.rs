//! The encrypted database on a site's computer.
