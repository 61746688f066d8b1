//! The names of what lies in a center's folder.

/// What says that a folder is a center.
pub const CARD: &str = "center.json";
/// The database.
pub const DATABASE: &str = "center.sqlite";
/// Folder of the bundles as they were received.
pub const BUNDLES: &str = "bundles";
/// Folder of the receipts.
pub const RECEIPTS: &str = "receipts";
/// Folder of the randomisation slots.
pub const ALLOCATION: &str = "allocation";
/// Lies in the folder from the first moment until the card does.
pub const BEGUN: &str = "center.begun";
