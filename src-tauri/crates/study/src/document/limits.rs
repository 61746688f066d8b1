//! How large a study file may be. The largest real study files are a few MiB.

/// Bytes of the file.
pub const FILE_BYTES: usize = 64 << 20;
/// Depth of elements within elements.
pub const DEPTH: usize = 64;
/// Bytes of one attribute's value.
pub const ATTRIBUTE_BYTES: usize = 1 << 20;
/// Bytes of one name.
pub const NAME_BYTES: usize = 1024;
/// Attributes of one element.
pub const ATTRIBUTES: usize = 128;
/// Namespace declarations in force at one place.
pub const NAMESPACES_IN_FORCE: usize = 64;
/// Distinct namespaces of the document.
pub const NAMESPACES: usize = 1024;
/// Elements, texts, comments, instructions and attributes together: fifty times what the whole of CDASH takes. A study of
/// this many parts is read within 256 MiB.
pub const NODES: usize = 750_000;
