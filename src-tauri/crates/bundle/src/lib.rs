//! The travelling file: bytes in, values out.
