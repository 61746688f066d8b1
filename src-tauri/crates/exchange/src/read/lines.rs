//! Lines of a text, to be named to people.

/// Lines as an editor counts them: CRLF, LF and CR each end one.
pub(super) struct Lines<'a> {
    bytes: &'a [u8],
    at: usize,
    line: usize,
}

impl<'a> Lines<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0, line: 1 }
    }

    /// The line of what stands at or after a byte, ends of lines passed over. Bytes are asked for in rising order.
    pub(super) fn of(&mut self, byte: usize) -> usize {
        let ends = |at: usize| matches!(self.bytes.get(at), Some(b'\n' | b'\r'));
        let to = (byte..self.bytes.len()).find(|at| !ends(*at)).unwrap_or(self.bytes.len());
        while self.at < to {
            let is_pair = self.bytes[self.at..].starts_with(b"\r\n");
            self.line += usize::from(is_pair || matches!(self.bytes[self.at], b'\n' | b'\r'));
            self.at += 1 + usize::from(is_pair);
        }
        self.line
    }
}
